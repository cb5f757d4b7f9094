#pragma once
// scalar_pack<T>: one number with the operations of a pack, so that one text serves numbers, packs and device threads.

#include <bit>
#include <cstdint>

#include <tutti/core/arithmetic.hpp>
#include <tutti/core/view.hpp>

namespace tutti {

/// Something with lanes: a pack of any width, the same on a device, or a scalar_pack.
template <class V>
concept pack_like = requires {
  typename V::value_type;
  V::lanes;
};

/// A pack of one lane. Its operations round as those of pack<T> do, bit for bit.
template <class T>
struct scalar_pack {
  using value_type = T;
  using layout = detail::float_bits<T>;
  using bits_type = typename layout::type;

  static constexpr int lanes = 1;

  struct mask {
    bool m;
    constexpr std::uint32_t bits() const { return m ? 1 : 0; }
  };

  T value;

  static constexpr scalar_pack all(T x) { return {x}; }

  friend constexpr scalar_pack operator+(scalar_pack a, scalar_pack b) { return {a.value + b.value}; }
  friend constexpr scalar_pack operator-(scalar_pack a, scalar_pack b) { return {a.value - b.value}; }
  friend constexpr scalar_pack operator*(scalar_pack a, scalar_pack b) {
    return {detail::product(a.value, b.value)};
  }
  friend constexpr scalar_pack operator/(scalar_pack a, scalar_pack b) { return {a.value / b.value}; }
  friend constexpr scalar_pack min(scalar_pack a, scalar_pack b) { return a.value < b.value ? a : b; }
  friend constexpr scalar_pack max(scalar_pack a, scalar_pack b) { return b.value < a.value ? a : b; }
  friend constexpr mask operator<(scalar_pack a, scalar_pack b) { return {a.value < b.value}; }
  friend constexpr mask operator<=(scalar_pack a, scalar_pack b) { return {a.value <= b.value}; }
  friend constexpr scalar_pack select(mask m, scalar_pack a, scalar_pack b) { return m.m ? a : b; }

  /// The same value, hidden from the optimiser: sums through it are not rearranged.
  friend constexpr scalar_pack opaque(scalar_pack x) { return {detail::unfused(x.value)}; }
  /// The nearest whole number, ties to even; |x| < 2^22 (2^51).
  friend constexpr scalar_pack round_whole(scalar_pack x) {
    constexpr T magic = T(1.5) * T(std::int64_t{1} << layout::mantissa);
    return {detail::unfused(detail::unfused(x.value + magic) - magic)};
  }
  /// 2^n for whole n in the range of normal numbers, exactly.
  friend constexpr scalar_pack exp2_whole(scalar_pack n) {
    const auto e = static_cast<bits_type>(static_cast<typename layout::whole>(n.value) + layout::bias);
    return {std::bit_cast<T>(static_cast<bits_type>(e << layout::mantissa))};
  }
  /// The exponent e of x = m 2^e, 1 <= m < 2, as a number; x positive and normal.
  friend constexpr scalar_pack exponent(scalar_pack x) {
    const auto e = static_cast<typename layout::whole>(std::bit_cast<bits_type>(x.value) >> layout::mantissa);
    return {static_cast<T>(e - layout::bias)};
  }
  /// The m of x = m 2^e, 1 <= m < 2; x positive and normal.
  friend constexpr scalar_pack mantissa(scalar_pack x) {
    constexpr bits_type keep = (bits_type{1} << layout::mantissa) - 1;
    return {std::bit_cast<T>((std::bit_cast<bits_type>(x.value) & keep) | std::bit_cast<bits_type>(T(1)))};
  }
};

}  // namespace tutti
