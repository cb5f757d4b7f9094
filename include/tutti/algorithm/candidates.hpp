#pragma once
// Candidates: for some queries, the samples that a filter cannot tell from the nearest, and the nearest among those
// that were decided in double. Memory is fixed: where candidates become too many, they are decided on the spot.
//
// **Source** A reservoir with a threshold: Johnson, Douze, Jégou, Billion-scale similarity search with GPUs, IEEE
// Transactions on Big Data 7 (2021), section 3.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <new>

#include <tutti/algorithm/nearest_list.hpp>
#include <tutti/algorithm/neighbor_filter.hpp>
#include <tutti/algorithm/query_block.hpp>
#include <tutti/core/view.hpp>

namespace tutti::detail {

/// A sample whose key passed a filter.
template <class T>
struct hit {
  T key;
  std::int32_t at;  ///< counted from the first sample of the search
};

/// The sink of query_block::pass that looks for the k nearest.
template <class P, class Filter>
class candidates {
 public:
  using T = typename P::value_type;

  /// Where what lies in a task's memory.
  struct layout {
    index hits, open, nearest;
  };

  /// Makes room for at most so many queries.
  static constexpr layout plan(scratch_plan& memory, index queries, index k) {
    layout at{};
    at.hits = memory.take<hit<T>>(queries * room(k));
    at.open = memory.take<open_query>(queries);
    at.nearest = memory.take<neighbor>(queries * nearest_list::room(k));
    return at;
  }

  /// first, last   samples of the search
  candidates(query_block<P, Filter>& block, index k, index first, index last, const layout& at, std::byte* memory)
      : block_(block), k_(k), first_(first), last_(last), open_(reinterpret_cast<open_query*>(memory + at.open)) {
    auto* const hits = reinterpret_cast<hit<T>*>(memory + at.hits);
    auto* const nearest = reinterpret_cast<neighbor*>(memory + at.nearest);
    for (index i = 0; i < block.size(); ++i)
      new (open_ + i) open_query{hits + i * room(k), 0, nearest_list(nearest + i * nearest_list::room(k), k)};
  }

  /// Puts the lanes whose bits are set to the hits of query i.
  [[gnu::noinline]] void take(index i, const T* key, std::uint32_t bits, index lane) {
    open_query& q = open_[i];
    for (; bits != 0; bits &= bits - 1) {
      const int l = std::countr_zero(bits);
      if (block_.threshold(i) < key[l] || lane + l >= last_) continue;
      q.hits[q.count++] = {key[l], static_cast<std::int32_t>(lane + l - first_)};
      if (q.count == room(k_)) make_room(i);
    }
  }

  /// The nearest of query i, in order.
  const nearest_list& finish(index i) {
    open_query& q = open_[i];
    if (q.count > k_ && !block_.bounds(i).say_nothing()) tighten(i);
    decide(i);
    q.nearest.finish();
    return q.nearest;
  }

 private:
  /// What a query has found so far.
  struct open_query {
    hit<T>* hits;
    index count;
    nearest_list nearest;
  };

  /// Hits that a query has room for.
  static constexpr index room(index k) { return 2 * k + 16; }

  void make_room(index i) {
    if (block_.bounds(i).say_nothing()) return decide(i);
    tighten(i);
    if (2 * open_[i].count > 3 * k_ + 16) decide(i);
  }

  /// Lowers the threshold to what the k smallest keys allow, and drops the hits above.
  void tighten(index i) {
    open_query& q = open_[i];
    std::nth_element(q.hits, q.hits + (k_ - 1), q.hits + q.count,
                     [](const hit<T>& a, const hit<T>& b) { return a.key < b.key; });
    lower(i, block_.bounds(i).above_key(static_cast<double>(q.hits[k_ - 1].key)));
    const T limit = block_.threshold(i);
    q.count = std::partition(q.hits, q.hits + q.count, [limit](const hit<T>& h) { return h.key <= limit; }) - q.hits;
  }

  /// Replaces the hits by what they are in double.
  void decide(index i) {
    open_query& q = open_[i];
    for (index h = 0; h < q.count; ++h) {
      if (h + 4 < q.count) block_.prefetch(first_ + q.hits[h + 4].at);
      const index at = first_ + q.hits[h].at;
      q.nearest.offer({block_.sum(i, at), at});
    }
    q.count = 0;
    q.nearest.shrink();
    const key_bounds& bounds = block_.bounds(i);
    if (q.nearest.is_full() && !bounds.say_nothing()) lower(i, bounds.above_sum(q.nearest.last().sum));
  }

  void lower(index i, double limit) {
    T& threshold = block_.threshold(i);
    if (limit < static_cast<double>(threshold)) threshold = std::min(threshold, rounded_up<T>(limit));
  }

  query_block<P, Filter>& block_;
  index k_;
  index first_;
  index last_;
  open_query* open_;
};

}  // namespace tutti::detail
