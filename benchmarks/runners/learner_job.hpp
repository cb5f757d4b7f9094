#pragma once
// One text for every learner: a job over what learners have in common, `fit`, `predict`, `transform`.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <oneapi/tbb/task_arena.h>

#include <tutti/core/error.hpp>
#include <tutti/data/npy.hpp>
#include <tutti/policy/par.hpp>
#include <tutti/policy/par_simd.hpp>
#include <tutti/policy/seq.hpp>
#include <tutti/policy/simd.hpp>

#include "protocol.hpp"

namespace tutti_runner {

using tutti::index;

/// What a learner learns from besides samples.
struct no_target {};

template <class M>
tutti::matrix<double> as_doubles(const M& m) {
  const auto v = tutti::view(m);
  if constexpr (requires { v.rows; }) {
    tutti::matrix<double> out(v.rows, v.cols);
    for (index i = 0; i < v.rows; ++i)
      for (index j = 0; j < v.cols; ++j) out(i, j) = static_cast<double>(v(i, j));
    return out;
  } else {
    tutti::matrix<double> out(v.size, 1);
    for (index i = 0; i < v.size; ++i) out(i, 0) = static_cast<double>(v(i));
    return out;
  }
}

/// Each row's coefficients, then its constant.
template <class Model>
tutti::matrix<double> coefficients_of(const Model& model) {
  const auto coef = as_doubles(model.coef());
  const bool row = coef.cols() == 1 && coef.rows() == model.n_features();  // a vector of one output
  const index outputs = row ? 1 : coef.rows(), p = model.n_features();
  tutti::matrix<double> out(outputs, p + 1);
  for (index k = 0; k < outputs; ++k) {
    for (index j = 0; j < p; ++j) out(k, j) = row ? coef(j, 0) : coef(k, j);
    if constexpr (std::is_arithmetic_v<std::remove_cvref_t<decltype(model.intercept())>>)
      out(k, p) = static_cast<double>(model.intercept());
    else
      out(k, p) = static_cast<double>(model.intercept()[static_cast<std::size_t>(k)]);
  }
  return out;
}

template <class Policy, class Learner, class Target>
class learner_job final : public job {
  static constexpr bool supervised = !std::is_same_v<Target, no_target>;
  using targets = std::conditional_t<supervised, std::vector<Target>, no_target>;

 public:
  learner_job(const Policy& policy, const Learner& learner, data_set& data)
      : policy_(policy), learner_(learner), X_(data.samples("X")), X_test_(data.samples("X_test")) {
    if constexpr (supervised) {
      const auto y = tutti::read_npy<Target>(data.file("y"));
      y_.assign(y.data(), y.data() + y.size());
    }
  }

  double run(const std::string& task) override {
    if (task == "fit") {
      model_.reset();
      return seconds_of([&] { model_.emplace(fit()); });
    }
    if (!model_) model_.emplace(fit());
    if constexpr (requires { model_->predict(policy_, X_test_); })
      if (task == "predict") return seconds_of([&] { seen(model_->predict(policy_, X_test_)); });
    if constexpr (requires { model_->predict_proba(policy_, X_test_); })
      if (task == "predict_proba") return seconds_of([&] { seen(model_->predict_proba(policy_, X_test_)); });
    if constexpr (requires { model_->transform(policy_, X_test_); })
      if (task == "transform") return seconds_of([&] { seen(model_->transform(policy_, X_test_)); });
    if constexpr (requires { model_->kneighbors(policy_, X_test_); })
      if (task == "kneighbors") return seconds_of([&] { seen(model_->kneighbors(policy_, X_test_).distances); });
    throw tutti::invalid_input("this learner has no task " + task);
  }

  tutti::matrix<double> judge(const std::string& output) override {
    if (!model_) throw tutti::invalid_input("judge: nothing was fitted");
    if constexpr (requires { model_->coef(); })
      if (output == "coefficients") return coefficients_of(*model_);
    if constexpr (requires { model_->predict(policy_, X_test_); })
      if (output == "labels" || output == "values") return as_doubles(model_->predict(policy_, X_test_));
    if constexpr (requires { model_->predict_proba(policy_, X_test_); })
      if (output == "probabilities") return as_doubles(model_->predict_proba(policy_, X_test_));
    if constexpr (requires { model_->transform(policy_, X_test_); })
      if (output == "transformed")
        return as_doubles(
            tutti::view(model_->transform(policy_, X_test_)).middle_rows(0, std::min<index>(X_test_.rows(), 1000)));
    if constexpr (requires { model_->kneighbors(policy_, X_test_); })
      if (output == "neighbours") {
        const auto first = tutti::view(X_test_).middle_rows(0, std::min<index>(X_test_.rows(), 50));  // as many as are checked
        return as_doubles(model_->kneighbors(policy_, first).indices);
      }
    throw tutti::invalid_input("this learner has no " + output);
  }

 private:
  auto fit() const {
    if constexpr (supervised)
      return learner_.fit(policy_, X_, y_);
    else
      return learner_.fit(policy_, X_);
  }

  /// Keeps a result from being left out as useless.
  template <class R>
  void seen(const R& result) {
    last_ = static_cast<double>(tutti::view(result).data[0]);
  }

  Policy policy_;
  Learner learner_;
  const tutti::matrix<float>&X_, &X_test_;
  [[no_unique_address]] targets y_;
  std::optional<decltype(std::declval<const learner_job&>().fit())> model_;
  volatile double last_ = 0;
};

/// A job of the learner, on the policy and the threads that were asked for.
template <class Target, class Learner>
std::unique_ptr<job> make_job(const Learner& learner, data_set& data, const workers& who) {
  const auto on = [&](const auto& policy) -> std::unique_ptr<job> {
    return std::make_unique<learner_job<std::remove_cvref_t<decltype(policy)>, Learner, Target>>(policy, learner, data);
  };
  if (who.policy == "seq") return on(tutti::seq);
  if (who.policy == "simd") return on(tutti::simd);
  static tbb::task_arena arena(who.threads);  // kept from job to job, as a program would
  if (who.policy == "par") return on(tutti::par.on(arena));
  if (who.policy == "par_simd") return on(tutti::par_simd.on(arena));
  throw tutti::invalid_input("no such policy: " + who.policy);
}

/// Takes parameters one by one; what is left over was not asked for by any learner.
class parameter_list {
 public:
  parameter_list(std::string learner, const nlohmann::json& given) : learner_(std::move(learner)), left_(given) {}

  template <class V>
  parameter_list& take(const char* name, V& into) {
    if (left_.contains(name)) {
      into = left_.at(name).get<V>();
      left_.erase(name);
    }
    return *this;
  }

  void done() const {
    if (!left_.empty()) throw tutti::invalid_input(learner_ + " has no parameter " + left_.begin().key());
  }

 private:
  std::string learner_;
  nlohmann::json left_;
};

}  // namespace tutti_runner
