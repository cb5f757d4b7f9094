#pragma once
// forest_regressor_model: what trees and forests of numbers are when they are fitted.
//
// **Source** Breiman, Random Forests, Machine Learning 45 (2001), section 11.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <tutti/algorithm/check.hpp>
#include <tutti/core/learner.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>
#include <tutti/tree/device_walk.hpp>
#include <tutti/tree/forest.hpp>
#include <tutti/tree/forest_model.hpp>
#include <tutti/tree/leaf_targets.hpp>

namespace tutti {

namespace detail {

/// What a fit makes of samples and numbers.
template <class T>
struct fitted_values : fitted_trees<T, T> {
  leaf_targets<T> targets;

  friend bool operator==(const fitted_values&, const fitted_values&) = default;
};

}  // namespace detail

/// Decision trees that predict numbers.
///
/// Several   false: one target, predictions are a std::vector [n]; true: t targets, predictions are a matrix [n x t]
template <class T, bool Several = false>
class forest_regressor_model : public detail::forest_model<T, T, detail::fitted_values<T>> {
  using base = detail::forest_model<T, T, detail::fitted_values<T>>;
  using base::fitted_;

 public:
  static constexpr const char* kind = Several ? "forest_regressor_of_several_targets" : "forest_regressor";

  explicit forest_regressor_model(unfilled) {}
  explicit forest_regressor_model(detail::fitted_values<T> fitted) : base(std::move(fitted)) {}

  using base::n_trees;
  index n_targets() const { return fitted_.trees.trees.outputs; }

  /// [n] or [n x t] mean of the trees that did not see the sample in training; empty unless fitted with oob_score. Zero
  /// where every tree saw it: see oob_covered.
  auto oob_prediction() const {
    if constexpr (Several)
      return view(fitted_.oob.data(), static_cast<index>(fitted_.oob_covered.size()), n_targets());
    else
      return std::span<const T>(fitted_.oob);
  }

  /// The mean of the trees' predictions.
  ///
  /// X         [n x p]  NaN is a missing value
  /// returns   [n] or [n x t] in the unit of the targets
  /// throws    invalid_input if X has another number of columns, or an element that is infinite
  /// cost      n p log(bins) for the bins, then n trees depth
  /// note      the same bits on every policy
  template <execution_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  auto predict(const Policy& policy, const M& X) const {
    const matrix_view<const T> x = view(X);
    const double trees = static_cast<double>(n_trees());
    const index targets = n_targets();
    auto out = make_output(x.rows);
    detail::walk_samples(policy, "predict", fitted_.trees, x, [&](index i, const double* sums) {
      for (index k = 0; k < targets; ++k) out.data()[i * targets + k] = static_cast<T>(sums[k] / trees);
    });
    return out;
  }

  /// Quantiles of the target: of the training targets in a sample's leaves, each tree counting as much as any other.
  ///
  /// X         [n x p]  NaN is a missing value
  /// q         [m] each in [0, 1]
  /// returns   [n x m] the smallest target at or below which lie q of the weight
  /// throws    as `predict`; invalid_input if a q is out of its range, or the model was not fitted with keep_targets
  /// cost      as `predict`, and O(s log s) a sample for the s targets of its leaves
  /// note      the same bits on every policy
  /// source    Meinshausen, Quantile Regression Forests, JMLR 7 (2006), section 3
  template <execution_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  matrix<T> predict_quantiles(const Policy& policy, const M& X, std::span<const double> q) const {
    constexpr const char* who = "predict_quantiles";
    detail::require(!fitted_.targets.empty(), who, "the model was not fitted with keep_targets = true");
    for (const double part : q)
      detail::require(part >= 0 && part <= 1, who, "q must be in [0, 1], got " + std::to_string(part));
    const matrix_view<const T> x = view(X);
    detail::require_features(who, x, base::n_features());
    matrix<T> out(x.rows, static_cast<index>(q.size()));
    detail::walk_to_nodes(policy, who, fitted_.trees, x, [&](index i, const std::int32_t* leaves) {
      const auto shares = detail::shares_of(fitted_.trees.trees, fitted_.targets, leaves);
      for (std::size_t k = 0; k < q.size(); ++k)
        out(i, static_cast<index>(k)) =
            detail::quantile(shares, fitted_.targets.target, static_cast<double>(n_trees()), q[k]);
    });
    return out;
  }

  template <class Visitor>
  void fields(Visitor&& visit) {
    base::fields(visit, "oob_prediction");
    fitted_.targets.fields(visit);
  }

  const char* inconsistency() const {
    const index targets = n_targets();
    if (!Several && targets != 1) return "there is more than one target";
    if (const char* wrong = base::inconsistency(targets, targets); *wrong != '\0') return wrong;
    return fitted_.targets.inconsistency(fitted_.trees.trees.leaf_start.back());
  }

 private:
  auto make_output(index n) const {
    if constexpr (Several)
      return matrix<T>(n, n_targets());
    else
      return std::vector<T>(static_cast<std::size_t>(n));
  }
};

}  // namespace tutti
