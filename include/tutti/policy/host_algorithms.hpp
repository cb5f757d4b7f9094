#pragma once
// Scan, stable sort and stable partition for host policies, written once over for_blocks: count, add up, place.

#include <algorithm>
#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

#include <tutti/core/view.hpp>
#include <tutti/policy/ordered_bits.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti::detail {

inline constexpr index sort_block = index{1} << 14;

/// A key as bits to sort by, and what goes with it.
template <class K, class V>
struct keyed {
  key_bits<K> bits;
  V value;
};

template <class Self>
struct host_algorithms {
  /// out[i] = in[0] + ... + in[i - 1]; in may be out.
  ///
  /// returns   the sum of all
  template <class T>
  T exclusive_scan(const T* in, T* out, index n) const {
    static_assert(std::is_integral_v<T>, "a scan of floating point numbers would depend on its blocks");
    const index blocks = block_count(n, sort_block);
    std::vector<T> start(static_cast<std::size_t>(blocks));
    self().for_blocks(n, sort_block, [&](index begin, index end, std::byte*) {
      T sum{};
      for (index i = begin; i < end; ++i) sum = static_cast<T>(sum + in[i]);
      start[static_cast<std::size_t>(begin / sort_block)] = sum;
    });
    const T total = running_sum(start);
    self().for_blocks(n, sort_block, [&](index begin, index end, std::byte*) {
      T sum = start[static_cast<std::size_t>(begin / sort_block)];
      for (index i = begin; i < end; ++i) {
        const T x = in[i];
        out[i] = sum;
        sum = static_cast<T>(sum + x);
      }
    });
    return total;
  }

  /// Moves the values for which pred holds to the front, both parts in their old order.
  ///
  /// returns   how many there are
  template <class T, class Predicate>
  index stable_partition(T* values, index n, const Predicate& pred) const {
    const index blocks = block_count(n, sort_block);
    std::vector<index> start(static_cast<std::size_t>(blocks));
    self().for_blocks(n, sort_block, [&](index begin, index end, std::byte*) {
      start[static_cast<std::size_t>(begin / sort_block)] =
          static_cast<index>(std::count_if(values + begin, values + end, pred));
    });
    const index total = running_sum(start);
    auto moved = self().template make_buffer<T>(n);
    self().for_blocks(n, sort_block, [&](index begin, index end, std::byte*) {
      index yes = start[static_cast<std::size_t>(begin / sort_block)], no = total + begin - yes;
      for (index i = begin; i < end; ++i) moved.data()[pred(values[i]) ? yes++ : no++] = values[i];
    });
    self().for_blocks(n, sort_block, [&](index begin, index end, std::byte*) {
      std::copy(moved.data() + begin, moved.data() + end, values + begin);
    });
    return total;
  }

  /// Sorts both arrays by key, ascending and stable: a radix sort, eight bits a pass. Floating keys come back with -0 as 0.
  template <class K, class V>
  void sort_pairs(K* keys, V* values, index n) const {
    using pair = keyed<K, V>;
    auto from = self().template make_buffer<pair>(n), to = self().template make_buffer<pair>(n);
    self().for_blocks(n, sort_block, [&](index begin, index end, std::byte*) {
      for (index i = begin; i < end; ++i) from.data()[i] = pair{ordered_bits(keys[i]), values[i]};
    });
    for (int shift = 0; shift < int(8 * sizeof(K)); shift += 8)
      if (sort_digit(from.data(), to.data(), n, shift)) std::swap(from, to);
    self().for_blocks(n, sort_block, [&](index begin, index end, std::byte*) {
      for (index i = begin; i < end; ++i) {
        keys[i] = from_ordered_bits<K>(from.data()[i].bits);
        values[i] = from.data()[i].value;
      }
    });
  }

 private:
  using digit_counts = std::array<index, 256>;

  const Self& self() const { return static_cast<const Self&>(*this); }

  template <class T>
  static T running_sum(std::vector<T>& counts) {
    T sum{};
    for (T& c : counts) {
      const T here = c;
      c = sum;
      sum = static_cast<T>(sum + here);
    }
    return sum;
  }

  template <class Pair>
  static std::size_t digit(const Pair& p, int shift) {
    return static_cast<std::size_t>(p.bits >> shift) & 255;
  }

  /// One stable pass; false if all keys share the digit and nothing was moved.
  template <class Pair>
  bool sort_digit(const Pair* from, Pair* to, index n, int shift) const {
    std::vector<digit_counts> start(static_cast<std::size_t>(block_count(n, sort_block)));
    self().for_blocks(n, sort_block, [&](index begin, index end, std::byte*) {
      digit_counts& count = start[static_cast<std::size_t>(begin / sort_block)];
      count.fill(0);
      for (index i = begin; i < end; ++i) ++count[digit(from[i], shift)];
    });
    index sum = 0;
    for (std::size_t d = 0; d < 256; ++d) {
      const index before = sum;
      for (digit_counts& count : start) {
        const index here = count[d];
        count[d] = sum;
        sum += here;
      }
      if (sum - before == n) return false;
    }
    self().for_blocks(n, sort_block, [&](index begin, index end, std::byte*) {
      digit_counts place = start[static_cast<std::size_t>(begin / sort_block)];
      for (index i = begin; i < end; ++i) to[place[digit(from[i], shift)]++] = from[i];
    });
    return true;
  }
};

}  // namespace tutti::detail
