#pragma once
// pack<Register, Lanes>: a fixed number of lanes on any instruction set, the vector that kernels compute with.
//
// Kernels see 16 lanes of T whatever the machine's registers hold, so a result does not depend on their width.
// `slice` is the same thing one machine register wide: loops that must not spill run over the `parts` slices of a pack.
//
// **Bits.** Every operation rounds once and is the same on every instruction set, with one exception: `madd` is fused
// where the machine can. `a * b` is never fused into a following addition, whatever the compiler's flags allow.
//
// Packs of `std::int32_t` know what a walk through trees needs: sums, bits, comparisons, gathers. They wrap around.

#include <cstdint>

#include <tutti/core/arithmetic.hpp>
#include <tutti/core/view.hpp>

namespace tutti {

/// Lanes lanes of R::value_type, held in machine registers of type R::type.
///
/// R is a shim of one register: see gnu_register.hpp for the list of its members.
template <class R, int Lanes = 16>
struct pack {
  using value_type = typename R::value_type;
  using part = typename R::type;
  using slice = pack<R, R::width>;

  /// The pack of other numbers with as many lanes.
  template <class U>
  using rebind = pack<typename R::template rebind<U>, Lanes>;

  static constexpr int lanes = Lanes;
  static constexpr int width = R::width;            ///< lanes of one machine register
  static constexpr int parts = Lanes / width;       ///< registers of this pack
  static constexpr int registers = R::registers;    ///< registers that the machine has
  static constexpr bool gathers = R::gathers;       ///< whether the machine has an instruction for `gather`
  static_assert(Lanes % width == 0);

  /// One truth value a lane.
  struct mask {
    typename R::mask_type m[parts];

    [[gnu::always_inline]] std::uint32_t bits() const {
      std::uint32_t b = 0;
#pragma GCC unroll 16
      for (int i = 0; i < parts; ++i) b |= R::bits(m[i]) << (i * width);
      return b;
    }

    /// Whether a lane is true.
    [[gnu::always_inline]] friend bool any(const mask& x) {
      bool some = false;
#pragma GCC unroll 16
      for (int i = 0; i < parts; ++i) some |= R::any(x.m[i]);
      return some;
    }
  };

  part r[parts];

  // A kernel's text also runs on a device, where the lanes of a pack are threads. These four say what a loop over
  // plain numbers must do there; on a host they vanish.
  static constexpr index lane() { return 0; }       ///< the first element of a strided loop that is mine
  static constexpr index step() { return 1; }       ///< the distance to my next one
  static constexpr bool leader() { return true; }   ///< whether a single store is mine to make
  static constexpr void sync() {}                   ///< what the other lanes stored before is visible after

  template <class F>
  [[gnu::always_inline]] static pack each(const F& f) {
    pack o;
#pragma GCC unroll 16
    for (int i = 0; i < parts; ++i) o.r[i] = f(i);
    return o;
  }

  /// All lanes x.
  [[gnu::always_inline]] static pack all(value_type x) {
    const part b = R::all(x);
    return each([=](int) __attribute__((always_inline)) { return b; });
  }

  /// p[0], p[1], ...; p is aligned to the pack.
  [[gnu::always_inline]] static pack load(const value_type* p) {
    return each([=](int i) __attribute__((always_inline)) { return R::load(p + i * width); });
  }

  /// The same from any address.
  [[gnu::always_inline]] static pack loadu(const value_type* p) {
    return each([=](int i) __attribute__((always_inline)) { return R::loadu(p + i * width); });
  }

  /// p[0] ... p[count - 1], then zeros; nothing beyond is read.
  [[gnu::always_inline]] static pack load_first(const value_type* p, index count) {
    if (count >= Lanes) return loadu(p);
    return generate([=](index l) __attribute__((always_inline)) { return l < count ? p[l] : value_type(0); });
  }

  /// f(0), f(1), ... for the lanes.
  template <class F>
  [[gnu::always_inline]] static pack generate(const F& f) {
    alignas(64) value_type s[Lanes];
    for (int l = 0; l < Lanes; ++l) s[l] = f(index(l));
    return load(s);
  }

  /// Doubles from 16 floats at any address; a pack of doubles only.
  [[gnu::always_inline]] static pack widen(const float* p) {
    return each([=](int i) __attribute__((always_inline)) { return R::widen(p + i * width); });
  }
  [[gnu::always_inline]] static pack widen(const double* p) { return loadu(p); }

  /// Whole numbers from 16 bytes at any address; a pack of whole numbers only.
  [[gnu::always_inline]] static pack from_bytes(const std::uint8_t* p) {
    return each([=](int i) __attribute__((always_inline)) { return R::from_bytes(p + i * width); });
  }

  /// base[at] for each lane; a pack of numbers of 32 bits only.
  [[gnu::always_inline]] static pack gather(const value_type* base, const rebind<std::int32_t>& at) {
    return each([&](int i) __attribute__((always_inline)) { return R::gather(base, at.r[i]); });
  }

  /// The 32 bits that lie `at` bytes behind base, aligned or not; a pack of whole numbers only.
  [[gnu::always_inline]] static pack gather_bytes(const void* base, const pack& at) {
    return each([&](int i) __attribute__((always_inline)) { return R::gather_bytes(base, at.r[i]); });
  }

  /// column[c], lane r = x[r * stride + c], for four columns of as many rows as there are lanes.
  [[gnu::always_inline]] static void columns4(const value_type* x, index stride, pack* column) {
#pragma GCC unroll 16
    for (int i = 0; i < parts; ++i) {
      part c[4];
      R::columns4(x + i * width * stride, stride, c);
#pragma GCC unroll 4
      for (int k = 0; k < 4; ++k) column[k].r[i] = c[k];
    }
  }

  /// Asks for a cache line that will be read soon.
  [[gnu::always_inline]] static void prefetch(const void* p) { __builtin_prefetch(p, 0, 3); }

  [[gnu::always_inline]] void store(value_type* p) const {
#pragma GCC unroll 16
    for (int i = 0; i < parts; ++i) R::store(p + i * width, r[i]);
  }

  [[gnu::always_inline]] void storeu(value_type* p) const {
#pragma GCC unroll 16
    for (int i = 0; i < parts; ++i) R::storeu(p + i * width, r[i]);
  }

  /// Lanes 0 ... count - 1 to any address; nothing beyond is written.
  [[gnu::always_inline]] void store_first(value_type* p, index count) const {
    if (count >= Lanes) return storeu(p);
    alignas(64) value_type s[Lanes];
    store(s);
    for (index l = 0; l < count; ++l) p[l] = s[l];
  }

  /// The lanes where m is true, side by side from p on; returns how many. Anything may follow them up to p + lanes;
  /// a pack of whole numbers only.
  [[gnu::always_inline]] int store_if(value_type* p, const mask& m) const {
    int count = 0;
#pragma GCC unroll 16
    for (int i = 0; i < parts; ++i) count += R::store_if(p + count, m.m[i], r[i]);
    return count;
  }

  /// Lanes 0 ... count - 1 to p, p + stride, p + 2 stride, ...
  [[gnu::always_inline]] void scatter_first(value_type* p, index stride, index count) const {
    alignas(64) value_type s[Lanes];
    store(s);
    for (index l = 0; l < count; ++l) p[l * stride] = s[l];
  }

  /// The sum of the lanes, always the same tree: lanes 8, 4, 2, 1 apart are added.
  [[gnu::always_inline]] value_type lane_sum() const {
    alignas(64) value_type s[Lanes];
    store(s);
    for (int w = Lanes / 2; w > 0; w /= 2)
      for (int l = 0; l < w; ++l) s[l] += s[l + w];
    return s[0];
  }

  /// The largest of the lanes.
  [[gnu::always_inline]] value_type lane_max() const {
    alignas(64) value_type s[Lanes];
    store(s);
    value_type largest = s[0];
    for (int l = 1; l < Lanes; ++l) largest = s[l] < largest ? largest : s[l];
    return largest;
  }

  /// a * b + c, fused where the machine can: only for results that are verified or have a tolerance.
  [[gnu::always_inline]] friend pack madd(const pack& a, const pack& b, const pack& c) {
    return each([&](int i) __attribute__((always_inline)) { return R::madd(a.r[i], b.r[i], c.r[i]); });
  }
  [[gnu::always_inline]] friend pack operator+(const pack& a, const pack& b) {
    return each([&](int i) __attribute__((always_inline)) { return R::add(a.r[i], b.r[i]); });
  }
  [[gnu::always_inline]] friend pack operator-(const pack& a, const pack& b) {
    return each([&](int i) __attribute__((always_inline)) { return R::sub(a.r[i], b.r[i]); });
  }
  [[gnu::always_inline]] friend pack operator*(const pack& a, const pack& b) {
    return each([&](int i) __attribute__((always_inline)) { return detail::unfused(R::mul(a.r[i], b.r[i])); });
  }
  [[gnu::always_inline]] friend pack operator/(const pack& a, const pack& b) {
    return each([&](int i) __attribute__((always_inline)) { return R::div(a.r[i], b.r[i]); });
  }
  [[gnu::always_inline]] friend pack min(const pack& a, const pack& b) {
    return each([&](int i) __attribute__((always_inline)) { return R::min(a.r[i], b.r[i]); });
  }
  [[gnu::always_inline]] friend pack max(const pack& a, const pack& b) {
    return each([&](int i) __attribute__((always_inline)) { return R::max(a.r[i], b.r[i]); });
  }
  [[gnu::always_inline]] friend mask operator<(const pack& a, const pack& b) {
    mask o;
#pragma GCC unroll 16
    for (int i = 0; i < parts; ++i) o.m[i] = R::less(a.r[i], b.r[i]);
    return o;
  }
  [[gnu::always_inline]] friend mask operator<=(const pack& a, const pack& b) {
    mask o;
#pragma GCC unroll 16
    for (int i = 0; i < parts; ++i) o.m[i] = R::less_equal(a.r[i], b.r[i]);
    return o;
  }
  [[gnu::always_inline]] friend mask operator==(const pack& a, const pack& b) {
    mask o;
#pragma GCC unroll 16
    for (int i = 0; i < parts; ++i) o.m[i] = R::equal(a.r[i], b.r[i]);
    return o;
  }
  /// a where m is true, b elsewhere.
  [[gnu::always_inline]] friend pack select(const mask& m, const pack& a, const pack& b) {
    return each([&](int i) __attribute__((always_inline)) { return R::select(m.m[i], a.r[i], b.r[i]); });
  }
  // Whole numbers only.
  [[gnu::always_inline]] friend pack operator&(const pack& a, const pack& b) {
    return each([&](int i) __attribute__((always_inline)) { return R::bit_and(a.r[i], b.r[i]); });
  }
  [[gnu::always_inline]] friend pack operator|(const pack& a, const pack& b) {
    return each([&](int i) __attribute__((always_inline)) { return R::bit_or(a.r[i], b.r[i]); });
  }
  /// Every lane shifted to the right as an unsigned number: zeros come in.
  template <int Bits>
  [[gnu::always_inline]] pack shifted_right() const {
    return each([&](int i) __attribute__((always_inline)) { return R::template shift_right<Bits>(r[i]); });
  }
  /// The nearest floats.
  [[gnu::always_inline]] rebind<float> to_float() const {
    return rebind<float>::each([&](int i) __attribute__((always_inline)) { return R::to_float(r[i]); });
  }

  // Floating-point numbers only.
  /// The same value, hidden from the optimiser: sums through it are not rearranged.
  [[gnu::always_inline]] friend pack opaque(const pack& x) {
    return each([&](int i) __attribute__((always_inline)) { return detail::unfused(x.r[i]); });
  }
  /// The nearest whole number, ties to even; |x| < 2^22 (2^51).
  [[gnu::always_inline]] friend pack round_whole(const pack& x) {
    constexpr value_type magic = sizeof(value_type) == 4 ? value_type(0x1.8p23) : value_type(0x1.8p52);
    return opaque(opaque(x + all(magic)) - all(magic));
  }
  /// 2^n for whole n in the range of normal numbers, exactly.
  [[gnu::always_inline]] friend pack exp2_whole(const pack& n) {
    return each([&](int i) __attribute__((always_inline)) { return R::exp2_whole(n.r[i]); });
  }
  /// The exponent e of x = m 2^e, 1 <= m < 2, as a number; x positive and normal.
  [[gnu::always_inline]] friend pack exponent(const pack& x) {
    return each([&](int i) __attribute__((always_inline)) { return R::exponent(x.r[i]); });
  }
  /// The m of x = m 2^e, 1 <= m < 2; x positive and normal.
  [[gnu::always_inline]] friend pack mantissa(const pack& x) {
    return each([&](int i) __attribute__((always_inline)) { return R::mantissa(x.r[i]); });
  }
};

}  // namespace tutti
