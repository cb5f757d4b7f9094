#pragma once
// Keys as unsigned numbers of the same order, and back: what a radix sort compares.

#include <bit>
#include <cstdint>
#include <type_traits>

namespace tutti::detail {

template <class K>
using key_bits =
    std::conditional_t<sizeof(K) == 1, std::uint8_t,
                       std::conditional_t<sizeof(K) == 2, std::uint16_t,
                                          std::conditional_t<sizeof(K) == 4, std::uint32_t, std::uint64_t>>>;

template <class K>
inline constexpr key_bits<K> sign_bit = static_cast<key_bits<K>>(key_bits<K>{1} << (8 * sizeof(K) - 1));

/// Unsigned numbers in the order of floating-point numbers, -0 just below 0.
template <class K>
constexpr key_bits<K> sign_ordered_bits(K key) {
  using U = key_bits<K>;
  const U bits = std::bit_cast<U>(key), negative = static_cast<U>(0 - (bits >> (8 * sizeof(K) - 1)));
  return static_cast<U>(bits ^ (negative | sign_bit<K>));
}

/// Unsigned numbers in the order of the keys; -0 counts as 0. Keys must not be NaN.
///
/// note   no comparison of floating-point numbers, which -ffast-math might do in its own way
template <class K>
constexpr key_bits<K> ordered_bits(K key) {
  using U = key_bits<K>;
  if constexpr (std::is_floating_point_v<K>) {
    const U bits = sign_ordered_bits(key);
    return static_cast<U>(bits + (bits == sign_bit<K> - 1 ? 1 : 0));
  } else if constexpr (std::is_signed_v<K>) {
    return static_cast<U>(static_cast<U>(key) ^ sign_bit<K>);
  } else {
    return static_cast<U>(key);
  }
}

/// The key that has these bits.
template <class K>
constexpr K from_ordered_bits(key_bits<K> bits) {
  using U = key_bits<K>;
  if constexpr (std::is_floating_point_v<K>) {
    return std::bit_cast<K>(static_cast<U>((bits & sign_bit<K>) != 0 ? bits & ~sign_bit<K> : ~bits));
  } else if constexpr (std::is_signed_v<K>) {
    return static_cast<K>(static_cast<U>(bits ^ sign_bit<K>));
  } else {
    return static_cast<K>(bits);
  }
}

}  // namespace tutti::detail
