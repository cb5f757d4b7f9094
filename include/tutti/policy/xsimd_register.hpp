#pragma once
// One machine register as xsimd has it: everything the library uses of xsimd, for versions 8.1 to 14.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 warns of uninitialised values inside its own AVX-512 headers.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif
#include <xsimd/xsimd.hpp>
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

#include <tutti/core/view.hpp>
#include <tutti/policy/transpose.hpp>

namespace tutti {

namespace detail {

/// For each set of eight lanes the order that puts its lanes first.
inline constexpr auto set_lanes_first = [] {
  std::array<std::array<std::uint8_t, 8>, 256> order{};
  for (std::size_t set = 0; set < 256; ++set)
    for (std::size_t lane = 0, count = 0; lane < 8; ++lane)
      if ((set >> lane & 1) != 0) order[set][count++] = static_cast<std::uint8_t>(lane);
  return order;
}();

}  // namespace detail

template <class T, class Arch = xsimd::default_arch>
struct xsimd_register {
  static_assert(std::is_same_v<T, float> || std::is_same_v<T, double> || std::is_same_v<T, std::int32_t>);

  using value_type = T;
  template <class U>
  using rebind = xsimd_register<U, Arch>;
  using batch = xsimd::batch<T, Arch>;
  using flags = xsimd::batch_bool<T, Arch>;
  using whole = xsimd::batch<xsimd::as_integer_t<T>, Arch>;
  using type = decltype(batch::data);
  using mask_type = decltype(flags::data);

  static constexpr int width = int(batch::size);
#if defined(__aarch64__) || defined(__AVX512VL__)
  static constexpr int registers = 32;
#else
  static constexpr int registers = sizeof(type) == 64 ? 32 : 16;
#endif
#if defined(__AVX2__)
  static constexpr bool gathers = sizeof(type) >= 32;  ///< whether `gather` is one instruction
#else
  static constexpr bool gathers = false;
#endif
  static constexpr int mantissa_bits = sizeof(T) == 4 ? 23 : 52;
  static constexpr int bias = sizeof(T) == 4 ? 127 : 1023;

  [[gnu::always_inline]] static type load(const T* p) { return batch::load_aligned(p).data; }
  [[gnu::always_inline]] static type loadu(const T* p) { return batch::load_unaligned(p).data; }
  [[gnu::always_inline]] static void store(T* p, type v) { batch(v).store_aligned(p); }
  [[gnu::always_inline]] static void storeu(T* p, type v) { batch(v).store_unaligned(p); }
  [[gnu::always_inline]] static type all(T x) { return batch(x).data; }

  [[gnu::always_inline]] static type widen(const float* p) {
    static_assert(sizeof(T) == 8);
#if defined(__AVX512F__)
    if constexpr (width == 8) return _mm512_maskz_cvtps_pd(0xff, _mm256_loadu_ps(p));
#endif
#if defined(__AVX__)
    if constexpr (width == 4) return _mm256_cvtps_pd(_mm_loadu_ps(p));
#endif
    if constexpr (width == 2) return type{T(p[0]), T(p[1])};
  }

  /// column[c], lane r = x[r * stride + c], for four columns.
  [[gnu::always_inline]] static void columns4(const T* x, index stride, type* column) {
    detail::wide_t<T, sizeof(type)> c[4];
    detail::transpose_columns<sizeof(type)>(x, stride, c);
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) column[i] = type(c[i]);
  }

  [[gnu::always_inline]] static type add(type a, type b) { return (batch(a) + batch(b)).data; }
  [[gnu::always_inline]] static type sub(type a, type b) { return (batch(a) - batch(b)).data; }
  [[gnu::always_inline]] static type mul(type a, type b) { return (batch(a) * batch(b)).data; }
  [[gnu::always_inline]] static type div(type a, type b) { return (batch(a) / batch(b)).data; }
  [[gnu::always_inline]] static type madd(type a, type b, type c) {
#if defined(__AVX512F__)
    // xsimd 8.1's fma is a product and a sum here: half the speed.
    if constexpr (sizeof(type) == 64 && sizeof(T) == 4) return _mm512_fmadd_ps(a, b, c);
    if constexpr (sizeof(type) == 64 && sizeof(T) == 8) return _mm512_fmadd_pd(a, b, c);
#endif
    if constexpr (sizeof(type) < 64) return xsimd::fma(batch(a), batch(b), batch(c)).data;
  }
  [[gnu::always_inline]] static type min(type a, type b) { return xsimd::min(batch(a), batch(b)).data; }
  [[gnu::always_inline]] static type max(type a, type b) { return xsimd::max(batch(a), batch(b)).data; }

  [[gnu::always_inline]] static mask_type less(type a, type b) { return (batch(a) < batch(b)).data; }
  [[gnu::always_inline]] static mask_type less_equal(type a, type b) { return (batch(a) <= batch(b)).data; }
  [[gnu::always_inline]] static mask_type equal(type a, type b) { return (batch(a) == batch(b)).data; }
  [[gnu::always_inline]] static type select(mask_type m, type a, type b) {
    return xsimd::select(flags(m), batch(a), batch(b)).data;
  }
  [[gnu::always_inline]] static std::uint32_t bits(mask_type m) {
    if constexpr (sizeof(mask_type) < 16) {  // AVX-512's masks are bits already
      return std::uint32_t(m);
#if defined(__AVX2__)
    } else if constexpr (sizeof(mask_type) == 32 && sizeof(T) == 4) {
      return std::uint32_t(_mm256_movemask_ps(__m256(m)));
#endif
    } else {
      alignas(64) bool lane[std::size_t(width)];
      flags(m).store_aligned(lane);
      std::uint32_t b = 0;
      for (int i = 0; i < width; ++i) b |= std::uint32_t(lane[i]) << i;
      return b;
    }
  }

  /// Whether a lane is true.
  [[gnu::always_inline]] static bool any(mask_type m) { return xsimd::any(flags(m)); }

  /// base[i] for the lanes i of `at`; numbers of 32 bits only. xsimd 8.1 has no gather.
  [[gnu::always_inline]] static type gather(const T* base, typename rebind<std::int32_t>::type at) {
    static_assert(sizeof(T) == 4);
    return gather_words<sizeof(T)>(base, at);
  }

  // Of whole numbers only.

  /// The 32 bits that lie `at` bytes behind base, at any address.
  [[gnu::always_inline]] static type gather_bytes(const void* base, type at)
    requires std::is_same_v<T, std::int32_t>
  {
    return gather_words<1>(base, at);
  }
  [[gnu::always_inline]] static type from_bytes(const std::uint8_t* p)
    requires std::is_same_v<T, std::int32_t>
  {
#if defined(__AVX512F__)
    if constexpr (sizeof(type) == 64)
      return _mm512_maskz_cvtepu8_epi32(0xffff, _mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
#endif
#if defined(__AVX2__)
    if constexpr (sizeof(type) == 32)
      return _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p)));
#endif
    alignas(64) T x[width];
    for (int i = 0; i < width; ++i) x[i] = p[i];
    return load(x);
  }
  /// Stores the lanes where m is true side by side, and anything behind them; returns how many they are.
  [[gnu::always_inline]] static int store_if(T* p, mask_type m, type x)
    requires std::is_same_v<T, std::int32_t>
  {
    const std::uint32_t b = bits(m);
#if defined(__AVX512F__)
    if constexpr (sizeof(type) == 64) {
      storeu(p, _mm512_maskz_compress_epi32(static_cast<__mmask16>(b), x));
      return std::popcount(b);
    }
#endif
#if defined(__AVX2__)
    if constexpr (sizeof(type) == 32) {
      const __m128i order = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(detail::set_lanes_first[b].data()));
      storeu(p, _mm256_permutevar8x32_epi32(x, _mm256_cvtepu8_epi32(order)));
      return std::popcount(b);
    }
#endif
    alignas(64) T lane[width];
    store(lane, x);
    int count = 0;
    for (int i = 0; i < width; ++i) {
      p[count] = lane[i];
      count += static_cast<int>(b >> i & 1);
    }
    return count;
  }
  [[gnu::always_inline]] static auto to_float(type x)
    requires std::is_same_v<T, std::int32_t>
  {
    return xsimd::to_float(batch(x)).data;
  }
  [[gnu::always_inline]] static type bit_and(type a, type b)
    requires std::is_same_v<T, std::int32_t>
  {
    return (batch(a) & batch(b)).data;
  }
  [[gnu::always_inline]] static type bit_or(type a, type b)
    requires std::is_same_v<T, std::int32_t>
  {
    return (batch(a) | batch(b)).data;
  }
  template <int Bits>
  [[gnu::always_inline]] static type shift_right(type a)
    requires std::is_same_v<T, std::int32_t>
  {
    using word = xsimd::batch<std::uint32_t, Arch>;
    return xsimd::bitwise_cast<batch>(xsimd::bitwise_cast<word>(batch(a)) >> Bits).data;
  }

  // Of floating-point numbers only.

  [[gnu::always_inline]] static type exp2_whole(type n) {
    // Adding 1.5 * 2^mantissa_bits leaves the whole number in the low bits of the mantissa.
    const batch shifted = batch(n) + batch(T(1.5) * T(std::int64_t(1) << mantissa_bits) + T(bias));
    return xsimd::bitwise_cast<batch>(xsimd::bitwise_cast<whole>(shifted) << mantissa_bits).data;
  }
  [[gnu::always_inline]] static type exponent(type x) {
    const batch magic(T(std::int64_t(1) << mantissa_bits));
    const whole e = xsimd::bitwise_cast<whole>(batch(x)) >> mantissa_bits;
    return (xsimd::bitwise_cast<batch>(e | xsimd::bitwise_cast<whole>(magic)) - (magic + batch(T(bias)))).data;
  }
  [[gnu::always_inline]] static type mantissa(type x) {
    using number = xsimd::as_integer_t<T>;
    const whole keep((number(1) << mantissa_bits) - 1);
    const whole one = xsimd::bitwise_cast<whole>(batch(T(1)));
    return xsimd::bitwise_cast<batch>((xsimd::bitwise_cast<whole>(batch(x)) & keep) | one).data;
  }

 private:
  /// The 32 bits at base + Scale * at.
  template <int Scale, class At>
  [[gnu::always_inline]] static type gather_words(const void* base, At at) {
    // Masked, since GCC 12 warns of the uninitialised source of the others.
#if defined(__AVX512F__)
    if constexpr (sizeof(type) == 64)
      return type(_mm512_mask_i32gather_epi32(_mm512_setzero_si512(), 0xffff, at, base, Scale));
#endif
#if defined(__AVX2__)
    if constexpr (sizeof(type) == 32)
      return type(_mm256_i32gather_epi32(static_cast<const int*>(base), at, Scale));
#endif
    alignas(64) std::int32_t i[width];
    alignas(64) T x[width];
    rebind<std::int32_t>::store(i, at);
#pragma GCC unroll 16
    for (int l = 0; l < width; ++l)
      std::memcpy(x + l, static_cast<const char*>(base) + index(Scale) * i[l], sizeof(T));
    return load(x);
  }
};

}  // namespace tutti
