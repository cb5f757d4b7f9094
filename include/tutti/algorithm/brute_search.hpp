#pragma once
// brute_search: the k nearest samples of each query, by looking at all pairs. Tiles of pairs filter in T, candidates
// are decided in double; the answer depends on neither blocks nor policy.
//
// **Source** neighbor_filter.hpp, candidates.hpp, tile_product.hpp.

#include <algorithm>
#include <cstddef>
#include <string>
#include <type_traits>

#include <tutti/algorithm/candidates.hpp>
#include <tutti/algorithm/nearest_list.hpp>
#include <tutti/algorithm/neighbor_filter.hpp>
#include <tutti/algorithm/query_block.hpp>
#include <tutti/algorithm/tile_product.hpp>
#include <tutti/core/arithmetic.hpp>
#include <tutti/core/error.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti::detail {

/// How a search is cut into tasks: blocks of queries, and for few queries also pieces of the samples.
struct search_plan {
  index queries;        ///< in all
  index block_queries;  ///< of a task
  index pieces;
  index piece_lanes;      ///< of a task; a multiple of 32
  index first_query = 0;  ///< number of the first of them among the caller's

  constexpr index blocks() const { return block_count(queries, block_queries); }
  constexpr index tasks() const { return blocks() * pieces; }
};

/// Blocks of 500 queries: more of them would not read the samples noticeably less often. Smaller ones, and pieces of
/// the samples, only where threads would have nothing to do otherwise: each piece begins with no threshold.
///
/// threads   for which there should be two tasks each; they do not change the answer
template <class P>
constexpr search_plan plan_search(index queries, index lanes, index p, index k, index threads) {
  using T = typename P::value_type;
  constexpr index group = register_tile<P>::rows, cache = index{1} << 20, lists = index{1} << 22;
  const index most = std::max(group, std::min({index{504}, cache / (p * index{sizeof(T)}), lists / (64 * (k + 8))}));
  const index wanted = threads > 1 ? 2 * threads : 1;
  const index blocks = std::max(block_count(queries, most), std::min(wanted, block_count(queries, 96)));
  const index block = std::min(block_count(block_count(queries, blocks), group), most / group) * group;
  const index pieces = std::min(block_count(wanted, block_count(queries, block)), std::max<index>(1, lanes / 8192));
  const index least = block_count(lanes, index{1} << 30);
  const index piece = block_count(block_count(lanes, std::max(pieces, least)), 32) * 32;
  return {queries, block, block_count(lanes, piece), piece};
}

/// Finds the k nearest of a block of queries in a piece of the samples.
template <class P, class Filter>
struct brute_kernel {
  using T = typename P::value_type;

  searched_samples<T> samples;
  Filter filter;
  matrix_view<const T> Q;
  index k;
  search_plan plan;
  neighbor* found;  ///< [queries x pieces x k]; those that are lacking have number -1

  constexpr index scratch_bytes() const {
    scratch_plan memory;
    block::plan(memory, plan.block_queries, samples.features);
    candidates<P, Filter>::plan(memory, plan.block_queries, k);
    return memory.bytes();
  }

  constexpr void operator()(index begin, index end, std::byte* scratch) const {
    for (index task = begin; task < end; ++task) {
      search(task / plan.pieces, task % plan.pieces, scratch);
      P::sync();
    }
  }

 private:
  using block = query_block<P, Filter>;

  constexpr void search(index number, index piece, std::byte* scratch) const {
    scratch_plan memory;
    const auto block_at = block::plan(memory, plan.block_queries, samples.features);
    const auto found_at = candidates<P, Filter>::plan(memory, plan.block_queries, k);
    const index first_query = number * plan.block_queries;
    const index queries = std::min(plan.block_queries, plan.queries - first_query);
    const index first = piece * plan.piece_lanes, last = std::min(samples.lanes, first + plan.piece_lanes);
    block some(samples, filter, Q, first_query, queries, block_at, scratch);
    candidates<P, Filter> near(some, k, first, std::min(last, samples.count), found_at, scratch);
    some.pass(first, last, near);
    for (index i = 0; i < queries; ++i) {
      const nearest_list& list = near.finish(i);
      neighbor* const out = found + ((first_query + i) * plan.pieces + piece) * k;
      for (index n = P::lane(); n < k; n += P::step()) out[n] = n < list.size() ? list[n] : neighbor{0, -1};
    }
  }
};

/// The same by a function of two samples, of all pairs; on a host, whose functions any function may call.
template <class P, class Filter>
struct pair_kernel {
  using T = typename P::value_type;

  searched_samples<T> samples;
  Filter filter;
  matrix_view<const T> Q;
  index k;
  search_plan plan;
  neighbor* found;  ///< as above

  constexpr index scratch_bytes() const {
    scratch_plan memory;
    memory.take<T>(samples.features);
    memory.take<neighbor>(nearest_list::room(k));
    return memory.bytes();
  }

  void operator()(index begin, index end, std::byte* scratch) const {
    scratch_plan memory;
    T* const x = reinterpret_cast<T*>(scratch + memory.take<T>(samples.features));
    auto* const list = reinterpret_cast<neighbor*>(scratch + memory.take<neighbor>(nearest_list::room(k)));
    for (index task = begin; task < end; ++task) {
      const index first = task / plan.pieces * plan.block_queries, piece = task % plan.pieces;
      for (index i = first; i < std::min(plan.queries, first + plan.block_queries); ++i) search(i, piece, x, list);
    }
  }

 private:
  void search(index i, index piece, T* x, neighbor* list) const {
    const index p = samples.features, last = std::min(samples.count, (piece + 1) * plan.piece_lanes);
    for (index j = 0; j < p; ++j) x[j] = Q(i, j);
    nearest_list nearest(list, k);
    for (index at = piece * plan.piece_lanes; at < last; ++at) {
      const double distance = filter.template sum<P>(x, samples.rows + at * p, p);
      if (is_nan(distance))
        throw invalid_input("kneighbors: the metric of query " + std::to_string(plan.first_query + i) + " and sample " +
                            std::to_string(at) + " is NaN");
      nearest.offer({distance, at});
    }
    nearest.finish();
    neighbor* const out = found + (i * plan.pieces + piece) * k;
    for (index n = 0; n < k; ++n) out[n] = n < nearest.size() ? nearest[n] : neighbor{0, -1};
  }
};

template <class P, class Filter>
using search_kernel = std::conditional_t<has_tiles<Filter>, brute_kernel<P, Filter>, pair_kernel<P, Filter>>;

/// Which samples a query is not to find.
enum class self_query : bool {
  no,
  yes,  ///< queries are the samples, and none finds itself
};

/// Joins what was found in the pieces of the samples, and turns sums into distances.
template <class P, class Filter>
struct join_pieces_kernel {
  static constexpr index block = 256;

  search_plan plan;
  index k;
  neighbor* found;  ///< as brute_kernel writes it; sorted here
  self_query self;
  index features;
  Filter filter;
  index wanted;      ///< of each query: k, or one less if it is not to find itself
  double* distance;  ///< [queries x wanted]
  index* sample;     ///< [queries x wanted]

  constexpr void operator()(index begin, index end, std::byte*) const {
    for (index i = begin + P::lane(); i < end; i += P::step()) join(i);
  }

 private:
  constexpr void join(index i) const {
    neighbor* const here = found + i * plan.pieces * k;
    neighbor* const last = plan.pieces == 1 ? here + k : gather(here, plan.pieces * k);
    index n = 0;
    for (const neighbor* at = here; at < last && n < wanted; ++at) {
      if (self == self_query::yes && at->at == plan.first_query + i) continue;
      distance[i * wanted + n] = filter.distance(at->sum, features);
      sample[i * wanted + n] = at->at;
      ++n;
    }
  }

  /// The first k of what the pieces found, in order, to the front; std::sort would call itself.
  constexpr neighbor* gather(neighbor* from, index count) const {
    neighbor* const last = std::remove_if(from, from + count, [](const neighbor& x) { return x.at < 0; });
    std::partial_sort(from, from + k, last);
    return from + k;
  }
};

/// How many tasks keep a policy busy, roughly.
template <class Policy>
index threads_of(const Policy& policy) {
  if constexpr (requires { policy.max_threads(); })
    return policy.max_threads();
  else
    return host_policy<Policy> ? 1 : 512;
}

/// The k nearest samples of each query, by looking at all pairs.
///
/// samples    in memory that the policy's tasks may read, packed for the filter
/// Q          [m x p]  the same
/// k          neighbours of each query; not more than there are samples, one less than that if `self` is yes
/// distance   [m x k]  memory that the policy's tasks may write: ascending, equal ones by the number of the sample
/// sample     [m x k]  the same: numbers of samples
/// cost       n m p terms; memory O(k) for each query of at most 256 blocks, O(p) for those of a task
/// note       the same answer on every policy
template <execution_policy Policy, class T, class Filter>
void brute_search(const Policy& policy, const searched_samples<T>& samples, const Filter& filter,
                  matrix_view<const T> Q, index k, self_query self, double* distance, index* sample) {
  static_assert(host_policy<Policy> || is_for_devices<Filter>,
                "mahalanobis, and a metric that is a function of two samples, are for host policies");
  using P = typename Policy::template pack<T>;
  const index p = samples.features, k_found = k + (self == self_query::yes ? 1 : 0);
  const search_plan all = plan_search<P>(Q.rows, samples.lanes, p, k_found, threads_of(policy));
  const index batch = 256 * all.block_queries;
  auto found = policy.template make_buffer<neighbor>(std::min(batch, Q.rows) * all.pieces * k_found);
  for (index first = 0; first < Q.rows; first += batch) {
    const index last = std::min(Q.rows, first + batch);
    search_plan plan = all;
    plan.queries = last - first;
    plan.first_query = first;
    policy.for_blocks(
        plan.tasks(), 1,
        search_kernel<P, Filter>{samples, filter, Q.middle_rows(first, last), k_found, plan, found.data()});
    const join_pieces_kernel<P, Filter> join{plan, k_found, found.data(), self, p, filter, k, distance + first * k,
                                             sample + first * k};
    policy.for_blocks(plan.queries, join.block, join);
  }
}

}  // namespace tutti::detail
