#pragma once
// Arithmetic that rounds once, on every compiler, instruction set and device, whatever the flags of the build.
//
// Compilers may fuse a * b + c into one rounding, and under -ffast-math they may cancel (x + big) - big. A value that
// passes through `unfused` is opaque to them: no instruction is emitted, and nothing is merged across it.

#include <bit>
#include <cstdint>
#include <type_traits>

namespace tutti {

namespace detail {

/// The same value, hidden from the optimiser.
template <class V>
[[gnu::always_inline]] constexpr V unfused(V v) {
#if !defined(__CUDA_ARCH__)
  if (!std::is_constant_evaluated()) {
#if defined(__x86_64__) || defined(__i386__)
    asm("" : "+x"(v));
#elif defined(__aarch64__)
    asm("" : "+w"(v));
#endif
  }
#endif
  return v;
}

/// a * b, rounded; never part of a fused multiply-add.
template <class T>
[[gnu::always_inline]] constexpr T product(T a, T b) {
#if defined(__CUDA_ARCH__)
  if constexpr (sizeof(T) == 4)
    return __fmul_rn(a, b);
  else
    return __dmul_rn(a, b);
#else
  return unfused(a * b);
#endif
}

template <class T>
struct float_bits;
template <>
struct float_bits<float> {
  using type = std::uint32_t;
  using whole = std::int32_t;
  static constexpr int mantissa = 23;
  static constexpr int bias = 127;
};
template <>
struct float_bits<double> {
  using type = std::uint64_t;
  using whole = std::int64_t;
  static constexpr int mantissa = 52;
  static constexpr int bias = 1023;
};

}  // namespace detail

/// Whether x is NaN, by its bits.
template <class T>
constexpr bool is_nan(T x) {
  using layout = detail::float_bits<T>;
  using bits = typename layout::type;
  constexpr bits magnitude = static_cast<bits>(~(bits{1} << (sizeof(T) * 8 - 1)));
  constexpr bits infinity = static_cast<bits>(magnitude >> layout::mantissa << layout::mantissa);
  return (std::bit_cast<bits>(x) & magnitude) > infinity;
}

/// Whether x is neither infinite nor NaN, by its bits: -ffast-math does not remove this test.
template <class T>
constexpr bool is_finite(T x) {
  using layout = detail::float_bits<T>;
  using bits = typename layout::type;
  constexpr bits exponent = static_cast<bits>((bits{1} << (sizeof(T) * 8 - 1 - layout::mantissa)) - 1)
                            << layout::mantissa;
  return (std::bit_cast<bits>(x) & exponent) != exponent;
}

}  // namespace tutti
