#include <tutti/tree/general_search.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/random.hpp>
#include <tutti/ensemble/extra_trees.hpp>
#include <tutti/ensemble/random_forest.hpp>
#include <tutti/policy/par_simd.hpp>
#include <tutti/tree/decision_tree.hpp>

#include "../support/check.hpp"
#include "trees.hpp"

namespace tutti_test {

using tutti::decision_tree_classifier;
using tutti::decision_tree_regressor;
using tutti::seq;

namespace {

/// A target that grows with x0 and falls with x1, under much noise.
struct trend {
  tutti::matrix<double> X;
  std::vector<double> y;
  std::vector<int> labels;

  explicit trend(index n) : X(n, 3), y(std::size_t(n)), labels(std::size_t(n)) {
    const tutti::random_source source(5), noise = source.stream(1);
    for (index i = 0; i < n; ++i) {
      for (index j = 0; j < 3; ++j) X(i, j) = std::floor(60 * source.uniform(std::uint64_t(3 * i + j)));
      y[std::size_t(i)] = X(i, 0) - X(i, 1) + 10 * std::sin(X(i, 2)) + 25 * noise.normal(std::uint64_t(i));
      labels[std::size_t(i)] = y[std::size_t(i)] > 0 ? 7 : 3;
    }
  }
};

/// How often f falls while x_j grows through all its values, the others those of some samples.
template <class F>
int falls(const trend& d, index j, const F& f) {
  int out = 0;
  for (index i = 0; i < 40; ++i) {
    tutti::matrix<double> line(62, 3);
    for (index k = 0; k < 62; ++k) {
      for (index c = 0; c < 3; ++c) line(k, c) = d.X(i, c);
      line(k, j) = double(k) - 1;
    }
    const std::vector<double> value = f(line);
    for (std::size_t k = 1; k < value.size(); ++k) out += value[k] < value[k - 1] ? 1 : 0;
  }
  return out;
}
template <class F>
int rises(const trend& d, index j, const F& f) {
  return falls(d, j, [&](const auto& line) {
    std::vector<double> value = f(line);
    for (double& v : value) v = -v;
    return value;
  });
}

template <class Learner>
void check_numbers(Learner learner, const trend& d) {
  const auto predict = [&](const auto& model) {
    return [&](const tutti::matrix<double>& X) { return model.predict(seq, X); };
  };
  const auto free = learner.fit(seq, d.X, d.y);
  CHECK(falls(d, 0, predict(free)) > 0);
  CHECK(rises(d, 1, predict(free)) > 0);
  learner.monotonic_cst = {1, -1, 0};
  const auto model = learner.fit(seq, d.X, d.y);
  CHECK(falls(d, 0, predict(model)) == 0);
  CHECK(rises(d, 1, predict(model)) == 0);
  CHECK(falls(d, 2, predict(model)) > 0);
  CHECK(rises(d, 0, predict(model)) > 0);
  CHECK(learner.fit(tutti::par_simd, d.X, d.y) == model);
}

template <class Learner>
void check_classes(Learner learner, const trend& d) {
  const auto second = [](const auto& model) {
    return [&](const tutti::matrix<double>& X) {
      const auto p = model.predict_proba(seq, X);
      std::vector<double> out;
      for (index i = 0; i < X.rows(); ++i) out.push_back(p(i, 1));
      return out;
    };
  };
  const auto free = learner.fit(seq, d.X, d.labels);
  CHECK(falls(d, 0, second(free)) > 0);
  learner.monotonic_cst = {1, -1, 0};
  const auto model = learner.fit(seq, d.X, d.labels);
  CHECK(falls(d, 0, second(model)) == 0);
  CHECK(rises(d, 1, second(model)) == 0);
  CHECK(falls(d, 2, second(model)) > 0);
  CHECK(learner.fit(tutti::par_simd, d.X, d.labels) == model);
}

}  // namespace

TEST_CASE("numbers grow and fall as they are asked to") {
  const trend d(500);
  check_numbers(decision_tree_regressor{}, d);
  check_numbers(decision_tree_regressor{.max_leaf_nodes = 60}, d);
  check_numbers(decision_tree_regressor{.ccp_alpha = 2}, d);
  check_numbers(tutti::random_forest_regressor{.n_estimators = 5, .max_features = 2}, d);
  check_numbers(tutti::extra_trees_regressor{.n_estimators = 5}, d);
}

TEST_CASE("the probability of the second class grows and falls as it is asked to") {
  const trend d(500);
  check_classes(decision_tree_classifier{}, d);
  check_classes(decision_tree_classifier{.criterion = tutti::class_criterion::entropy, .max_depth = 8}, d);
  check_classes(tutti::random_forest_classifier{.n_estimators = 5}, d);
  check_classes(tutti::extra_trees_classifier{.n_estimators = 5}, d);
}

TEST_CASE("missing values are no obstacle") {
  trend d(500);
  for (index i = 0; i < 500; i += 3) d.X(i, 0) = std::numeric_limits<double>::quiet_NaN();
  check_numbers(decision_tree_regressor{}, d);
}

TEST_CASE("a constraint that data keep by themselves changes nothing") {
  const auto x = column_of({1, 2, 3, 4});
  const std::vector<double> y{1, 2, 4, 8};
  CHECK(text_of(decision_tree_regressor{.monotonic_cst = {1}}.fit(seq, x, y)) ==
        text_of(decision_tree_regressor{}.fit(seq, x, y)));
  CHECK(text_of(decision_tree_regressor{.monotonic_cst = {-1}}.fit(seq, x, y)) == "3.75");
  CHECK(text_of(decision_tree_regressor{.monotonic_cst = {0}}.fit(seq, x, y)) ==
        text_of(decision_tree_regressor{}.fit(seq, x, y)));
}

TEST_CASE("constraints that cannot be kept are refused") {
  const trend d(60);
  const auto refused = [&](const decision_tree_regressor& learner, const char* what) {
    check_throws<tutti::invalid_input>([&] { learner.fit(seq, d.X, d.y); }, {"decision_tree_regressor::fit", what});
  };
  refused({.monotonic_cst = {1}}, "monotonic_cst has 1 elements, expected one for each of the 3 columns");
  refused({.monotonic_cst = {0, 0, 0, 0}}, "monotonic_cst has 4 elements");
  refused({.monotonic_cst = {1, 2, 0}}, "monotonic_cst must be -1, 0 or 1, got 2");
  refused({.categorical_features = {1}, .monotonic_cst = {0, 1, 0}}, "column 1, which is categorical");
  auto three = d.labels;
  three[0] = 9;
  check_throws<tutti::invalid_input>(
      [&] { decision_tree_classifier{.monotonic_cst = {1, 0, 0}}.fit(seq, d.X, three); },
      {"decision_tree_classifier::fit", "monotonic_cst needs two classes, y has 3"});
}

}  // namespace tutti_test
