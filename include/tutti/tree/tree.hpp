#pragma once
// The nodes of decision trees: flat arrays, one after the other in a forest, leaves apart.
//
// A sample is first turned into bins (algorithm/quantize.hpp); a node compares one of them with its cut, so that every
// policy, a batch and a single row take the same way.

#include <cstddef>
#include <cstdint>
#include <vector>

#include <tutti/core/view.hpp>

namespace tutti {

/// What a node does besides comparing.
enum node_flag : std::uint8_t {
  missing_goes_left = 1,  ///< a missing value (the largest bin there can be) goes to the left child; to the right one without this
  splits_categories = 2,  ///< the bins of a set go left instead of those up to the cut
};

/// Some trees over the same features. Node 0 of each is its root.
///
/// Node i of a tree: child[i] > 0 is its left child, child[i] + 1 the right one; child[i] < 0 is leaf ~child[i] of the
/// tree. Bins <= cut_of(i) of feature[i] go left.
template <class V>
struct tree_nodes {
  std::vector<std::int32_t> child;
  std::vector<std::uint16_t> feature;
  std::vector<std::uint8_t> cut;            ///< empty where a byte does not count the bins
  std::vector<std::uint32_t> wide_cut;      ///< empty where a byte does
  std::vector<std::uint8_t> flags;
  std::vector<std::int32_t> category_set;   ///< of the nodes up to the last one that splits categories; -1: none
  std::vector<std::uint64_t> categories;    ///< [sets x 4] bit b of a set: bin b goes left
  std::vector<V> values;                    ///< [leaves x outputs]

  index nodes() const { return static_cast<index>(child.size()); }
  std::uint32_t cut_of(std::size_t i) const { return wide_cut.empty() ? cut[i] : wide_cut[i]; }

  friend bool operator==(const tree_nodes&, const tree_nodes&) = default;
};

/// A forest: the nodes of all its trees, and where each tree begins.
template <class V>
struct tree_set {
  index features = 0;
  index outputs = 1;                       ///< values a leaf
  std::vector<std::int64_t> node_start{0};   ///< [trees + 1]
  std::vector<std::int64_t> leaf_start{0};   ///< [trees + 1]
  std::vector<std::int64_t> set_start{0};    ///< [trees + 1] sets of categories
  tree_nodes<V> all;

  index size() const { return static_cast<index>(node_start.size()) - 1; }

  friend bool operator==(const tree_set&, const tree_set&) = default;
};

namespace detail {

/// The values of a leaf: [outputs].
///
/// node   a leaf of the tree
template <class V>
const V* leaf_values(const tree_set<V>& trees, std::size_t tree, std::int32_t node) {
  const auto at = static_cast<std::size_t>(trees.node_start[tree] + node);
  return trees.all.values.data() + (trees.leaf_start[tree] + ~trees.all.child[at]) * trees.outputs;
}

/// Puts a tree behind the others.
template <class V>
void append(tree_set<V>& trees, const tree_nodes<V>& tree) {
  const auto behind = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
  behind(trees.all.child, tree.child);
  behind(trees.all.feature, tree.feature);
  behind(trees.all.cut, tree.cut);
  behind(trees.all.wide_cut, tree.wide_cut);
  behind(trees.all.flags, tree.flags);
  if (!tree.category_set.empty()) {
    trees.all.category_set.resize(trees.all.child.size() - tree.child.size(), -1);
    behind(trees.all.category_set, tree.category_set);
  }
  behind(trees.all.categories, tree.categories);
  behind(trees.all.values, tree.values);
  trees.node_start.push_back(static_cast<std::int64_t>(trees.all.child.size()));
  trees.leaf_start.push_back(static_cast<std::int64_t>(trees.all.values.size()) / trees.outputs);
  trees.set_start.push_back(static_cast<std::int64_t>(trees.all.categories.size()) / 4);
}

}  // namespace detail

}  // namespace tutti
