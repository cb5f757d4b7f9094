#pragma once
// How well numbers are predicted: squared and absolute errors, R2, deviance explained. All weighted.
//
// Names and conventions are scikit-learn's (sklearn.metrics, 1.9).

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/sums.hpp>
#include <tutti/core/arithmetic.hpp>
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
  double centre;

  constexpr std::array<double, 2> operator()(index i) const {
    return {product(weight(i), y[i] - centre), weight(i)};
  }
};

/// The weighted mean. The second pass adds what the first one lost: the mean of equal numbers is that number.
template <class Policy>
double mean_of(const Policy& policy, const double* y, weight_at<double> weight, index n) {
  double mean = 0;
  for (int pass = 0; pass < 2; ++pass) {
    const auto s = sums<2>(policy, n, mean_terms{y, weight, mean});
    mean += s[0] / s[1];
  }
  return mean;
}

/// Unit deviance of Tweedie's family, and of the constant model that predicts the mean.
struct tweedie_terms {
  const double* y;
  const double* predicted;
  double mean;
  double power;
  weight_at<double> weight;

  static constexpr double to_power(double x, double e) { return math::exp(product(e, math::log(x))); }

  /// Never below zero, and zero for equal arguments, where rounding would leave a little of either sign.
  constexpr double deviance(double t, double mu) const {
    if (t == mu) return 0;
    const double d = rounded_deviance(t, mu);
    return d < 0 ? 0.0 : d;
  }
  constexpr double rounded_deviance(double t, double mu) const {
    if (power == 0) return product(t - mu, t - mu);
    if (power == 1) return 2 * ((t > 0 ? product(t, math::log(t / mu)) : 0.0) - t + mu);
    if (power == 2) return 2 * (math::log(mu / t) + t / mu - 1);
    const double a = t > 0 ? to_power(t, 2 - power) / product(1 - power, 2 - power) : 0.0;
    return 2 * (a - product(t, to_power(mu, 1 - power)) / (1 - power) + to_power(mu, 2 - power) / (2 - power));
  }
  constexpr std::array<double, 3> operator()(index i) const {
    const double w = weight(i);
    if (w == 0) return {0, 0, 0};  // absent, and perhaps outside the family's range
    return {product(w, deviance(y[i], predicted[i])), product(w, deviance(y[i], mean)), w};
  }
};

/// The weights in host memory; empty for ones.
template <class Policy, class W>
std::vector<double> host_weights(const Policy& policy, const W& weights) {
  std::vector<double> out;
  if constexpr (vector_like<W>) {
    const host_vector<Policy, element_of<W>> host(policy, vector_view<const element_of<W>>(view(weights)));
    for (index i = 0; i < host.view().size; ++i) out.push_back(static_cast<double>(host.view()(i)));
  }
  return out;
}

/// throws   invalid_input for a target or prediction that the family of this power cannot have
template <class Policy, class Y, class Z, class W>
void require_range(const Policy& policy, std::string_view who, const Y& y, const Z& predicted, const W& weights,
                   double power) {
  if (power == 0) return;
  const host_vector<Policy, element_of<Y>> near_y(policy, vector_view<const element_of<Y>>(view(y)));
  const host_vector<Policy, element_of<Z>> near_z(policy, vector_view<const element_of<Z>>(view(predicted)));
  const auto weight = host_weights(policy, weights);
  for (index i = 0; i < near_y.view().size; ++i) {
    if (!weight.empty() && weight[static_cast<std::size_t>(i)] == 0) continue;
    const auto t = static_cast<double>(near_y.view()(i)), z = static_cast<double>(near_z.view()(i));
    require(power < 0 || (!(t < 0) && !(power >= 2 && t == 0)), who,
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
  const auto near_w = weights_of_pairs(policy, who, weights, view(y).size);
  return f(near_y.data(), near_z.data(), weight_at<double>{near_w.data()}, near_y.size());
}

template <class Policy, class Y, class Z, class W>
double explained_deviance(const Policy& policy, std::string_view who, const Y& y, const Z& predicted, double power,
                          const W& weights) {
  return with_numbers(policy, who, y, predicted, weights, [&](const double* t, const double* z, auto w, index n) {
    require_range(policy, who, y, predicted, weights, power);
    const double mean = mean_of(policy, t, w, n);
    require(power >= 0 || mean > 0, who, "the mean of y must be > 0 for this power, got " + std::to_string(mean));
    const auto s = sums<3>(policy, n, tweedie_terms{t, z, mean, power, w});
    if (s[1] == 0) return s[0] == 0 ? 1.0 : 0.0;
    return 1 - s[0] / s[1];
  });
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
/// y, predicted    [n]  any arithmetic type, finite; y >= 0 for 1 <= power < 2, y > 0 for power >= 2, predicted > 0 but for
///                 power 0; below 0 the mean of y is > 0
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
  return detail::explained_deviance(policy, who, y, predicted, power, sample_weight);
}

/// The coefficient of determination: the part of the weighted variance of y that the predictions explain.
///
/// returns   at most 1; 1 is exact; below 0 is worse than the mean. For constant y: 1 if exact, else 0
/// note      arguments, errors and cost as for mean_squared_error
template <execution_policy Policy, vector_like Y, vector_like Z, weights_like W = no_weights>
double r2_score(const Policy& policy, const Y& y, const Z& predicted, const W& sample_weight = {}) {
  return detail::explained_deviance(policy, "r2_score", y, predicted, 0, sample_weight);
}

}  // namespace tutti
