#pragma once
// How many of some ascending numbers lie below another.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <limits>
#include <span>

#include <tutti/core/view.hpp>
#include <tutti/policy/ordered_bits.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti::detail {

inline constexpr index bin_slots = 256;  // room for the cuts of a feature

/// At most 255 ascending numbers, laid out for counting those below another in two ways.
template <class T>
struct alignas(64) number_line {
  T last[16];                   ///< the last of each sixteen
  T value[bin_slots];           ///< ascending, then infinite
  key_bits<T> tree[bin_slots];  ///< the same as bits, a search tree: the children of node k are 2k and 2k + 1

  constexpr number_line() { assign(nullptr, 0); }

  constexpr void assign(const T* numbers, index count) {
    std::copy_n(numbers, count, value);
    std::fill(value + count, value + bin_slots, std::numeric_limits<T>::infinity());
    for (index k = 0; k < 16; ++k) last[k] = value[16 * k + 15];
    tree[0] = 0;
    for (index level = 1, step = 128; step > 0; level *= 2, step /= 2)
      for (index k = 0; k < level; ++k) tree[level + k] = ordered_bits(value[2 * step * k + step - 1]);
  }
};

/// Counts the numbers of a line below another: in two comparisons of 16 lanes, or eight of single numbers where a pack
/// has so many registers that their masks are slow to count.
template <class P, bool Wide = (P::width >= 8)>
class line_search {
 public:
  using T = typename P::value_type;

  explicit constexpr line_search(const number_line<T>& line) : last_(P::load(line.last)), value_(line.value) {}

  /// In [0, 255]; anything for NaN.
  [[gnu::always_inline]] constexpr index below(T x) const {
    const P all = P::all(x);
    const index sixteens = std::popcount((last_ < all).bits());
    return 16 * sixteens + std::popcount((P::load(value_ + 16 * sixteens) < all).bits());
  }
  constexpr bool holds(index place, T x) const { return value_[place] == x; }

 private:
  P last_;
  const T* value_;
};

template <class P>
class line_search<P, false> {
 public:
  using T = typename P::value_type;

  explicit constexpr line_search(const number_line<T>& line) : tree_(line.tree), value_(line.value) {}

  [[gnu::always_inline]] constexpr index below(T x) const {
    const key_bits<T> key = sign_ordered_bits(x);  // -0 will do as it is: no number of a line is between it and 0
    std::size_t node = 1;
#pragma GCC unroll 8
    for (int depth = 0; depth < 8; ++depth) node = 2 * node + static_cast<std::size_t>(tree_[node] < key);
    return static_cast<index>(node) - bin_slots;
  }
  constexpr bool holds(index place, T x) const { return value_[place] == x; }

 private:
  const key_bits<T>* tree_;
  const T* value_;
};

/// Counts the numbers below another of any number of them, by halving.
template <class T>
class halving_search {
 public:
  explicit constexpr halving_search(std::span<const T> ascending) : numbers_(ascending) {}

  /// In [0, size]; anything for NaN.
  constexpr index below(T x) const {
    const T* first = numbers_.data();
    auto count = static_cast<index>(numbers_.size());
    for (index half = count / 2; half > 0; half = count / 2) {
      first += first[half - 1] < x ? half : 0;
      count -= half;
    }
    return first - numbers_.data() + (count > 0 && *first < x ? 1 : 0);
  }
  constexpr bool holds(index place, T x) const {
    return place < static_cast<index>(numbers_.size()) && numbers_[static_cast<std::size_t>(place)] == x;
  }

 private:
  std::span<const T> numbers_;
};

}  // namespace tutti::detail
