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
#include <tutti/tree/split.hpp>
#include <tutti/tree/tree.hpp>
#include <tutti/tree/tree_writer.hpp>

namespace tutti::detail {

/// What pruning has to know of a node.
struct grown_node {
  double decrease = 0;  ///< what its split took from weight times impurity; 0 of a leaf
  index begin = 0, end = 0;  ///< its rows among those of the tree
  value_bounds bounds;
};

/// worth[i] = by how much the best subtree below node i takes more than its splits cost; 0 where it has none.
inline std::vector<double> worth_of_subtrees(const std::vector<std::int32_t>& child,
                                             const std::vector<grown_node>& nodes, double price) {
  std::vector<double> worth(child.size());
  for (std::size_t i = child.size(); i-- > 0;) {
    if (child[i] < 0) continue;
    const auto left = static_cast<std::size_t>(child[i]);
    worth[i] = std::max(0.0, nodes[i].decrease - price + worth[left] + worth[left + 1]);
  }
  return worth;
}

/// The tree without the splits that are not worth their price.
///
/// nodes        [nodes]
/// write_leaf   write_leaf(node, values): puts the values of a leaf of that node's rows behind those of others
template <class V, class WriteLeaf>
grown_tree<V> prune(const grown_tree<V>& grown, const std::vector<grown_node>& nodes, double price,
                    const WriteLeaf& write_leaf) {
  const tree_nodes<V>& from = grown.nodes;
  const std::vector<double> worth = worth_of_subtrees(from.child, nodes, price);
  tree_writer<V> to(static_cast<index>(grown.decrease.size()), !from.wide_cut.empty());
  std::vector<std::pair<std::size_t, std::int32_t>> open{{0, to.add_node()}};  // nodes of both trees, to be copied
  while (!open.empty()) {
    const auto [i, at] = open.back();
    open.pop_back();
    if (worth[i] > 0) {
      const std::int32_t left = to.copy_split(at, from, i, nodes[i].decrease);
      const auto child = static_cast<std::size_t>(from.child[i]);
      open.push_back({child + 1, left + 1});
      open.push_back({child, left});
    } else {
      write_leaf(nodes[i], to.close(at));
    }
  }
  return to.finish();
}

}  // namespace tutti::detail
