#pragma once
// One 16-byte register of the baseline (SSE2, NEON) as GCC's and Clang's vector extension has it.
//
// What `seq` and `par` compute with: four floats, two doubles or four whole numbers of 32 bits, dependably, with no
// library and at any -O level, where a plain array is vectorised only if the optimiser feels like it.

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
  static_assert(std::is_same_v<T, float> || std::is_same_v<T, double> || std::is_same_v<T, std::int32_t>);

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
  static constexpr bool gathers = false;  ///< whether `gather` is one instruction
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

  /// Whole numbers wrap around, as in registers of every machine.
  [[gnu::always_inline]] static type add(type a, type b) {
    if constexpr (std::is_same_v<T, std::int32_t>)
      return type(bits_vector(a) + bits_vector(b));
    else
      return a + b;
  }
  [[gnu::always_inline]] static type sub(type a, type b) { return a - b; }
  [[gnu::always_inline]] static type mul(type a, type b) { return a * b; }
  [[gnu::always_inline]] static type div(type a, type b) { return a / b; }
  /// The compiler fuses this where the flags of the build allow it; the baseline of x86-64 cannot.
  [[gnu::always_inline]] static type madd(type a, type b, type c) { return a * b + c; }
  [[gnu::always_inline]] static type min(type a, type b) { return select(less(a, b), a, b); }
  [[gnu::always_inline]] static type max(type a, type b) { return select(less(b, a), a, b); }

  [[gnu::always_inline]] static mask_type less(type a, type b) { return mask_type(a < b); }
  [[gnu::always_inline]] static mask_type less_equal(type a, type b) { return mask_type(a <= b); }
  [[gnu::always_inline]] static mask_type equal(type a, type b) { return mask_type(a == b); }
  [[gnu::always_inline]] static type select(mask_type m, type a, type b) {
    return type((mask_type(a) & m) | (mask_type(b) & ~m));
  }
  [[gnu::always_inline]] static std::uint32_t bits(mask_type m) {
    std::uint32_t b = 0;
#pragma GCC unroll 4
    for (int i = 0; i < width; ++i) b |= std::uint32_t(m[i] & 1) << i;
    return b;
  }

  /// Whether a lane is true.
  [[gnu::always_inline]] static bool any(mask_type m) {
    typedef std::int64_t halves __attribute__((vector_size(16)));
    const halves h = halves(m);
    return (h[0] | h[1]) != 0;
  }

  /// base[i] for the lanes i of `at`; numbers of 32 bits only.
  [[gnu::always_inline]] static type gather(const T* base, typename rebind<std::int32_t>::type at) {
    static_assert(sizeof(T) == 4);
    return type{base[at[0]], base[at[1]], base[at[2]], base[at[3]]};
  }

  // Of whole numbers only.

  /// The 32 bits that lie `at` bytes behind base, at any address.
  [[gnu::always_inline]] static type gather_bytes(const void* base, type at)
    requires std::is_same_v<T, whole>
  {
    T x[4];
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) std::memcpy(x + i, static_cast<const char*>(base) + at[i], sizeof(T));
    return type{x[0], x[1], x[2], x[3]};
  }
  [[gnu::always_inline]] static type from_bytes(const std::uint8_t* p)
    requires std::is_same_v<T, whole>
  {
    return type{p[0], p[1], p[2], p[3]};
  }
  /// Stores the lanes where m is true side by side, and anything behind them; returns how many they are.
  [[gnu::always_inline]] static int store_if(T* p, mask_type m, type x)
    requires std::is_same_v<T, whole>
  {
    int count = 0;
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) {
      p[count] = x[i];
      count -= m[i];
    }
    return count;
  }
  [[gnu::always_inline]] static auto to_float(type x)
    requires std::is_same_v<T, whole>
  {
    return __builtin_convertvector(x, typename rebind<float>::type);
  }
  [[gnu::always_inline]] static type bit_and(type a, type b)
    requires std::is_same_v<T, whole>
  {
    return a & b;
  }
  [[gnu::always_inline]] static type bit_or(type a, type b)
    requires std::is_same_v<T, whole>
  {
    return a | b;
  }
  template <int Bits>
  [[gnu::always_inline]] static type shift_right(type a)
    requires std::is_same_v<T, whole>
  {
    return type(bits_vector(a) >> Bits);
  }

  // Of floating-point numbers only.

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
