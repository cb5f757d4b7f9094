#pragma once
// How well numbers are predicted: squared and absolute errors, R2, deviance explained. All weighted.
//
// Names and conventions are scikit-learn's (sklearn.metrics, 1.9).

#include <array>
#include <string>
#include <string_view>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/sums.hpp>
#include <tutti/core/math.hpp>
#include <tutti/core/view.hpp>
#include <tutti/metrics/inputs.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti {

namespace detail {

struct squared_error_terms {
  const double* y;
  const double* predicted;
  weight_at<double> weight;

  constexpr std::array<double, 2> operator()(index i) const {
    const double e = y[i] - predicted[i];
    return {product(weight(i), product(e, e)), weight(i)};
  }
};

struct absolute_error_terms {
  const double* y;
  const double* predicted;
  weight_at<double> weight;

  constexpr std::array<double, 2> operator()(index i) const {
    const double e = y[i] - predicted[i];
    return {product(weight(i), e < 0 ? -e : e), weight(i)};
  }
};

struct mean_terms {
  const double* y;
  weight_at<double> weight;

  constexpr std::array<double, 2> operator()(index i) const { return {product(weight(i), y[i]), weight(i)}; }
};

/// Unit deviance of Tweedie's family, and of the constant model that predicts the mean.
struct tweedie_terms {
  const double* y;
  const double* predicted;
  double mean;
  double power;
  weight_at<double> weight;

  static constexpr double to_power(double x, double e) { return math::exp(product(e, math::log(x))); }

  constexpr double deviance(double t, double mu) const {
    if (power == 0) return product(t - mu, t - mu);
    if (power == 1) return 2 * ((t > 0 ? product(t, math::log(t / mu)) : 0.0) - t + mu);
    if (power == 2) return 2 * (math::log(mu / t) + t / mu - 1);
    const double a = t > 0 ? to_power(t, 2 - power) / product(1 - power, 2 - power) : 0.0;
    return 2 * (a - product(t, to_power(mu, 1 - power)) / (1 - power) + to_power(mu, 2 - power) / (2 - power));
  }
  constexpr std::array<double, 3> operator()(index i) const {
    const double w = weight(i);
    return {product(w, deviance(y[i], predicted[i])), product(w, deviance(y[i], mean)), w};
  }
};

/// throws   invalid_input for a target or prediction that the family of this power cannot have
template <class Policy, class Y, class Z>
void require_range(const Policy& policy, std::string_view who, const Y& y, const Z& predicted, double power) {
  if (power < 1) return;
  const host_vector<Policy, element_of<Y>> near_y(policy, vector_view<const element_of<Y>>(view(y)));
  const host_vector<Policy, element_of<Z>> near_z(policy, vector_view<const element_of<Z>>(view(predicted)));
  for (index i = 0; i < near_y.view().size; ++i) {
    const auto t = static_cast<double>(near_y.view()(i)), z = static_cast<double>(near_z.view()(i));
    require(!(t < 0) && !(power >= 2 && t == 0), who,
            "y must be " + std::string(power >= 2 ? "> 0" : ">= 0") + " for this power, row " + std::to_string(i));
    require(!(z <= 0), who, "predictions must be > 0 for this power, row " + std::to_string(i));
  }
}

/// The weighted terms of a metric of two vectors: f(y, predicted, weight) with pointers that tasks may read.
template <class Policy, class Y, class Z, class W, class F>
auto with_numbers(const Policy& policy, std::string_view who, const Y& y, const Z& predicted, const W& weights,
                  const F& f) {
  require_pairs(who, view(y).size, view(predicted).size);
  const near_numbers<Policy> near_y(policy, who, "y", y), near_z(policy, who, "the prediction", predicted);
  const near_weights<Policy, double> near_w(policy, who, weights, rows_only(view(y).size));
  return f(near_y.data(), near_z.data(), weight_at<double>{near_w.data()}, near_y.size());
}

}  // namespace detail

/// The weighted mean of (y - predicted)^2.
///
/// y, predicted    [n]  any arithmetic type, finite, the same unit
/// sample_weight   [n]  >= 0, not all zero; ones if left out
/// returns         in that unit squared
/// throws          invalid_input if the lengths differ or are zero, a value is not finite, or a weight is bad
/// cost            O(n)
/// note            the same bits on every policy
template <execution_policy Policy, vector_like Y, vector_like Z, weights_like W = no_weights>
double mean_squared_error(const Policy& policy, const Y& y, const Z& predicted, const W& sample_weight = {}) {
  return detail::with_numbers(policy, "mean_squared_error", y, predicted, sample_weight,
                              [&](const double* t, const double* z, auto w, index n) {
                                const auto s = sums<2>(policy, n, detail::squared_error_terms{t, z, w});
                                return s[0] / s[1];
                              });
}

/// The weighted mean of |y - predicted|; arguments as for mean_squared_error.
template <execution_policy Policy, vector_like Y, vector_like Z, weights_like W = no_weights>
double mean_absolute_error(const Policy& policy, const Y& y, const Z& predicted, const W& sample_weight = {}) {
  return detail::with_numbers(policy, "mean_absolute_error", y, predicted, sample_weight,
                              [&](const double* t, const double* z, auto w, index n) {
                                const auto s = sums<2>(policy, n, detail::absolute_error_terms{t, z, w});
                                return s[0] / s[1];
                              });
}

/// The part of the weighted deviance about the mean that the predictions explain, for a Tweedie family.
///
/// y, predicted    [n]  any arithmetic type, finite; y >= 0 for 1 <= power < 2, y > 0 for power >= 2, predicted > 0 for
///                 power >= 1
/// power           0 normal, 1 Poisson, 2 gamma, 3 inverse Gaussian, between 1 and 2 compound Poisson; not in (0, 1)
/// sample_weight   [n]  >= 0, not all zero; ones if left out
/// returns         at most 1; 1 is exact; below 0 is worse than the mean. For constant y: 1 if exact, else 0
/// throws          invalid_input as mean_squared_error, and for values outside the family's range
/// cost            O(n)
/// source          Hastie, Tibshirani, Wainwright, Statistical Learning with Sparsity (2015), equation 3.11
/// note            the same bits on every policy
template <execution_policy Policy, vector_like Y, vector_like Z, weights_like W = no_weights>
double d2_tweedie_score(const Policy& policy, const Y& y, const Z& predicted, double power,
                        const W& sample_weight = {}) {
  static constexpr const char* who = "d2_tweedie_score";
  detail::require(is_finite(power) && !(power > 0 && power < 1), who,
                  "power must be finite and not between 0 and 1, got " + std::to_string(power));
  detail::require_pairs(who, view(y).size, view(predicted).size);
  detail::require_range(policy, who, y, predicted, power);
  return detail::with_numbers(policy, who, y, predicted, sample_weight,
                              [&](const double* t, const double* z, auto w, index n) {
                                const auto m = sums<2>(policy, n, detail::mean_terms{t, w});
                                const auto s = sums<3>(policy, n, detail::tweedie_terms{t, z, m[0] / m[1], power, w});
                                if (s[1] == 0) return s[0] == 0 ? 1.0 : 0.0;
                                return 1 - s[0] / s[1];
                              });
}

/// The coefficient of determination: the part of the weighted variance of y that the predictions explain.
///
/// returns   at most 1; 1 is exact; below 0 is worse than the mean. For constant y: 1 if exact, else 0
/// note      arguments, errors and cost as for mean_squared_error
template <execution_policy Policy, vector_like Y, vector_like Z, weights_like W = no_weights>
double r2_score(const Policy& policy, const Y& y, const Z& predicted, const W& sample_weight = {}) {
  return d2_tweedie_score(policy, y, predicted, 0.0, sample_weight);
}

}  // namespace tutti
