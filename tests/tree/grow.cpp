#include <tutti/tree/grow.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/data/synthetic.hpp>
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

/// Feature and cut of the splits of the first tree, in the order in which they were made.
template <class Model>
std::vector<std::pair<int, int>> splits_in_order(const Model& model) {
  const auto& all = model.trees().all;
  std::vector<std::pair<std::int32_t, std::size_t>> made;
  for (std::size_t i = 0; i < std::size_t(model.trees().node_start[1]); ++i)
    if (all.child[i] > 0) made.push_back({all.child[i], i});
  std::sort(made.begin(), made.end());
  std::vector<std::pair<int, int>> out;
  for (const auto& [child, i] : made) out.push_back({all.feature[i], all.cut[i]});
  return out;
}

/// What the best-first rule makes of a whole tree: the split that takes most of those whose node is there.
template <class Model>
std::vector<std::pair<int, int>> best_first(const Model& whole, const tutti::matrix<double>& X,
                                            const std::vector<double>& y, index leaves) {
  const auto samples = samples_of_nodes(whole, X);
  const auto& all = whole.trees().all;
  const auto takes = [&](std::size_t i) {
    const auto left = std::size_t(all.child[i]);
    return spread_of(y, samples[i]) - spread_of(y, samples[left]) - spread_of(y, samples[left + 1]);
  };
  std::vector<std::size_t> open{0};
  std::vector<std::pair<int, int>> out;
  while (index(out.size()) + 1 < leaves && !open.empty()) {
    const auto best = std::max_element(open.begin(), open.end(), [&](auto a, auto b) { return takes(a) < takes(b); });
    const std::size_t i = *best;
    open.erase(best);
    out.push_back({all.feature[i], all.cut[i]});
    for (const std::int32_t child : {all.child[i], all.child[i] + 1})
      if (all.child[std::size_t(child)] > 0) open.push_back(std::size_t(child));
  }
  return out;
}

template <class Model>
index leaves_of(const Model& model) {
  return (model.trees().node_start[1] + 1) / 2;
}

}  // namespace

TEST_CASE("the splits that take most are made, so many leaves") {
  const auto d = tutti::friedman1<double>(400);
  const auto whole = decision_tree_regressor{}.fit(seq, d.X, d.y);
  for (const index leaves : {2, 3, 8, 31, 100}) {
    CAPTURE(leaves);
    const auto model = decision_tree_regressor{.max_leaf_nodes = leaves}.fit(seq, d.X, d.y);
    CHECK(leaves_of(model) == leaves);
    CHECK(splits_in_order(model) == best_first(whole, d.X, d.y, leaves));
    const auto predicted = model.predict(seq, d.X);
    const auto samples = samples_of_nodes(model, d.X);
    const auto ends = model.apply(seq, d.X);
    for (const index i : {0, 77, 399}) {
      double sum = 0;
      const auto& with = samples[std::size_t(ends(i, 0))];
      for (const index k : with) sum += d.y[std::size_t(k)];
      CHECK(predicted[std::size_t(i)] == doctest::Approx(sum / double(with.size())).epsilon(1e-7));
    }
  }
}

TEST_CASE("a limit that is not reached changes nothing but the order of the nodes") {
  const auto d = tutti::make_classification<double>(300, {.n_informative = 3, .n_classes = 3});
  for (const auto& learner :
       {decision_tree_classifier{}, decision_tree_classifier{.max_depth = 4, .max_features = 2}}) {
    auto limited = learner;
    limited.max_leaf_nodes = 1000;
    CHECK(text_of(limited.fit(seq, d.X, d.y)) == text_of(learner.fit(seq, d.X, d.y)));
  }
}

TEST_CASE("other bounds hold besides") {
  const auto d = tutti::friedman1<double>(300);
  const auto model =
      decision_tree_regressor{.max_depth = 3, .min_samples_leaf = 20, .max_leaf_nodes = 7}.fit(seq, d.X, d.y);
  CHECK(depth_of(model) <= 3);
  CHECK(leaves_of(model) <= 7);
  for (const int size : leaf_sizes(model, d.X)) CHECK(size >= 20);
}

TEST_CASE("forests too have few leaves, the same ones on every policy") {
  const auto d = tutti::make_classification<float>(500, {.n_informative = 4});
  const auto y = tutti::friedman1<float>(500);
  const tutti::random_forest_classifier classes{.n_estimators = 5, .max_leaf_nodes = 10};
  const tutti::extra_trees_regressor numbers{.n_estimators = 5, .max_leaf_nodes = 10};
  const auto a = classes.fit(seq, d.X, d.y);
  const auto b = numbers.fit(seq, y.X, y.y);
  for (index t = 0; t < 5; ++t) {
    CHECK(a.trees().leaf_start[std::size_t(t + 1)] == 10 * (t + 1));
    CHECK(b.trees().leaf_start[std::size_t(t + 1)] == 10 * (t + 1));
  }
  CHECK(classes.fit(tutti::par_simd, d.X, d.y) == a);
  CHECK(numbers.fit(tutti::par_simd, y.X, y.y) == b);
}

TEST_CASE("fewer than two leaves are refused") {
  const auto d = tutti::friedman1<double>(50);
  for (const index bad : {1, 0, -4})
    check_throws<tutti::invalid_input>([&] { decision_tree_regressor{.max_leaf_nodes = bad}.fit(seq, d.X, d.y); },
                                       {"decision_tree_regressor::fit", "max_leaf_nodes", ">= 2"});
}

}  // namespace tutti_test
