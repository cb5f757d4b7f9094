#pragma once
// What linear.cpp and linear_more.cpp share: the least-squares models of make_golden.py, fitted and compared.

#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <tutti/linear_model/linear_regression.hpp>
#include <tutti/linear_model/ridge.hpp>

#include "golden.hpp"

namespace tutti_test {

inline std::vector<double> intercepts(double intercept) { return {intercept}; }
inline std::vector<double> intercepts(std::span<const double> intercept) { return doubles(intercept); }
inline std::vector<double> intercepts(float intercept) { return {double(intercept)}; }

/// Coefficients, constant and the first predictions of a model.
template <class P, class Model, class T>
void check_regressor(const golden_table& golden, const std::string& name, const P& policy, const Model& model,
                     const tutti::matrix<T>& X, double tolerance) {
  CAPTURE(name);
  check_close(doubles(model.coef()), golden(name, "coef"), tolerance);
  check_close(intercepts(model.intercept()), golden(name, "intercept"), tolerance);
  check_close(doubles(model.predict(policy, first_rows(X, 20))), golden(name, "prediction"), tolerance);
}

/// A learner with and without weights, on every policy.
template <class T, class Learner, class Y>
void check_least_squares(const golden_table& golden, const std::string& name, const Learner& learner,
                         const tutti::matrix<T>& X, const Y& y, double tolerance) {
  const std::vector<T> w = row_weights<T>(X.rows());
  for_policies([&](const auto& policy, const std::string& policy_name) {
    CAPTURE(policy_name);
    check_regressor(golden, name, policy, learner.fit(policy, X, y), X, tolerance);
    check_regressor(golden, name + "/weights", policy, learner.fit(policy, X, y, w), X, tolerance);
  });
}

/// f(name, learner) for a constant term or none.
template <class F>
void for_intercepts(const std::string& name, const F& f) {
  f(name, true);
  f(name + "/no intercept", false);
}

template <class T, class Y>
void check_linear_regression(const golden_table& golden, const std::string& data, const tutti::matrix<T>& X, const Y& y,
                             double tolerance) {
  for_intercepts(data + "/linear", [&](const std::string& name, bool intercept) {
    check_least_squares(golden, name, tutti::linear_regression{.fit_intercept = intercept}, X, y, tolerance);
  });
}

template <class T, class Y>
void check_ridge(const golden_table& golden, const std::string& data, const std::string& alpha,
                 const tutti::matrix<T>& X, const Y& y, double tolerance) {
  for_intercepts(data + "/ridge " + alpha, [&](const std::string& name, bool intercept) {
    check_least_squares(golden, name, tutti::ridge{.alpha = std::stod(alpha), .fit_intercept = intercept}, X, y,
                        tolerance);
  });
}

/// All models of a data set as it is, in double.
inline void check_raw(const golden_table& golden, const std::string& data, const tutti::matrix<double>& X,
                      const std::vector<double>& y) {
  check_linear_regression(golden, data, X, y, coefficients_agree);
  for (const char* const alpha : {"0.1", "1", "100"}) check_ridge(golden, data, alpha, X, y, coefficients_agree);
}

/// Models of standardised features.
template <class T>
void check_standardised(const golden_table& golden, const std::string& data, const tutti::matrix<double>& X,
                        const std::vector<double>& y) {
  const tutti::matrix<T> Z = convert<T>(standardised(X));
  const std::vector<T> target(y.begin(), y.end());
  const double tolerance = sizeof(T) == 4 ? floats_agree : coefficients_agree;
  check_linear_regression(golden, data + " standardised", Z, target, tolerance);
  check_ridge(golden, data + " standardised", "1", Z, target, tolerance);
}

}  // namespace tutti_test
