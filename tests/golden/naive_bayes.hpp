#pragma once
// What naive_bayes.cpp and naive_bayes_more.cpp share: the naive Bayes models of make_golden.py, fitted and compared.

#include <cstddef>
#include <numeric>
#include <string>
#include <vector>

#include <tutti/naive_bayes/gaussian_nb.hpp>

#include "golden.hpp"

namespace tutti_test {

/// make_golden.py's priors: 1, 2, 3, ... over their sum.
inline std::vector<double> rising_priors(std::size_t classes) {
  std::vector<double> out;
  for (std::size_t k = 1; k <= classes; ++k) out.push_back(double(k) / (double(classes * (classes + 1)) / 2));
  return out;
}

/// Each number's part of their sum.
inline std::vector<double> parts(const std::vector<double>& numbers) {
  const double sum = std::accumulate(numbers.begin(), numbers.end(), 0.0);
  std::vector<double> out;
  for (const double x : numbers) out.push_back(x / sum);
  return out;
}

/// What a model says of the first samples.
template <class P, class Model, class T>
void check_answers(const golden_table& golden, const std::string& name, const P& policy, const Model& model,
                   const tutti::matrix<T>& X, double tolerance) {
  CAPTURE(name);
  CHECK(model.predict(policy, first_rows(X, 100)) == golden.whole(name, "label"));
  const auto joint = model.predict_joint_log_proba(policy, first_rows(X, 5));
  check_each_close(doubles(joint), golden(name, "joint log probability"), tolerance);
}

template <class P, class Model, class T>
void check_naive_bayes(const golden_table& golden, const std::string& name, const P& policy, const Model& model,
                       const tutti::matrix<T>& X, double tolerance) {
  CAPTURE(name);
  check_each_close(doubles(model.mean()), golden(name, "mean"), tolerance);
  check_each_close(doubles(model.variance()), golden(name, "variance"), tolerance);
  check_each_close({model.smoothing()}, golden(name, "smoothing"), tolerance);
  const std::vector<double> count = doubles(model.class_count());
  CHECK(count == golden(name, "class count"));
  check_each_close(parts(count), golden(name, "prior"), moments_agree);
  check_answers(golden, name, policy, model, X, tolerance);
}

/// All models of a data set, on every policy.
template <class T>
void check_naive_bayes(const golden_table& golden, const std::string& name) {
  const data_set d(name + ".csv", "target");
  const auto X = convert<T>(d.X);
  const auto y = d.labels();
  const auto w = row_weights<T>(X.rows());
  const tutti::gaussian_nb learner;
  const tutti::gaussian_nb with_priors{.priors = rising_priors(golden(name, "prior").size())};
  check_each_close(with_priors.priors, golden(name + "/priors", "prior"), moments_agree);
  const double tolerance = sizeof(T) == 4 ? float_moments_agree : moments_agree;
  for_policies([&](const auto& policy, const std::string& policy_name) {
    CAPTURE(policy_name);
    check_naive_bayes(golden, name, policy, learner.fit(policy, X, y), X, tolerance);
    check_naive_bayes(golden, name + "/weights", policy, learner.fit(policy, X, y, w), X, tolerance);
    check_answers(golden, name + "/priors", policy, with_priors.fit(policy, X, y), X, tolerance);
  });
}

}  // namespace tutti_test
