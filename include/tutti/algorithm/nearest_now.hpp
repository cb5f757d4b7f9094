#pragma once
// The k nearest of the samples that are offered, for searches that make use of the last one at once.

#include <algorithm>

#include <tutti/algorithm/nearest_list.hpp>
#include <tutti/core/view.hpp>

namespace tutti::detail {

/// The k first of the neighbours that are offered; the last of them is always known. Few are kept in order, many as a
/// heap.
class nearest_now {
 public:
  static constexpr index few = 64;

  nearest_now(neighbor* memory, index k) : list_(memory), k_(k) {}

  /// Whether it is one of them.
  bool offer(const neighbor& x) {
    if (is_full() && !(x < last())) return false;
    if (k_ <= few)
      insert(x);
    else
      push(x);
    return true;
  }

  bool is_full() const { return count_ == k_; }
  /// is_full() only.
  const neighbor& last() const { return k_ <= few ? list_[k_ - 1] : list_[0]; }
  index size() const { return count_; }

  /// Those there are, in order.
  const neighbor* finish() {
    if (k_ > few) std::sort(list_, list_ + count_);
    return list_;
  }

 private:
  void insert(const neighbor& x) {
    index to = is_full() ? k_ - 1 : count_++;
    for (; to > 0 && x < list_[to - 1]; --to) list_[to] = list_[to - 1];
    list_[to] = x;
  }

  void push(const neighbor& x) {
    if (is_full()) std::pop_heap(list_, list_ + count_--);
    list_[count_++] = x;
    std::push_heap(list_, list_ + count_);
  }

  neighbor* list_;
  index k_;
  index count_ = 0;
};

}  // namespace tutti::detail
