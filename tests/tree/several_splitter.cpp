#include <tutti/tree/several_splitter.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/data/model_file.hpp>
#include <tutti/data/synthetic.hpp>
#include <tutti/ensemble/extra_trees.hpp>
#include <tutti/ensemble/random_forest.hpp>
#include <tutti/policy/par_simd.hpp>
#include <tutti/tree/decision_tree.hpp>

#include "../support/check.hpp"
#include "trees.hpp"

namespace tutti_test {

using tutti::decision_tree_regressor;
using tutti::random_forest_regressor;
using tutti::seq;

namespace {

/// Two targets of different sizes that ask for different features, and the same as two vectors.
struct two_targets {
  tutti::matrix<double> X, Y;
  std::vector<double> a, b;

  explicit two_targets(index n) : X(tutti::friedman1<double>(n).X), Y(n, 2), a(tutti::friedman1<double>(n).y) {
    for (index i = 0; i < n; ++i) {
      for (index j = 0; j < X.cols(); ++j) X(i, j) = std::floor(50 * X(i, j));
      b.push_back(10 * std::sin(X(i, 7) / 9) + 3 * std::cos(X(i, 0)));
      Y(i, 0) = a[std::size_t(i)];
      Y(i, 1) = b[std::size_t(i)];
    }
  }
};

/// What is lost of the squared errors of both targets, in the mean, when samples are parted at a cut.
double decrease(const two_targets& d, const std::vector<index>& samples, index feature, double cut) {
  std::vector<index> left, right;
  for (const index i : samples) (d.X(i, feature) <= cut ? left : right).push_back(i);
  if (left.empty() || right.empty()) return 0;
  const auto spread = [&](const std::vector<index>& some) { return (spread_of(d.a, some) + spread_of(d.b, some)) / 2; };
  return spread(samples) - spread(left) - spread(right);
}

}  // namespace

TEST_CASE("no split is better than the chosen one, leaves are means") {
  const two_targets d(150);
  const auto model = decision_tree_regressor{.max_depth = 6}.fit(seq, d.X, d.Y);
  CHECK(model.n_targets() == 2);
  const auto samples = samples_of_nodes(model, d.X);
  const auto& all = model.trees().all;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (all.child[i] < 0) {
      const double* const values = tutti::detail::leaf_values(model.trees(), 0, std::int32_t(i));
      double a = 0, b = 0;
      for (const index s : samples[i]) a += d.a[std::size_t(s)], b += d.b[std::size_t(s)];
      CHECK(values[0] == doctest::Approx(a / double(samples[i].size())).epsilon(1e-7));
      CHECK(values[1] == doctest::Approx(b / double(samples[i].size())).epsilon(1e-7));
      continue;
    }
    double best = 0;
    for (index j = 0; j < d.X.cols(); ++j)
      for (const double cut : model.bins().of(j)) best = std::max(best, decrease(d, samples[i], j, cut));
    const double made = decrease(d, samples[i], all.feature[i], model.bins().of(all.feature[i])[all.cut[i]]);
    CHECK(made >= best - 1e-6 * (1 + best));
  }
}

TEST_CASE("a matrix of one column is a vector") {
  const two_targets d(200);
  tutti::matrix<double> one(200, 1);
  for (index i = 0; i < 200; ++i) one(i, 0) = d.a[std::size_t(i)];
  const random_forest_regressor learner{.n_estimators = 4, .oob_score = true};
  const auto matrix = learner.fit(seq, d.X, one);
  const auto vector = learner.fit(seq, d.X, d.a);
  CHECK(matrix.trees() == vector.trees());
  CHECK(matrix.oob_score() == vector.oob_score());
  CHECK(doubles(matrix.predict(seq, d.X)) == doubles(vector.predict(seq, d.X)));
}

TEST_CASE("a target that is always the same changes no split, nor does one that comes twice") {
  const two_targets d(200);
  const auto splits = [](const auto& model) {
    std::vector<int> out;
    for (index i = 0; i < model.trees().all.nodes(); ++i)
      out.push_back(model.trees().all.child[std::size_t(i)] < 0 ? -1
                                                                : 256 * model.trees().all.feature[std::size_t(i)] +
                                                                      model.trees().all.cut[std::size_t(i)]);
    return out;
  };
  tutti::matrix<double> constant(200, 2, 5.0), twice(200, 2);
  for (index i = 0; i < 200; ++i) constant(i, 0) = twice(i, 0) = twice(i, 1) = d.a[std::size_t(i)];
  const decision_tree_regressor learner{.min_samples_leaf = 2};  // leaves the fast ways, which round scores to floats
  const auto expected = splits(learner.fit(seq, d.X, d.a));
  CHECK(splits(learner.fit(seq, d.X, constant)) == expected);
  CHECK(splits(learner.fit(seq, d.X, twice)) == expected);
}

TEST_CASE("forests of several targets: out of the bag, importance, warm start, files, policies") {
  const two_targets d(400);
  const random_forest_regressor few{.n_estimators = 8, .oob_score = true, .oob_permutation_importance = true};
  random_forest_regressor learner = few;
  learner.n_estimators = 20;
  const auto model = learner.fit(tutti::par_simd, d.X, d.Y);
  CHECK(model == learner.fit(seq, d.X, d.Y));
  CHECK(model == learner.warm_start(seq, few.fit(seq, d.X, d.Y), d.X, d.Y));

  const auto predicted = model.oob_prediction();
  REQUIRE(predicted.rows == 400);
  REQUIRE(predicted.cols == 2);
  double r2 = 0;
  for (index k = 0; k < 2; ++k) {
    double count = 0, mean = 0, error = 0, spread = 0;
    const auto covered = [&](index i) { return model.oob_covered()[std::size_t(i)] != 0; };
    for (index i = 0; i < 400; ++i)
      if (covered(i)) count += 1, mean += d.Y(i, k);
    for (index i = 0; i < 400; ++i)
      if (covered(i)) {
        error += std::pow(d.Y(i, k) - predicted(i, k), 2);
        spread += std::pow(d.Y(i, k) - mean / count, 2);
      }
    r2 += (1 - error / spread) / 2;
  }
  CHECK(r2 > 0.4);
  CHECK(model.oob_score() == doctest::Approx(r2).epsilon(1e-9));
  CHECK(model.oob_permutation_importance()[7] > 10 * std::abs(model.oob_permutation_importance()[9]));

  const auto file = std::filesystem::temp_directory_path() / "tutti_several_targets.safetensors";
  tutti::save(file.string(), model);
  const auto back = tutti::load<tutti::forest_regressor_model<double, true>>(file.string());
  CHECK_THROWS_AS(tutti::load<tutti::forest_regressor_model<double>>(file.string()), tutti::format_error);
  std::filesystem::remove(file);
  CHECK(back == model);
  CHECK(doubles(back.predict(tutti::simd, d.X)) == doubles(model.predict(seq, d.X)));
}

TEST_CASE("a weight stands for copies") {
  const two_targets d(100);
  tutti::matrix<double> X(150, d.X.cols()), Y(150, 2);
  std::vector<double> weight(100, 1.0);
  for (index i = 0; i < 150; ++i) {
    for (index j = 0; j < X.cols(); ++j) X(i, j) = d.X(i % 100, j);
    for (index k = 0; k < 2; ++k) Y(i, k) = d.Y(i % 100, k);
  }
  for (std::size_t i = 0; i < 50; ++i) weight[i] = 2;
  const tutti::extra_trees_regressor learner{.n_estimators = 3, .max_depth = 6};
  CHECK(doubles(learner.fit(seq, d.X, d.Y, weight).predict(seq, d.X)) ==
        doubles(learner.fit(seq, X, Y).predict(seq, d.X)));
}

TEST_CASE("what is for one target only is refused") {
  const two_targets d(50);
  const auto refused = [&](const decision_tree_regressor& learner, const char* what) {
    check_throws<tutti::invalid_input>([&] { learner.fit(seq, d.X, d.Y); },
                                       {"decision_tree_regressor::fit", what, "one target"});
  };
  refused({.criterion = tutti::value_criterion::poisson}, "criterion");
  refused({.criterion = tutti::value_criterion::absolute_error}, "criterion");
  refused({.keep_targets = true}, "keep_targets");
  refused({.categorical_features = {0}}, "categorical_features");
  refused({.monotonic_cst = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0}}, "monotonic_cst");
  auto bad = d.Y;
  bad(3, 1) = std::numeric_limits<double>::quiet_NaN();
  check_throws<tutti::invalid_input>([&] { decision_tree_regressor{}.fit(seq, d.X, bad); },
                                     {"Y is not finite at row 3, column 1"});
  check_throws<tutti::invalid_input>(
      [&] { decision_tree_regressor{}.fit(seq, d.X, tutti::matrix<double>(49, 2, 0.0)); }, {"50 x 10", "Y", "49"});
}

}  // namespace tutti_test
