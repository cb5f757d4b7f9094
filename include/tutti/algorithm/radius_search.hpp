#pragma once
// radius_search: all samples within a distance of each query, by looking at all pairs.
//
// **Source** neighbor_filter.hpp, tile_product.hpp.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <tutti/algorithm/brute_search.hpp>
#include <tutti/algorithm/nearest_list.hpp>
#include <tutti/algorithm/neighbor_filter.hpp>
#include <tutti/algorithm/query_block.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti::detail {

/// Decides every pair that comes, and keeps those within the radius.
template <class P, class Filter>
struct within_sink {
  using T = typename P::value_type;

  query_block<P, Filter>& block;
  const Filter& filter;
  index samples;
  index features;
  double radius;
  std::vector<neighbor>* found;  ///< [queries of the block]

  [[gnu::noinline]] void take(index i, const T*, std::uint32_t bits, index lane) {
    for (; bits != 0; bits &= bits - 1) {
      const index at = lane + std::countr_zero(bits);
      if (at < samples) offer(i, at);
    }
  }

  void offer(index i, index at) {
    const double sum = block.sum(i, at);
    if (filter.distance(sum, features) <= radius) found[i].push_back({sum, at});
  }
};

/// Finds all samples within the radius of a block of queries.
template <class P, class Filter>
struct radius_kernel {
  using T = typename P::value_type;
  using block = query_block<P, Filter>;

  searched_samples<T> samples;
  Filter filter;
  matrix_view<const T> Q;
  double radius;
  self_query self;
  index block_queries;
  std::vector<neighbor>* found;  ///< [m]

  index scratch_bytes() const {
    scratch_plan memory;
    block::plan(memory, block_queries, samples.features);
    return memory.bytes();
  }

  void operator()(index begin, index end, std::byte* scratch) const {
    scratch_plan memory;
    const auto at = block::plan(memory, block_queries, samples.features);
    block some(samples, filter, Q, begin, end - begin, at, scratch);
    within_sink<P, Filter> sink{some, filter, samples.count, samples.features, radius, found + begin};
    if constexpr (has_tiles<Filter>) {
      const double limit = filter.sum_within(radius, samples.features);
      for (index i = 0; i < some.size(); ++i)
        if (!some.bounds(i).say_nothing()) some.threshold(i) = rounded_up<T>(some.bounds(i).above_sum(limit));
      some.pass(0, samples.lanes, sink);
    } else {
      for (index i = 0; i < some.size(); ++i)
        for (index s = 0; s < samples.count; ++s) sink.offer(i, s);
    }
    for (index i = begin; i < end; ++i) {
      if (self == self_query::yes) std::erase_if(found[i], [i](const neighbor& x) { return x.at == i; });
      std::sort(found[i].begin(), found[i].end());
    }
  }
};

/// All samples within the radius of the queries, ordered as nearest_list orders.
///
/// radius  of distances; what is at it is within
/// found   [m] empty
template <host_policy Policy, class T, class Filter>
void radius_search(const Policy& policy, const searched_samples<T>& samples, const Filter& filter,
                   matrix_view<const T> Q, double radius, self_query self, std::vector<neighbor>* found) {
  using P = typename Policy::template pack<T>;
  const index block = plan_search<P>(Q.rows, samples.lanes, samples.features, 1, 1).block_queries;
  policy.for_blocks(Q.rows, block, radius_kernel<P, Filter>{samples, filter, Q, radius, self, block, found});
}

}  // namespace tutti::detail
