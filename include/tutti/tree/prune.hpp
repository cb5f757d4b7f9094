#pragma once
// Minimal cost-complexity pruning: the smallest of the subtrees that are best when every split has a price.
//
// **Source** Breiman, Friedman, Olshen, Stone, Classification and Regression Trees (1984), sections 3.2 and 3.3.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <tutti/core/view.hpp>
#include <tutti/tree/criterion.hpp>
#include <tutti/tree/split.hpp>
#include <tutti/tree/tree.hpp>
#include <tutti/tree/tree_writer.hpp>

namespace tutti::detail {

/// What pruning has to know of a tree besides its nodes.
struct growth_record {
  std::vector<double> decrease;         ///< [nodes] what a node's split took from weight times impurity
  std::vector<value_bounds> bounds;     ///< [nodes]
  std::vector<std::int64_t> leaf_sums;  ///< [leaves x channels] of a leaf's samples

  void set(std::int32_t node, double taken, const value_bounds& between) {
    const auto at = static_cast<std::size_t>(node);
    if (decrease.size() <= at) {
      decrease.resize(at + 1);
      bounds.resize(at + 1);
    }
    decrease[at] = taken;
    bounds[at] = between;
  }
};

/// worth[i] = by how much the best subtree below node i takes more than its splits cost; 0 where it has none.
inline std::vector<double> worth_of_subtrees(const std::vector<std::int32_t>& child,
                                             const std::vector<double>& decrease, double price) {
  std::vector<double> worth(child.size());
  for (std::size_t i = child.size(); i-- > 0;) {
    if (child[i] < 0) continue;
    const auto left = static_cast<std::size_t>(child[i]);
    worth[i] = std::max(0.0, decrease[i] - price + worth[left] + worth[left + 1]);
  }
  return worth;
}

/// sums[i] = of the samples of node i, [nodes x channels].
inline std::vector<std::int64_t> sums_of_nodes(const std::vector<std::int32_t>& child, std::size_t channels,
                                               const std::vector<std::int64_t>& leaf_sums) {
  std::vector<std::int64_t> sums(child.size() * channels);
  for (std::size_t i = child.size(); i-- > 0;)
    for (std::size_t c = 0; c < channels; ++c) {
      const auto left = static_cast<std::size_t>(child[i]);
      sums[i * channels + c] = child[i] < 0 ? leaf_sums[static_cast<std::size_t>(~child[i]) * channels + c]
                                            : sums[left * channels + c] + sums[(left + 1) * channels + c];
    }
  return sums;
}

/// The tree without the splits that are not worth their price.
///
/// write_leaf   write_leaf(sums, bounds, values): the values of a leaf behind those of others
template <class V, class WriteLeaf>
grown_tree<V> prune(const grown_tree<V>& grown, const growth_record& record, std::size_t channels, double price,
                    const WriteLeaf& write_leaf) {
  const tree_nodes<V>& from = grown.nodes;
  const std::vector<double> worth = worth_of_subtrees(from.child, record.decrease, price);
  const std::vector<std::int64_t> sums = sums_of_nodes(from.child, channels, record.leaf_sums);
  tree_writer<V> to(static_cast<index>(grown.decrease.size()));
  std::vector<std::pair<std::size_t, std::int32_t>> open{{0, to.add_node()}};  // nodes of both trees, to be copied
  while (!open.empty()) {
    const auto [i, at] = open.back();
    open.pop_back();
    if (worth[i] > 0) {
      const std::int32_t left = to.copy_split(at, from, i, record.decrease[i]);
      const auto child = static_cast<std::size_t>(from.child[i]);
      open.push_back({child + 1, left + 1});
      open.push_back({child, left});
    } else {
      write_leaf(node_sums(sums.data() + i * channels, channels), record.bounds[i], to.close(at));
    }
  }
  return to.finish();
}

}  // namespace tutti::detail
