#include <tutti/tree/leaf_targets.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <utility>
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

const std::vector<double> some_q{0, 0.05, 0.25, 0.5, 0.75, 0.95, 1};

/// The textbook's quantile: weights of the training samples, by the leaves that they share with a sample.
template <class Model>
double plain_quantile(const Model& model, const tutti::matrix<std::int32_t>& train,
                      const tutti::matrix<std::int32_t>& ends, index i, const std::vector<double>& y, double q) {
  std::vector<std::pair<double, double>> weighted;  // target, weight
  for (std::size_t s = 0; s < y.size(); ++s) weighted.push_back({y[s], 0.0});
  for (index t = 0; t < model.n_trees(); ++t) {
    double together = 0;
    for (index s = 0; s < train.rows(); ++s) together += train(s, t) == ends(i, t) ? 1 : 0;
    for (index s = 0; s < train.rows(); ++s)
      if (train(s, t) == ends(i, t)) weighted[std::size_t(s)].second += 1 / together / double(model.n_trees());
  }
  std::sort(weighted.begin(), weighted.end());
  double sum = 0;
  for (const auto& [target, weight] : weighted)
    if ((sum += weight) >= q - 1e-7 && sum > 0) return target;
  return weighted.back().first;
}

}  // namespace

TEST_CASE("quantiles of a leaf by hand") {
  const auto x = column_of({1, 2, 3, 4, 5, 6});
  const std::vector<double> y{0, 3, 1, 100, 100, 104};
  const auto model = decision_tree_regressor{.max_depth = 1, .keep_targets = true}.fit(seq, x, y);
  const auto q = model.predict_quantiles(seq, column_of({2, 5}), std::vector<double>{0, 0.33, 0.34, 0.5, 0.67, 1});
  const std::vector<double> low{0, 0, 1, 1, 3, 3}, high{100, 100, 100, 100, 104, 104};
  for (index k = 0; k < 6; ++k) {
    CHECK(q(0, k) == low[std::size_t(k)]);
    CHECK(q(1, k) == high[std::size_t(k)]);
  }
}

TEST_CASE("quantiles of a forest are those of the samples that share its leaves") {
  const auto d = tutti::friedman1<double>(300), other = tutti::friedman1<double>(40, 10, 1.0, 8);
  auto y = d.y;
  for (double& v : y) v = std::floor(2 * v) / 2;  // some targets come more than once
  const tutti::extra_trees_regressor learner{.n_estimators = 7, .min_samples_leaf = 4, .keep_targets = true};
  const auto model = learner.fit(seq, d.X, y);
  CHECK(learner.fit(tutti::par_simd, d.X, y) == model);
  const auto train = model.apply(seq, d.X), ends = model.apply(seq, other.X);
  const auto q = model.predict_quantiles(tutti::par_simd, other.X, some_q);
  CHECK(q == model.predict_quantiles(seq, other.X, some_q));
  for (index i = 0; i < other.X.rows(); ++i)
    for (std::size_t k = 0; k < some_q.size(); ++k)
      CHECK(q(i, index(k)) == plain_quantile(model, train, ends, i, y, some_q[k]));
}

TEST_CASE("nine of ten targets lie between the outer twentieths") {
  const auto d = tutti::friedman1<double>(3000), other = tutti::friedman1<double>(1000, 10, 1.0, 8);
  const random_forest_regressor learner{.n_estimators = 50, .min_samples_leaf = 10, .keep_targets = true};
  const auto model = learner.fit(tutti::par_simd, d.X, d.y);
  const auto q = model.predict_quantiles(tutti::par_simd, other.X, std::vector<double>{0.05, 0.95});
  double inside = 0;
  for (index i = 0; i < 1000; ++i)
    inside += q(i, 0) <= other.y[std::size_t(i)] && other.y[std::size_t(i)] <= q(i, 1) ? 1 : 0;
  CHECK(inside > 880);
  CHECK(inside < 999);
}

TEST_CASE("a weight stands for copies, added trees for trees") {
  const auto d = tutti::friedman1<double>(100);
  tutti::matrix<double> twice(150, d.X.cols());
  std::vector<double> y, weight(100, 1.0);
  for (index i = 0; i < 150; ++i) {
    for (index j = 0; j < d.X.cols(); ++j) twice(i, j) = d.X(i % 100, j);
    y.push_back(d.y[std::size_t(i % 100)]);
  }
  for (std::size_t i = 0; i < 50; ++i) weight[i] = 2;
  const decision_tree_regressor tree{.max_depth = 4, .keep_targets = true};
  CHECK(tree.fit(seq, d.X, d.y, weight).predict_quantiles(seq, d.X, some_q) ==
        tree.fit(seq, twice, y).predict_quantiles(seq, d.X, some_q));
  const random_forest_regressor few{.n_estimators = 3, .keep_targets = true},
      all{.n_estimators = 8, .keep_targets = true};
  CHECK(all.warm_start(seq, few.fit(seq, d.X, d.y), d.X, d.y) == all.fit(seq, d.X, d.y));
}

TEST_CASE("a file keeps the targets") {
  const auto d = tutti::friedman1<double>(100);
  const auto model = random_forest_regressor{.n_estimators = 3, .keep_targets = true}.fit(seq, d.X, d.y);
  const auto file = std::filesystem::temp_directory_path() / "tutti_leaf_targets.safetensors";
  tutti::save(file.string(), model);
  const auto back = tutti::load<tutti::forest_regressor_model<double>>(file.string());
  std::filesystem::remove(file);
  CHECK(back == model);
  CHECK(back.predict_quantiles(seq, d.X, some_q) == model.predict_quantiles(seq, d.X, some_q));
}

TEST_CASE("quantiles that cannot be told are refused") {
  const auto d = tutti::friedman1<double>(50);
  const auto without = decision_tree_regressor{}.fit(seq, d.X, d.y);
  check_throws<tutti::invalid_input>([&] { (void)without.predict_quantiles(seq, d.X, some_q); },
                                     {"predict_quantiles", "keep_targets"});
  const auto model = decision_tree_regressor{.keep_targets = true}.fit(seq, d.X, d.y);
  for (const double bad : {-0.1, 1.5, std::numeric_limits<double>::quiet_NaN()})
    check_throws<tutti::invalid_input>([&] { (void)model.predict_quantiles(seq, d.X, std::vector<double>{0.5, bad}); },
                                       {"predict_quantiles", "[0, 1]"});
  check_throws<tutti::invalid_input>(
      [&] { (void)model.predict_quantiles(seq, tutti::matrix<double>(2, 3, 0.0), some_q); }, {"2 x 3"});
}

}  // namespace tutti_test
