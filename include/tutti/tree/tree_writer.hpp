#pragma once
// Writes down a tree while it grows.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <tutti/algorithm/quantize.hpp>
#include <tutti/core/view.hpp>
#include <tutti/tree/sample_rows.hpp>
#include <tutti/tree/split.hpp>
#include <tutti/tree/tree.hpp>

namespace tutti::detail {

/// A tree as it was grown.
template <class V>
struct grown_tree {
  tree_nodes<V> nodes;
  std::vector<double> decrease;  ///< [p] what the splits of each feature took from weight times impurity
};

/// Node i of the tree is the i-th that was added.
template <class V>
class tree_writer {
 public:
  /// wide   bins take four bytes
  tree_writer(index features, bool wide) : wide_(wide) {
    tree_.decrease.assign(static_cast<std::size_t>(features), 0.0);
  }

  std::int32_t add_node() {
    tree_nodes<V>& nodes = tree_.nodes;
    nodes.child.push_back(0);
    nodes.feature.push_back(0);
    if (wide_) nodes.wide_cut.push_back(0);
    else nodes.cut.push_back(0);
    nodes.flags.push_back(0);
    return static_cast<std::int32_t>(nodes.child.size() - 1);
  }

  /// The node is a leaf.
  ///
  /// returns   where its values go: behind those of the leaves before
  std::vector<V>& close(std::int32_t node) {
    tree_.nodes.child[static_cast<std::size_t>(node)] = ~leaves_++;
    return tree_.nodes.values;
  }

  /// The node is split.
  ///
  /// next_bin       the lowest bin on the right
  /// missing_left   where a value that is missing goes
  /// returns        the left child; the right one is the node behind it
  std::int32_t split(std::int32_t node, const split_choice& best, std::uint32_t next_bin, bool missing_left,
                     double decrease) {
    const std::int32_t left = add_node();
    add_node();
    tree_nodes<V>& nodes = tree_.nodes;
    const auto i = static_cast<std::size_t>(node);
    nodes.child[i] = left;
    nodes.feature[i] = static_cast<std::uint16_t>(best.feature);
    nodes.flags[i] =
        static_cast<std::uint8_t>((missing_left ? missing_goes_left : 0) | (best.of_set ? splits_categories : 0));
    if (best.of_set)
      write_set(i, best, missing_left);
    else if (wide_)
      nodes.wide_cut[i] = cut_of(best, next_bin);
    else
      nodes.cut[i] = static_cast<std::uint8_t>(cut_of(best, next_bin));
    tree_.decrease[static_cast<std::size_t>(best.feature)] += decrease;
    return left;
  }

  /// The node is split as node i of another tree is.
  ///
  /// returns   as split
  std::int32_t copy_split(std::int32_t node, const tree_nodes<V>& from, std::size_t i, double decrease) {
    split_choice same;
    same.feature = from.feature[i];
    same.cut = from.cut_of(i);
    same.is_exact = true;
    same.of_set = (from.flags[i] & splits_categories) != 0;
    if (same.of_set) {
      std::copy_n(from.categories.begin() + 4 * from.category_set[i], 4, same.set.set.begin());
      same.seen.set.fill(~std::uint64_t{0});  // the set says of each where it goes
    }
    return split(node, same, same.cut + 1, (from.flags[i] & missing_goes_left) != 0, decrease);
  }

  grown_tree<V> finish() {
    if (!tree_.nodes.categories.empty()) tree_.nodes.category_set.resize(tree_.nodes.child.size(), -1);
    return std::move(tree_);
  }

 private:
  std::uint32_t cut_of(const split_choice& best, std::uint32_t next_bin) const {
    const std::uint32_t missing = wide_ ? missing_wide_bin : missing_bin;
    if (next_bin == missing) return missing - 1;  // what is missing against all the rest
    if (best.is_exact) return best.cut;
    return (best.cut + next_bin - 1) / 2;  // in the middle of the bins that no row has
  }

  void write_set(std::size_t i, const split_choice& best, bool missing_left) {
    tree_nodes<V>& nodes = tree_.nodes;
    nodes.category_set.resize(nodes.child.size(), -1);
    nodes.category_set[i] = static_cast<std::int32_t>(nodes.categories.size() / 4);
    bins_of_set set = best.set;
    if (missing_left)  // and so do categories that the node has no rows of
      for (int bin = 0; bin < 256; ++bin)
        if (!best.seen(static_cast<std::uint8_t>(bin))) set.insert(static_cast<std::uint8_t>(bin));
    nodes.categories.insert(nodes.categories.end(), set.set.begin(), set.set.end());
  }

  bool wide_;
  grown_tree<V> tree_;
  std::int32_t leaves_ = 0;
};

}  // namespace tutti::detail
