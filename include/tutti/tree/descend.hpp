#pragma once
// Down a tree: where rows of bins end, by packs of rows where the machine gathers, number by number elsewhere.
//
// The first levels are byte comparisons of whole columns of bins; below them 16 rows are a pack, and four packs are on
// their way at the same time. In a deep tree the rows that have arrived are taken out every few levels.

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#include <tutti/algorithm/quantize.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/transpose.hpp>
#include <tutti/tree/packed_nodes.hpp>
#include <tutti/tree/tree.hpp>

namespace tutti::detail {

/// Rows of a tile of bins: the bin of row r in column j is byte 64 j + r of the tile.
inline constexpr index walk_tile_rows = 64;

/// log2 of the bytes of a tile. They are a power of two, so that the offset of a row's first bin tells its number.
constexpr int tile_shift(index columns) {
  return 6 + static_cast<int>(std::bit_width(static_cast<std::size_t>(std::max<index>(columns, 1) - 1)));
}

constexpr index tile_count(index rows) { return (rows + walk_tile_rows - 1) / walk_tile_rows; }

/// Whether bin goes to the left child of node i, an index into the nodes of all trees.
///
/// Trees   tree_set, or tree_pointers of a device
template <class Bin, class Trees>
constexpr bool goes_left(const Trees& trees, index t, std::size_t i, Bin bin) {
  const auto& nodes = trees.all;
  if (bin == std::numeric_limits<Bin>::max()) return (nodes.flags[i] & missing_goes_left) != 0;
  if ((nodes.flags[i] & splits_categories) == 0) return bin <= nodes.cut_of(i);
  const std::int64_t set = trees.set_start[static_cast<std::size_t>(t)] + nodes.category_set[i];
  return (nodes.categories[static_cast<std::size_t>(4 * set + bin / 64)] >> (bin % 64) & 1) != 0;
}

/// The leaf of tree t that a row reaches from a node on.
///
/// Trees    as goes_left has it
/// bin_of   bin_of(j): the row's bin of feature j
template <class Trees, class BinOf>
constexpr std::int32_t leaf_of(const Trees& trees, index t, std::int32_t node, const BinOf& bin_of) {
  const auto first = static_cast<std::size_t>(trees.node_start[static_cast<std::size_t>(t)]);
  for (;;) {
    const std::size_t i = first + static_cast<std::size_t>(node);
    const std::int32_t child = trees.all.child[i];
    if (child < 0) return node;
    node = goes_left(trees, t, i, bin_of(index{trees.all.feature[i]})) ? child : child + 1;
  }
}

/// Rows of bins in tiles, and room for what is found out about them; all of it in a task's scratch.
class walk_rows {
 public:
  walk_rows(index columns, index rows, std::byte* scratch)
      : shift_(tile_shift(columns)), tiles_(tile_count(rows)), at_(scratch) {
    const index room = (tiles_ + 1) * walk_tile_rows;
    bins = take<std::uint8_t>((tiles_ + 1) << shift_);
    for (std::int32_t** const list : {&end, &row, &node, &word, &done_row, &done_node})
      *list = take<std::int32_t>(room);
  }

  /// Bytes of scratch.
  static constexpr index bytes(index columns, index rows) {
    const index tiles = tile_count(rows) + 1;
    return (tiles << tile_shift(columns)) + 6 * tiles * walk_tile_rows * 4;
  }

  index tiles() const { return tiles_; }
  std::uint8_t* tile(index k) const { return bins + (k << shift_); }
  /// The offset of the first bin of the first row of a tile.
  std::int32_t offset(index tile) const { return static_cast<std::int32_t>(tile << shift_); }
  /// The row whose first bin has an offset.
  index number(std::int32_t offset) const {
    return (offset >> shift_) * walk_tile_rows + (offset & (walk_tile_rows - 1));
  }

  std::uint8_t* bins;                       ///< a tile more than there are rows for: of rows that are none
  std::int32_t* end;                        ///< the nodes where rows end
  std::int32_t *row, *node, *word;          ///< rows on their way: their offset, where they are, what is there
  std::int32_t *done_row, *done_node;       ///< rows that have just arrived

 private:
  template <class U>
  U* take(index count) {
    U* const p = reinterpret_cast<U*>(at_);
    at_ += count * static_cast<index>(sizeof(U));
    return p;
  }

  int shift_;
  index tiles_;
  std::byte* at_;
};

/// The first levels of a tree, for comparing the bins of Bytes rows at once.
template <int Bytes>
class top_walk {
 public:
  explicit top_walk(const tree_top& top) : column_(top.column) {
    for (std::size_t i = 0; i < top_nodes; ++i) cut_[i] = rows{} + top.cut[i];
  }

  /// Which of the nodes below each row of a tile comes to.
  void operator()(const std::uint8_t* tile, std::uint8_t* which) const {
    for (index r = 0; r < walk_tile_rows; r += Bytes) {
      rows left[top_levels] = {ask(tile + r, 0)}, number = left[0];
      walk_level<1>(tile + r, left, number);
      number += static_cast<std::uint8_t>(top_nodes);  // every level has counted 0 for right and -1 for left
      std::memcpy(which + r, &number, sizeof number);
    }
  }

 private:
  using rows = wide_t<std::uint8_t, Bytes>;

  /// -1 where a row goes left at node i, else 0.
  [[gnu::always_inline]] rows ask(const std::uint8_t* bins, std::size_t i) const {
    rows bin;
    std::memcpy(&bin, bins + column_[i] * walk_tile_rows, sizeof bin);
    return rows(bin <= cut_[i]);
  }

  /// Of two neighbours among the answers of a level the one that level Above leads to, and so on up to the root.
  template <int Above>
  [[gnu::always_inline]] static rows choose(rows* answer, const rows* left) {
    const auto of_two = [&](int i) __attribute__((always_inline)) {
      return answer[2 * i + 1] ^ ((answer[2 * i] ^ answer[2 * i + 1]) & left[Above]);
    };
    if constexpr (Above == 0) {
      return of_two(0);
    } else {
#pragma GCC unroll 16
      for (int i = 0; i < 1 << Above; ++i) answer[i] = of_two(i);
      return choose<Above - 1>(answer, left);
    }
  }

  /// Asks all nodes of a level, and of those below.
  template <int Level>
  [[gnu::always_inline]] void walk_level(const std::uint8_t* bins, rows* left, rows& number) const {
    constexpr std::size_t count = std::size_t{1} << Level;
    rows answer[count];
#pragma GCC unroll 32
    for (std::size_t i = 0; i < count; ++i) answer[i] = ask(bins, count - 1 + i);
    left[Level] = choose<Level - 1>(answer, left);
    number += number + left[Level];
    if constexpr (Level + 1 < top_levels) walk_level<Level + 1>(bins, left, number);
  }

  const std::array<std::uint32_t, top_nodes>& column_;
  std::array<rows, top_nodes> cut_;
};

/// The top_walk with registers like those of I.
template <class I>
using top_walk_like = top_walk<static_cast<int>(sizeof(typename I::part))>;

/// A pack of rows on its way through a tree.
template <class I>
struct walking {
  I row, node, word;

  /// One level down; stays where it is in a leaf.
  template <int Shift, class Nodes>
  [[gnu::always_inline]] void step(const Nodes& nodes, const std::uint8_t* bins) {
    constexpr auto columns = static_cast<std::int32_t>(Nodes::column_mask << Shift);
    const I column = word.template shifted_right<8 - Shift>() & I::all(columns);
    const I bin = I::gather_bytes(bins, row + column) & I::all(255);
    if constexpr (Nodes::has_offsets)
      node = node + I::gather(nodes.offset, node);
    else
      node = node + word.template shifted_right<16>();
    node = select(cut() < bin, node + I::all(1), node);
    word = I::gather(nodes.word, node);
  }

  [[gnu::always_inline]] I cut() const { return word & I::all(255); }
  [[gnu::always_inline]] typename I::mask inner() const { return cut() < I::all(stop_cut); }
  [[gnu::always_inline]] typename I::mask arrived() const { return cut() == I::all(stop_cut); }
};

template <class I>
inline constexpr std::size_t packs_of_tile =
    static_cast<std::size_t>(walk_tile_rows) / static_cast<std::size_t>(I::lanes);

/// Some levels down with a few packs side by side. Columns of bins are 1 << Shift bytes apart.
template <int Shift, class I, class Nodes, std::size_t Packs>
[[gnu::always_inline]] inline void walk_steps(const Nodes& nodes, const std::uint8_t* bins, int steps,
                                              std::array<walking<I>, Packs>& w) {
  for (int s = 0; s < steps; ++s)
#pragma GCC unroll 4
    for (std::size_t g = 0; g < Packs; ++g) w[g].template step<Shift>(nodes, bins);
}

/// Appends the rows that are still on their way to the lists; returns how many there are now.
template <class I>
[[gnu::always_inline]] inline index keep_walking(const walk_rows& rows, index count, const walking<I>& w) {
  const auto inner = w.inner();
  w.row.store_if(rows.row + count, inner);
  w.node.store_if(rows.node + count, inner);
  return count + w.word.store_if(rows.word + count, inner);
}

inline constexpr int steps_of_all = 10;   ///< levels below the first that all rows walk
inline constexpr int steps_of_some = 3;   ///< levels after which those that have arrived are taken out

/// Walks the rows of the lists until all have arrived. `spare` is a leaf, for lanes without a row.
template <class I, class Nodes>
void walk_rest(const Nodes& nodes, std::int32_t spare, const walk_rows& rows, index count) {
  while (count > 0) {
    for (index i = count; i < count + walk_tile_rows; i += I::lanes) {
      I::all(rows.offset(rows.tiles())).storeu(rows.row + i);
      I::all(spare).storeu(rows.node + i);
      I::all(stop_cut).storeu(rows.word + i);
    }
    index left = 0, done = 0;
    for (index i = 0; i < count; i += walk_tile_rows) {
      std::array<walking<I>, packs_of_tile<I>> w;
      for (std::size_t g = 0; g < packs_of_tile<I>; ++g) {
        const index at = i + static_cast<index>(g) * I::lanes;
        w[g] = {I::loadu(rows.row + at), I::loadu(rows.node + at), I::loadu(rows.word + at)};
      }
      walk_steps<6>(nodes, rows.bins, steps_of_some, w);
      for (std::size_t g = 0; g < packs_of_tile<I>; ++g) {
        left = keep_walking(rows, left, w[g]);
        w[g].row.store_if(rows.done_row + done, w[g].arrived());
        done += w[g].node.store_if(rows.done_node + done, w[g].arrived());
      }
    }
    for (index i = 0; i < done; ++i) rows.end[rows.number(rows.done_row[i])] = rows.done_node[i];
    count = left;
  }
}

/// Where the rows of a block end in a tree, with gathers.
template <class I, class Nodes, class V>
void walk_packs(const Nodes& nodes, const tree_set<V>& trees, const packed_forest<V>& forest, index t,
                const walk_rows& rows) {
  const tree_top& top = forest.top(t);
  const top_walk_like<I> top_walk(top);
  const int below = std::max(forest.depth(t) - top_levels, 0);
  alignas(64) std::int32_t lanes[I::lanes];
  for (std::int32_t l = 0; l < I::lanes; ++l) lanes[l] = l;
  words_ahead next_tree = forest.ahead(trees, t + 1, rows.tiles());
  index count = 0;
  for (index k = 0; k < rows.tiles(); ++k) {
    alignas(64) std::uint8_t which[walk_tile_rows];
    top_walk(rows.tile(k), which);
    next_tree.fetch();
    std::array<walking<I>, packs_of_tile<I>> w;
    for (std::size_t g = 0; g < packs_of_tile<I>; ++g) {
      w[g].row = I::load(lanes) + I::all(rows.offset(k) + static_cast<std::int32_t>(g) * I::lanes);
      w[g].node = I::gather(top.entry.data(), I::from_bytes(which + g * std::size_t(I::lanes)));
      w[g].word = I::gather(nodes.word, w[g].node);
    }
    walk_steps<6>(nodes, rows.bins, std::min(below, steps_of_all), w);
    for (std::size_t g = 0; g < packs_of_tile<I>; ++g) {
      w[g].node.storeu(rows.end + k * walk_tile_rows + static_cast<index>(g) * I::lanes);
      if (below > steps_of_all) count = keep_walking(rows, count, w[g]);
    }
  }
  walk_rest<I>(nodes, forest.last_node(trees, t), rows, count);
}

/// Takes eight walks to their ends, number by number. The bins of walk g begin at bins + g * Step; columns are
/// 1 << Shift bins apart.
template <int Shift, std::uint32_t Step, class Nodes>
void walk_numbers(const Nodes& nodes, const typename Nodes::bin_type* bins, std::int32_t* node) {
  std::uint32_t at[8];  // no pointer leads here, so that they may stay in registers
  for (std::uint32_t g = 0; g < 8; ++g) at[g] = static_cast<std::uint32_t>(node[g]);
  for (bool inner = true; inner;) {
    std::uint32_t offsets = 0;
#pragma GCC unroll 8
    for (std::uint32_t g = 0; g < 8; ++g) {
      const auto asked = nodes.question(at[g]);
      const auto bin = bins[g * Step + (asked.column << Shift)];
      offsets |= asked.offset;
      at[g] += asked.offset + (bin > asked.cut ? 1u : 0u);
    }
    inner = offsets != 0;
  }
  for (std::uint32_t g = 0; g < 8; ++g) node[g] = static_cast<std::int32_t>(at[g]);
}

/// Where the rows of a block end in a tree, without gathers.
template <class I, class Nodes, class V>
void walk_without_gathers(const Nodes& nodes, const tree_set<V>& trees, const packed_forest<V>& forest, index t,
                          const walk_rows& rows) {
  const top_walk_like<I> top_walk(forest.top(t));
  words_ahead next_tree = forest.ahead(trees, t + 1, rows.tiles());
  for (index k = 0; k < rows.tiles(); ++k) {
    alignas(64) std::uint8_t which[walk_tile_rows];
    top_walk(rows.tile(k), which);
    next_tree.fetch();
    for (index r = 0; r < walk_tile_rows; r += 8) {
      std::int32_t node[8];
      for (index g = 0; g < 8; ++g) node[g] = forest.top(t).entry[which[r + g]];
      walk_numbers<6, 1>(nodes, rows.tile(k) + r, node);
      std::copy_n(node, 8, rows.end + k * walk_tile_rows + r);
    }
  }
}

/// rows.end = where the rows of a block end in tree t.
template <class P, class V>
void walk_tree(const tree_set<V>& trees, const packed_forest<V>& forest, index t, const walk_rows& rows) {
  using I = typename P::template rebind<std::int32_t>;
  forest.with_nodes(trees, t, [&](const auto& nodes) {
    if constexpr (I::gathers)
      walk_packs<I>(nodes, trees, forest, t, rows);
    else
      walk_without_gathers<I>(nodes, trees, forest, t, rows);
  });
  if (!forest.has_categories()) return;
  for (index i = 0; i < rows.tiles() * walk_tile_rows; ++i) {
    const std::uint8_t* const bins = rows.tile(i / walk_tile_rows) + i % walk_tile_rows;
    rows.end[i] = leaf_of(trees, t, rows.end[i], [&](index j) { return bins[j * walk_tile_rows]; });
  }
}

}  // namespace tutti::detail
