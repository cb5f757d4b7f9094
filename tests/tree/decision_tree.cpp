#include <tutti/tree/decision_tree.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/random.hpp>
#include <tutti/policy/par_simd.hpp>
#include <tutti/policy/seq.hpp>
#include <tutti/policy/simd.hpp>

#include "../support/check.hpp"
#include "trees.hpp"

namespace tutti_test {

using tutti::class_criterion;
using tutti::decision_tree_classifier;
using tutti::decision_tree_regressor;
using tutti::feature_quota;
using tutti::seq;
using tutti::value_criterion;

namespace {

const double nan = std::numeric_limits<double>::quiet_NaN();

std::string tree_of(const decision_tree_classifier& learner, const tutti::matrix<double>& X,
                    const std::vector<int>& y) {
  return text_of(learner.fit(seq, X, y));
}
std::string tree_of(const decision_tree_regressor& learner, const tutti::matrix<double>& X,
                    const std::vector<double>& y) {
  return text_of(learner.fit(seq, X, y));
}

/// Samples for the plain searches: few values or many, labels that depend on them.
struct noisy {
  tutti::matrix<double> X;
  std::vector<int> labels;
  std::vector<double> y;       // whole numbers
  std::vector<double> smooth;  // no two are the same
  std::vector<double> weights;

  noisy(index n, index p, int classes, double values, std::uint64_t seed)
      : X(n, p), labels(std::size_t(n)), y(std::size_t(n)), smooth(std::size_t(n)), weights(std::size_t(n)) {
    const tutti::random_source source(seed), noise = source.stream(1), heavy = source.stream(2);
    for (index i = 0; i < n; ++i) {
      for (index j = 0; j < p; ++j) X(i, j) = std::floor(values * source.uniform(std::uint64_t(i * p + j)));
      const double z = X(i, 0) / values + X(i, p - 1) / values + 0.5 * noise.uniform(std::uint64_t(i));
      labels[std::size_t(i)] = std::min(classes - 1, int(z * classes / 2.5));
      y[std::size_t(i)] = std::floor(8 * z * z);
      smooth[std::size_t(i)] = 100 * z + 5 * noise.normal(std::uint64_t(1000000 + i));
      weights[std::size_t(i)] = double(1 + heavy.below(std::uint64_t(i), 3));
    }
    labels[0] = 0, labels[1] = classes - 1;
  }
};

using row_list = std::vector<index>;

/// Weight times impurity of some rows, by the textbook.
double cost(class_criterion criterion, const std::vector<int>& labels, const std::vector<double>& weights,
            const row_list& rows) {
  std::vector<double> share(16, 0.0);
  double all = 0, impurity = criterion == class_criterion::gini ? 1 : 0;
  for (const index i : rows) {
    share[std::size_t(labels[std::size_t(i)])] += weights[std::size_t(i)];
    all += weights[std::size_t(i)];
  }
  for (double s : share) {
    s /= all;
    if (criterion == class_criterion::gini) impurity -= s * s;
    else if (s > 0) impurity -= s * std::log2(s);
  }
  return all * impurity;
}

double cost(value_criterion criterion, const std::vector<double>& y, const std::vector<double>& weights,
            const row_list& rows) {
  double all = 0, sum = 0, out = 0;
  for (const index i : rows) {
    all += weights[std::size_t(i)];
    sum += weights[std::size_t(i)] * y[std::size_t(i)];
  }
  const double mean = sum / all;
  if (criterion == value_criterion::absolute_error) {  // the least sum over all that the median can be
    double least = std::numeric_limits<double>::infinity();
    for (const index m : rows) {
      double at = 0;
      for (const index i : rows) at += weights[std::size_t(i)] * std::abs(y[std::size_t(i)] - y[std::size_t(m)]);
      least = std::min(least, at);
    }
    return least;
  }
  for (const index i : rows) {
    const double v = y[std::size_t(i)], w = weights[std::size_t(i)];
    if (criterion == value_criterion::squared_error) out += w * (v - mean) * (v - mean);
    else out += w * ((v > 0 ? v * std::log(v / mean) : 0) - v + mean);
  }
  return out;
}

/// What rounding may cost a split: scores are floats, and small nodes round targets to 17 bits of their reach.
double rounding(class_criterion, const std::vector<int>&, const row_list&, double weight) { return 1e-6 * weight; }
double rounding(value_criterion, const std::vector<double>& y, const row_list& rows, double weight) {
  double low = y[std::size_t(rows[0])], high = low;
  for (const index i : rows) {
    low = std::min(low, y[std::size_t(i)]);
    high = std::max(high, y[std::size_t(i)]);
  }
  return 0x1p-16 * weight * (high - low) * (high - low);
}

/// Whether a plain search finds no better split at any node.
template <class Model, class Criterion, class Y>
struct plain_search {
  const Model& model;
  const noisy& d;
  Criterion criterion;
  const Y& y;
  const std::vector<double>& weights;
  std::size_t least_rows = 1;

  void check() const {
    row_list all(std::size_t(d.X.rows()));
    std::iota(all.begin(), all.end(), index{0});
    check(0, all);
  }

 private:
  double cost_of(const row_list& rows) const { return cost(criterion, y, weights, rows); }

  template <class Left>
  std::pair<row_list, row_list> parts(const row_list& rows, index j, const Left& left) const {
    std::pair<row_list, row_list> out;
    for (const index i : rows) (left(d.X(i, j)) ? out.first : out.second).push_back(i);
    return out;
  }
  std::pair<row_list, row_list> parts_of_node(std::size_t at, const row_list& rows) const {
    const auto& nodes = model.trees().all;
    const auto bins = model.bins().of(nodes.feature[at]);
    return parts(rows, nodes.feature[at], [&](double x) {
      if ((nodes.flags[at] & tutti::splits_categories) == 0) return x <= bins[nodes.cut[at]];
      const auto code = std::size_t(std::find(bins.begin(), bins.end(), x) - bins.begin());
      return (nodes.categories[std::size_t(4 * nodes.category_set[at]) + code / 64] >> (code % 64) & 1) != 0;
    });
  }

  double decrease(const row_list& rows, const std::pair<row_list, row_list>& part) const {
    if (part.first.size() < least_rows || part.second.size() < least_rows) return 0;
    return cost_of(rows) - cost_of(part.first) - cost_of(part.second);
  }

  void check(std::int32_t node, const row_list& rows) const {
    double best = 0, weight = 0;
    for (const index i : rows) weight += weights[std::size_t(i)];
    for (index j = 0; j < d.X.cols(); ++j)
      for (const double cut : model.bins().of(j))
        best = std::max(best, decrease(rows, parts(rows, j, [cut](double x) { return x <= cut; })));
    const std::size_t at = node_at(model, 0, node);
    const auto& nodes = model.trees().all;
    CAPTURE(node);
    if (nodes.child[at] < 0) {
      CHECK(best <= 1e-9 * weight);  // pure, or nothing to tell the rows apart
      return;
    }
    const auto part = parts_of_node(at, rows);
    REQUIRE(!part.first.empty());
    REQUIRE(!part.second.empty());
    CHECK(part.first.size() >= least_rows);
    CHECK(part.second.size() >= least_rows);
    CHECK(decrease(rows, part) >= best - rounding(criterion, y, rows, weight));
    check(nodes.child[at], part.first);
    check(nodes.child[at] + 1, part.second);
  }
};

template <class Criterion, class Model, class Y>
void check_no_better_split(const Model& model, const noisy& d, Criterion criterion, const Y& y,
                           const std::vector<double>& weights, std::size_t least_rows = 1) {
  plain_search<Model, Criterion, Y>{model, d, criterion, y, weights, least_rows}.check();
}

}  // namespace

TEST_CASE("trees by hand") {
  const auto x = column_of({1, 2, 3, 8, 10});
  CHECK(tree_of(decision_tree_classifier{}, x, {0, 0, 0, 1, 1}) == "[x0 <= 5.5 or missing: 0 else 1]");
  CHECK(tree_of(decision_tree_classifier{}, x, {-4, -4, -4, -4, 9}) == "[x0 <= 9 or missing: 0 else 1]");
  CHECK(tree_of(decision_tree_classifier{.criterion = class_criterion::entropy}, x, {7, 3, 3, 3, 3}) ==
        "[x0 <= 1.5: 1 else 0]");
  CHECK(tree_of(decision_tree_classifier{}, x, {0, 0, 1, 2, 2}) ==
        "[x0 <= 2.5: 1 0 0 else [x0 <= 5.5: 0 1 0 else 0 0 1]]");
  CHECK(tree_of(decision_tree_regressor{}, x, {1, 1, 1, 5, 7}) ==
        "[x0 <= 5.5 or missing: 1 else [x0 <= 9: 5 else 7]]");
  CHECK(tree_of(decision_tree_regressor{.max_depth = 1}, x, {1, 1, 1, 5, 7}) == "[x0 <= 5.5 or missing: 1 else 6]");
  CHECK(tree_of(decision_tree_regressor{.criterion = value_criterion::poisson, .max_depth = 1}, x, {1, 1, 2, 9, 9}) ==
        "[x0 <= 5.5 or missing: 1.33333 else 9]");
}

TEST_CASE("the criteria choose as the textbook says") {
  // Of eight samples four are 1. x0 parts them 3 : 1 from 1 : 3, x1 two ones from the rest.
  const auto X = rows_of({{0, 0}, {0, 1}, {0, 1}, {0, 1}, {1, 1}, {1, 1}, {1, 0}, {1, 1}});
  const std::vector<int> y{1, 0, 0, 0, 1, 1, 1, 0};
  // Weight times Gini is 8 (1 - 1/4 - 1/4) = 4; x0 leaves 2 * 4 (1 - 9/16 - 1/16) = 3, x1 leaves 6 (1 - 1/9 - 4/9) =
  // 8/3.
  CHECK(tree_of(decision_tree_classifier{.max_depth = 1}, X, y) == "[x1 <= 0.5: 1 else 0.333333]");
  // Squared errors of the same numbers are half of Gini's.
  const std::vector<double> numbers(y.begin(), y.end());
  CHECK(tree_of(decision_tree_regressor{.max_depth = 1}, X, numbers) == "[x1 <= 0.5: 1 else 0.333333]");
}

TEST_CASE("a value that equals the cut goes left") {
  const auto model =
      decision_tree_regressor{}.fit(seq, column_of({1, 2, 3, 8, 10}), std::vector<double>{0, 0, 0, 1, 1});
  CHECK(model.predict(seq, column_of({5.5, std::nextafter(5.5, 6.0), -1e300, 1e300})) ==
        std::vector<double>{0, 1, 0, 1});
}

TEST_CASE("no split is better than the chosen one") {
  for (const std::uint64_t seed : {1u, 2u, 3u})
    for (const double values : {4.0, 40.0, 1e6}) {
      CAPTURE(seed);
      CAPTURE(values);
      for (const int classes : {2, 3, 4, 6}) {
        CAPTURE(classes);
        const noisy d(240, 3, classes, values, seed);
        const std::vector<double> ones(d.weights.size(), 1.0);
        for (const auto criterion : {class_criterion::gini, class_criterion::entropy}) {
          const decision_tree_classifier learner{.criterion = criterion, .seed = seed};
          check_no_better_split(learner.fit(tutti::simd, d.X, d.labels), d, criterion, d.labels, ones);
          check_no_better_split(learner.fit(seq, d.X, d.labels, d.weights), d, criterion, d.labels, d.weights);
        }
        const decision_tree_classifier larger{.min_samples_leaf = 7};
        check_no_better_split(larger.fit(seq, d.X, d.labels), d, class_criterion::gini, d.labels, ones, 7);
      }
      const noisy d(240, 3, 2, values, seed);
      const std::vector<double> ones(d.weights.size(), 1.0);
      const noisy many(600, 2, 2, values, seed);
      const decision_tree_regressor squares{}, larger{.min_samples_leaf = 4};
      check_no_better_split(squares.fit(seq, d.X, d.y), d, value_criterion::squared_error, d.y, ones);
      check_no_better_split(squares.fit(seq, d.X, d.smooth), d, value_criterion::squared_error, d.smooth, ones);
      check_no_better_split(squares.fit(seq, many.X, many.smooth), many, value_criterion::squared_error,
                            many.smooth, std::vector<double>(600, 1.0));
      check_no_better_split(squares.fit(seq, d.X, d.y, d.weights), d, value_criterion::squared_error, d.y, d.weights);
      check_no_better_split(larger.fit(seq, d.X, d.y), d, value_criterion::squared_error, d.y, ones, 4);
    }
}

TEST_CASE("categories and numbers compete fairly") {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    noisy d(500, 3, 3, 1e6, seed);
    const tutti::random_source coin(seed + 100);
    for (index i = 0; i < 500; ++i)
      d.X(i, 1) = double(coin.below(std::uint64_t(i), 2));  // of two categories, sets are cuts
    const std::vector<double> ones(500, 1.0);
    const decision_tree_regressor numbers{.categorical_features = {1}};
    const decision_tree_classifier classes{.categorical_features = {1}};
    check_no_better_split(numbers.fit(seq, d.X, d.smooth), d, value_criterion::squared_error, d.smooth, ones);
    check_no_better_split(numbers.fit(seq, d.X, d.y, d.weights), d, value_criterion::squared_error, d.y, d.weights);
    check_no_better_split(classes.fit(seq, d.X, d.labels), d, class_criterion::gini, d.labels, ones);
  }
}

TEST_CASE("absolute error: no allowed split is better than the chosen one") {
  for (const std::uint64_t seed : {1, 2}) {
    const noisy d(90, 3, 2, 12, seed);
    const auto criterion = value_criterion::absolute_error;
    const std::vector<double> ones(90, 1.0);
    check_no_better_split(decision_tree_regressor{.criterion = criterion}.fit(seq, d.X, d.smooth), d, criterion,
                          d.smooth, ones);
    check_no_better_split(decision_tree_regressor{.criterion = criterion}.fit(seq, d.X, d.y, d.weights), d, criterion,
                          d.y, d.weights);
    check_no_better_split(
        decision_tree_regressor{.criterion = criterion, .min_samples_leaf = 7}.fit(seq, d.X, d.smooth), d, criterion,
        d.smooth, ones, 7);
  }
}

TEST_CASE("absolute error: leaves are medians") {
  const auto x = column_of({1, 1, 1, 1, 2, 2, 2});
  const std::vector<double> y{0, 1, 3, 100, 7, 8, 900};
  const decision_tree_regressor learner{.criterion = value_criterion::absolute_error};
  CHECK(text_of(learner.fit(seq, x, y)) == "[x0 <= 1.5 or missing: 2 else 8]");
  CHECK(text_of(learner.fit(seq, x, y, std::vector<double>{1, 1, 1, 1, 1, 1, 2})) ==
        "[x0 <= 1.5: 2 else 454]");
  CHECK(text_of(learner.fit(seq, x, y, std::vector<double>{5, 1, 1, 1, 0, 1, 0})) ==
        "[x0 <= 1.5 or missing: 0 else 8]");
}

TEST_CASE("absolute error, with random cuts, few leaves, pruning, constraints and gaps") {
  noisy d(300, 3, 2, 40, 4);
  for (index i = 0; i < 300; i += 5) d.X(i, 0) = nan;
  const auto criterion = value_criterion::absolute_error;
  const auto error = [&](const auto& model) {
    const auto predicted = model.predict(seq, d.X);
    double sum = 0;
    for (std::size_t i = 0; i < predicted.size(); ++i) sum += std::abs(predicted[i] - d.smooth[i]) / 300;
    return sum;
  };
  const double stump = error(decision_tree_regressor{.criterion = criterion, .max_depth = 1}.fit(seq, d.X, d.smooth));
  const double few =
      error(decision_tree_regressor{.criterion = criterion, .max_leaf_nodes = 20}.fit(seq, d.X, d.smooth));
  const double whole = error(decision_tree_regressor{.criterion = criterion}.fit(seq, d.X, d.smooth));
  const auto pruned = decision_tree_regressor{.criterion = criterion, .ccp_alpha = 0.5}.fit(seq, d.X, d.smooth);
  CHECK(few < stump);
  CHECK(whole < few);
  CHECK(pruned.trees().all.nodes() > 3);
  CHECK(pruned.trees().all.nodes() <
        decision_tree_regressor{.criterion = criterion}.fit(seq, d.X, d.smooth).trees().all.nodes() / 4);
  CHECK(error(pruned) > whole);
  const decision_tree_regressor rising{.criterion = criterion, .monotonic_cst = {0, 1, 0}};
  const auto model = rising.fit(seq, d.X, d.smooth);
  for (index i = 0; i < 20; ++i) {
    tutti::matrix<double> line(40, 3);
    for (index k = 0; k < 40; ++k) line(k, 0) = d.X(i, 0), line(k, 1) = double(k), line(k, 2) = d.X(i, 2);
    const auto along = model.predict(seq, line);
    CHECK(std::is_sorted(along.begin(), along.end()));
  }
}

TEST_CASE("poisson: no allowed split is better than the chosen one") {
  // A child of zeros alone is not allowed, so compare where there are none.
  for (const std::uint64_t seed : {1u, 2u}) {
    noisy d(200, 3, 2, 40, seed);
    for (double& y : d.y) y += 1;
    const std::vector<double> ones(d.weights.size(), 1.0);
    const auto model = decision_tree_regressor{.criterion = value_criterion::poisson}.fit(seq, d.X, d.y);
    check_no_better_split(model, d, value_criterion::poisson, d.y, ones);
  }
  const auto x = column_of({1, 2, 3, 4});
  CHECK(tree_of(decision_tree_regressor{.criterion = value_criterion::poisson, .max_depth = 1}, x, {0, 0, 3, 3})
            .find(": 0 else") == std::string::npos);
}

TEST_CASE("the fast ways of finding a split find what the general one does") {
  // With all weights 2 and the smallest leaf at 2, any leaf will do, but the search does not know it.
  const auto compare = [](const noisy& d) {
    const auto n = static_cast<double>(d.X.rows());
    const std::vector<double> twos(d.labels.size(), 2.0);
    const auto fast = decision_tree_classifier{.seed = 3}.fit(tutti::simd, d.X, d.labels);
    const auto general =
        decision_tree_classifier{.min_weight_fraction_leaf = 0.75 / n, .seed = 3}.fit(tutti::simd, d.X, d.labels, twos);
    CHECK(text_of(fast) == text_of(general));
  };
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    CAPTURE(seed);
    for (const double values : {3.0, 20.0, 1e6}) {
      CAPTURE(values);
      compare(noisy(64, 5, 2, values, seed));   // a small node
      compare(noisy(120, 5, 2, values, seed));  // a histogram of packed words
      compare(noisy(60, 5, 3, values, seed));
    }
  }
}

TEST_CASE("a tree without bounds learns its samples by heart") {
  const noisy d(1000, 3, 4, 1e6, 1);
  const auto model = decision_tree_classifier{}.fit(seq, d.X, d.labels);
  CHECK(model.predict(seq, d.X) == d.labels);
  for (const double p : doubles(model.predict_proba(seq, d.X))) REQUIRE((p == 0 || p == 1));
  const auto numbers = decision_tree_regressor{}.fit(seq, d.X, d.y);
  CHECK(numbers.predict(seq, d.X) == d.y);  // whole numbers are kept exactly
}

TEST_CASE("what cannot be split is one leaf") {
  const auto x = column_of({1, 2, 3});
  for (const double y : {0.1, -7.0, 1e300, 1e-300, 0.0}) {
    const auto model = decision_tree_regressor{}.fit(seq, x, std::vector<double>(3, y));
    CHECK(model.trees().all.nodes() == 1);
    CHECK(model.predict(seq, x) == std::vector<double>(3, y));
    CHECK(model.feature_importances() == std::vector<double>{0});
  }
  const auto same = column_of({7, 7, 7, 7});
  CHECK(tree_of(decision_tree_regressor{}, same, {1, 2, 3, 6}) == "3");
  CHECK(tree_of(decision_tree_classifier{}, same, {1, 2, 2, 2}) == "0.75");
  CHECK(tree_of(decision_tree_classifier{}, same, {1, 2, 2, 3}) == "0.25 0.5 0.25");
  CHECK(decision_tree_classifier{}.fit(seq, same, std::vector{1, 2, 2, 2}).feature_importances() ==
        std::vector<double>{0});
  CHECK(decision_tree_classifier{}.fit(seq, same, std::vector{4, 3, 4, 3}).predict(seq, same) ==
        std::vector<int>(4, 3));
  CHECK(tree_of(decision_tree_regressor{}, column_of({5}), {2.5}) == "2.5");
  CHECK(tree_of(decision_tree_regressor{}, column_of({nan, nan}), {1, 2}) == "1.5");
}

TEST_CASE("one class is refused") {
  const auto x = column_of({1, 2, 3});
  check_throws<tutti::invalid_input>([&] { decision_tree_classifier{}.fit(seq, x, std::vector{8, 8, 8}); },
                                     {"one class", "8"});
  check_throws<tutti::invalid_input>([&] { decision_tree_classifier{}.fit(seq, column_of({1}), std::vector{8}); },
                                     {"one class", "8"});
  check_throws<tutti::invalid_input>(
      [&] { decision_tree_classifier{}.fit(seq, x, std::vector{8, 8, 9}, std::vector<double>{1, 1, 0}); },
      {"one class", "8"});
}

TEST_CASE("labels are of any type") {
  enum class fruit : signed char { apple = -3, pear = 5 };
  const auto x = column_of({1, 2, 3, 8});
  const std::vector<fruit> fruits{fruit::pear, fruit::pear, fruit::apple, fruit::apple};
  const auto model = decision_tree_classifier{}.fit(seq, x, fruits);
  CHECK(model.classes() == std::vector{fruit::apple, fruit::pear});
  CHECK(model.predict(seq, x) == fruits);
  CHECK(model.predict_proba(seq, x)(0, 1) == 1);
  CHECK(model.predict_log_proba(seq, x)(0, 0) == -std::numeric_limits<double>::infinity());
  const std::vector<std::int64_t> far{-9000000000, 7, 7, 9000000000};
  CHECK(decision_tree_classifier{}.fit(seq, x, far).predict(seq, x) == far);
  const std::array<bool, 4> bits{true, false, true, false};
  CHECK(decision_tree_classifier{}.fit(seq, x, std::span(bits)).predict(seq, x) ==
        std::vector<bool>(bits.begin(), bits.end()));
}

TEST_CASE("bounds of growth") {
  const noisy d(400, 3, 3, 1e6, 1);
  const auto fitted = [&](const decision_tree_classifier& learner) { return learner.fit(seq, d.X, d.labels); };
  const auto least = [&](const decision_tree_classifier& learner) {
    const auto sizes = leaf_sizes(fitted(learner), d.X);
    return *std::min_element(sizes.begin(), sizes.end());
  };
  CHECK(depth_of(fitted({})) > 4);
  for (const index depth : {1, 2, 4}) CHECK(depth_of(fitted({.max_depth = depth})) == depth);
  CHECK(least({}) == 1);
  CHECK(least({.min_samples_leaf = 9}) >= 9);
  CHECK(least({.min_samples_leaf = 0.1}) >= 40);
  CHECK(least({.min_weight_fraction_leaf = 0.1}) >= 40);

  const auto x = column_of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  const std::vector<int> y{0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
  const auto nodes = [&](const decision_tree_classifier& learner) {
    return learner.fit(seq, x, y).trees().all.nodes();
  };
  CHECK(nodes({.min_samples_split = 10}) > 1);
  CHECK(nodes({.min_samples_split = 11}) == 1);
  CHECK(nodes({.min_samples_split = 1.0}) > 1);
  CHECK(nodes({.max_depth = 1, .min_samples_leaf = 5}) == 3);
  CHECK(nodes({.min_samples_leaf = 6}) == 1);
  CHECK(nodes({.min_samples_leaf = 0.5}) == 3);
  CHECK(nodes({.min_weight_fraction_leaf = 0.5}) == 3);
}

TEST_CASE("weights count for the weight of a leaf, rows for its size") {
  const auto x = column_of({1, 2, 3, 4});
  const std::vector<int> y{0, 1, 1, 1};
  const std::vector<double> heavy{3, 1, 1, 1}, light{1, 4, 1, 4};
  const decision_tree_classifier half{.min_weight_fraction_leaf = 0.5};
  CHECK(text_of(half.fit(seq, x, y, heavy)) == "[x0 <= 1.5: 0 else 1]");
  CHECK(text_of(half.fit(seq, x, y, light)) == "[x0 <= 2.5: 0.8 else 1]");
  CHECK(text_of(decision_tree_classifier{.min_samples_leaf = 2}.fit(seq, x, y, heavy)) ==
        "[x0 <= 2.5 or missing: 0.25 else 1]");
}

TEST_CASE("a split that takes too little from the impurity is not made") {
  const auto x = column_of({1, 2, 3, 4});
  const auto nodes = [&](double least) {
    return decision_tree_classifier{.min_impurity_decrease = least}
        .fit(seq, x, std::vector{0, 0, 1, 1})
        .trees()
        .all.nodes();
  };
  CHECK(nodes(0.5) == 3);  // Gini of halves
  CHECK(nodes(0.501) == 1);
  const auto nodes_of_numbers = [&](double least) {
    return decision_tree_regressor{.max_depth = 1, .min_impurity_decrease = least}
        .fit(seq, x, std::vector<double>{0, 0, 4, 4})
        .trees()
        .all.nodes();
  };
  CHECK(nodes_of_numbers(4) == 3);  // the variance
  CHECK(nodes_of_numbers(4.001) == 1);
  const auto nodes_by_entropy = [&](double least) {
    return decision_tree_classifier{.criterion = class_criterion::entropy, .min_impurity_decrease = least}
        .fit(seq, x, std::vector{0, 0, 1, 1})
        .trees()
        .all.nodes();
  };
  CHECK(nodes_by_entropy(0.999) == 3);  // a bit
  CHECK(nodes_by_entropy(1.001) == 1);
  // Of a node with a part of the weight it is that part that counts: here (2 / 6) 0.5.
  const auto deeper = [](double least) {
    return decision_tree_classifier{.min_impurity_decrease = least}
        .fit(seq, column_of({1, 2, 3, 4, 5, 6}), std::vector{0, 0, 0, 0, 2, 1})
        .trees()
        .all.nodes();
  };
  CHECK(deeper(0.16) == 5);
  CHECK(deeper(0.17) == 3);
}

TEST_CASE("how many features a node tries") {
  const auto of = [](const feature_quota& quota, index p) { return quota.of(p, "test"); };
  CHECK(of(feature_quota::all, 10) == 10);
  CHECK(of(feature_quota::sqrt, 10) == 3);
  CHECK(of(feature_quota::sqrt, 1) == 1);
  CHECK(of(feature_quota::sqrt, 16) == 4);
  CHECK(of(feature_quota::log2, 10) == 3);
  CHECK(of(feature_quota::log2, 1) == 1);
  CHECK(of(feature_quota::log2, 8) == 3);
  CHECK(of(7, 10) == 7);
  CHECK(of(10, 10) == 10);
  CHECK(of(0.3, 10) == 3);
  CHECK(of(0.01, 10) == 1);
  CHECK(of(1.0, 10) == 10);
  const noisy d(50, 3, 2, 10, 1);
  for (const feature_quota& bad : {feature_quota(0), feature_quota(-1), feature_quota(4), feature_quota(0.0),
                                   feature_quota(1.5), feature_quota(nan)})
    check_throws<tutti::invalid_input>([&] { decision_tree_classifier{.max_features = bad}.fit(seq, d.X, d.labels); },
                                       {"decision_tree_classifier::fit", "max_features"});
  // A feature that does not vary counts, but the search goes on to one that does.
  CHECK(tree_of(decision_tree_classifier{.max_features = 1}, rows_of({{5, 1, 5}, {5, 2, 5}}), {0, 1}) ==
        "[x1 <= 1.5: 0 else 1]");
}

TEST_CASE("hyper-parameters out of range are refused by name") {
  const noisy d(50, 3, 2, 10, 1);
  const auto refused = [&](const decision_tree_classifier& learner, const char* name) {
    check_throws<tutti::invalid_input>([&] { learner.fit(seq, d.X, d.labels); },
                                       {"decision_tree_classifier::fit", name});
  };
  refused({.max_depth = 0}, "max_depth");
  refused({.max_depth = -3}, "max_depth");
  for (const tutti::count_or_fraction& bad :
       {tutti::count_or_fraction(1), tutti::count_or_fraction(0.0), tutti::count_or_fraction(1.01),
        tutti::count_or_fraction(-0.1), tutti::count_or_fraction(nan)})
    refused({.min_samples_split = bad}, "min_samples_split");
  for (const tutti::count_or_fraction& bad :
       {tutti::count_or_fraction(0), tutti::count_or_fraction(-1), tutti::count_or_fraction(0.0),
        tutti::count_or_fraction(1.0), tutti::count_or_fraction(nan)})
    refused({.min_samples_leaf = bad}, "min_samples_leaf");
  for (const double bad : {-0.1, 0.51, nan}) refused({.min_weight_fraction_leaf = bad}, "min_weight_fraction_leaf");
  for (const double bad : {-1e-9, nan, std::numeric_limits<double>::infinity()})
    refused({.min_impurity_decrease = bad}, "min_impurity_decrease");
  refused({.categorical_features = {3}}, "categorical_features");
  refused({.categorical_features = {0, -1}}, "categorical_features");
  const decision_tree_regressor poisson{.criterion = value_criterion::poisson};
  check_throws<tutti::invalid_input>([&] { poisson.fit(seq, d.X, std::vector<double>(50, 0.0)); }, {"poisson", "> 0"});
  std::vector<double> negative(50, 1.0);
  negative[7] = -0.25;
  check_throws<tutti::invalid_input>([&] { poisson.fit(seq, d.X, negative); }, {"poisson", "-0.25"});
  negative[7] = nan;
  check_throws<tutti::invalid_input>([&] { decision_tree_regressor{}.fit(seq, d.X, negative); }, {"y", "row 7"});
}

TEST_CASE("balanced classes weigh the same") {
  const noisy d(300, 3, 3, 10, 1);
  std::vector<double> count(3, 0.0), weights;
  for (const int label : d.labels) count[std::size_t(label)] += 1;
  for (const int label : d.labels) weights.push_back(300 / (3 * count[std::size_t(label)]));
  const decision_tree_classifier plain{.max_depth = 3}, balanced{.max_depth = 3, .class_weight = tutti::balanced};
  CHECK(balanced.fit(seq, d.X, d.labels) == plain.fit(seq, d.X, d.labels, weights));
  CHECK(!(balanced.fit(seq, d.X, d.labels) == plain.fit(seq, d.X, d.labels)));
  // A leaf of one of three rare samples and two of thirty frequent ones.
  const auto same = column_of({1, 1, 1, 1});
  CHECK(tree_of(decision_tree_classifier{.class_weight = tutti::balanced}, same, {0, 0, 0, 1}) == "0.5");
}

TEST_CASE("missing values go where they do best") {
  const auto x = column_of({nan, nan, 1, 2, 3, 4});
  CHECK(tree_of(decision_tree_classifier{}, x, {1, 1, 0, 0, 1, 1}) == "[x0 <= 2.5: 0 else 1]");
  CHECK(tree_of(decision_tree_classifier{}, x, {1, 1, 1, 1, 0, 0}) == "[x0 <= 2.5 or missing: 1 else 0]");
  CHECK(tree_of(decision_tree_classifier{}, x, {1, 1, 0, 0, 0, 0}) == "[x0 present: 0 else 1]");
  CHECK(tree_of(decision_tree_regressor{}, x, {3, 3, 7, 7, 7, 7}) == "[x0 present: 7 else 3]");
  CHECK(tree_of(decision_tree_regressor{.max_depth = 1}, x, {3, 3, 3, 3, 7, 7}) == "[x0 <= 2.5 or missing: 3 else 7]");
  const auto model = decision_tree_classifier{}.fit(seq, x, std::vector{1, 1, 0, 0, 0, 0});
  CHECK(model.predict(seq, column_of({nan, 1e300, -1e300})) == std::vector{1, 0, 0});
}

TEST_CASE("a value that is missing for the first time goes where most samples went") {
  const auto model = decision_tree_classifier{}.fit(seq, column_of({1, 2, 3, 8, 9}), std::vector{0, 0, 0, 1, 1});
  CHECK(model.predict(seq, column_of({nan})) == std::vector{0});
  const auto other = decision_tree_classifier{}.fit(seq, column_of({1, 2, 7, 8, 9}), std::vector{0, 0, 1, 1, 1});
  CHECK(other.predict(seq, column_of({nan})) == std::vector{1});
  // By weight, as copies would.
  const auto heavy =
      decision_tree_classifier{}.fit(seq, column_of({1, 8, 9}), std::vector{0, 1, 1}, std::vector<double>{5, 1, 1});
  CHECK(heavy.predict(seq, column_of({nan})) == std::vector{0});
}

TEST_CASE("categories are split as sets") {
  const std::vector<int> odd{1, 0, 1, 1, 0, 0, 1, 0, 1, 0};
  std::vector<double> codes;
  std::vector<int> y;
  for (int copy = 0; copy < 3; ++copy)
    for (int c = 0; c < 10; ++c) {
      codes.push_back(c);
      y.push_back(odd[std::size_t(c)]);
    }
  const auto x = column_of(codes);
  const decision_tree_classifier sets{.max_depth = 1, .categorical_features = {0}};
  CHECK(tree_of(sets, x, y) == "[x0 in 0 2 3 6 8: 1 else 0]");
  CHECK(decision_tree_classifier{.max_depth = 1}.fit(seq, x, y).predict(seq, x) != y);
  CHECK(depth_of(decision_tree_classifier{}.fit(seq, x, y)) > 2);
  const std::vector<double> numbers(y.begin(), y.end());
  CHECK(tree_of(decision_tree_regressor{.categorical_features = {0}}, x, numbers) == "[x0 in 1 4 5 7 9: 0 else 1]");
  // Of three classes: those with few of the most frequent one first.
  CHECK(tree_of(decision_tree_classifier{.max_depth = 1, .categorical_features = {0}},
                column_of({3, 3, -1, -1, 0.5, 0.5}), {0, 0, 1, 2, 0, 0}) == "[x0 in -1: 0 0.5 0.5 else 1 0 0]");
}

TEST_CASE("a category that training had not is a missing value") {
  const auto x = column_of({1, 2, 3, 1, 2, 3, 3});
  const std::vector<int> y{0, 1, 0, 0, 1, 0, 0};
  const auto model = decision_tree_classifier{.categorical_features = {0}}.fit(seq, x, y);
  CHECK(model.predict(seq, column_of({1, 2, 3, 2.5, -7, 1e30, nan})) == std::vector{0, 1, 0, 0, 0, 0, 0});
  const auto learned = decision_tree_classifier{.categorical_features = {0}}.fit(
      seq, column_of({1, 2, 3, 1, nan, 3, nan}), std::vector{0, 1, 0, 0, 1, 0, 1});
  CHECK(learned.predict(seq, column_of({1, 2, 3, nan, 77})) == std::vector{0, 1, 0, 1, 1});
}

TEST_CASE("255 categories are served, 256 are refused") {
  std::vector<double> codes;
  std::vector<int> y;
  for (int c = 0; c < 256; ++c) {
    codes.push_back(c * 37 % 256);
    y.push_back(c * 11 % 3 == 0 ? 1 : 0);
  }
  const decision_tree_classifier learner{.categorical_features = {0}};
  check_throws<tutti::invalid_input>([&] { learner.fit(seq, column_of(codes), y); }, {"column 0", "255 categories"});
  codes.pop_back();
  y.pop_back();
  const auto x = column_of(codes);
  const auto model = learner.fit(seq, x, y);
  CHECK(model.predict(seq, x) == y);
  CHECK(depth_of(model) == 1);
}

TEST_CASE("more columns or rows than can be served are refused before they are read") {
  const double number = 1;
  const int label = 1;
  const tutti::matrix_view<const double> wide{&number, 2, 65536, 0, 0};
  check_throws<tutti::invalid_input>([&] { decision_tree_classifier{}.fit(seq, wide, std::vector{0, 1}); },
                                     {"65536 columns", "65535"});
  check_throws<tutti::invalid_input>([&] { decision_tree_regressor{}.fit(seq, wide, std::vector<double>{0, 1}); },
                                     {"65536 columns"});
  const index many = index{1} << 31;
  const tutti::matrix_view<const double> tall{&number, many, 1, 0, 0};
  check_throws<tutti::invalid_input>(
      [&] { decision_tree_classifier{}.fit(seq, tall, tutti::vector_view<const int>{&label, many, 0}); },
      {"2147483648 rows"});
  check_throws<tutti::invalid_input>(
      [&] { decision_tree_regressor{}.fit(seq, tall, tutti::vector_view<const double>{&number, many, 0}); },
      {"2147483648 rows"});
}

TEST_CASE("importances are shares of the decrease") {
  // x0 takes 8 - 4 from weight times Gini's impurity, x1 then the other 4.
  const auto X = rows_of({{0, 0, 9}, {0, 0, 9}, {0, 0, 9}, {0, 0, 9}, {1, 0, 9}, {1, 0, 9}, {1, 1, 9}, {1, 1, 9}});
  const auto model = decision_tree_classifier{}.fit(seq, X, std::vector{0, 0, 0, 0, 1, 1, 2, 2});
  const auto importances = model.feature_importances();
  CHECK(importances[0] == doctest::Approx(3.0 / 5));  // 8 (1 - 6/16) = 5, of which 2 are left
  CHECK(importances[1] == doctest::Approx(2.0 / 5));
  CHECK(importances[2] == 0);
}

TEST_CASE("leaves are what is predicted") {
  const noisy d(300, 4, 3, 10, 1);
  const auto classes = decision_tree_classifier{.max_depth = 4}.fit(seq, d.X, d.labels);
  const auto p = classes.predict_proba(seq, d.X);
  check_leaves_are_predictions(classes, d.X, 1e-12, [&](index i, index o) { return p(i, o); });
  const auto numbers = decision_tree_regressor{.min_samples_leaf = 5}.fit(seq, d.X, d.y);
  const auto y = numbers.predict(seq, d.X);
  check_leaves_are_predictions(numbers, d.X, 1e-12, [&](index i, index) { return y[std::size_t(i)]; });
}

TEST_CASE("infinite values are refused, in training and after it") {
  auto d = noisy(300, 4, 3, 10, 1);
  const auto model = decision_tree_classifier{}.fit(seq, d.X, d.labels);
  d.X(211, 2) = -std::numeric_limits<double>::infinity();
  check_throws<tutti::invalid_input>([&] { decision_tree_classifier{}.fit(seq, d.X, d.labels); },
                                     {"row 211", "column 2"});
  check_throws<tutti::invalid_input>([&] { model.predict(seq, d.X); }, {"predict", "row 211", "column 2"});
  check_throws<tutti::invalid_input>([&] { model.predict_proba(tutti::par_simd, d.X); },
                                     {"predict_proba", "row 211", "column 2"});
  check_throws<tutti::invalid_input>([&] { model.apply(seq, d.X); }, {"apply", "row 211", "column 2"});
}

TEST_CASE("targets of any size are kept") {
  const auto x = column_of({1, 2, 3, 4});
  for (const double unit : {1e-300, 1e-20, 1.0, 1e20, 1e300}) {
    CAPTURE(unit);
    const std::vector<double> y{-unit, 0.25 * unit, 0.5 * unit, unit};
    const auto predicted = decision_tree_regressor{}.fit(seq, x, y).predict(seq, x);
    for (std::size_t i = 0; i < 4; ++i) CHECK(std::abs(predicted[i] - y[i]) <= 0x1p-29 * unit);
  }
  const double most = std::numeric_limits<double>::max();
  const std::vector<double> extreme{-most, most, most, -most};
  for (const double v : decision_tree_regressor{}.fit(seq, x, extreme).predict(seq, x))
    CHECK(std::abs(v) / most == doctest::Approx(1));
}

}  // namespace tutti_test
