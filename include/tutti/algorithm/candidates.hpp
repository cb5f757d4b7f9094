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
  constexpr candidates(query_block<P, Filter>& block, index k, index first, index last, const layout& at,
                       std::byte* memory)
      : block_(block), k_(k), first_(first), last_(last), open_(reinterpret_cast<open_query*>(memory + at.open)) {
    auto* const hits = reinterpret_cast<hit<T>*>(memory + at.hits);
    auto* const nearest = reinterpret_cast<neighbor*>(memory + at.nearest);
    for (index i = P::lane(); i < block.size(); i += P::step())
      open_[i] = open_query{hits + i * room(k), 0, nearest_list(nearest + i * nearest_list::room(k), k)};
    P::sync();
  }

  /// Puts the lanes whose bits are set to the hits of query i.
  [[gnu::noinline]] constexpr void take(index i, const T* key, std::uint32_t bits, index lane) {
    open_query& q = open_[i];
    index count = q.count;
    for (; bits != 0; bits &= bits - 1) {
      const int l = std::countr_zero(bits);
      if (block_.threshold(i) < key[l] || lane + l >= last_) continue;
      if (P::leader()) q.hits[count] = {key[l], static_cast<std::int32_t>(lane + l - first_)};
      if (++count == room(k_)) count = make_room(i, count);
    }
    P::sync();
    if (P::leader()) q.count = count;
    P::sync();
  }

  /// The nearest of query i, in order.
  constexpr const nearest_list& finish(index i) {
    open_query& q = open_[i];
    index count = q.count;
    if (count > k_ && !block_.bounds(i).say_nothing()) count = tighten(i, count);
    decide(i, count);
    if (P::leader()) q.nearest.finish();
    P::sync();
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

  // What follows is done by all lanes together; they wait for each other at its beginning and at its end. Hits, lists
  // and thresholds are the leader's to change. A number of hits is a plain number, the same in all lanes.

  /// The number of hits that are left.
  constexpr index make_room(index i, index count) {
    if (!block_.bounds(i).say_nothing()) {
      count = tighten(i, count);
      if (2 * count <= 3 * k_ + 16) return count;
    }
    decide(i, count);
    return 0;
  }

  /// Lowers the threshold to what the k smallest keys allow, and drops the hits above; the number of those left.
  constexpr index tighten(index i, index count) {
    open_query& q = open_[i];
    P::sync();
    if (P::leader()) {
      std::nth_element(q.hits, q.hits + (k_ - 1), q.hits + count,
                       [](const hit<T>& a, const hit<T>& b) { return a.key < b.key; });
      lower(i, block_.bounds(i).above_key(static_cast<double>(q.hits[k_ - 1].key)));
      const T limit = block_.threshold(i);
      q.count = std::partition(q.hits, q.hits + count, [limit](const hit<T>& h) { return h.key <= limit; }) - q.hits;
    }
    P::sync();
    return q.count;
  }

  /// Replaces the hits by what they are in double.
  constexpr void decide(index i, index count) {
    open_query& q = open_[i];
    P::sync();
    for (index h = 0; h < count; ++h) {
      if (h + 4 < count) block_.prefetch(first_ + q.hits[h + 4].at);
      const index at = first_ + q.hits[h].at;
      const double sum = block_.sum(i, at);
      if (P::leader()) q.nearest.offer({sum, at});
    }
    if (P::leader()) {
      q.nearest.shrink();
      const key_bounds& bounds = block_.bounds(i);
      if (q.nearest.is_full() && !bounds.say_nothing()) lower(i, bounds.above_sum(q.nearest.last().sum));
    }
    P::sync();
  }

  constexpr void lower(index i, double limit) {
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
