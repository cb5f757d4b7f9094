#pragma once
// fill_tile: the bins of a few rows, column by column, as walks through trees read them.

#include <algorithm>
#include <cstdint>
#include <limits>

#include <tutti/algorithm/quantize.hpp>
#include <tutti/core/view.hpp>
#include <tutti/tree/descend.hpp>

namespace tutti::detail {

/// Fills a tile: the bin of row r in column j is number 64 j + r. Behind the columns of the features come their second
/// ones, as far as there are any, with 0 where a value is missing.
///
/// P          the policy's pack<T>
/// Bin        as the table writes them
/// first      in X, of the tile's rows, of which there are `count`; those that are lacking are all 0
/// row_major  room for the bins of a tile
/// returns    whether a value is infinite
template <class P, class Bin, class T>
bool fill_tile(const bin_table<T>& table, matrix_view<const T> X, index first, index count, index columns,
               Bin* row_major, Bin* tile) {
  const index p = X.cols;
  auto* const bytes = reinterpret_cast<std::uint8_t*>(row_major);
  const auto found = quantize_rows<P>(table, X, first, first + count, bytes, p * index{sizeof(Bin)});
  std::fill(row_major + count * p, row_major + walk_tile_rows * p, Bin{0});
  for (index j = 0; j < p; ++j)
    for (index r = 0; r < walk_tile_rows; ++r) tile[j * walk_tile_rows + r] = row_major[r * p + j];
  for (index at = p * walk_tile_rows; at < columns * walk_tile_rows; ++at) {
    const Bin bin = tile[at - p * walk_tile_rows];
    tile[at] = bin == std::numeric_limits<Bin>::max() ? Bin{0} : bin;
  }
  return found.infinite;
}

}  // namespace tutti::detail
