#pragma once
// The model of every linear regression: coefficients, constant terms, and how they predict.

#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/scores.hpp>
#include <tutti/core/learner.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti {

/// A fitted linear regression: y_k = x . coef(k) + intercept(k).
///
/// Several   false: one target, `coef` is [p], `intercept` a number, predictions are a std::vector [n];
///           true: t targets, `coef` is [t x p], `intercept` [t], predictions are a matrix [n x t]
template <class T, bool Several = false>
class linear_regressor {
 public:
  static constexpr const char* kind = Several ? "linear_regressor_of_several_targets" : "linear_regressor";

  linear_regressor(std::vector<T> coef, std::vector<T> intercept, index rank)
      : coef_(std::move(coef)), intercept_(std::move(intercept)), rank_(rank) {}
  explicit linear_regressor(unfilled) {}

  index n_features() const { return static_cast<index>(coef_.size()) / n_targets(); }
  index n_targets() const { return static_cast<index>(intercept_.size()); }

  /// In units of the target per unit of the feature.
  auto coef() const {
    if constexpr (Several)
      return view(coef_.data(), n_targets(), n_features());
    else
      return std::span<const T>(coef_);
  }
  /// In units of the target.
  auto intercept() const {
    if constexpr (Several)
      return std::span<const T>(intercept_);
    else
      return intercept_.front();
  }
  /// The rank of the system that was solved. Below p some features were combinations of others, and `coef` is the
  /// shortest of the equally good solutions.
  index rank() const { return rank_; }

  /// Predicted targets.
  ///
  /// X         [n x p]
  /// returns   [n] or [n x t], in the unit of the training targets
  /// throws    invalid_input if X has another number of columns, or an element that is not finite
  /// cost      one pass over X
  /// note      the same bits on every policy
  template <execution_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  auto predict(const Policy& policy, const M& X) const {
    const matrix_view<const T> x = view(X);
    detail::require_features("predict", x, n_features());
    const auto near_x = policy.bring(x);
    const auto near_coef = policy.bring(view(coef_)), near_intercept = policy.bring(view(intercept_));
    auto out = make_output(x.rows);
    policy.produce(std::span<T>(out.data(), static_cast<std::size_t>(out.size())), [&](T* to) {
      const detail::linear_score<T> score{near_coef.view().data, near_intercept.view().data, n_features()};
      const detail::store_scores<T> finish{to, n_targets()};
      detail::score_samples(policy, "predict", near_x.view(), n_targets(), score, finish);
    });
    return out;
  }

  template <class Visitor>
  void fields(Visitor&& visit) {
    visit("coef", coef_, Several ? n_targets() : 0);
    visit("intercept", intercept_);
    visit("rank", rank_);
  }
  const char* inconsistency() const {
    if (intercept_.empty() || coef_.empty() || coef_.size() % intercept_.size() != 0)
      return "coef is not a row of features for each target";
    return Several || intercept_.size() == 1 ? "" : "more than one target";
  }

  friend bool operator==(const linear_regressor&, const linear_regressor&) = default;

 private:
  auto make_output(index n) const {
    if constexpr (Several)
      return matrix<T>(n, n_targets());
    else
      return std::vector<T>(static_cast<std::size_t>(n));
  }

  std::vector<T> coef_;
  std::vector<T> intercept_;
  index rank_ = 0;
};

}  // namespace tutti
