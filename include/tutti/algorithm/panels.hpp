#pragma once
// Panels: 16 samples side by side, feature after feature, so that a register holds the same feature of 16 samples.
//
// A run of panels lies in strips of four columns: [strip][panel][column of the strip][sample]. Products of columns then
// read memory in order, whatever the number of columns, and four columns are what one transposition gives.

#include <algorithm>

#include <tutti/core/view.hpp>

namespace tutti::detail {

inline constexpr index panel_rows = 16;
inline constexpr index strip_columns = 4;

/// Where element (panel, column) of a run of panels lies, in numbers from its start.
struct panel_layout {
  index columns = 0;  ///< of use; the last strip is padded
  index panels = 0;   ///< the most that are in memory at a time

  constexpr index strips() const { return (columns + strip_columns - 1) / strip_columns; }
  /// One cache line more than the strip needs: strips of a power of two bytes would share their cache sets.
  constexpr index strip_stride() const { return panels * strip_columns * panel_rows + panel_rows; }
  constexpr index size() const { return strips() * strip_stride(); }
  constexpr index at(index panel, index column) const {
    return (column >> 2) * strip_stride() + (panel * strip_columns + (column & 3)) * panel_rows;
  }
};

/// Lane l is 1 if l < count, else 0.
template <class P>
constexpr P ones_first(index count) {
  using T = typename P::value_type;
  if (count == panel_rows) return P::all(T(1));
  return P::generate([count](index l) { return l < count ? T(1) : T(0); });
}

/// Four columns of 16 rows that lie feature after feature, less the shift if Centred; column k goes to to(k).
template <bool Centred, class P, class To, class T = typename P::value_type>
[[gnu::always_inline]] constexpr void load_four_columns(const T* x, index row_stride, const T* shift, const To& to) {
  using V = typename P::slice;
#pragma GCC unroll 4
  for (index s = 0; s < panel_rows; s += V::lanes) {
    V c[4];
    V::columns4(x + s * row_stride, row_stride, c);
#pragma GCC unroll 4
    for (index k = 0; k < 4; ++k) (Centred ? c[k] - V::all(shift[k]) : c[k]).store(to(k) + s);
  }
}

/// Rows [row, row + count) of column j of X, centred if Centred; missing rows become zeros.
template <bool Centred, class P, class T = typename P::value_type>
constexpr P load_column(matrix_view<const T> X, index row, index count, index j, const typename P::value_type* shift) {
  const T* const x = X.data + row * X.row_stride + j * X.col_stride;
  const P loaded = count == panel_rows && X.row_stride == 1
                       ? P::loadu(x)
                       : P::generate([&](index l) { return l < count ? x[l * X.row_stride] : T(0); });
  if (!Centred) return loaded;
  const P centred = loaded - P::all(shift[j]);
  return count == panel_rows ? centred : centred * ones_first<P>(count);
}

/// Rows [row, row + count) of X, count <= 16, into columns 0 ... p - 1 of a panel; missing rows become zeros.
///
/// shift   [p] subtracted from every row if Centred
template <bool Centred, class P, class T = typename P::value_type>
constexpr void load_panel(matrix_view<const T> X, index row, index count, const typename P::value_type* shift, panel_layout layout,
                          index panel, T* out) {
  const index p = X.cols;
  if (count == panel_rows && X.col_stride == 1 && p >= 4) {
    const T* const x = X.data + row * X.row_stride;
    T* to = out + layout.at(panel, 0);
    for (index j = 0; j + 4 <= p; j += 4, to += layout.strip_stride())
      load_four_columns<Centred, P>(x + j, X.row_stride, shift + (Centred ? j : 0),
                                    [=](index k) { return to + k * panel_rows; });
    const index last = p - 4;  // when p is no multiple of 4, some columns are loaded twice
    if (p % 4 != 0)
      load_four_columns<Centred, P>(x + last, X.row_stride, shift + (Centred ? last : 0),
                                    [=](index k) { return out + layout.at(panel, last + k); });
    return;
  }
  for (index j = 0; j < p; ++j) load_column<Centred, P>(X, row, count, j, shift).store(out + layout.at(panel, j));
}

/// Asks for the cache lines of rows [row, row + 16) of X, which will be read a little later.
template <class P, class T = typename P::value_type>
constexpr void prefetch_panel(matrix_view<const T> X, index row) {
  constexpr index line = 64 / static_cast<index>(sizeof(T));
  if (X.col_stride != 1 || row + panel_rows > X.rows) return;
  const T* const x = X.data + row * X.row_stride;
  if (X.row_stride == X.cols) {
    for (index i = 0; i < panel_rows * X.cols; i += line) P::prefetch(x + i);
  } else {
    for (index r = 0; r < panel_rows; ++r)
      for (index j = 0; j < X.cols; j += line) P::prefetch(x + r * X.row_stride + j);
  }
}

}  // namespace tutti::detail
