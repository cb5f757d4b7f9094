#pragma once
// What logistic.cpp and logistic_more.cpp share: the logistic regressions of make_golden.py, fitted and compared.

#include <string>
#include <vector>

#include <tutti/linear_model/logistic_regression.hpp>

#include "golden.hpp"

namespace tutti_test {

/// Solved far beyond what is compared: little penalty, 1 / (C n), lets coefficients be off by C n times the gradient.
template <class T>
tutti::logistic_regression converged(double C) {
  return {.C = C, .tol = sizeof(T) == 4 ? 1e-7 : 1e-11, .max_iter = 100000};
}

/// Coefficients, constants and the answers for the first samples.
template <class P, class Model, class T>
void check_classifier(const golden_table& golden, const std::string& name, const P& policy, const Model& model,
                      const tutti::matrix<T>& X, double tolerance) {
  check_close(doubles(model.coef()), golden(name, "coef"), tolerance);
  check_close(doubles(model.intercept()), golden(name, "intercept"), tolerance);
  check_close(doubles(model.decision_function(policy, first_rows(X, 20))), golden(name, "decision"), tolerance);
  CHECK(model.predict(policy, first_rows(X, 20)) == golden.whole(name, "label"));
  const auto few = first_rows(X, 5);
  check_close(doubles(model.predict_proba(policy, few)), golden(name, "probability"), tolerance);
  check_close(doubles(model.predict_log_proba(policy, few)), golden(name, "log probability"), tolerance);
}

/// A learner with each solver on each policy. No weights: ones.
template <class T>
void check_logistic(const golden_table& golden, const std::string& name, tutti::logistic_regression learner,
                    const tutti::matrix<T>& X, const std::vector<int>& y, const std::vector<T>& weights = {}) {
  CAPTURE(name);
  for (const auto solver : {tutti::glm_solver::lbfgs, tutti::glm_solver::newton_cholesky}) {
    const bool newton = solver == tutti::glm_solver::newton_cholesky;
    CAPTURE(newton);
    learner.solver = solver;
    for_policies([&](const auto& policy, const std::string& policy_name) {
      CAPTURE(policy_name);
      const auto model = weights.empty() ? learner.fit(policy, X, y) : learner.fit(policy, X, y, weights);
      if (sizeof(T) == 8) CHECK(model.report().converged());  // floats may not carry the tolerance
      check_classifier(golden, name, policy, model, X, sizeof(T) == 4 ? floats_agree : coefficients_agree);
    });
  }
}

template <class T>
void check_strengths(const golden_table& golden, const std::string& data, const tutti::matrix<T>& X,
                     const std::vector<int>& y, std::initializer_list<const char*> strengths) {
  for (const std::string C : strengths) check_logistic(golden, data + "/C=" + C, converged<T>(std::stod(C)), X, y);
}

template <class T>
void check_weights(const golden_table& golden, const std::string& data, const tutti::matrix<T>& X,
                   const std::vector<int>& y, const std::string& C) {
  const std::vector<T> w = row_weights<T>(X.rows());
  const std::string name = data + "/C=" + C;
  const auto plain = converged<T>(std::stod(C));
  auto balanced = plain, no_intercept = plain;
  balanced.class_weight = tutti::balanced;
  no_intercept.fit_intercept = false;
  check_logistic(golden, name + "/weights", plain, X, y, w);
  check_logistic(golden, name + "/balanced", balanced, X, y);
  check_logistic(golden, name + "/balanced/weights", balanced, X, y, w);
  check_logistic(golden, name + "/no intercept", no_intercept, X, y);
}

}  // namespace tutti_test
