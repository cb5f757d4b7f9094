#include <tutti/tree/decision_path.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/data/synthetic.hpp>
#include <tutti/ensemble/random_forest.hpp>
#include <tutti/policy/par_simd.hpp>
#include <tutti/tree/decision_tree.hpp>

#include "../support/check.hpp"
#include "trees.hpp"

namespace tutti_test {

using tutti::seq;

TEST_CASE("a path leads from the root to the leaf, child by child") {
  const auto d = tutti::friedman1<double>(3000);
  const auto model = tutti::random_forest_regressor{.n_estimators = 4, .max_depth = 7}.fit(seq, d.X, d.y);
  const auto paths = model.decision_path(tutti::par_simd, d.X);
  CHECK(paths == model.decision_path(seq, d.X));
  const auto ends = model.apply(seq, d.X);
  const auto& trees = model.trees();
  REQUIRE(paths.start.size() == 3001);
  CHECK(paths.start.front() == 0);
  CHECK(paths.start.back() == std::int64_t(paths.node.size()));
  bool right = true;
  for (index i = 0; i < 3000; ++i) {
    std::int64_t at = paths.start[std::size_t(i)];
    for (std::size_t t = 0; t < 4; ++t) {
      std::int64_t node = 0;
      right = right && paths.node[std::size_t(at++)] == trees.node_start[t];
      while (trees.all.child[std::size_t(trees.node_start[t] + node)] >= 0) {
        const std::int64_t left = trees.all.child[std::size_t(trees.node_start[t] + node)];
        node = paths.node[std::size_t(at++)] - trees.node_start[t];
        right = right && (node == left || node == left + 1);
      }
      right = right && node == ends(i, index(t));
    }
    right = right && at == paths.start[std::size_t(i + 1)];
  }
  CHECK(right);
}

TEST_CASE("no samples, one leaf, bad samples") {
  const auto x = column_of({1, 2, 3});
  const auto model = tutti::decision_tree_classifier{.min_samples_split = 4}.fit(seq, x, std::vector{0, 1, 1});
  CHECK(model.decision_path(seq, x) == tutti::node_paths{{0, 1, 2, 3}, {0, 0, 0}});
  CHECK(model.decision_path(seq, tutti::matrix<double>(0, 1)) == tutti::node_paths{{0}, {}});
  check_throws<tutti::invalid_input>([&] { (void)model.decision_path(seq, tutti::matrix<double>(2, 2, 0.0)); },
                                     {"decision_path", "2 x 2"});
}

}  // namespace tutti_test
