#pragma once
// Samples read feature by feature: a register holds 16 features of one sample, whatever the layout of the matrix.

#include <algorithm>

#include <tutti/core/view.hpp>

namespace tutti::detail {

inline constexpr index feature_lanes = 16;

constexpr index padded_features(index p) { return (p + feature_lanes - 1) / feature_lanes * feature_lanes; }

/// Features [j, j + 16) of the four samples from i on; lanes beyond the last feature hold anything.
///
/// count   how many of them there are; the others repeat the last one
template <class P, class T = typename P::value_type>
[[gnu::always_inline]] constexpr void read_samples(matrix_view<const T> X, index i, index count, index j, P* x) {
  const index features = std::min(feature_lanes, X.cols - j);
  const T* const first = X.data + i * X.row_stride + j * X.col_stride;
  // Rows that follow one another without gaps may be read beyond their end, as long as the matrix goes on.
  const bool inside = features == feature_lanes ||
                      (X.row_stride == X.cols && (i + 3) * X.cols + j + feature_lanes <= X.rows * X.cols);
  if (count == 4 && X.col_stride == 1 && inside) {
#pragma GCC unroll 4
    for (index r = 0; r < 4; ++r) x[r] = P::loadu(first + r * X.row_stride);
  } else if (count == 4 && X.row_stride == 1 && features == feature_lanes) {
    P::columns4(first, X.col_stride, x);
  } else {
    for (index r = 0; r < 4; ++r) {
      const T* const row = first + std::min(r, count - 1) * X.row_stride;
      x[r] = P::generate([&](index l) { return l < features ? row[l * X.col_stride] : T(0); });
    }
  }
}

/// Asks for the lines of features [j, j + 16) of the four samples from i on, which will be read a little later.
template <class P, class T = typename P::value_type>
[[gnu::always_inline]] constexpr void prefetch_samples(matrix_view<const T> X, index i, index j) {
  if (X.col_stride != 1 || i + 4 > X.rows) return;
#pragma GCC unroll 4
  for (index r = 0; r < 4; ++r) P::prefetch(X.data + (i + r) * X.row_stride + j);
}

/// Writes features [j, j + 16) of sample i of a row-major matrix, as many as it has.
template <class P, class T = typename P::value_type>
constexpr void write_sample(const P& x, T* out, index cols, index i, index j) {
  T* const to = out + i * cols + j;
  if (j + feature_lanes <= cols)
    x.storeu(to);
  else
    x.store_first(to, cols - j);
}

}  // namespace tutti::detail
