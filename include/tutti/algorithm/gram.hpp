#pragma once
// The products of columns of panels: the upper triangle of A'B, 4 x 4 columns at a time in registers.
//
// What ridge, the GLMs' Hessians and covariances spend their time in. Lanes are samples and stay apart: a sum over 4096
// rows is 256 additions in each of 16 lanes, then one conversion to double and one fixed tree.

#include <algorithm>

#include <tutti/algorithm/panels.hpp>
#include <tutti/core/view.hpp>

namespace tutti::detail {

/// The order in which tiles of an upper triangle are visited and stored: blocks of strips that stay in the first cache.
struct gram_layout {
  index strips = 0;
  index group = 1;  ///< strips that stay

  static constexpr index tile_sums = strip_columns * strip_columns;  ///< sums in a tile

  constexpr index tiles() const { return strips * (strips + 1) / 2; }
  constexpr index sums() const { return tiles() * tile_sums; }

  /// f(i, j, tile) for every pair of strips i <= j, in the order of storage.
  template <class F>
  constexpr void for_tiles(const F& f) const {
    index tile = 0;
    for (index g = 0; g < strips; g += group)
      for (index j = g; j < strips; ++j)
        for (index i = g; i < std::min(g + group, j + 1); ++i) f(i, j, tile++);
  }
};

/// Panels in memory at a time. While the sums stay in the first two caches anyway, short runs keep the panels there too;
/// more sums are worth longer runs between two visits.
constexpr index panels_at_a_time(index columns) { return columns <= 32 ? 8 : 32; }

constexpr gram_layout make_gram_layout(panel_layout layout, index element_bytes) {
  constexpr index first_cache = 26 << 10;  // about half of it; the strips that stream past take the rest
  const index strip_bytes = layout.strip_stride() * element_bytes;
  return {layout.strips(), std::clamp<index>(first_cache / strip_bytes, 1, layout.strips())};
}

/// Memory that will be read next, asked for a little at a time while something else is computed.
struct prefetch_run {
  const char* next = nullptr;
  const char* end = nullptr;
  index step = 0;  ///< bytes between two requests

  constexpr index requests() const { return step == 0 ? 0 : (end - next) / step; }

  template <class V>
  constexpr void ask() {
    V::prefetch(next);
    next += step;
  }

  /// The rest in at most so many requests.
  constexpr prefetch_run in(index count) const { return {next, end, end == next ? 0 : (end - next) / count + 1}; }
};

/// Rows [row, row + rows) of X, line by line; nothing past the last row or where much lies between.
template <class T>
constexpr prefetch_run next_rows(matrix_view<const T> X, index row, index rows) {
  constexpr index line = 64;
  if (row >= X.rows || X.col_stride != 1 || X.row_stride > 2 * X.cols || X.row_stride < 0) return {};
  const index bytes = std::min(rows, X.rows - row) * X.row_stride * index{sizeof(T)};
  const char* const first = reinterpret_cast<const char*>(X.data + row * X.row_stride);
  return {first, first + bytes, line};
}

/// Rows x 4 sums of a tile += columns of strip a times columns of strip b, over `panels` panels.
template <int Rows, class V, class T = typename V::value_type>
constexpr void add_tile(const T* a, const T* b, index panels, bool fresh, T* sums, prefetch_run& next) {
  prefetch_run run = next;
  V t[Rows][strip_columns];
#pragma GCC unroll 4
  for (index r = 0; r < Rows; ++r)
#pragma GCC unroll 4
    for (index c = 0; c < strip_columns; ++c)
      t[r][c] = fresh ? V::all(T(0)) : V::load(sums + (r * strip_columns + c) * panel_rows);
#pragma GCC unroll 1
  for (index p = 0; p < panels; ++p) {
    run.ask<V>();
    V y[strip_columns];
#pragma GCC unroll 4
    for (index c = 0; c < strip_columns; ++c) y[c] = V::load(b + c * panel_rows);
#pragma GCC unroll 4
    for (index r = 0; r < Rows; ++r) {
      const V x = V::load(a + r * panel_rows);
#pragma GCC unroll 4
      for (index c = 0; c < strip_columns; ++c) t[r][c] = madd(x, y[c], t[r][c]);
    }
    a += strip_columns * panel_rows;
    b += strip_columns * panel_rows;
  }
#pragma GCC unroll 4
  for (index r = 0; r < Rows; ++r)
#pragma GCC unroll 4
    for (index c = 0; c < strip_columns; ++c) t[r][c].store(sums + (r * strip_columns + c) * panel_rows);
  next = run;
}

/// Tile rows that stay in registers: 4 x 4 sums and 5 operands, or 2 x 4 in a file of 16.
template <class P>
inline constexpr int tile_rows = P::registers >= 32 ? 4 : 2;

/// Steps over panels that add_gram takes.
template <class P>
constexpr index gram_steps(gram_layout gram, index panels) {
  return gram.tiles() * panels * (panel_rows / P::slice::lanes) * (strip_columns / tile_rows<P>);
}

/// Lane-wise sums of the upper triangle of A'B over `panels` panels, added to `sums` or, if fresh, replacing them.
///
/// A, B    runs of panels in the same layout
/// sums    gram.sums() packs
/// next    asked for meanwhile
template <class P, class T = typename P::value_type>
constexpr void add_gram(const T* A, const T* B, panel_layout layout, gram_layout gram, index panels, bool fresh, T* sums,
                        prefetch_run next) {
  using V = typename P::slice;
  constexpr int rows = tile_rows<P>;
  const index stride = layout.strip_stride();
  prefetch_run run = next.in(gram_steps<P>(gram, panels));
  gram.for_tiles([&](index i, index j, index tile) {
    for (index s = 0; s < panel_rows; s += V::lanes)
      for (index r = 0; r < strip_columns; r += rows)
        add_tile<rows, V>(A + i * stride + r * panel_rows + s, B + j * stride + s, panels, fresh,
                          sums + (tile * gram_layout::tile_sums + r * strip_columns) * panel_rows + s, run);
  });
}

/// out[e] = the sum of the lanes of pack e, e < 16, in double: lanes 8, 4, 2, 1 apart are added.
template <class P, class T = typename P::value_type>
constexpr void sum_lanes_of_16(const T* packs, double* out) {
  using D = typename P::template rebind<double>;
  alignas(64) T lane[16 * 16];
  P::sync();
  for (index l = 0; l < 16; l += 4) {
    P c[4];
    P::columns4(packs + l, 16, c);
    for (index k = 0; k < 4; ++k) c[k].store(lane + (l + k) * 16);
  }
  for (index l = 0; l < D::lanes; l += D::slice::lanes) {
    using V = typename D::slice;
    V sum[8];
    for (index i = 0; i < 8; ++i) sum[i] = V::widen(lane + i * 16 + l) + V::widen(lane + (i + 8) * 16 + l);
    for (index w = 4; w > 0; w /= 2)
      for (index i = 0; i < w; ++i) sum[i] = sum[i] + sum[i + w];
    sum[0].storeu(out + l);
  }
}

/// The same for any number of packs.
template <class P, class T = typename P::value_type>
constexpr void sum_lanes(const T* packs, index count, double* out) {
  for (index e = 0; e + 16 <= count; e += 16) sum_lanes_of_16<P>(packs + e * 16, out + e);
  for (index e = count / 16 * 16; e < count; ++e) {
    using D = typename P::template rebind<double>;
    const double sum = D::widen(packs + e * 16).lane_sum();
    if (P::leader()) out[e] = sum;
  }
}

}  // namespace tutti::detail
