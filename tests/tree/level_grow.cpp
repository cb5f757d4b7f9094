#include <tutti/tree/level_grow.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/error.hpp>
#include <tutti/core/random.hpp>
#include <tutti/data/synthetic.hpp>
#include <tutti/ensemble/extra_trees.hpp>
#include <tutti/ensemble/random_forest.hpp>
#include <tutti/policy/control.hpp>
#include <tutti/policy/seq.hpp>
#include <tutti/tree/decision_tree.hpp>

#include "../support/check.hpp"
#if defined(TUTTI_TEST_TWIN)
#include "../policy/cuda_twin.hpp"
#include "../policy/lanes_twin.hpp"
#endif

// The twin grows its trees level by level, the other policies depth first: they must be the same.
#if defined(TUTTI_TEST_TWIN)

namespace tutti_test {

using tutti::decision_tree_classifier;
using tutti::decision_tree_regressor;
using tutti::extra_trees_classifier;
using tutti::extra_trees_regressor;
using tutti::feature_quota;
using tutti::index;
using tutti::random_forest_classifier;
using tutti::random_forest_regressor;

namespace {

/// Both builders grow trees of more than a root, and the same ones.
template <class Learner, class M, class Y, class... W>
void check_same_trees(const Learner& learner, const M& X, const Y& y, const W&... w) {
  const auto expected = learner.fit(tutti::seq, X, y, w...);
  const auto model = learner.fit(cuda_twin{}, X, y, w...);
  CHECK(expected.trees().all.nodes() > expected.trees().size());
  CHECK(model.trees() == expected.trees());
  CHECK(model == expected);
}

/// Features of few and of many values, one constant, one twice; labels and targets that depend on them, and noise.
struct samples {
  tutti::matrix<double> X;
  std::vector<int> label;
  std::vector<double> y, weight;

  samples(index n, int classes, bool missing = false, std::uint64_t seed = 5)
      : X(n, 7), label(std::size_t(n)), y(std::size_t(n)), weight(std::size_t(n)) {
    const tutti::random_source x(seed), noise = x.stream(1), gap = x.stream(2), w = x.stream(3);
    for (index i = 0; i < n; ++i) {
      const auto at = std::uint64_t(i);
      for (index j = 0; j < 4; ++j) X(i, j) = x.normal(4 * at + std::uint64_t(j));
      X(i, 4) = double(x.stream(4).below(at, 3));
      X(i, 5) = 2.5;
      X(i, 6) = X(i, 0);
      const double z = X(i, 0) + X(i, 1) * X(i, 2) + X(i, 4) + noise.normal(at);
      y[std::size_t(i)] = 100 * z;
      int c = 0;
      for (int k = 1; k < classes; ++k) c += z > 0.8 * (k - 0.5 * classes) + 1 ? 1 : 0;
      label[std::size_t(i)] = i < classes ? int(i) : c;
      weight[std::size_t(i)] = double(w.below(at, 4));
      for (index j = 1; missing && j < 5; ++j)
        if (gap.below(8 * at + std::uint64_t(j), 6) == 0) X(i, j) = std::numeric_limits<double>::quiet_NaN();
    }
  }
};

}  // namespace

TEST_CASE("classes: two, three, many") {
  for (const int classes : {2, 3, 7}) {
    CAPTURE(classes);
    const samples d(700, classes);
    check_same_trees(random_forest_classifier{.n_estimators = 4}, d.X, d.label);
    check_same_trees(random_forest_classifier{.n_estimators = 3, .criterion = tutti::class_criterion::entropy}, d.X,
                     d.label);
    check_same_trees(random_forest_classifier{.n_estimators = 3, .bootstrap = false, .seed = 3}, d.X, d.label);
    check_same_trees(decision_tree_classifier{}, d.X, d.label);
    check_same_trees(extra_trees_classifier{.n_estimators = 3}, d.X, d.label);
  }
}

TEST_CASE("numbers") {
  const samples d(900, 2);
  check_same_trees(random_forest_regressor{.n_estimators = 3}, d.X, d.y);
  check_same_trees(random_forest_regressor{.n_estimators = 3, .max_features = 2, .max_samples = 0.5}, d.X, d.y);
  check_same_trees(random_forest_regressor{.n_estimators = 2, .bootstrap = false}, d.X, d.label);
  check_same_trees(decision_tree_regressor{}, d.X, d.y);
  check_same_trees(extra_trees_regressor{.n_estimators = 3}, d.X, d.y);
  check_same_trees(random_forest_regressor{.n_estimators = 2, .criterion = tutti::value_criterion::poisson}, d.X,
                   d.label);
}

TEST_CASE("missing values") {
  const samples d(800, 3, true), two(500, 2, true);
  check_same_trees(random_forest_classifier{.n_estimators = 4}, d.X, d.label);
  check_same_trees(random_forest_classifier{.n_estimators = 4, .max_features = feature_quota::all}, two.X, two.label);
  check_same_trees(random_forest_regressor{.n_estimators = 4}, d.X, d.y);
  check_same_trees(random_forest_regressor{.n_estimators = 4, .max_features = 3}, d.X, d.y);
  check_same_trees(extra_trees_classifier{.n_estimators = 4}, d.X, d.label);
  check_same_trees(extra_trees_regressor{.n_estimators = 4}, d.X, d.y);
}

TEST_CASE("weights, so large that every way of searching is taken") {
  const samples d(1500, 2), several(1500, 4);
  for (const double times : {1.0, 50.0, 3000.0, 100000.0}) {
    CAPTURE(times);
    std::vector<double> w = d.weight;
    for (double& x : w) x *= times;
    check_same_trees(decision_tree_classifier{}, d.X, d.label, w);
    check_same_trees(random_forest_classifier{.n_estimators = 2, .bootstrap = false}, several.X, several.label, w);
    check_same_trees(random_forest_classifier{.n_estimators = 2}, d.X, d.label, w);
    check_same_trees(decision_tree_regressor{}, d.X, d.y, w);
    check_same_trees(random_forest_regressor{.n_estimators = 2, .max_features = 2, .bootstrap = false}, d.X, d.y, w);
    check_same_trees(decision_tree_regressor{.max_leaf_nodes = 40}, d.X, d.y, w);
  }
  check_same_trees(random_forest_classifier{.n_estimators = 3, .class_weight = tutti::balanced}, several.X,
                   several.label);
  check_same_trees(random_forest_classifier{.n_estimators = 3, .class_weight = tutti::balanced_subsample}, several.X,
                   several.label);
}

TEST_CASE("limits of growth") {
  const samples d(600, 3, true), two(600, 2);
  const auto check = [&](const auto& change) {
    random_forest_classifier classes{.n_estimators = 3};
    random_forest_regressor numbers{.n_estimators = 3, .max_features = 4};
    extra_trees_regressor extra{.n_estimators = 3};
    change(classes);
    change(numbers);
    change(extra);
    check_same_trees(classes, d.X, d.label);
    check_same_trees(numbers, d.X, d.y);
    check_same_trees(extra, d.X, d.y);
    check_same_trees(numbers, two.X, two.y);
  };
  check([](auto& l) { l.max_depth = 1; });
  check([](auto& l) { l.max_depth = 5; });
  check([](auto& l) { l.min_samples_leaf = 4; });
  check([](auto& l) { l.min_samples_split = 20; });
  check([](auto& l) { l.min_weight_fraction_leaf = 0.02; });
  check([](auto& l) { l.max_leaf_nodes = 9; });
  check([](auto& l) { l.max_features = feature_quota::log2; });
  check([](auto& l) { l.max_features = 1; });
  check_same_trees(random_forest_classifier{.n_estimators = 3, .min_impurity_decrease = 0.01}, d.X, d.label);
  check_same_trees(random_forest_classifier{.n_estimators = 3, .ccp_alpha = 0.004}, d.X, d.label);
  check_same_trees(random_forest_regressor{.n_estimators = 3, .min_impurity_decrease = 50}, d.X, d.y);
  check_same_trees(random_forest_regressor{.n_estimators = 3, .ccp_alpha = 100}, d.X, d.y);
  check_same_trees(random_forest_regressor{.n_estimators = 3, .max_leaf_nodes = 30, .ccp_alpha = 50}, d.X, d.y);
}

TEST_CASE("constraints on directions") {
  const samples d(600, 2), gaps(600, 2, true);
  const std::vector<int> directions{1, -1, 0, 0, 1, 0, 0};
  check_same_trees(random_forest_classifier{.n_estimators = 4, .monotonic_cst = directions}, d.X, d.label);
  check_same_trees(random_forest_regressor{.n_estimators = 4, .monotonic_cst = directions}, gaps.X, gaps.y);
  check_same_trees(extra_trees_regressor{.n_estimators = 4, .monotonic_cst = directions}, d.X, d.y);
}

TEST_CASE("categories") {
  const samples d(900, 2, true), several(900, 4);
  tutti::matrix<double> X = d.X, Z = several.X;
  const tutti::random_source draw(9);
  for (index i = 0; i < X.rows(); ++i) {
    const auto at = std::uint64_t(i);
    X(i, 5) = double(draw.below(at, 40) * 3 % 40);  // some are rare, and their order says nothing
    Z(i, 5) = X(i, 5);
    if (d.y[std::size_t(i)] > 0 && draw.stream(1).below(at, 2) == 0) X(i, 5) = double(draw.stream(2).below(at, 5) * 7);
    if (i % 11 == 0) X(i, 5) = std::numeric_limits<double>::quiet_NaN();
  }
  const std::vector<index> columns{4, 5};
  const auto check = [&](const auto& learner) {
    check_same_trees(learner, X, d.label);
    check_same_trees(learner, Z, several.label);
  };
  check(random_forest_classifier{.n_estimators = 4, .categorical_features = columns});
  check(random_forest_classifier{
      .n_estimators = 3, .max_features = 5, .ccp_alpha = 0.003, .categorical_features = columns});
  check(random_forest_classifier{.n_estimators = 3, .max_leaf_nodes = 20, .categorical_features = columns});
  check(extra_trees_classifier{.n_estimators = 4, .categorical_features = columns});
  check_same_trees(random_forest_regressor{.n_estimators = 3, .categorical_features = columns}, X, d.y);
  check_same_trees(random_forest_regressor{.n_estimators = 3, .max_features = 3, .categorical_features = columns}, Z,
                   several.y);
  check_same_trees(extra_trees_regressor{.n_estimators = 3, .min_samples_leaf = 3, .categorical_features = columns}, X,
                   d.y);
  const random_forest_classifier learner{.n_estimators = 4, .categorical_features = columns};
  const auto model = learner.fit(cuda_twin{}, X, d.label);
  CHECK(!model.trees().all.categories.empty());
}

TEST_CASE("what comes after the trees") {
  const samples d(400, 3);
  check_same_trees(random_forest_classifier{.n_estimators = 6, .oob_score = true, .oob_permutation_importance = true},
                   d.X, d.label);
  check_same_trees(random_forest_regressor{.n_estimators = 6, .oob_score = true, .oob_permutation_importance = true,
                                           .keep_targets = true},
                   d.X, d.y);
  const random_forest_classifier few{.n_estimators = 2, .oob_score = true}, more{.n_estimators = 5, .oob_score = true};
  CHECK(more.warm_start(cuda_twin{}, few.fit(cuda_twin{}, d.X, d.label), d.X, d.label) ==
        more.fit(tutti::seq, d.X, d.label));
}

TEST_CASE("nodes of many pieces, and of more than a batch holds") {
  const index n = 3 * tutti::detail::level_node::piece_rows + 100;
  const samples d(n, 3, true);
  check_same_trees(random_forest_classifier{.n_estimators = 2, .max_depth = 6}, d.X, d.label);
  check_same_trees(extra_trees_regressor{.n_estimators = 1, .max_depth = 5}, d.X, d.y);
  check_same_trees(decision_tree_classifier{.max_depth = 1}, d.X, d.label);  // its leaves have many pieces
  const samples little(3000, 3);
  const random_forest_classifier learner{.n_estimators = 8};
  const auto expected = learner.fit(tutti::seq, little.X, little.label);
  for (const std::size_t limit : {std::size_t{1} << 20, std::size_t{3} << 20}) {
    CAPTURE(limit);
    const tutti::run_control control{.memory_limit = limit};
    CHECK(learner.fit(cuda_twin{}.with(control), little.X, little.label) == expected);
    CHECK(control.memory_in_use == 0);
  }
}

TEST_CASE("sixteen lanes grow the trees that one thread grows") {
  const lanes_twin lanes;
  const samples d(120, 3, true), two(90, 2);
  const auto check = [&](const auto& learner, const auto& X, const auto& y) {
    CHECK(learner.fit(lanes, X, y) == learner.fit(tutti::seq, X, y));
  };
  check(random_forest_classifier{.n_estimators = 2}, d.X, d.label);
  check(random_forest_classifier{.n_estimators = 2}, two.X, two.label);
  check(random_forest_regressor{.n_estimators = 2, .max_features = 4}, d.X, d.y);
  check(extra_trees_classifier{.n_estimators = 2}, d.X, d.label);
  check(random_forest_classifier{.n_estimators = 2, .categorical_features = {4}}, d.X, d.label);
  const samples pieces(tutti::detail::level_node::piece_rows + 50, 2);
  check(decision_tree_classifier{.max_depth = 2}, pieces.X, pieces.label);
}

TEST_CASE("little to learn from") {
  const tutti::matrix<double> one(1, 2, 1.0), same(30, 3, 4.0);
  std::vector<int> label(30);
  std::vector<double> y(30);
  for (std::size_t i = 0; i < 30; ++i) label[i] = i % 3 == 0 ? 1 : 0, y[i] = double(i % 5);
  const auto check = [](const auto& learner, const auto& X, const auto& targets) {
    CHECK(learner.fit(cuda_twin{}, X, targets) == learner.fit(tutti::seq, X, targets));
  };
  check(random_forest_regressor{.n_estimators = 3}, one, std::vector<double>{3.5});
  check(random_forest_regressor{.n_estimators = 3}, same, y);
  check(random_forest_regressor{.n_estimators = 3}, same, std::vector<double>(30, 2.0));
  check(random_forest_classifier{.n_estimators = 3}, same, label);
  check(extra_trees_classifier{.n_estimators = 3}, same, label);
}

TEST_CASE("a device refuses by name what it cannot do") {
  const samples d(60, 2);
  check_throws<tutti::invalid_input>(
      [&] { random_forest_regressor{.criterion = tutti::value_criterion::absolute_error}.fit(cuda_twin{}, d.X, d.y); },
      {"random_forest_regressor::fit", "absolute_error", "device"});
  check_throws<tutti::invalid_input>(
      [&] { extra_trees_classifier{.exact_splits = true}.fit(cuda_twin{}, d.X, d.label); },
      {"extra_trees_classifier::fit", "exact_splits", "device"});
}

TEST_CASE("memory and stop are the caller's") {
  const samples d(500, 2);
  tutti::run_control little{.memory_limit = 20000};
  CHECK_THROWS_AS((random_forest_classifier{.n_estimators = 2}.fit(cuda_twin{}.with(little), d.X, d.label)),
                  tutti::out_of_memory);
  CHECK(little.memory_in_use == 0);
}

}  // namespace tutti_test

#endif
