#pragma once
// The nodes of a forest as the fast walk reads them: one word each, or a few, all trees behind one another.
//
// A node keeps its number, so that a leaf which the fast walk ends in is the one of tree_set. Leaves loop on
// themselves: their cut is 255, and no bin is larger; a walk may take more steps than a tree is deep. Nodes that split
// by a set of categories are leaves to the fast walk, and the slow one goes on from there.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <tutti/core/storage.hpp>
#include <tutti/core/view.hpp>
#include <tutti/tree/tree.hpp>

namespace tutti::detail {

inline constexpr int top_levels = 6;
inline constexpr int top_nodes = (1 << top_levels) - 1;

/// The nodes of the first levels of a tree in full, level by level. Under a leaf everything goes left.
struct tree_top {
  std::array<std::uint32_t, top_nodes> column{};
  std::array<std::uint8_t, top_nodes> cut{};
  std::array<std::int32_t, top_nodes + 1> entry{};  ///< the nodes of the level below
};

/// The cut of a node where the fast walk stays.
inline constexpr std::uint32_t stop_cut = 255;

/// What a node asks: whether the bin in a column is above a cut. Below it the left child is an offset away.
template <class Bin>
struct node_question {
  Bin cut;
  std::uint32_t column;
  std::uint32_t offset;  ///< 0 of a leaf
};

/// One word a node: cut, column << 8, offset of the left child << 16.
struct short_nodes {
  using bin_type = std::uint8_t;
  static constexpr bool has_offsets = false;
  static constexpr std::uint32_t column_mask = 0xff;

  const std::int32_t* word = nullptr;

  [[gnu::always_inline]] node_question<bin_type> question(std::size_t i) const {
    const auto w = static_cast<std::uint32_t>(word[i]);
    return {static_cast<bin_type>(w), w >> 8 & column_mask, w >> 16};
  }
};

/// Two words a node: cut, column << 8; offset of the left child, 0 for a leaf.
struct long_nodes {
  using bin_type = std::uint8_t;
  static constexpr bool has_offsets = true;
  static constexpr std::uint32_t column_mask = 0xffffff;

  const std::int32_t* word = nullptr;
  const std::int32_t* offset = nullptr;

  [[gnu::always_inline]] node_question<bin_type> question(std::size_t i) const {
    const auto w = static_cast<std::uint32_t>(word[i]);
    return {static_cast<bin_type>(w), w >> 8, static_cast<std::uint32_t>(offset[i])};
  }
};

/// Three words a node, for bins of four bytes.
struct wide_nodes {
  using bin_type = std::uint32_t;

  const node_question<bin_type>* first = nullptr;

  [[gnu::always_inline]] node_question<bin_type> question(std::size_t i) const { return first[i]; }
};

/// Memory that is needed soon, asked for a few cache lines at a time.
struct words_ahead {
  static constexpr index line = 16;

  const std::int32_t* next = nullptr;
  const std::int32_t* end = nullptr;
  index lines = 0;  ///< of one call

  [[gnu::always_inline]] void fetch() {
    for (index i = 0; i < lines && next < end; ++i, next += line) __builtin_prefetch(next, 0, 2);
  }
};

/// f(t) for each t in [0, n), one after the other.
struct in_order {
  template <class F>
  void operator()(index n, const F& f) const {
    for (index t = 0; t < n; ++t) f(t);
  }
};

/// Trees as the fast walk reads them; made once from those of a model, whose children lie behind their parents.
///
/// Missing values: bin 255 goes right by itself. A node that sends it left looks at a second column of its feature, in
/// which missing values are bin 0.
template <class V>
class packed_forest {
 public:
  packed_forest() = default;

  /// run      run(n, f): calls f(t) for t in [0, n), in any order, on as many threads as it likes
  /// throws   std::bad_alloc
  /// cost     two passes over the nodes
  template <class Run = in_order>
  explicit packed_forest(const tree_set<V>& trees, const Run& run = {}) {
    look_through(trees, run);
    const auto nodes = trees.all.child.size(), count = static_cast<std::size_t>(trees.size());
    is_wide_ = !trees.all.wide_cut.empty();
    if (trees.outputs == 1) value_.resize(nodes);
    if (is_wide_) {
      wide_.resize(nodes);
    } else {
      word_.resize(nodes);
      if (!short_) offset_.resize(nodes);
      top_.resize(count);
      depth_.resize(count);
    }
    run(trees.size(), [&](index t) {
      if (trees.outputs == 1) fill_values(trees, range(trees, t));
      if (is_wide_) return fill_wide(trees, range(trees, t));
      fill_words(trees, range(trees, t));
      top_[static_cast<std::size_t>(t)] = top_of(trees, range(trees, t));
      depth_[static_cast<std::size_t>(t)] = depth_of(trees, range(trees, t));
    });
    fill_roots(trees);
  }

  /// Whether some nodes split by sets of categories.
  bool has_categories() const { return categories_; }
  /// Columns of bins that the nodes look at: one a feature, or two.
  index columns() const { return columns_; }
  /// Whether bins take four bytes. If so, there are wide nodes only, and no tops, depths or words ahead.
  bool is_wide() const { return is_wide_; }
  /// Whether one word a node suffices.
  bool is_short() const { return short_; }

  /// Calls f with the nodes from tree t on, as short_nodes or long_nodes.
  template <class F>
  void with_nodes(const tree_set<V>& trees, index t, const F& f) const {
    const auto first = static_cast<std::size_t>(trees.node_start[static_cast<std::size_t>(t)]);
    if (short_)
      f(short_nodes{word_.data() + first});
    else
      f(long_nodes{word_.data() + first, offset_.data() + first});
  }

  /// The wide nodes from tree t on.
  wide_nodes wide(const tree_set<V>& trees, index t) const {
    return {wide_.data() + trees.node_start[static_cast<std::size_t>(t)]};
  }

  /// Whether each node has its value here: where leaves have one.
  bool has_values() const { return !value_.empty(); }
  /// The value of each node from those of tree t on.
  const V* values(const tree_set<V>& trees, index t) const {
    return value_.data() + trees.node_start[static_cast<std::size_t>(t)];
  }

  /// The words of tree t, to be asked for in a number of parts; none if there is no such tree.
  words_ahead ahead(const tree_set<V>& trees, index t, index parts) const {
    if (t >= trees.size()) return {};
    const auto tree = static_cast<std::size_t>(t);
    const std::int32_t* const first = word_.data() + trees.node_start[tree];
    const index count = trees.node_start[tree + 1] - trees.node_start[tree];
    return {first, first + count, (count / words_ahead::line + parts) / parts};
  }

  /// The last node of tree t: a leaf.
  std::int32_t last_node(const tree_set<V>& trees, index t) const {
    const auto tree = static_cast<std::size_t>(t);
    return static_cast<std::int32_t>(trees.node_start[tree + 1] - trees.node_start[tree]) - 1;
  }

  const tree_top& top(index t) const { return top_[static_cast<std::size_t>(t)]; }
  /// The roots among the nodes of all trees, a multiple of 16 of them; empty if there are too many nodes.
  std::span<const std::int32_t> roots() const { return root_; }
  /// Levels of tree t below its root.
  int depth(index t) const { return depth_[static_cast<std::size_t>(t)]; }
  /// Levels of the deepest of some trees.
  int depth(index first, index count) const {
    return *std::max_element(depth_.begin() + first, depth_.begin() + first + count);
  }

  /// A model is equal to another if its trees are.
  friend bool operator==(const packed_forest&, const packed_forest&) { return true; }

 private:
  /// The nodes [first, end) of a tree.
  struct node_range {
    std::size_t tree, first, end;
  };
  static node_range range(const tree_set<V>& trees, index t) {
    const auto tree = static_cast<std::size_t>(t);
    return {tree, static_cast<std::size_t>(trees.node_start[tree]),
            static_cast<std::size_t>(trees.node_start[tree + 1])};
  }

  // Whether a node is a leaf is as good as random: the loops over nodes choose between values, not between ways.

  /// What all nodes together decide.
  template <class Run>
  void look_through(const tree_set<V>& trees, const Run& run) {
    std::vector<std::uint8_t> flags(static_cast<std::size_t>(trees.size()));
    std::vector<std::int64_t> largest(flags.size());
    run(trees.size(), [&](index t) {
      const node_range nodes = range(trees, t);
      std::uint8_t seen = 0;
      std::int64_t most = 0;
      for (std::size_t i = nodes.first; i < nodes.end; ++i) {
        seen |= trees.all.flags[i];
        most = std::max(most, trees.all.child[i] - static_cast<std::int64_t>(i - nodes.first));
      }
      flags[nodes.tree] = seen;
      largest[nodes.tree] = most;
    });
    std::uint8_t all = 0;
    for (const std::uint8_t of_tree : flags) all |= of_tree;
    categories_ = (all & splits_categories) != 0;
    columns_ = (all & missing_goes_left) != 0 ? 2 * trees.features : trees.features;
    short_ = columns_ <= 256 && std::ranges::all_of(largest, [](std::int64_t offset) { return offset < 65536; });
  }

  static bool stops(const tree_set<V>& trees, std::size_t i) {
    const int leaf = trees.all.child[i] < 0, of_categories = trees.all.flags[i] & splits_categories;
    return (leaf | of_categories) != 0;
  }

  static std::uint32_t column_of(const tree_set<V>& trees, std::size_t i) {
    const bool second = (trees.all.flags[i] & missing_goes_left) != 0;
    return (second ? std::uint32_t(trees.features) : 0) + trees.all.feature[i];
  }

  /// From node i of all trees to its left child; 0 if the fast walk stops there.
  static std::int32_t offset_of(const tree_set<V>& trees, std::size_t i, const node_range& nodes) {
    return stops(trees, i) ? 0 : trees.all.child[i] - static_cast<std::int32_t>(i - nodes.first);
  }

  /// Cut and column of a node. No bin but that of missing values is above 254.
  static std::uint32_t question(const tree_set<V>& trees, std::size_t i) {
    const std::uint32_t cut = std::min<std::uint32_t>(trees.all.cut[i], stop_cut - 1);
    return stops(trees, i) ? stop_cut : cut | column_of(trees, i) << 8;
  }

  void fill_wide(const tree_set<V>& trees, const node_range& nodes) {
    constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
    for (std::size_t i = nodes.first; i < nodes.end; ++i) {
      const std::uint32_t cut = std::min(trees.all.wide_cut[i], none - 1);
      const auto offset = static_cast<std::uint32_t>(offset_of(trees, i, nodes));
      wide_[i] = {stops(trees, i) ? none : cut, stops(trees, i) ? 0 : column_of(trees, i), offset};
    }
  }

  void fill_words(const tree_set<V>& trees, const node_range& nodes) {
    for (std::size_t i = nodes.first; i < nodes.end; ++i) {
      const std::int32_t offset = offset_of(trees, i, nodes);
      const std::uint32_t high = short_ ? static_cast<std::uint32_t>(offset) << 16 : 0;
      word_[i] = static_cast<std::int32_t>(question(trees, i) | high);
      if (!short_) offset_[i] = offset;
    }
  }

  void fill_values(const tree_set<V>& trees, const node_range& nodes) {
    const V* const values = trees.all.values.data() + trees.leaf_start[nodes.tree];
    for (std::size_t i = nodes.first; i < nodes.end; ++i) value_[i] = values[std::max(~trees.all.child[i], 0)];
  }

  /// The roots, for walks of one row through all trees, if 31 bits count all nodes; a leaf for what fills a pack.
  void fill_roots(const tree_set<V>& trees) {
    if (trees.node_start.back() > std::numeric_limits<std::int32_t>::max()) return;
    root_.assign(trees.node_start.begin(), trees.node_start.end() - 1);
    root_.resize((root_.size() + 15) / 16 * 16, static_cast<std::int32_t>(trees.node_start.back()) - 1);
  }

  static tree_top top_of(const tree_set<V>& trees, const node_range& nodes) {
    const std::int32_t* const child = trees.all.child.data() + nodes.first;
    tree_top top;
    std::array<std::int32_t, 2 * top_nodes + 1> at{};
    for (std::size_t i = 0; i < top_nodes; ++i) {
      const std::int32_t node = at[i];
      const std::size_t here = nodes.first + static_cast<std::size_t>(node);
      const std::uint32_t word = question(trees, here);
      top.column[i] = word >> 8;
      top.cut[i] = static_cast<std::uint8_t>(word);
      at[2 * i + 1] = stops(trees, here) ? node : child[node];
      at[2 * i + 2] = stops(trees, here) ? node : child[node] + 1;
    }
    std::copy(at.begin() + top_nodes, at.end(), top.entry.begin());
    return top;
  }

  static std::int32_t depth_of(const tree_set<V>& trees, const node_range& nodes) {
    const std::size_t count = nodes.end - nodes.first;
    std::vector<std::int32_t> level(count + 2, 0);  // leaves put the levels of their children behind all
    std::int32_t deepest = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::int32_t left = trees.all.child[nodes.first + i];
      const std::size_t to = left < 0 ? count : static_cast<std::size_t>(left);
      deepest = std::max(deepest, level[i]);
      level[to] = level[to + 1] = level[i] + 1;
    }
    return deepest;
  }

  bool categories_ = false, is_wide_ = false, short_ = true;
  index columns_ = 0;
  storage_vector<std::int32_t> word_, offset_;
  storage_vector<node_question<std::uint32_t>> wide_;
  storage_vector<V> value_;
  std::vector<std::int32_t> root_;
  std::vector<tree_top> top_;
  std::vector<std::int32_t> depth_;
};

}  // namespace tutti::detail
