#pragma once
// Down the trees of exact splits: bins take four bytes each, and a walk goes number by number, eight rows side by side.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <tutti/algorithm/quantize.hpp>
#include <tutti/core/view.hpp>
#include <tutti/tree/descend.hpp>
#include <tutti/tree/fill_tile.hpp>
#include <tutti/tree/packed_nodes.hpp>
#include <tutti/tree/tree.hpp>

namespace tutti::detail {

/// Rows of wide bins in tiles, and where they end; all of it in a task's scratch. The bin of row r in column j is number
/// 64 j + r of its tile.
class wide_rows {
 public:
  wide_rows(index columns, index rows, std::byte* scratch)
      : columns_(columns), rows_(rows), bins_(reinterpret_cast<std::uint32_t*>(scratch)),
        row_major_(bins_ + tile_count(rows) * tile_size()),
        end_(reinterpret_cast<std::int32_t*>(row_major_ + tile_size())) {}

  /// Bytes of scratch.
  static constexpr index bytes(index columns, index rows) {
    const index numbers = (tile_count(rows) + 1) * walk_tile_rows * columns + tile_count(rows) * walk_tile_rows;
    return numbers * index{sizeof(std::uint32_t)};
  }

  /// The nodes where the rows end.
  const std::int32_t* ends() const { return end_; }

  /// Fills the tiles with the rows of X from `begin` on.
  ///
  /// P         the policy's pack<T>
  /// returns   whether a value is infinite
  template <class P, class T>
  bool fill(const bin_table<T>& table, matrix_view<const T> X, index begin) const {
    bool infinite = false;
    for (index i = 0; i < rows_; i += walk_tile_rows)
      infinite |= fill_tile<P>(table, X, begin + i, std::min(walk_tile_rows, rows_ - i), columns_, row_major_,
                               tile(i / walk_tile_rows));
    return infinite;
  }

  /// Takes all rows to their ends in tree t.
  template <class V>
  void walk(const tree_set<V>& trees, const packed_forest<V>& forest, index t) const {
    const wide_nodes nodes = forest.wide(trees, t);
    for (index i = 0; i < rows_; i += 8) {
      const std::uint32_t* const bins = tile(i / walk_tile_rows) + i % walk_tile_rows;
      std::fill_n(end_ + i, 8, 0);
      walk_numbers<6, 1>(nodes, bins, end_ + i);
      if (!forest.has_categories()) continue;
      for (index g = 0; g < 8; ++g)
        end_[i + g] = leaf_of(trees, t, end_[i + g], [&](index j) { return bins[j * walk_tile_rows + g]; });
    }
  }

 private:
  index tile_size() const { return walk_tile_rows * columns_; }
  std::uint32_t* tile(index k) const { return bins_ + k * tile_size(); }

  index columns_;
  index rows_;
  std::uint32_t* bins_;
  std::uint32_t* row_major_;
  std::int32_t* end_;
};

/// end = where one row ends in `count` trees, a multiple of eight, of which there are the roots.
inline void walk_wide_row(const wide_nodes& nodes, const std::uint32_t* bins, const std::int32_t* roots, index count,
                          std::int32_t* end) {
  std::copy_n(roots, count, end);
  for (index t = 0; t < count; t += 8) walk_numbers<0, 0>(nodes, bins, end + t);
}

}  // namespace tutti::detail
