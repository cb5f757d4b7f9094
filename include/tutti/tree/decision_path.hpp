#pragma once
// Through which nodes samples come.

#include <cstddef>
#include <cstdint>
#include <vector>

#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>
#include <tutti/tree/tree.hpp>

namespace tutti {

/// Sample i comes through nodes node[start[i]] to node[start[i + 1] - 1], ascending. Nodes are counted through all
/// trees: those of tree t begin at tree_set::node_start[t].
struct node_paths {
  std::vector<std::int64_t> start;  ///< [n + 1]
  std::vector<std::int64_t> node;

  friend bool operator==(const node_paths&, const node_paths&) = default;
};

namespace detail {

/// The node above each node, counted through all trees; -1 above a root.
template <class V>
std::vector<std::int64_t> nodes_above(const tree_set<V>& trees) {
  std::vector<std::int64_t> above(trees.all.child.size(), -1);
  for (std::size_t t = 0; t + 1 < trees.node_start.size(); ++t)
    for (std::int64_t i = trees.node_start[t]; i < trees.node_start[t + 1]; ++i) {
      const std::int64_t child = trees.all.child[static_cast<std::size_t>(i)];
      if (child < 0) continue;
      const auto left = static_cast<std::size_t>(trees.node_start[t] + child);
      above[left] = above[left + 1] = i;
    }
  return above;
}

/// leaves   [n x trees] where the samples end
template <class Policy, class V>
node_paths paths_to(const Policy& policy, const tree_set<V>& trees, const matrix<std::int32_t>& leaves) {
  const std::vector<std::int64_t> above = nodes_above(trees);
  const auto climb = [&](index i, index t, const auto& f) {
    const std::int64_t first = trees.node_start[static_cast<std::size_t>(t)];
    for (std::int64_t at = first + leaves(i, t); at >= 0; at = above[static_cast<std::size_t>(at)]) f(at);
  };
  constexpr index block = 1024;
  node_paths out;
  out.start.assign(static_cast<std::size_t>(leaves.rows()) + 1, 0);
  policy.for_blocks(leaves.rows(), block, [&](index begin, index end, std::byte*) {
    for (index i = begin; i < end; ++i)
      for (index t = 0; t < leaves.cols(); ++t)
        climb(i, t, [&](std::int64_t) { ++out.start[static_cast<std::size_t>(i + 1)]; });
  });
  for (std::size_t i = 1; i < out.start.size(); ++i) out.start[i] += out.start[i - 1];
  out.node.resize(static_cast<std::size_t>(out.start.back()));
  policy.for_blocks(leaves.rows(), block, [&](index begin, index end, std::byte*) {
    for (index i = begin; i < end; ++i) {
      std::int64_t to = out.start[static_cast<std::size_t>(i + 1)];
      for (index t = leaves.cols(); t-- > 0;)  // a path is climbed from its last node to its first
        climb(i, t, [&](std::int64_t node) { out.node[static_cast<std::size_t>(--to)] = node; });
    }
  });
  return out;
}

}  // namespace detail

}  // namespace tutti
