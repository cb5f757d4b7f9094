// Hyper-parameter exact_splits: cuts between any two values.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/random.hpp>
#include <tutti/data/model_file.hpp>
#include <tutti/data/synthetic.hpp>
#include <tutti/ensemble/extra_trees.hpp>
#include <tutti/ensemble/random_forest.hpp>
#include <tutti/policy/par_simd.hpp>
#include <tutti/policy/seq.hpp>
#include <tutti/tree/decision_tree.hpp>

#include "../support/check.hpp"
#include "trees.hpp"

namespace tutti_test {

namespace {

using tutti::class_criterion;
using tutti::decision_tree_classifier;
using tutti::decision_tree_regressor;
using tutti::extra_trees_classifier;
using tutti::extra_trees_regressor;
using tutti::random_forest_classifier;
using tutti::random_forest_regressor;
using tutti::seq;
using tutti::value_criterion;

/// Two features of many values, one of categories, one that is missing now and then.
template <class T>
struct many_values {
  tutti::matrix<T> X;
  std::vector<T> y;
  std::vector<int> labels;

  explicit many_values(index n) : X(n, 4), y(std::size_t(n)), labels(std::size_t(n)) {
    const tutti::random_source source(17);
    for (index i = 0; i < n; ++i) {
      const auto draw = [&](index k) { return source.uniform(std::uint64_t(8 * i + k)); };
      X(i, 0) = T(draw(0));
      X(i, 1) = T(std::exp(8 * draw(1)));
      X(i, 2) = T(std::floor(6 * draw(2)));
      X(i, 3) = draw(3) < 0.2 ? std::numeric_limits<T>::quiet_NaN() : T(draw(4));
      const double signal = std::sin(40 * double(X(i, 0))) + 0.1 * std::log(double(X(i, 1))) + double(i % 2 == 0) +
                            (X(i, 2) == T(3) ? 1 : 0) + (std::isnan(X(i, 3)) ? 0.7 : 0);
      y[std::size_t(i)] = T(signal);
      labels[std::size_t(i)] = signal > 1 ? 4 : signal > 0.4 ? 2 : -1;
    }
  }
};

/// The same model on every policy and for any number of threads; a file holds all of it; a row alone ends where it does
/// among others.
template <class Learner, class T, class Y>
auto check_model(const Learner& learner, const tutti::matrix<T>& X, const Y& y) {
  const auto model = learner.fit(seq, X, y);
  CHECK(model.trees().all.cut.empty());
  CHECK(model.trees().all.wide_cut.size() == model.trees().all.child.size());
  CHECK(learner.fit(tutti::simd, X, y) == model);
  for (const int threads : {1, 2, 3, 7}) CHECK(learner.fit(tutti::par_simd.threads(threads), X, y) == model);
  const auto file = std::filesystem::temp_directory_path() / "tutti_exact_splits.safetensors";
  tutti::save(file.string(), model);
  CHECK(tutti::load<std::remove_cv_t<decltype(model)>>(file.string()) == model);
  std::filesystem::remove(file);
  const auto predicted = model.predict(seq, X);
  CHECK(model.predict(tutti::par_simd, X) == predicted);
  for (index i = 0; i < X.rows(); i += 29)
    CHECK(model.predict(tutti::simd, tutti::view(&X(i, 0), 1, X.cols()))[0] == predicted[std::size_t(i)]);
  return model;
}

/// The sum of squares that the best cut of a feature takes, looked for among all.
double best_of_all(const std::vector<double>& x, const std::vector<double>& y) {
  double best = 0;
  const double all = double(y.size());
  for (const double cut : x) {
    double left = 0, right = 0, count = 0;
    for (std::size_t i = 0; i < x.size(); ++i) (x[i] <= cut ? (++count, left) : right) += y[i];
    if (count < all) best = std::max(best, left * left / count + right * right / (all - count));
  }
  return best;
}

}  // namespace

TEST_CASE("the first cut is the best of all that there are") {
  const index n = 1000;
  tutti::matrix<double> X(n, 1);
  std::vector<double> x(n), y(n);
  const tutti::random_source source(3);
  double mean = 0;
  for (std::size_t i = 0; i < n; ++i) {
    x[i] = X(index(i), 0) = source.uniform(2 * i);
    y[i] = (x[i] > 0.0123 ? 4 : 0) + source.uniform(2 * i + 1);  // few rows are below: no cut of 255 bins is as good
    mean += y[i] / double(n);
  }
  for (double& v : y) v -= mean;
  const auto kept = [&](const auto& model) {
    double left = 0, right = 0, count = 0;
    const auto leaf = model.apply(seq, X);
    for (std::size_t i = 0; i < n; ++i) (leaf(index(i), 0) == 1 ? (++count, left) : right) += y[i];
    return left * left / count + right * right / (double(n) - count);
  };
  const double best = best_of_all(x, y);
  CHECK(kept(decision_tree_regressor{.max_depth = 1, .exact_splits = true}.fit(seq, X, y)) ==
        doctest::Approx(best).epsilon(1e-12));
  CHECK(kept(decision_tree_regressor{.max_depth = 1}.fit(seq, X, y)) < best * (1 - 1e-6));
}

TEST_CASE("of features of few values the splits are exact anyhow") {
  const many_values<double> d(600);
  tutti::matrix<double> X(600, 2);
  for (index i = 0; i < 600; ++i) {
    X(i, 0) = std::floor(200 * d.X(i, 0));
    X(i, 1) = d.X(i, 2);
  }
  const random_forest_classifier learner{.n_estimators = 5};
  auto exact = learner;
  exact.exact_splits = true;
  CHECK(exact.fit(seq, X, d.labels) == learner.fit(seq, X, d.labels));
}

TEST_CASE_TEMPLATE("trees of exact splits know every sample by heart", T, float, double) {
  const many_values<T> d(900);
  const auto classes = check_model(decision_tree_classifier{.exact_splits = true}, d.X, d.labels);
  CHECK(classes.predict(seq, d.X) == d.labels);
  const auto numbers = check_model(decision_tree_regressor{.exact_splits = true}, d.X, d.y);
  double largest = 0;
  for (std::size_t i = 0; i < d.y.size(); ++i)
    largest = std::max(largest, std::abs(double(numbers.predict(seq, d.X)[i]) - double(d.y[i])));
  CHECK(largest < 1e-6);
}

TEST_CASE("forests of exact splits, with each of the other hyper-parameters") {
  const many_values<double> d(700);
  const auto classes = [&](random_forest_classifier learner) {
    learner.n_estimators = 3;
    learner.exact_splits = true;
    return check_model(learner, d.X, d.labels);
  };
  classes({.categorical_features = {2}});
  classes({.criterion = class_criterion::entropy, .max_depth = 6, .min_samples_leaf = 3});
  classes({.bootstrap = false, .class_weight = tutti::balanced});
  classes({.max_leaf_nodes = 20, .class_weight = tutti::balanced_subsample});
  const auto scored = classes({.oob_score = true, .oob_permutation_importance = true});
  CHECK(scored.oob_score() > 0.5);
  CHECK(scored.oob_permutation_importance()[0] > scored.oob_permutation_importance()[3]);
  const auto numbers = [&](random_forest_regressor learner) {
    learner.n_estimators = 3;
    learner.exact_splits = true;
    return check_model(learner, d.X, d.y);
  };
  numbers({.categorical_features = {2}, .monotonic_cst = {0, 1, 0, 0}});
  numbers({.criterion = value_criterion::absolute_error, .max_depth = 5, .categorical_features = {2}});
  numbers({.ccp_alpha = 0.001, .oob_score = true});
  const double quarters[] = {0.25, 0.75};
  const auto quantiles = numbers({.keep_targets = true}).predict_quantiles(seq, d.X, quarters);
  for (index i = 0; i < d.X.rows(); ++i) CHECK(quantiles(i, 0) <= quantiles(i, 1));
  check_model(extra_trees_classifier{.n_estimators = 3, .exact_splits = true}, d.X, d.labels);
  check_model(extra_trees_regressor{.n_estimators = 3, .exact_splits = true}, d.X, d.y);
}

TEST_CASE("exact splits of several targets") {
  const auto d = tutti::friedman1<double>(600, 5);
  tutti::matrix<double> Y(600, 2);
  for (index i = 0; i < 600; ++i) {
    Y(i, 0) = d.y[std::size_t(i)];
    Y(i, 1) = 3 * d.X(i, 4) - d.X(i, 3);
  }
  const decision_tree_regressor learner{.exact_splits = true};
  const auto model = learner.fit(seq, d.X, Y);
  CHECK(learner.fit(tutti::par_simd, d.X, Y) == model);
  const auto predicted = model.predict(tutti::par_simd, d.X);
  for (index i = 0; i < 600; ++i)
    for (index k = 0; k < 2; ++k) CHECK(predicted(i, k) == doctest::Approx(Y(i, k)).epsilon(1e-6));
}

TEST_CASE("fifty exact trees and fifty more are a hundred") {
  const many_values<double> d(400);
  random_forest_regressor learner{.n_estimators = 4, .exact_splits = true};
  const auto four = learner.fit(seq, d.X, d.y);
  learner.n_estimators = 9;
  CHECK(learner.warm_start(tutti::par_simd, four, d.X, d.y) == learner.fit(seq, d.X, d.y));
}

TEST_CASE("whole weights are copies for exact splits") {
  const many_values<double> d(400);
  std::vector<double> weight(400);
  std::vector<index> copies;
  for (index i = 0; i < 400; ++i) {
    weight[std::size_t(i)] = double(i % 4);
    for (index k = 0; k < i % 4; ++k) copies.push_back(i);
  }
  tutti::matrix<double> X(index(copies.size()), 4);
  std::vector<double> y;
  for (std::size_t i = 0; i < copies.size(); ++i) {
    for (index j = 0; j < 4; ++j) X(index(i), j) = d.X(copies[i], j);
    y.push_back(d.y[std::size_t(copies[i])]);
  }
  const decision_tree_regressor learner{.exact_splits = true};
  CHECK(learner.fit(seq, d.X, d.y, weight).predict(seq, d.X) == learner.fit(seq, X, y).predict(seq, d.X));
}

TEST_CASE("rows of very many columns") {
  const index p = 1100, n = 300;
  tutti::matrix<float> X(n, p);
  std::vector<float> y(n);
  const tutti::random_source source(8);
  for (index i = 0; i < n; ++i) {
    for (index j = 0; j < p; ++j) X(i, j) = float(source.uniform(std::uint64_t(i * p + j)));
    y[std::size_t(i)] = X(i, p - 1) + X(i, 7);
  }
  check_model(random_forest_regressor{.n_estimators = 2, .exact_splits = true}, X, y);
}

}  // namespace tutti_test
