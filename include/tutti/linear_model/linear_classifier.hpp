#pragma once
// The model of every linear classifier: classes, coefficients, and how they predict.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/label_output.hpp>
#include <tutti/algorithm/scores.hpp>
#include <tutti/algorithm/solver.hpp>
#include <tutti/core/labels.hpp>
#include <tutti/core/learner.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti {

/// A fitted linear classifier. For two classes there is one row of coefficients, for `classes()[1]`; for k > 2 there are
/// k, a row for each.
template <class T, label L>
class linear_classifier {
 public:
  static constexpr const char* kind = "linear_classifier";

  linear_classifier(class_set<L> classes, std::vector<T> coef, std::vector<T> intercept, solver_report report)
      : classes_(std::move(classes)), coef_(std::move(coef)), intercept_(std::move(intercept)), report_(report) {}
  explicit linear_classifier(unfilled) {}

  index n_features() const { return static_cast<index>(coef_.size()) / n_outputs(); }
  /// Rows of coefficients: 1 for two classes, else one a class.
  index n_outputs() const { return static_cast<index>(intercept_.size()); }
  /// [k] ascending
  const std::vector<L>& classes() const { return classes_.labels(); }
  /// [outputs x p]
  matrix_view<const T> coef() const { return view(coef_.data(), n_outputs(), n_features()); }
  /// [outputs]
  std::span<const T> intercept() const { return intercept_; }
  /// How the fit went; look at `report().converged()`.
  const solver_report& report() const { return report_; }

  /// The most probable label of each sample; the lowest among equals.
  ///
  /// X         [n x p]
  /// returns   [n] in the type of the training labels
  /// throws    invalid_input if X has another number of columns, or an element that is not finite
  /// cost      one pass over X
  /// note      the same bits on every policy
  template <execution_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  std::vector<L> predict(const Policy& policy, const M& X) const {
    return detail::produce_labels(policy, classes_, view(X).rows, [&](const L* labels, L* out) {
      score(policy, "predict", X, detail::store_labels<T, L>{labels, out, n_outputs()});
    });
  }

  /// The probability of each class.
  ///
  /// X         [n x p]
  /// returns   [n x k] rows that sum to one, columns in the order of `classes()`
  /// throws    as `predict`
  /// cost      one pass over X
  /// note      the same bits on every policy
  template <execution_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  matrix<T> predict_proba(const Policy& policy, const M& X) const {
    return produce(policy, "predict_proba", X, classes_.size(),
                   [&](T* out) { return detail::store_probabilities<T>{out, n_outputs()}; });
  }

  /// The logarithm of the probability of each class, accurate where the probability is tiny.
  template <execution_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  matrix<T> predict_log_proba(const Policy& policy, const M& X) const {
    return produce(policy, "predict_log_proba", X, classes_.size(),
                   [&](T* out) { return detail::store_probabilities<T>{out, n_outputs(), true}; });
  }

  /// The linear predictors: log-odds of `classes()[1]` for two classes.
  ///
  /// X         [n x p]
  /// returns   [n x outputs]
  /// throws    as `predict`
  template <execution_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  matrix<T> decision_function(const Policy& policy, const M& X) const {
    return produce(policy, "decision_function", X, n_outputs(),
                   [&](T* out) { return detail::store_scores<T>{out, n_outputs()}; });
  }

  template <class Visitor>
  void fields(Visitor&& visit) {
    visit("classes", classes_);
    visit("coef", coef_, n_outputs());
    visit("intercept", intercept_);
    visit("status", report_.status);
    visit("iterations", report_.iterations);
    visit("passes", report_.passes);
    visit("objective", report_.objective);
    visit("gradient_max", report_.gradient_max);
  }
  const char* inconsistency() const {
    const index k = classes_.size(), outputs = n_outputs();
    if (k < 2 || outputs != (k == 2 ? 1 : k)) return "intercept does not fit the classes";
    if (report_.status < solver_status::converged || report_.status > solver_status::separation) return "unknown status";
    return coef_.empty() || coef_.size() % intercept_.size() != 0 ? "coef is not a row of features for each output" : "";
  }

  friend bool operator==(const linear_classifier&, const linear_classifier&) = default;

 private:
  template <class Policy, class M, class Finish>
  void score(const Policy& policy, std::string_view who, const M& X, const Finish& finish) const {
    const matrix_view<const T> x = view(X);
    detail::require_features(who, x, n_features());
    const auto near_x = policy.bring(x);
    const auto near_coef = policy.bring(view(coef_)), near_intercept = policy.bring(view(intercept_));
    const detail::linear_score<T> score{near_coef.view().data, near_intercept.view().data, n_features()};
    detail::score_samples(policy, who, near_x.view(), n_outputs(), score, finish);
  }

  template <class Policy, class M, class MakeFinish>
  matrix<T> produce(const Policy& policy, std::string_view who, const M& X, index cols, const MakeFinish& finish) const {
    matrix<T> out(view(X).rows, cols);
    policy.produce(std::span<T>(out.data(), static_cast<std::size_t>(out.size())),
                   [&](T* to) { score(policy, who, X, finish(to)); });
    return out;
  }

  class_set<L> classes_;
  std::vector<T> coef_;
  std::vector<T> intercept_;
  solver_report report_;
};

}  // namespace tutti
