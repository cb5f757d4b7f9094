#pragma once
// The fit that linear_regression and ridge share: the normal equations of the columns, solved to their rank.

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/cholesky.hpp>
#include <tutti/algorithm/cross.hpp>
#include <tutti/algorithm/near_vector.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>
#include <tutti/linear_model/linear_regressor.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti::detail {

/// What is left of a feature once the others explain the rest counts as rounding below this part of it.
template <class T>
double rank_tolerance(index p) {
  return static_cast<double>(std::numeric_limits<T>::epsilon()) * static_cast<double>(std::max<index>(p, 16));
}

/// The minimiser of the weighted sum of squared residuals plus alpha |w|^2, from the products of (X, Y).
template <class D, class T, bool Several>
linear_regressor<T, Several> solve_least_squares(const cross_products& c, index p, double alpha) {
  const index targets = c.products.rows() - p;
  matrix<double> A(p, p), B(targets, p);
  for (index i = 0; i < p; ++i) {
    for (index j = 0; j < p; ++j) A(i, j) = c.products(i, j) + (i == j ? alpha : 0.0);
    for (index k = 0; k < targets; ++k) B(k, i) = c.products(p + k, i);
  }
  const index rank = solve_symmetric<D>(A, B, rank_tolerance<T>(p));
  std::vector<T> coef, intercept;
  for (index k = 0; k < targets; ++k) {
    double constant = c.mean[static_cast<std::size_t>(p + k)];
    for (index i = 0; i < p; ++i) {
      coef.push_back(static_cast<T>(B(k, i)));
      constant -= B(k, i) * c.mean[static_cast<std::size_t>(i)];
    }
    intercept.push_back(static_cast<T>(constant));
  }
  return {std::move(coef), std::move(intercept), rank};
}

/// One pass over the data, one small system. The views are in memory that the policy's tasks may read.
template <bool Several, class Policy, class T>
linear_regressor<T, Several> fit_near(const Policy& policy, std::string_view who, matrix_view<const T> X,
                                      matrix_view<const T> Y, const T* weight, double alpha, bool fit_intercept) {
  using D = typename std::remove_cvref_t<decltype(policy.host())>::template pack<double>;
  const cross_products c = cross(policy, X, Y, weight, fit_intercept);
  if (!std::all_of(c.products.data(), c.products.data() + c.products.size(), [](double x) { return is_finite(x); })) {
    require_finite(policy, who, "X", X);
    require_finite(policy, who, "y", Y);
    throw_overflow(who);
  }
  auto model = solve_least_squares<D, T, Several>(c, X.cols, alpha);
  report_progress(policy, 1, 1);
  return model;
}

/// Checks what a caller gave, brings it to the tasks, and fits.
template <class Policy, class M, class Y, class W>
auto fit_least_squares(const Policy& policy, std::string_view who, const M& X, const Y& y, const W& sample_weight,
                       double alpha, bool fit_intercept) {
  using T = scalar_of<M>;
  const matrix_view<const T> x = view(X);
  require_samples(who, x);
  if constexpr (vector_like<Y>) {
    require_length(who, "y", view(y).size, x);
    const near_vector<Policy, T> near_y(policy, vector_view<const element_of<Y>>(view(y)));
    const near_weights<Policy, T> weights(policy, who, sample_weight, x);
    const auto near_x = policy.bring(x);
    return fit_near<false>(policy, who, near_x.view(), as_column(near_y.data(), x.rows), weights.data(), alpha,
                           fit_intercept);
  } else {
    static_assert(std::is_same_v<scalar_of<Y>, T>, "several targets must have the scalar type of X");
    const matrix_view<const T> targets = view(y);
    require_length(who, "Y", targets.rows, x);
    require(targets.cols > 0, who, "Y has no columns");
    const near_weights<Policy, T> weights(policy, who, sample_weight, x);
    const auto near_x = policy.bring(x), near_y = policy.bring(targets);
    return fit_near<true>(policy, who, near_x.view(), near_y.view(), weights.data(), alpha, fit_intercept);
  }
}

}  // namespace tutti::detail
