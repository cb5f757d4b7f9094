#pragma once
// forest: what the models of trees and forests have in common, and the walk of a matrix of samples through it.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/quantize.hpp>
#include <tutti/core/arithmetic.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>
#include <tutti/tree/tree.hpp>
#include <tutti/tree/walk.hpp>

namespace tutti::detail {

/// Trees, the bins they compare, and what their splits were worth.
///
/// T   of the samples; V of the leaves' values
template <class T, class V>
struct forest {
  bin_cuts<T> cuts;
  tree_set<V> trees;
  std::vector<double> importance;  ///< [p] sums of the trees' shares
  // Derived by prepare():
  bin_table<T> table{bin_cuts<T>{}};
  packed_forest<V> packed;

  index n_features() const { return cuts.features(); }

  /// What a walk needs, from the rest.
  ///
  /// run   as packed_forest's
  template <class Run>
  void prepare(const Run& run) {
    table = bin_table<T>(cuts);
    packed = packed_forest<V>(trees, run);
  }

  /// Mean over the trees that split at all of each feature's share of their decrease of impurity; zeros if none did.
  std::vector<double> feature_importances() const {
    double sum = 0;
    for (const double x : importance) sum += x;
    std::vector<double> out = importance;
    for (double& x : out) x = sum > 0 ? x / sum : 0;
    return out;
  }

  void add_importance(const std::vector<double>& decrease) {
    double sum = 0;
    for (const double x : decrease) sum += x;
    for (std::size_t j = 0; j < decrease.size() && sum > 0; ++j) importance[j] += decrease[j] / sum;
  }

  template <class Visitor>
  void fields(Visitor&& visit) {
    visit("cut_start", cuts.start);
    visit("cut", cuts.cut);
    visit("low", cuts.low);
    visit("high", cuts.high);
    visit("categorical", cuts.categorical);
    visit("missing", cuts.missing);
    visit("features", trees.features);
    visit("outputs", trees.outputs);
    visit("node_start", trees.node_start);
    visit("leaf_start", trees.leaf_start);
    visit("set_start", trees.set_start);
    visit("node_child", trees.all.child);
    visit("node_feature", trees.all.feature);
    visit("node_cut", trees.all.cut);
    visit("node_wide_cut", trees.all.wide_cut);
    visit("node_flags", trees.all.flags);
    visit("node_categories", trees.all.category_set);
    visit("categories", trees.all.categories);
    visit("leaf_values", trees.all.values);
    visit("importance", importance);
  }

  /// What is wrong with the fields of a file; empty if nothing is.
  const char* inconsistency() const;

  friend bool operator==(const forest& a, const forest& b) {
    return a.cuts == b.cuts && a.trees == b.trees && a.importance == b.importance;
  }
};

/// Ranges of `count` things that follow one another in `all`.
inline bool are_ranges(const std::vector<std::int64_t>& start, std::size_t all) {
  if (start.empty() || start.front() != 0 || start.back() != static_cast<std::int64_t>(all)) return false;
  for (std::size_t i = 1; i < start.size(); ++i)
    if (start[i] < start[i - 1]) return false;
  return true;
}

/// Whether every node of tree t leads on, to a leaf of it, and compares a feature there is.
template <class V>
bool is_tree(const tree_set<V>& trees, std::size_t t) {
  const auto& all = trees.all;
  const std::int64_t first = trees.node_start[t], nodes = trees.node_start[t + 1] - first;
  const std::int64_t leaves = trees.leaf_start[t + 1] - trees.leaf_start[t];
  const std::int64_t sets = trees.set_start[t + 1] - trees.set_start[t];
  for (std::int64_t i = 0; i < nodes; ++i) {
    const auto at = static_cast<std::size_t>(first + i);
    const std::int64_t child = all.child[at];
    if (child < 0 ? ~child >= leaves : child <= i || child + 1 >= nodes) return false;
    if (child >= 0 && all.feature[at] >= trees.features) return false;
    if ((all.flags[at] & splits_categories) == 0) continue;
    if (at >= all.category_set.size() || all.category_set[at] < 0 || all.category_set[at] >= sets) return false;
  }
  return nodes > 0;
}

template <class T, class V>
const char* forest<T, V>::inconsistency() const {
  const auto p = static_cast<std::size_t>(cuts.features());
  if (p < 1 || trees.features != cuts.features() || !are_ranges(cuts.start, cuts.cut.size()) || cuts.low.size() != p ||
      cuts.high.size() != p || cuts.categorical.size() != p || cuts.missing.size() != p || importance.size() != p)
    return "the cuts are not those of one set of features";
  for (index j = 0; j < cuts.features(); ++j)
    if (cuts.categorical[static_cast<std::size_t>(j)] != 0 && cuts.bins(j) > most_bins)
      return "a feature has more than 255 categories";
  const auto& all = trees.all;
  const std::size_t nodes = all.child.size(), byte_cuts = cuts.fit_bytes() ? nodes : 0;
  if (all.feature.size() != nodes || all.cut.size() != byte_cuts || all.wide_cut.size() != nodes - byte_cuts ||
      all.flags.size() != nodes || all.category_set.size() > nodes || all.categories.size() % 4 != 0)
    return "the nodes' fields are not of one length";
  if (trees.outputs < 1 || all.values.size() % static_cast<std::size_t>(trees.outputs) != 0)
    return "the leaves' values are not a row for each leaf";
  if (trees.size() < 1 || trees.leaf_start.size() != trees.node_start.size() ||
      trees.set_start.size() != trees.node_start.size() || !are_ranges(trees.node_start, nodes) ||
      !are_ranges(trees.leaf_start, all.values.size() / static_cast<std::size_t>(trees.outputs)) ||
      !are_ranges(trees.set_start, all.categories.size() / 4))
    return "the trees do not follow one another";
  for (std::size_t t = 0; t + 1 < trees.node_start.size(); ++t)
    if (!is_tree(trees, t)) return "a node leads nowhere";
  return "";
}

/// The leaves' values of a block of samples, added up, then given to `finish(i, sums)` for each sample i.
template <class P, class T, class V, class Finish>
struct walk_kernel {
  const forest<T, V>& trees;
  matrix_view<const T> X;
  const Finish& finish;
  std::atomic<bool>& saw_infinite;

  index sums_bytes() const { return walk_block(X.cols) * trees.trees.outputs * static_cast<index>(sizeof(double)); }
  index scratch_bytes() const { return sums_bytes() + walk_scratch_bytes(trees.trees, trees.packed); }

  void operator()(index begin, index end, std::byte* scratch) const {
    const index outputs = trees.trees.outputs;
    auto* const sums = reinterpret_cast<double*>(scratch);
    std::fill_n(sums, (end - begin) * outputs, 0.0);
    if (add_leaf_values<P>(trees.trees, trees.packed, trees.table, X, begin, end, sums, scratch + sums_bytes()))
      saw_infinite = true;
    for (index i = begin; i < end; ++i) finish(i, sums + (i - begin) * outputs);
  }
};

/// finish(i, sums) for each sample of X: sums of the values of the leaves it reaches.
///
/// throws   invalid_input if X has another number of columns, or an element that is infinite
/// note     a single sample wakes no thread
template <class Policy, class T, class V, class Finish>
void walk_samples(const Policy& policy, std::string_view who, const forest<T, V>& trees, matrix_view<const T> X,
                  const Finish& finish) {
  require_features(who, X, trees.n_features());
  using P = typename Policy::template pack<float>;
  std::atomic<bool> saw_infinite = false;
  if (X.rows == 1) {
    check_stop(policy);
    std::vector<double> sums(static_cast<std::size_t>(trees.trees.outputs));
    saw_infinite =
        add_leaf_values_of_row<P>(trees.trees, trees.packed, trees.table, &X(0, 0), X.col_stride, sums.data());
    finish(0, sums.data());
  } else {
    policy.for_blocks(X.rows, walk_block(X.cols), walk_kernel<P, T, V, Finish>{trees, X, finish, saw_infinite});
  }
  if (saw_infinite) require_not_infinite(policy, who, "X", X);
}

/// finish(i, leaves) for each sample of X: the node of each tree in which it ends, [trees].
///
/// throws   as walk_samples
template <class Policy, class T, class V, class Finish>
void walk_to_nodes(const Policy& policy, std::string_view who, const forest<T, V>& trees, matrix_view<const T> X,
                   const Finish& finish) {
  require_features(who, X, trees.n_features());
  struct kernel {
    const forest<T, V>& trees;
    matrix_view<const T> X;
    const Finish& finish;
    std::atomic<bool>& saw_infinite;

    index leaf_bytes() const {
      const index bytes = walk_block(X.cols) * trees.trees.size() * static_cast<index>(sizeof(std::int32_t));
      return (bytes + 63) / 64 * 64;
    }
    index scratch_bytes() const { return leaf_bytes() + walk_scratch_bytes(trees.trees, trees.packed); }

    void operator()(index begin, index end, std::byte* scratch) const {
      using P = typename Policy::template pack<float>;
      auto* const leaves = reinterpret_cast<std::int32_t*>(scratch);
      if (leaf_nodes<P>(trees.trees, trees.packed, trees.table, X, begin, end, leaves, scratch + leaf_bytes()))
        saw_infinite = true;
      for (index i = begin; i < end; ++i)
        finish(i, static_cast<const std::int32_t*>(leaves + (i - begin) * trees.trees.size()));
    }
  };
  std::atomic<bool> saw_infinite = false;
  policy.for_blocks(X.rows, walk_block(X.cols), kernel{trees, X, finish, saw_infinite});
  if (saw_infinite) require_not_infinite(policy, who, "X", X);
}

/// The node of each tree in which each sample of X ends.
///
/// returns   [n x trees]
/// throws    as walk_samples
template <class Policy, class T, class V>
matrix<std::int32_t> walk_to_leaves(const Policy& policy, std::string_view who, const forest<T, V>& trees,
                                    matrix_view<const T> X) {
  require_features(who, X, trees.n_features());  // before there is memory for it
  matrix<std::int32_t> out(X.rows, trees.trees.size());
  walk_to_nodes(policy, who, trees, X, [&](index i, const std::int32_t* leaves) {
    std::copy_n(leaves, out.cols(), out.data() + i * out.cols());
  });
  return out;
}

}  // namespace tutti::detail
