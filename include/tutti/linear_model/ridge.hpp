#pragma once
// ridge: linear least squares with an L2 penalty.
//
// **Source** Hoerl and Kennard, Ridge Regression, Technometrics 12 (1970), equation 2.1.

#include <tutti/core/view.hpp>
#include <tutti/linear_model/least_squares.hpp>
#include <tutti/linear_model/linear_regressor.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti {

template <class T>
using ridge_model = linear_regressor<T>;

/// A ridge learner: its members are its hyper-parameters, `fit` is its only verb.
///
///     const auto model = tutti::ridge{.alpha = 0.1}.fit(tutti::par, X, y);
struct ridge {
  double alpha = 1.0;  ///< >= 0; weight of |w|^2 beside the sum of squared residuals; more of it: smaller coefficients
  bool fit_intercept = true;  ///< an unpenalised constant term

  /// The w, b that minimise sum of sample_weight (y - X w - b)^2 + alpha |w|^2.
  ///
  /// X               [n x p]  samples, either storage order; not copied on a host
  /// y               [n]      targets in any unit; or [n x t] for t targets, each fitted on its own
  /// sample_weight   [n]      >= 0, not all zero; ones if left out; 0 is an absent sample, k stands for k copies
  /// returns         model; of several targets if y is a matrix
  /// throws          invalid_input if the shapes disagree, X is empty, alpha < 0, a weight is negative or all are
  ///                 zero, or a value is not finite
  /// cost            O(n (p + t)^2 + p^3) work, O((p + t)^2) extra memory a thread; one pass over X
  /// source          normal equations of centred columns by Cholesky's method, products in double sums
  /// note            any number of threads: the same bits; policies: 1e-6 relative in double, 1e-4 in float, unless the
  ///                 features are nearly dependent and alpha small
  template <execution_policy Policy, samples_like M, class Y, weights_like W = no_weights>
    requires vector_like<Y> || matrix_like<Y>
  auto fit(const Policy& policy, const M& X, const Y& y, const W& sample_weight = {}) const {
    detail::require_at_least("ridge::fit", "alpha", alpha, 0);
    return detail::fit_least_squares(policy, "ridge::fit", X, y, sample_weight, alpha, fit_intercept);
  }
};

}  // namespace tutti
