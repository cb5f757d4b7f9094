#pragma once
// The k nearest of any number of samples, ordered by distance, then by number: an answer that does not depend on the
// order in which they are offered.

#include <algorithm>
#include <cstdint>

#include <tutti/core/view.hpp>

namespace tutti::detail {

/// A sample and how far it is, as the sum of a metric's terms.
struct neighbor {
  double sum;
  index at;

  friend constexpr bool operator<(const neighbor& a, const neighbor& b) {
    return a.sum < b.sum || (a.sum == b.sum && a.at < b.at);
  }
};

/// Sorts by merging: about as fast as std::sort, but it does not call itself, for which a device has little room.
///
/// spare   room for as many
constexpr void merge_sort(neighbor* list, index count, neighbor* spare) {
  constexpr index run = 8;
  for (index i = 0; i < count; ++i) {
    const neighbor x = list[i];
    index to = i;
    for (; to % run != 0 && x < list[to - 1]; --to) list[to] = list[to - 1];
    list[to] = x;
  }
  for (index length = run; length < count; length *= 2) {
    for (index first = 0; first < count; first += 2 * length) {
      const index middle = std::min(count, first + length), last = std::min(count, middle + length);
      std::merge(list + first, list + middle, list + middle, list + last, spare + first);
    }
    std::copy(spare, spare + count, list);
  }
}

/// The first k of the neighbours that are offered; the memory is the caller's.
class nearest_list {
 public:
  /// Neighbours that a list needs room for.
  static constexpr index room(index k) { return 2 * k + 16; }

  nearest_list() = default;
  constexpr nearest_list(neighbor* memory, index k) : list_(memory), k_(k), last_{0, 0} {}

  /// Whether there are k already.
  constexpr bool is_full() const { return full_; }
  /// The last of them that can still be among the first k; is_full() only.
  constexpr const neighbor& last() const { return last_; }

  constexpr void offer(const neighbor& x) {
    if (full_ && last_ < x) return;
    list_[count_++] = x;
    if (count_ == room(k_)) shrink();
  }

  /// Keeps those of the first k that there are, in order.
  constexpr void finish() {
    shrink();
    merge_sort(list_, count_, list_ + count_);
  }

  /// Keeps the first k only and knows the last of them; does nothing where there are fewer.
  constexpr void shrink() {
    if (count_ < k_) return;
    std::nth_element(list_, list_ + (k_ - 1), list_ + count_);
    count_ = k_;
    last_ = list_[k_ - 1];
    full_ = true;
  }

  constexpr index size() const { return count_; }
  constexpr const neighbor& operator[](index i) const { return list_[i]; }

 private:
  neighbor* list_;
  index k_;
  index count_ = 0;
  neighbor last_;
  bool full_ = false;
};

}  // namespace tutti::detail
