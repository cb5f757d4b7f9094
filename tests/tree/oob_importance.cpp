#include <tutti/tree/oob_importance.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/random.hpp>
#include <tutti/data/synthetic.hpp>
#include <tutti/ensemble/extra_trees.hpp>
#include <tutti/ensemble/random_forest.hpp>
#include <tutti/policy/par_simd.hpp>

#include "../support/check.hpp"
#include "trees.hpp"

namespace tutti_test {

using tutti::random_forest_classifier;
using tutti::random_forest_regressor;
using tutti::seq;

TEST_CASE("a feature that decides alone: half of the swapped samples are wrong") {
  const tutti::random_source source(3);
  tutti::matrix<double> X(2000, 3);
  std::vector<int> labels;
  std::vector<double> y;
  for (index i = 0; i < 2000; ++i) {
    for (index j = 0; j < 3; ++j) X(i, j) = double(source.below(std::uint64_t(3 * i + j), 100));
    labels.push_back(X(i, 1) > 49 ? 1 : 0);
    y.push_back(X(i, 1) > 49 ? 10 : 0);
  }
  const random_forest_classifier classes{.n_estimators = 20, .max_features = 3, .oob_permutation_importance = true};
  const auto a = classes.fit(seq, X, labels).oob_permutation_importance();
  REQUIRE(a.size() == 3);
  CHECK(a[0] == 0);
  CHECK(a[1] == doctest::Approx(0.5).epsilon(0.02));
  CHECK(a[2] == 0);
  const random_forest_regressor numbers{.n_estimators = 20, .oob_permutation_importance = true};
  const auto b = numbers.fit(seq, X, y).oob_permutation_importance();
  CHECK(b[1] == doctest::Approx(50).epsilon(0.02));  // half of them are 10 off
  CHECK(b[0] == 0);
}

TEST_CASE("what matters stands out from noise, alike on every policy") {
  const auto d = tutti::friedman1<double>(1500);  // five of ten features count
  const random_forest_regressor learner{.n_estimators = 30, .oob_permutation_importance = true};
  const auto model = learner.fit(seq, d.X, d.y);
  CHECK(learner.fit(tutti::par_simd, d.X, d.y) == model);
  const auto importance = model.oob_permutation_importance();
  for (std::size_t j = 0; j < 5; ++j)
    for (std::size_t k = 5; k < 10; ++k) CHECK(importance[j] > 5 * std::abs(importance[k]));
  CHECK(random_forest_regressor{.n_estimators = 2}.fit(seq, d.X, d.y).oob_permutation_importance().empty());
}

TEST_CASE("trees that are added count as if they had been there") {
  const auto d = tutti::make_classification<double>(400, {.n_informative = 3, .n_classes = 3});
  const random_forest_classifier few{.n_estimators = 5, .oob_permutation_importance = true};
  const random_forest_classifier all{.n_estimators = 12, .oob_permutation_importance = true};
  CHECK(all.warm_start(seq, few.fit(seq, d.X, d.y), d.X, d.y) == all.fit(seq, d.X, d.y));
}

TEST_CASE("absent samples do not count") {
  const auto d = tutti::friedman1<double>(600);
  tutti::matrix<double> some(400, d.X.cols());
  std::vector<double> y, weight(600, 0.0);
  for (index i = 0; i < 400; ++i) {
    for (index j = 0; j < d.X.cols(); ++j) some(i, j) = d.X(i, j);
    y.push_back(d.y[std::size_t(i)]);
    weight[std::size_t(i)] = 1;
  }
  const random_forest_regressor learner{
      .n_estimators = 10, .oob_score = true, .oob_permutation_importance = true, .max_samples = 1.0};
  const auto with = learner.fit(seq, d.X, d.y, weight);
  const auto without = learner.fit(seq, some, y);
  CHECK(with.oob_score() == doctest::Approx(without.oob_score()).epsilon(1e-12));
  for (std::size_t j = 0; j < 10; ++j)
    CHECK(with.oob_permutation_importance()[j] ==
          doctest::Approx(without.oob_permutation_importance()[j]).epsilon(1e-12));
  const tutti::random_forest_classifier classes{.n_estimators = 10, .oob_score = true, .max_samples = 1.0};
  std::vector<int> labels, some_labels;
  for (const double v : d.y) labels.push_back(v > 14 ? 1 : 0);
  some_labels.assign(labels.begin(), labels.begin() + 400);
  CHECK(classes.fit(seq, d.X, labels, weight).oob_score() == classes.fit(seq, some, some_labels).oob_score());
}

TEST_CASE("there is none without bootstrap") {
  const auto d = tutti::friedman1<double>(50);
  check_throws<tutti::invalid_input>(
      [&] { tutti::extra_trees_regressor{.oob_permutation_importance = true}.fit(seq, d.X, d.y); },
      {"extra_trees_regressor::fit", "oob_permutation_importance", "bootstrap"});
}

}  // namespace tutti_test
