#pragma once
// One 16-byte register of the baseline (SSE2, NEON) as GCC's and Clang's vector extension has it.
//
// What `seq` and `par` compute with: four floats or two doubles, dependably, with no library and at any -O level,
// where a plain array is vectorised only if the optimiser feels like it.

#include <bit>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include <tutti/core/view.hpp>
#include <tutti/policy/isa.hpp>
#include <tutti/policy/transpose.hpp>

namespace tutti {

template <class T, class Isa = isa::native>
struct gnu_register {
  static_assert(std::is_same_v<T, float> || std::is_same_v<T, double>);

  using value_type = T;
  template <class U>
  using rebind = gnu_register<U, Isa>;
  using whole = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
  using bits_type = std::make_unsigned_t<whole>;

  static constexpr int width = 16 / sizeof(T);
#if defined(__aarch64__) || defined(__AVX512VL__)
  static constexpr int registers = 32;
#else
  static constexpr int registers = 16;
#endif
  static constexpr int mantissa_bits = sizeof(T) == 4 ? 23 : 52;
  static constexpr int bias = sizeof(T) == 4 ? 127 : 1023;

  typedef T type __attribute__((vector_size(16)));
  typedef whole mask_type __attribute__((vector_size(16)));
  typedef bits_type bits_vector __attribute__((vector_size(16)));

  [[gnu::always_inline]] static type load(const T* p) {
    type v;
    std::memcpy(&v, __builtin_assume_aligned(p, 16), sizeof v);
    return v;
  }
  [[gnu::always_inline]] static type loadu(const T* p) {
    type v;
    std::memcpy(&v, p, sizeof v);
    return v;
  }
  [[gnu::always_inline]] static void store(T* p, type v) { std::memcpy(__builtin_assume_aligned(p, 16), &v, sizeof v); }
  [[gnu::always_inline]] static void storeu(T* p, type v) { std::memcpy(p, &v, sizeof v); }

  [[gnu::always_inline]] static type all(T x) {
    if constexpr (width == 4)
      return type{x, x, x, x};
    else
      return type{x, x};
  }
  [[gnu::always_inline]] static type widen(const float* p) {
    static_assert(sizeof(T) == 8);
    return type{T(p[0]), T(p[1])};
  }

  /// column[c], lane r = x[r * stride + c], for four columns.
  [[gnu::always_inline]] static void columns4(const T* x, index stride, type* column) {
    detail::transpose_columns<16>(x, stride, column);
  }

  [[gnu::always_inline]] static type add(type a, type b) { return a + b; }
  [[gnu::always_inline]] static type sub(type a, type b) { return a - b; }
  [[gnu::always_inline]] static type mul(type a, type b) { return a * b; }
  [[gnu::always_inline]] static type div(type a, type b) { return a / b; }
  /// The compiler fuses this where the flags of the build allow it; the baseline of x86-64 cannot.
  [[gnu::always_inline]] static type madd(type a, type b, type c) { return a * b + c; }
  [[gnu::always_inline]] static type min(type a, type b) { return select(less(a, b), a, b); }
  [[gnu::always_inline]] static type max(type a, type b) { return select(less(b, a), a, b); }

  [[gnu::always_inline]] static mask_type less(type a, type b) { return mask_type(a < b); }
  [[gnu::always_inline]] static mask_type less_equal(type a, type b) { return mask_type(a <= b); }
  [[gnu::always_inline]] static type select(mask_type m, type a, type b) {
    return type((mask_type(a) & m) | (mask_type(b) & ~m));
  }
  [[gnu::always_inline]] static std::uint32_t bits(mask_type m) {
    std::uint32_t b = 0;
#pragma GCC unroll 4
    for (int i = 0; i < width; ++i) b |= std::uint32_t(m[i] & 1) << i;
    return b;
  }

  [[gnu::always_inline]] static type exp2_whole(type n) {
    // Adding 1.5 * 2^mantissa_bits leaves the whole number in the low bits of the mantissa.
    const type shifted = n + all(T(1.5) * T(std::int64_t(1) << mantissa_bits) + T(bias));
    return type(bits_vector(shifted) << mantissa_bits);
  }
  [[gnu::always_inline]] static type exponent(type x) {
    const bits_vector e = bits_vector(x) >> mantissa_bits;
    const type magic = all(T(std::int64_t(1) << mantissa_bits));
    return type(bits_vector(magic) | e) - (magic + all(T(bias)));
  }
  [[gnu::always_inline]] static type mantissa(type x) {
    constexpr bits_type keep = (bits_type(1) << mantissa_bits) - 1;
    const bits_vector one = bits_vector(all(T(1)));
    return type((bits_vector(x) & keep) | one);
  }
};

}  // namespace tutti
