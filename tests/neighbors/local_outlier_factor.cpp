#include <tutti/neighbors/local_outlier_factor.hpp>

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/policy/par.hpp>
#include <tutti/policy/seq.hpp>

#include "../policies.hpp"
#include "../support/check.hpp"
#include "../support/shapes.hpp"

namespace tutti_test {

namespace {

using tutti::invalid_input;
using tutti::local_outlier_factor;

/// The example of scikit-learn's documentation.
tutti::matrix<double> four() {
  tutti::matrix<double> X(4, 1);
  const double at[] = {-1.1, 0.2, 101.1, 0.3};
  std::copy(at, at + 4, X.data());
  return X;
}

}  // namespace

TEST_CASE("factors are those that scikit-learn gives") {
  const auto model = local_outlier_factor{.n_neighbors = 2}.fit(tutti::seq, four());
  const std::vector<double> expected{-0.98214286, -1.03703704, -73.36970899, -0.98214286};
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(model.negative_outlier_factor()[i] == doctest::Approx(expected[i]).epsilon(1e-8));
  CHECK(model.labels() == std::vector{1, 1, -1, 1});
  CHECK(model.offset() == -1.5);
}

TEST_CASE("contamination is the share of outliers") {
  const auto X = random_matrix<double>(200, 2);
  const auto model = local_outlier_factor{.contamination = 0.1}.fit(tutti::par, X);
  const auto labels = model.labels();
  CHECK(std::count(labels.begin(), labels.end(), -1) == 20);
}

TEST_CASE("new samples are judged as if each were added alone") {
  const auto X = random_matrix<double>(300, 2);
  const auto model = local_outlier_factor{}.fit(tutti::par, X);
  tutti::matrix<double> Q(2, 2, 3.0);
  Q(1, 1) = 40;
  CHECK(model.predict(tutti::par, Q) == std::vector{1, -1});
  const auto score = model.score_samples(tutti::par, Q), decision = model.decision_function(tutti::par, Q);
  CHECK(decision[1] == score[1] - model.offset());
  CHECK(score[1] < -5);
}

TEST_CASE_TEMPLATE("all policies give the same factors", T, float, double) {
  const auto X = random_matrix<T>(500, 3);
  const auto expected = local_outlier_factor{}.fit(tutti::seq, X);
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    const auto model = local_outlier_factor{}.fit(policy, X);
    CHECK(doubles(model.negative_outlier_factor()) == doubles(expected.negative_outlier_factor()));
  });
}

TEST_CASE("what has no answer is refused; duplicates have one") {
  check_throws<invalid_input>([] { local_outlier_factor{.n_neighbors = 4}.fit(tutti::seq, four()); },
                              {"n_neighbors is 4", "4 rows"});
  check_throws<invalid_input>(
      [] { local_outlier_factor{.n_neighbors = 2, .contamination = 0.6}.fit(tutti::seq, four()); },
      {"contamination", "0.6"});
  const auto same = local_outlier_factor{.n_neighbors = 2}.fit(tutti::seq, tutti::matrix<double>(9, 2, 1.0));
  for (const double f : same.negative_outlier_factor()) CHECK(f == -1);
}

}  // namespace tutti_test
