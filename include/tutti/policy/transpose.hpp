#pragma once
// Rows to columns inside registers: 4 columns of as many rows as a register has lanes.
//
// A register of 16, 32 or 64 bytes is one, two or four groups of 16 bytes. Rows that are `4` apart (`2` for doubles) are
// put side by side in the groups of one register, then every group transposes its own 4 x 4 (2 x 2) square: the same
// four shuffles on every instruction set.

#include <cstring>
#include <type_traits>
#if defined(__AVX__)
#include <immintrin.h>
#endif

#include <tutti/core/view.hpp>

namespace tutti::detail {

template <class T, int Bytes>
struct wide {
  typedef T type __attribute__((vector_size(Bytes)));
};
template <class T, int Bytes>
using wide_t = typename wide<T, Bytes>::type;

template <class T>
[[gnu::always_inline]] inline wide_t<T, 16> load16(const T* p) {
  wide_t<T, 16> v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

/// 16 bytes of each of the rows 0, step, 2 step, ... side by side. With AVX the loads insert without a shuffle.
template <int Bytes, class T>
[[gnu::always_inline]] inline wide_t<T, Bytes> rows_side_by_side(const T* x, [[maybe_unused]] index step) {
  if constexpr (Bytes == 16) return load16(x);
#if defined(__AVX__)
  const auto at = [&](int i) __attribute__((always_inline)) {
    return __m128(load16(reinterpret_cast<const float*>(x + i * step)));
  };
  if constexpr (Bytes == 32) return wide_t<T, 32>(_mm256_insertf128_ps(_mm256_castps128_ps256(at(0)), at(1), 1));
#endif
#if defined(__AVX512F__)
  if constexpr (Bytes == 64) {
    __m512 v = _mm512_castps128_ps512(at(0));
    v = _mm512_insertf32x4(v, at(1), 1);
    v = _mm512_insertf32x4(v, at(2), 2);
    return wide_t<T, 64>(_mm512_insertf32x4(v, at(3), 3));
  }
#endif
}

// In each group of 16 bytes: the low halves of a and b alternating, their high halves alternating,
// the low half of a then that of b, the high half of a then that of b.

[[gnu::always_inline]] inline wide_t<float, 16> alternate_low(wide_t<float, 16> a, wide_t<float, 16> b) {
  return __builtin_shufflevector(a, b, 0, 4, 1, 5);
}
[[gnu::always_inline]] inline wide_t<float, 16> alternate_high(wide_t<float, 16> a, wide_t<float, 16> b) {
  return __builtin_shufflevector(a, b, 2, 6, 3, 7);
}
[[gnu::always_inline]] inline wide_t<float, 16> join_low(wide_t<float, 16> a, wide_t<float, 16> b) {
  return __builtin_shufflevector(a, b, 0, 1, 4, 5);
}
[[gnu::always_inline]] inline wide_t<float, 16> join_high(wide_t<float, 16> a, wide_t<float, 16> b) {
  return __builtin_shufflevector(a, b, 2, 3, 6, 7);
}
[[gnu::always_inline]] inline wide_t<double, 16> join_low(wide_t<double, 16> a, wide_t<double, 16> b) {
  return __builtin_shufflevector(a, b, 0, 2);
}
[[gnu::always_inline]] inline wide_t<double, 16> join_high(wide_t<double, 16> a, wide_t<double, 16> b) {
  return __builtin_shufflevector(a, b, 1, 3);
}
#if defined(__AVX__)
[[gnu::always_inline]] inline wide_t<float, 32> alternate_low(wide_t<float, 32> a, wide_t<float, 32> b) {
  return __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13);
}
[[gnu::always_inline]] inline wide_t<float, 32> alternate_high(wide_t<float, 32> a, wide_t<float, 32> b) {
  return __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15);
}
[[gnu::always_inline]] inline wide_t<float, 32> join_low(wide_t<float, 32> a, wide_t<float, 32> b) {
  return __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13);
}
[[gnu::always_inline]] inline wide_t<float, 32> join_high(wide_t<float, 32> a, wide_t<float, 32> b) {
  return __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
}
[[gnu::always_inline]] inline wide_t<double, 32> join_low(wide_t<double, 32> a, wide_t<double, 32> b) {
  return __builtin_shufflevector(a, b, 0, 4, 2, 6);
}
[[gnu::always_inline]] inline wide_t<double, 32> join_high(wide_t<double, 32> a, wide_t<double, 32> b) {
  return __builtin_shufflevector(a, b, 1, 5, 3, 7);
}
#endif
#if defined(__AVX512F__)
[[gnu::always_inline]] inline wide_t<float, 64> alternate_low(wide_t<float, 64> a, wide_t<float, 64> b) {
  return __builtin_shufflevector(a, b, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
}
[[gnu::always_inline]] inline wide_t<float, 64> alternate_high(wide_t<float, 64> a, wide_t<float, 64> b) {
  return __builtin_shufflevector(a, b, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
}
[[gnu::always_inline]] inline wide_t<float, 64> join_low(wide_t<float, 64> a, wide_t<float, 64> b) {
  return __builtin_shufflevector(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29);
}
[[gnu::always_inline]] inline wide_t<float, 64> join_high(wide_t<float, 64> a, wide_t<float, 64> b) {
  return __builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
}
[[gnu::always_inline]] inline wide_t<double, 64> join_low(wide_t<double, 64> a, wide_t<double, 64> b) {
  return __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14);
}
[[gnu::always_inline]] inline wide_t<double, 64> join_high(wide_t<double, 64> a, wide_t<double, 64> b) {
  return __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
}
#endif

/// column[c][r] = x[r * stride + c] for c < 4 and every lane r of a register of Bytes bytes.
template <int Bytes, class T>
[[gnu::always_inline]] inline void transpose_columns(const T* x, index stride, wide_t<T, Bytes>* column) {
  if constexpr (sizeof(T) == 4) {
    const auto a = rows_side_by_side<Bytes>(x, 4 * stride), b = rows_side_by_side<Bytes>(x + stride, 4 * stride),
               c = rows_side_by_side<Bytes>(x + 2 * stride, 4 * stride),
               d = rows_side_by_side<Bytes>(x + 3 * stride, 4 * stride);
    const auto p = alternate_low(a, b), q = alternate_low(c, d), r = alternate_high(a, b), s = alternate_high(c, d);
    column[0] = join_low(p, q);
    column[1] = join_high(p, q);
    column[2] = join_low(r, s);
    column[3] = join_high(r, s);
  } else {
#pragma GCC unroll 2
    for (int c = 0; c < 4; c += 2) {
      const auto a = rows_side_by_side<Bytes>(x + c, 2 * stride),
                 b = rows_side_by_side<Bytes>(x + c + stride, 2 * stride);
      column[c] = join_low(a, b);
      column[c + 1] = join_high(a, b);
    }
  }
}

}  // namespace tutti::detail
