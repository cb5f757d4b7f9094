#pragma once
// linear_regression: ordinary least squares.

#include <tutti/core/view.hpp>
#include <tutti/linear_model/least_squares.hpp>
#include <tutti/linear_model/linear_regressor.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti {

template <class T>
using linear_regression_model = linear_regressor<T>;

/// An ordinary least squares learner.
///
///     const auto model = tutti::linear_regression{}.fit(tutti::par, X, y);
struct linear_regression {
  bool fit_intercept = true;  ///< a constant term

  /// The w, b that minimise sum of sample_weight (y - X w - b)^2; the shortest such w if there are many.
  ///
  /// X               [n x p]  samples, either storage order; not copied on a host
  /// y               [n]      targets in any unit; or [n x t] for t targets, each fitted on its own
  /// sample_weight   [n]      >= 0, not all zero; ones if left out; 0 is an absent sample, k stands for k copies
  /// returns         model; of several targets if y is a matrix; `rank()` tells whether the features are independent
  /// throws          invalid_input if the shapes disagree, X is empty, a weight is negative or all are zero, or a value
  ///                 is not finite
  /// cost            O(n (p + t)^2 + p^3) work, O((p + t)^2) extra memory a thread; one pass over X
  /// source          normal equations of centred columns by Cholesky's method, products in double sums
  /// note            any number of threads: the same bits; policies: 1e-6 relative in double, 1e-4 in float, for
  ///                 features that are not nearly dependent. Dependent means: less than 16 (or p) units of rounding of
  ///                 a feature's variance is not explained by the others
  template <execution_policy Policy, samples_like M, class Y, weights_like W = no_weights>
    requires vector_like<Y> || matrix_like<Y>
  auto fit(const Policy& policy, const M& X, const Y& y, const W& sample_weight = {}) const {
    return detail::fit_least_squares(policy, "linear_regression::fit", X, y, sample_weight, 0.0, fit_intercept);
  }
};

}  // namespace tutti
