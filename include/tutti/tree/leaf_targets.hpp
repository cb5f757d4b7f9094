#pragma once
// The training targets in the leaves of a forest, and their quantiles.
//
// **Source** Meinshausen, Quantile Regression Forests, Journal of Machine Learning Research 7 (2006), section 3.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>
#include <tutti/tree/descend.hpp>
#include <tutti/tree/forest.hpp>
#include <tutti/tree/tree.hpp>

namespace tutti::detail {

/// Leaves are counted through all trees. Leaf k holds entries start[k] to start[k + 1] - 1, ascending by place.
template <class T>
struct leaf_targets {
  std::vector<T> target;             ///< [m] distinct, ascending
  std::vector<std::int64_t> start;   ///< [leaves + 1]; empty if nothing is kept
  std::vector<std::int32_t> place;   ///< among the targets
  std::vector<std::int32_t> weight;  ///< how often the tree drew samples of that target

  bool empty() const { return start.empty(); }

  template <class Visitor>
  void fields(Visitor&& visit) {
    visit("target", target);
    visit("target_start", start);
    visit("target_place", place);
    visit("target_weight", weight);
  }

  /// What is wrong with the fields of a file; empty if nothing is.
  const char* inconsistency(std::int64_t leaves) const {
    constexpr const char* wrong = "the leaves' targets do not fit";
    if (empty()) return target.empty() && place.empty() && weight.empty() ? "" : wrong;
    if (static_cast<std::int64_t>(start.size()) != leaves + 1 || !are_ranges(start, place.size()) ||
        weight.size() != place.size() || !std::is_sorted(target.begin(), target.end()))
      return wrong;
    for (std::size_t k = 1; k < start.size(); ++k)
      if (start[k] == start[k - 1]) return wrong;
    for (std::size_t k = 0; k < place.size(); ++k)
      if (place[k] < 0 || static_cast<std::size_t>(place[k]) >= target.size() || weight[k] < 1) return wrong;
    return "";
  }

  friend bool operator==(const leaf_targets&, const leaf_targets&) = default;
};

/// The targets of one tree's leaves: entries (leaf, place) with weights, ascending.
struct tree_targets {
  std::vector<std::int64_t> entries;  ///< [leaves + 1] how many are before each leaf
  std::vector<std::int32_t> place, weight;
};

/// place_of   [n] each sample's target among the distinct ones
template <class Fit, class T, class V, class Count>
tree_targets targets_of_tree(const Fit& fit, const forest<T, V>& grown, index t, const Count* counts,
                             const std::vector<std::int32_t>& place_of) {
  struct drawn {
    std::int32_t leaf, place, weight;
  };
  const auto tree = static_cast<std::size_t>(t);
  const std::int32_t* const child = grown.trees.all.child.data() + grown.trees.node_start[tree];
  std::vector<drawn> all;
  for (index i = 0; i < fit.samples().samples(); ++i)
    if (counts[i] != 0)
      all.push_back({~child[leaf_of(grown.trees, t, 0, fit.bins_of(fit.row(i)))], place_of[static_cast<std::size_t>(i)],
                     static_cast<std::int32_t>(counts[i])});
  std::sort(all.begin(), all.end(), [](const drawn& a, const drawn& b) {
    return a.leaf < b.leaf || (a.leaf == b.leaf && a.place < b.place);
  });
  tree_targets out;
  const std::int64_t leaves = grown.trees.leaf_start[tree + 1] - grown.trees.leaf_start[tree];
  out.entries.assign(static_cast<std::size_t>(leaves) + 1, 0);
  for (std::size_t k = 0; k < all.size(); ++k) {
    if (k > 0 && all[k].leaf == all[k - 1].leaf && all[k].place == all[k - 1].place) {
      out.weight.back() += all[k].weight;
      continue;
    }
    out.place.push_back(all[k].place);
    out.weight.push_back(all[k].weight);
    ++out.entries[static_cast<std::size_t>(all[k].leaf) + 1];
  }
  for (std::size_t k = 1; k < out.entries.size(); ++k) out.entries[k] += out.entries[k - 1];
  return out;
}

/// fit   the forest_fit that grew the trees
/// y     [n]
template <class Policy, class Fit, class T, class V>
leaf_targets<T> collect_targets(const Policy& policy, const Fit& fit, const forest<T, V>& grown,
                                vector_view<const T> y) {
  leaf_targets<T> out;
  for (index i = 0; i < y.size; ++i)
    if (fit.samples().is_present(i)) out.target.push_back(y(i) == T(0) ? T(0) : y(i));
  std::sort(out.target.begin(), out.target.end());
  out.target.erase(std::unique(out.target.begin(), out.target.end()), out.target.end());
  std::vector<std::int32_t> place_of(static_cast<std::size_t>(y.size));
  for (index i = 0; i < y.size; ++i)
    place_of[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(
        std::lower_bound(out.target.begin(), out.target.end(), y(i)) - out.target.begin());

  std::vector<tree_targets> trees(static_cast<std::size_t>(grown.trees.size()));
  fit.for_each_bag(policy, grown.trees.size(), [&](index t, const auto* counts) {
    trees[static_cast<std::size_t>(t)] = targets_of_tree(fit, grown, t, counts, place_of);
  });
  std::size_t entries = 0;
  for (const tree_targets& tree : trees) entries += tree.place.size();
  out.place.reserve(entries);
  out.weight.reserve(entries);
  out.start.reserve(static_cast<std::size_t>(grown.trees.leaf_start.back()) + 1);
  out.target.shrink_to_fit();
  out.start.push_back(0);
  for (tree_targets& tree : trees) {
    const std::int64_t before = out.start.back();
    for (std::size_t k = 1; k < tree.entries.size(); ++k) out.start.push_back(before + tree.entries[k]);
    out.place.insert(out.place.end(), tree.place.begin(), tree.place.end());
    out.weight.insert(out.weight.end(), tree.weight.begin(), tree.weight.end());
    tree = {};
  }
  return out;
}

/// A target and its share of a sample's prediction.
struct target_share {
  std::int32_t place;
  double share;
};

/// The targets of the leaves in which a sample ends, ascending; equal ones in the order of the trees.
///
/// leaves   [trees]
template <class T, class V>
std::vector<target_share> shares_of(const tree_set<V>& trees, const leaf_targets<T>& kept, const std::int32_t* leaves) {
  std::vector<target_share> out;
  for (index t = 0; t < trees.size(); ++t) {
    const auto tree = static_cast<std::size_t>(t);
    const std::int32_t leaf = ~trees.all.child[static_cast<std::size_t>(trees.node_start[tree] + leaves[t])];
    const auto at = static_cast<std::size_t>(trees.leaf_start[tree] + leaf);
    const auto first = static_cast<std::size_t>(kept.start[at]), last = static_cast<std::size_t>(kept.start[at + 1]);
    std::int64_t all = 0;
    for (std::size_t k = first; k < last; ++k) all += kept.weight[k];
    for (std::size_t k = first; k < last; ++k)
      out.push_back({kept.place[k], static_cast<double>(kept.weight[k]) / static_cast<double>(all)});
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const target_share& a, const target_share& b) { return a.place < b.place; });
  return out;
}

/// The smallest target at or below which lie q of all shares; what rounding takes from their sum does not count.
template <class T>
T quantile(const std::vector<target_share>& shares, const std::vector<T>& target, double trees, double q) {
  const double wanted = q * trees - 1e-9 * trees;
  double sum = 0;
  std::size_t k = 0;
  for (; k + 1 < shares.size(); ++k) {
    sum += shares[k].share;
    if (sum >= wanted && sum > 0) break;
  }
  return target[static_cast<std::size_t>(shares[k].place)];
}

}  // namespace tutti::detail
