#pragma once
// select_nth: std::nth_element without branches that nobody can foresee, for keys and where they come from.
//
// **Source** Floyd, Rivest, Expected time bounds for selection, Communications of the ACM 18 (1975). A partition
// without branches: Edelkamp, Weiß, BlockQuicksort, ACM Journal of Experimental Algorithmics 24 (2019), section 2.

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>

#include <tutti/core/view.hpp>

namespace tutti::detail {

/// A number, and where it comes from.
template <class T>
struct keyed_place {
  T key;
  std::int32_t at;

  friend bool operator<(const keyed_place& a, const keyed_place& b) { return a.key < b.key; }
};

inline constexpr index ranked_items = 48;  ///< that sort_by_rank sorts at most

/// Sorts a few items by counting for each how many are before it.
template <class P, class T = typename P::value_type>
void sort_by_rank(keyed_place<T>* items, index count) {
  constexpr index packs = ranked_items / P::lanes;
  alignas(64) T key[ranked_items];
  keyed_place<T> sorted[ranked_items];
  for (index i = 0; i < ranked_items; ++i) key[i] = i < count ? items[i].key : std::numeric_limits<T>::infinity();
  P all[packs];
  for (index c = 0; c < packs; ++c) all[c] = P::load(key + c * P::lanes);
  for (index i = 0; i < count; ++i) {
    const P x = P::all(key[i]);
    std::uint64_t smaller = 0, up_to = 0;
#pragma GCC unroll 4
    for (index c = 0; c < packs; ++c) {
      smaller |= std::uint64_t{(all[c] < x).bits()} << (c * P::lanes);
      up_to |= std::uint64_t{(all[c] <= x).bits()} << (c * P::lanes);
    }
    const std::uint64_t before = smaller | (up_to & ((std::uint64_t{1} << i) - 1));
    sorted[std::popcount(before)] = items[i];
  }
  std::copy_n(sorted, count, items);
}

/// Moves the items for which `is_left` holds to the front; how many there are.
template <class Item, class IsLeft>
index partition_items(Item* items, index count, const IsLeft& is_left) {
  index left = 0;
  for (index i = 0; i < count; ++i) {
    const Item x = items[i];
    items[i] = items[left];
    items[left] = x;
    left += is_left(x) ? 1 : 0;
  }
  return left;
}

/// One of Size items at equal distances in the order of their size, so that item k is not behind it, if it is for the
/// first half, or not before it, if it is for the second, most of the time.
template <index Size, class Item>
Item pivot_of(const Item* items, index count, index k) {
  constexpr index margin = Size < 16 ? 1 : 3;
  Item some[Size];
  for (index i = 0; i < Size; ++i) some[i] = items[(2 * i + 1) * count / (2 * Size)];
  std::sort(some, some + Size);
  const index place = k * Size / count;
  return some[std::clamp<index>(2 * k < count ? place + margin : place - margin, 0, Size - 1)];
}

/// Puts the item that would be number k of all in order to that place, smaller ones before it, larger ones behind.
///
/// P       a pack<T>
/// items   [count] finite, k < count
/// cost    about 1.7 count moves
template <class P, class T = typename P::value_type>
void select_nth(keyed_place<T>* items, index count, index k) {
  using Item = keyed_place<T>;
  for (int round = 0; count > ranked_items; ++round) {
    if (round == 40) return std::nth_element(items, items + k, items + count);  // an order that defeats the samples
    const Item pivot = count < 1024 ? pivot_of<9>(items, count, k) : pivot_of<31>(items, count, k);
    const index left = partition_items(items, count, [&](const Item& x) { return x < pivot; });
    if (k < left) {
      count = left;
      continue;
    }
    const index same = left > 0 ? 0 : partition_items(items, count, [&](const Item& x) { return !(pivot < x); });
    if (k < same) return;
    items += left + same;
    count -= left + same;
    k -= left + same;
  }
  sort_by_rank<P>(items, count);
}

}  // namespace tutti::detail
