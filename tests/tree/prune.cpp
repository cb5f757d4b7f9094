#include <tutti/tree/prune.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/data/synthetic.hpp>
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

struct subtree {
  double cost;                    // of its leaves and splits
  std::vector<std::size_t> kept;  // the nodes that are split, parents first
};

/// The cheapest subtree below a node, by the textbook: the smaller one if there are two.
template <class Model>
subtree cheapest(const Model& whole, const std::vector<std::vector<index>>& samples, const std::vector<double>& y,
                 double price, std::size_t node = 0) {
  const double as_leaf = spread_of(y, samples[node]);
  const std::int32_t child = whole.trees().all.child[node];
  if (child < 0) return {as_leaf, {}};
  subtree out{price, {node}};
  for (const std::int32_t c : {child, child + 1}) {
    const subtree below = cheapest(whole, samples, y, price, std::size_t(c));
    out.cost += below.cost;
    out.kept.insert(out.kept.end(), below.kept.begin(), below.kept.end());
  }
  return out.cost < as_leaf ? out : subtree{as_leaf, {}};
}

template <class Model>
void list_splits(const Model& model, std::size_t node, std::vector<std::size_t>& out) {
  const std::int32_t child = model.trees().all.child[node];
  if (child < 0) return;
  out.push_back(node);
  list_splits(model, std::size_t(child), out);
  list_splits(model, std::size_t(child + 1), out);
}

/// y as numbers whose spread is the impurity that is pruned by.
template <class Learner, class Y>
void check_pruning(Learner learner, const tutti::matrix<double>& X, const Y& y, const std::vector<double>& numbers) {
  const auto whole = learner.fit(seq, X, y);
  const auto samples = samples_of_nodes(whole, X);
  const double unit = spread_of(numbers, samples[0]) / double(X.rows());
  std::size_t before = std::numeric_limits<std::size_t>::max();
  for (const double part : {1e-9, 0.001, 0.003, 0.01, 0.03, 0.2, 1.1}) {
    CAPTURE(part);
    learner.ccp_alpha = part * unit;
    const auto pruned = learner.fit(seq, X, y);
    const subtree expected = cheapest(whole, samples, numbers, part * unit * double(X.rows()));
    std::vector<std::size_t> kept;
    list_splits(pruned, 0, kept);
    REQUIRE(kept.size() == expected.kept.size());
    const auto &a = pruned.trees().all, &b = whole.trees().all;
    for (std::size_t k = 0; k < kept.size(); ++k) {
      CHECK(a.feature[kept[k]] == b.feature[expected.kept[k]]);
      CHECK(a.cut[kept[k]] == b.cut[expected.kept[k]]);
      CHECK(a.flags[kept[k]] == b.flags[expected.kept[k]]);
    }
    CHECK(kept.size() <= before);
    before = kept.size();
    const auto below = samples_of_nodes(pruned, X);
    const auto ends = pruned.apply(seq, X);
    for (index i = 0; i < X.rows(); ++i) {
      const auto& with = below[std::size_t(ends(i, 0))];
      double sum = 0;
      for (const index s : with) sum += numbers[std::size_t(s)];
      CHECK(*tutti::detail::leaf_values(pruned.trees(), 0, ends(i, 0)) ==
            doctest::Approx(sum / double(with.size())).epsilon(1e-6));
    }
  }
  CHECK(before == 0);
}

}  // namespace

TEST_CASE("numbers: the cheapest subtree is kept") {
  const auto d = tutti::friedman1<double>(300);
  check_pruning(decision_tree_regressor{}, d.X, d.y, d.y);
  check_pruning(decision_tree_regressor{.max_leaf_nodes = 40}, d.X, d.y, d.y);
}

TEST_CASE("classes: the cheapest subtree is kept") {
  const auto d = tutti::make_classification<double>(300, {.n_informative = 3, .flip_y = 0.1});
  std::vector<double> numbers;
  for (const auto label : d.y) numbers.push_back(double(label));
  // Weight times Gini's impurity of two classes is twice the spread of their numbers.
  decision_tree_classifier learner;
  const auto whole = learner.fit(seq, d.X, d.y);
  const auto samples = samples_of_nodes(whole, d.X);
  for (const double alpha : {0.0001, 0.002, 0.005, 0.02, 0.6}) {
    CAPTURE(alpha);
    learner.ccp_alpha = alpha;
    std::vector<std::size_t> kept;
    list_splits(learner.fit(seq, d.X, d.y), 0, kept);
    CHECK(kept.size() == cheapest(whole, samples, numbers, alpha * 300 / 2).kept.size());
  }
}

TEST_CASE("a pruned tree keeps sets of categories and ways of missing values") {
  auto X = tutti::friedman1<double>(400);
  for (index i = 0; i < 400; ++i) {
    X.X(i, 3) = std::floor(6 * X.X(i, 3));
    if (i % 7 == 0) X.X(i, 0) = std::numeric_limits<double>::quiet_NaN();
  }
  decision_tree_regressor learner{.categorical_features = {3}};
  const auto whole = learner.fit(seq, X.X, X.y);
  learner.ccp_alpha = 1e-12;
  const auto same = learner.fit(seq, X.X, X.y);
  CHECK(text_of(same) == text_of(whole));
  CHECK(same.predict(seq, X.X) == whole.predict(seq, X.X));
  CHECK(text_of(same).find(" in ") != std::string::npos);
}

TEST_CASE("what was pruned counts for no importance") {
  const auto d = tutti::friedman1<double>(300);
  const decision_tree_regressor learner{.ccp_alpha = 1.5};
  const auto model = learner.fit(seq, d.X, d.y);
  std::vector<bool> used(std::size_t(d.X.cols()));
  for (index i = 0; i < model.trees().all.nodes(); ++i)
    if (model.trees().all.child[std::size_t(i)] > 0) used[model.trees().all.feature[std::size_t(i)]] = true;
  CHECK(std::count(used.begin(), used.end(), true) > 0);
  CHECK(std::count(used.begin(), used.end(), false) > 0);
  const auto importance = model.feature_importances();
  for (std::size_t j = 0; j < used.size(); ++j) CHECK((importance[j] > 0) == used[j]);
}

TEST_CASE("forests are pruned tree by tree, alike on every policy") {
  const auto d = tutti::make_classification<float>(500, {.n_informative = 4, .n_classes = 3});
  const tutti::random_forest_classifier whole{.n_estimators = 5}, pruned{.n_estimators = 5, .ccp_alpha = 0.01};
  const auto model = pruned.fit(seq, d.X, d.y);
  CHECK(model.trees().all.nodes() < whole.fit(seq, d.X, d.y).trees().all.nodes() / 2);
  CHECK(pruned.fit(tutti::par_simd, d.X, d.y) == model);
}

TEST_CASE("a price that is none is refused") {
  const auto d = tutti::friedman1<double>(50);
  for (const double bad : {-1e-9, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()})
    check_throws<tutti::invalid_input>([&] { decision_tree_regressor{.ccp_alpha = bad}.fit(seq, d.X, d.y); },
                                       {"decision_tree_regressor::fit", "ccp_alpha"});
}

}  // namespace tutti_test
