#pragma once
// kd_tree: samples in an order in which neighbours in space are neighbours in memory, and the boxes that hold them.
//
// Sixteen samples that lie together are a panel; sixteen panels are a node, sixteen nodes a node of the next level. A
// node has the boxes of its sixteen children side by side, so that a search looks at all of them at once. There are no
// pointers: child c of node i is number 16 i + c of the level below.
//
// **Source** Friedman, Bentley, Finkel, An Algorithm for Finding Best Matches in Logarithmic Expected Time, ACM
// Transactions on Mathematical Software 3 (1977), section 3 (medians of the widest feature).

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <tuple>
#include <utility>
#include <vector>

#include <tutti/algorithm/panels.hpp>
#include <tutti/algorithm/select_nth.hpp>
#include <tutti/core/storage.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti::detail {

/// The boxes of a level: for each node [p x 16] of its children's smallest and largest values.
template <class T>
struct kd_level {
  storage_vector<T> low, high;
  index children = 0;  ///< in all

  index nodes() const { return block_count(children, panel_rows); }
};

template <class T>
struct kd_tree {
  index features = 0;
  index samples = 0;
  storage_vector<T> panels;         ///< [panels x p x 16] anything behind the last sample
  std::vector<std::int32_t> order;  ///< [samples] number of the sample at each place
  std::vector<kd_level<T>> levels;  ///< from that whose children are panels to the root, which is one node

  index panel_count() const { return block_count(samples, panel_rows); }
};

/// Puts samples in order: medians of the feature in which they spread most, until panels are left.
template <class P>
class kd_order {
 public:
  using T = typename P::value_type;

  /// Samples of a range that one task orders alone: they stay in the second cache.
  static constexpr index near = 1 << 14;

  kd_order(matrix_view<const T> X, std::int32_t* order) : X_(X), order_(order) {}

  /// Orders all samples.
  template <class Policy>
  void run(const Policy& policy) const {
    for (index i = 0; i < X_.rows; ++i) order_[i] = static_cast<std::int32_t>(i);
    std::vector<range> open{{0, block_count(X_.rows, panel_rows)}}, closed;
    while (!open.empty()) {
      std::vector<range> next;
      for (const range& r : open)
        if (size(r) <= near)
          closed.push_back(r);
        else
          next.push_back(r);
      open.clear();
      policy.for_blocks(static_cast<index>(next.size()), 1, [&](index begin, index end, std::byte*) {
        for (index i = begin; i < end; ++i) {
          const range& r = next[static_cast<std::size_t>(i)];
          auto items = policy.template make_buffer<item>(size(r));
          split_far(r, items.data());
        }
      });
      for (const range& r : next) {
        open.push_back({r.begin, middle(r)});
        open.push_back({middle(r), r.end});
      }
    }
    policy.for_blocks(static_cast<index>(closed.size()), 1, [&](index begin, index end, std::byte*) {
      for (index i = begin; i < end; ++i) {
        const range& r = closed[static_cast<std::size_t>(i)];
        auto near_rows = policy.template make_buffer<T>(size(r) * X_.cols);
        auto items = policy.template make_buffer<item>(size(r));
        order_near(r, near_rows.data(), items.data());
      }
    });
  }

 private:
  /// Panels [begin, end).
  struct range {
    index begin, end;
  };

  using item = keyed_place<T>;

  /// Whole subtrees lie on the left, so that nodes of sixteen are subtrees.
  static index middle(const range& r) { return r.begin + left_leaves(r.end - r.begin); }
  index first(const range& r) const { return r.begin * panel_rows; }
  index last(const range& r) const { return std::min(X_.rows, r.end * panel_rows); }
  index size(const range& r) const { return last(r) - first(r); }

  /// The feature in which samples spread most; at(i, j) is feature j of the i-th of `count`, of which some are looked
  /// at.
  template <class At>
  index widest(index count, const At& at) const {
    const index step = std::max<index>(1, count / 512);
    index best = 0;
    T most = -1;
    for (index j = 0; j < X_.cols; ++j) {
      T low = at(0, j), high = low;
      for (index i = step; i < count; i += step) {
        low = std::min(low, at(i, j));
        high = std::max(high, at(i, j));
      }
      if (const T spread = high / 2 - low / 2; spread > most) most = spread, best = j;
    }
    return best;
  }

  void split_far(const range& r, item* items) const {
    std::int32_t* const order = order_ + first(r);
    const index count = size(r), feature = widest(count, [&](index i, index j) { return X_(order[i], j); });
    for (index i = 0; i < count; ++i) items[i] = {X_(order[i], feature), order[i]};
    select_nth<P>(items, count, (middle(r) - r.begin) * panel_rows);
    for (index i = 0; i < count; ++i) order[i] = items[i].at;
  }

  /// Orders a whole range, whose samples are copied together first.
  void order_near(const range& all, T* near_rows, item* items) const {
    const index count = size(all), p = X_.cols;
    std::int32_t* const order = order_ + first(all);
    for (index i = 0; i < count; ++i)
      for (index j = 0; j < p; ++j) near_rows[j * count + i] = X_(order[i], j);
    for (index i = 0; i < count; ++i) items[i].at = static_cast<std::int32_t>(i);
    std::vector<range> open{all};
    while (!open.empty()) {
      const range r = open.back();
      open.pop_back();
      if (r.end - r.begin <= 1) continue;
      item* const here = items + (first(r) - first(all));
      const index here_count = size(r);
      const auto feature_of = [&](index i, index j) { return near_rows[j * count + here[i].at]; };
      const index feature = widest(here_count, feature_of);
      for (index i = 0; i < here_count; ++i) here[i].key = feature_of(i, feature);
      select_nth<P>(here, here_count, (middle(r) - r.begin) * panel_rows);
      open.push_back({r.begin, middle(r)});
      open.push_back({middle(r), r.end});
    }
    for (index i = 0; i < count; ++i) items[i].at = order[items[i].at];
    for (index i = 0; i < count; ++i) order[i] = items[i].at;
  }

  matrix_view<const T> X_;
  std::int32_t* order_;
};

/// Children of a level's nodes: panels, or nodes of the level below.
template <class T>
struct kd_children {
  const kd_tree<T>& tree;
  const kd_level<T>* below;  ///< nullptr: panels

  /// The smallest and the largest value of feature j in child i.
  std::pair<T, T> bounds(index i, index j) const {
    const index at = (i * tree.features + j) * panel_rows;
    const index count = std::min(panel_rows, (below == nullptr ? tree.samples : below->children) - i * panel_rows);
    const T* const low = (below == nullptr ? tree.panels : below->low).data() + at;
    const T* const high = (below == nullptr ? tree.panels : below->high).data() + at;
    return {*std::min_element(low, low + count), *std::max_element(high, high + count)};
  }
};

/// A tree of samples.
///
/// policy   a host's
/// X        [n x p] finite, n < 2^31
/// cost     O(n log n) work; memory n (p + 1) and an eighth of it for boxes
/// note     the order of samples of one value is anybody's: no answer depends on it
template <host_policy Policy, class T>
kd_tree<T> build_kd_tree(const Policy& policy, matrix_view<const T> X) {
  kd_tree<T> tree;
  const index p = X.cols;
  tree.features = p;
  tree.samples = X.rows;
  tree.order.resize(static_cast<std::size_t>(X.rows));
  kd_order<typename Policy::template pack<T>>(X, tree.order.data()).run(policy);
  tree.panels.resize(static_cast<std::size_t>(tree.panel_count() * panel_rows * p));
  policy.for_blocks(tree.panel_count(), 256, [&](index begin, index end, std::byte*) {
    for (index k = begin; k < end; ++k)
      for (index l = 0; l < panel_rows; ++l) {
        const index i = tree.order[static_cast<std::size_t>(std::min(k * panel_rows + l, X.rows - 1))];
        for (index j = 0; j < p; ++j) tree.panels[static_cast<std::size_t>((k * p + j) * panel_rows + l)] = X(i, j);
      }
  });
  for (index children = tree.panel_count(); tree.levels.empty() || children > 1;) {
    kd_level<T> level;
    level.children = children;
    level.low.resize(static_cast<std::size_t>(level.nodes() * panel_rows * p));
    level.high.resize(level.low.size());
    const kd_children<T> below{tree, tree.levels.empty() ? nullptr : &tree.levels.back()};
    policy.for_blocks(children, 256, [&](index begin, index end, std::byte*) {
      for (index i = begin; i < end; ++i)
        for (index j = 0; j < p; ++j) {
          const auto at = static_cast<std::size_t>((i / panel_rows * p + j) * panel_rows + i % panel_rows);
          std::tie(level.low[at], level.high[at]) = below.bounds(i, j);
        }
    });
    children = level.nodes();
    tree.levels.push_back(std::move(level));
  }
  return tree;
}

}  // namespace tutti::detail
