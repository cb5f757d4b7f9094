#pragma once
// walk: which leaves samples reach, and the sums of the leaves' values.
//
// A block of a few thousand rows goes through one tree after the other, so that a tree is read from memory once a
// block; a single row goes through many trees at once. Whole numbers decide, and values are added in the order of the
// trees: the same bits on every policy.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <vector>

#include <tutti/algorithm/quantize.hpp>
#include <tutti/core/view.hpp>
#include <tutti/tree/descend.hpp>
#include <tutti/tree/fill_tile.hpp>
#include <tutti/tree/packed_nodes.hpp>
#include <tutti/tree/tree.hpp>
#include <tutti/tree/wide_walk.hpp>

namespace tutti::detail {

/// How many rows are walked at once: what one task of a policy's for_blocks should get.
constexpr index walk_block(index features) {
  return std::clamp<index>((index{1} << 23) >> tile_shift(features), 1024, 4096);
}

/// Adds the values of a leaf of tree t to sums.
template <class V>
[[gnu::always_inline]] inline void add_leaf(const tree_set<V>& trees, const packed_forest<V>& forest, index t,
                                            std::int32_t node, double* sums) {
  if (forest.has_values()) {
    sums[0] += static_cast<double>(forest.values(trees, t)[node]);
    return;
  }
  const V* const values = leaf_values(trees, static_cast<std::size_t>(t), node);
  for (index o = 0; o < trees.outputs; ++o) sums[o] += static_cast<double>(values[o]);
}

/// sums[i * outputs + o] += value o of the leaf of tree t that row i ends in.
///
/// end   the nodes where the rows end
template <class P, class V>
void add_values(const tree_set<V>& trees, const packed_forest<V>& forest, index t, const std::int32_t* end, index count,
                double* sums) {
  index i = 0;
  if constexpr (std::is_same_v<V, float> && P::gathers) {
    using D = typename P::template rebind<double>;
    using I = typename P::template rebind<std::int32_t>;
    for (; forest.has_values() && i + P::lanes <= count; i += P::lanes) {
      alignas(64) float value[P::lanes];
      P::gather(forest.values(trees, t), I::loadu(end + i)).store(value);
      (D::loadu(sums + i) + D::widen(value)).storeu(sums + i);
    }
  }
  for (; i < count; ++i) add_leaf(trees, forest, t, end[i], sums + i * trees.outputs);
}

/// Bytes of scratch that add_leaf_values and leaf_nodes need for blocks of walk_block rows.
template <class V>
index walk_scratch_bytes(const tree_set<V>& trees, const packed_forest<V>& forest) {
  const index block = walk_block(trees.features);
  if (forest.is_wide()) return wide_rows::bytes(forest.columns(), block);
  return walk_rows::bytes(forest.columns(), block) + trees.features * walk_tile_rows;
}

/// f(t, ends) for each tree t in order: the nodes where rows [begin, end) end in it.
///
/// returns   whether an element of X is infinite
template <class P, class T, class V, class F>
bool walk_trees(const tree_set<V>& trees, const packed_forest<V>& forest, const bin_table<T>& table,
                matrix_view<const T> X, index begin, index end, std::byte* scratch, const F& f) {
  const index columns = forest.columns();
  if (forest.is_wide()) {
    const wide_rows rows(columns, end - begin, scratch);
    const bool saw_infinite = rows.fill<typename P::template rebind<T>>(table, X, begin);
    for (index t = 0; t < trees.size(); ++t) {
      rows.walk(trees, forest, t);
      f(t, rows.ends());
    }
    return saw_infinite;
  }
  const walk_rows rows(columns, end - begin, scratch);
  auto* const row_major = reinterpret_cast<std::uint8_t*>(scratch + walk_rows::bytes(columns, end - begin));
  bool infinite = false;
  for (index k = 0, first = begin; first < end; ++k, first += walk_tile_rows)
    infinite |= fill_tile<typename P::template rebind<T>>(table, X, first, std::min(walk_tile_rows, end - first), columns,
                                                          row_major, rows.tile(k));
  for (index t = 0; t < trees.size(); ++t) {
    walk_tree<P>(trees, forest, t, rows);
    f(t, static_cast<const std::int32_t*>(rows.end));
  }
  return infinite;
}

/// Adds the values of the leaves that rows [begin, end) reach, tree by tree in order; kernels call it inside a task.
///
/// P          the policy's pack<float>
/// X          [n x p]  NaN is a missing value
/// end        at most walk_block(p) rows behind begin
/// sums       [(end - begin) x outputs]  added to
/// scratch    walk_scratch_bytes(trees, forest), aligned to 64 bytes
/// returns    whether an element of X is infinite, which goes where the largest or the smallest number would
/// note       the same bits on every policy
template <class P, class T, class V>
bool add_leaf_values(const tree_set<V>& trees, const packed_forest<V>& forest, const bin_table<T>& table,
                     matrix_view<const T> X, index begin, index end, double* sums, std::byte* scratch) {
  return walk_trees<P>(trees, forest, table, X, begin, end, scratch, [&](index t, const std::int32_t* ends) {
    add_values<P>(trees, forest, t, ends, end - begin, sums);
  });
}

/// leaf[(i - begin) * trees + t] = the node of tree t that row i ends in; else as add_leaf_values.
template <class P, class T, class V>
bool leaf_nodes(const tree_set<V>& trees, const packed_forest<V>& forest, const bin_table<T>& table,
                matrix_view<const T> X, index begin, index end, std::int32_t* leaf, std::byte* scratch) {
  return walk_trees<P>(trees, forest, table, X, begin, end, scratch, [&](index t, const std::int32_t* ends) {
    for (index i = 0; i < end - begin; ++i) leaf[i * trees.size() + t] = ends[i];
  });
}

/// end = where one row ends in 16 Packs trees, of which there are the roots; nodes of all trees are counted together.
template <std::size_t Packs, class I, class Nodes>
void walk_row_packs(const Nodes& nodes, const std::uint8_t* bins, const std::int32_t* roots, int depth,
                    std::int32_t* end) {
  std::array<walking<I>, Packs> w;
  for (std::size_t g = 0; g < Packs; ++g) {
    w[g].row = I::all(0);
    w[g].node = I::loadu(roots + g * I::lanes);
    w[g].word = I::gather(nodes.word, w[g].node);
  }
  walk_steps<0>(nodes, bins, depth, w);
  for (std::size_t g = 0; g < Packs; ++g) w[g].node.storeu(end + g * I::lanes);
}

inline constexpr index trees_at_once = 64;  ///< through which one row goes

/// end = where one row ends in the first `packs` times 16 of some trees.
template <class I, class Nodes>
void walk_row(const Nodes& nodes, const std::uint8_t* bins, const std::int32_t* roots, index packs,
              [[maybe_unused]] int depth, std::int32_t* end) {
  if constexpr (I::gathers) {
    if (packs == 1) walk_row_packs<1, I>(nodes, bins, roots, depth, end);
    if (packs == 2) walk_row_packs<2, I>(nodes, bins, roots, depth, end);
    if (packs == 3) walk_row_packs<3, I>(nodes, bins, roots, depth, end);
    if (packs == 4) walk_row_packs<4, I>(nodes, bins, roots, depth, end);
  } else {
    std::copy_n(roots, packs * I::lanes, end);
    for (index t = 0; t < packs * I::lanes; t += 8) walk_numbers<0, 0>(nodes, bins, end + t);
  }
}

/// Adds the values of the leaves that a row of bins reaches; the bins are bytes, or of four bytes each.
template <class P, class Bin, class V>
void add_values_of_row(const tree_set<V>& trees, const packed_forest<V>& forest, const Bin* bins, double* sums) {
  using I = typename P::template rebind<std::int32_t>;
  const std::span<const std::int32_t> roots = forest.roots();
  for (index first = 0; first < trees.size(); first += trees_at_once) {
    const index count = std::min(trees_at_once, trees.size() - first);
    alignas(64) std::int32_t end[trees_at_once];
    std::fill_n(end, count, 0);
    if (!roots.empty()) {
      const index packs = (count + I::lanes - 1) / I::lanes;
      if constexpr (sizeof(Bin) > 1)
        walk_wide_row(forest.wide(trees, 0), bins, roots.data() + first, packs * I::lanes, end);
      else
        forest.with_nodes(trees, 0, [&](const auto& nodes) {
          walk_row<I>(nodes, bins, roots.data() + first, packs, forest.depth(first, count), end);
        });
      for (index k = 0; k < count; ++k) end[k] -= roots[static_cast<std::size_t>(first + k)];
    }
    if (roots.empty() || forest.has_categories())
      for (index k = 0; k < count; ++k) end[k] = leaf_of(trees, first + k, end[k], [&](index j) { return bins[j]; });
    for (index k = 0; k < count; ++k) add_leaf(trees, forest, first + k, end[k], sums);
  }
}

/// The same for a row of numbers.
///
/// bins      room for a bin of each column, and four more
/// returns   whether an element is infinite
template <class P, class Bin, class T, class V>
bool add_leaf_values_with_room(const tree_set<V>& trees, const packed_forest<V>& forest, const bin_table<T>& table,
                               const T* row, index stride, double* sums, Bin* bins) {
  const index p = trees.features;
  using pack = typename P::template rebind<T>;
  const bool infinite = quantize_rows<pack>(table, {row, 1, p, p * stride, stride}, 0, 1,
                                            reinterpret_cast<std::uint8_t*>(bins), p * index{sizeof(Bin)})
                            .infinite;
  for (index j = p; j < forest.columns(); ++j)
    bins[j] = bins[j - p] == std::numeric_limits<Bin>::max() ? Bin{0} : bins[j - p];
  add_values_of_row<P>(trees, forest, static_cast<const Bin*>(bins), sums);
  return infinite;
}

/// add_leaf_values_of_row with room for Room columns.
template <class Bin, index Room, class P, class T, class V>
[[gnu::noinline]] bool add_leaf_values_of_row_within(const tree_set<V>& trees, const packed_forest<V>& forest,
                                                     const bin_table<T>& table, const T* row, index stride,
                                                     double* sums) {
  std::array<Bin, Room + 4> bins;
  return add_leaf_values_with_room<P>(trees, forest, table, row, stride, sums, bins.data());
}

/// Adds the values of the leaves that one row reaches; nothing is allocated, no thread is woken.
///
/// row      [p] at the stride
/// sums     [outputs]  added to, in the order of the trees
/// returns  whether an element is infinite
/// note     rows of more than 1000 columns take 128 KiB of the stack; those of exact splits allocate
template <class P, class T, class V>
bool add_leaf_values_of_row(const tree_set<V>& trees, const packed_forest<V>& forest, const bin_table<T>& table,
                            const T* row, index stride, double* sums) {
  constexpr index few = 1000;
  const bool are_few = forest.columns() <= few;
  if (forest.is_wide()) {
    if (are_few) return add_leaf_values_of_row_within<std::uint32_t, few, P>(trees, forest, table, row, stride, sums);
    std::vector<std::uint32_t> bins(static_cast<std::size_t>(forest.columns()) + 4);
    return add_leaf_values_with_room<P>(trees, forest, table, row, stride, sums, bins.data());
  }
  if (are_few) return add_leaf_values_of_row_within<std::uint8_t, few, P>(trees, forest, table, row, stride, sums);
  return add_leaf_values_of_row_within<std::uint8_t, 2 * 65536, P>(trees, forest, table, row, stride, sums);
}

}  // namespace tutti::detail
