#pragma once
// tree_search: the k nearest samples of each query, and all within a radius, by a tree: the same answers as
// brute_search and radius_search.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <tutti/algorithm/brute_search.hpp>
#include <tutti/algorithm/curve_order.hpp>
#include <tutti/algorithm/nearest_list.hpp>
#include <tutti/algorithm/nearest_now.hpp>
#include <tutti/algorithm/query_block.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti::detail {

/// The sink of a walk for the k nearest.
template <class Walk>
class k_nearest_sink {
 public:
  using key_type = typename Walk::key_type;

  k_nearest_sink(const Walk& walk, neighbor* memory, index k) : walk_(walk), nearest_(memory, k) {}

  key_type threshold() const { return threshold_; }
  void offer(const neighbor& x) {
    if (nearest_.offer(x) && nearest_.is_full()) threshold_ = walk_.threshold_of(nearest_.last().sum);
  }
  nearest_now& nearest() { return nearest_; }

 private:
  const Walk& walk_;
  nearest_now nearest_;
  key_type threshold_ = std::numeric_limits<key_type>::infinity();
};

/// The sink of a walk for all within a radius.
template <class Walk, class Filter>
struct radius_sink {
  const Filter& filter;
  index features;
  double radius;
  typename Walk::key_type limit;
  std::vector<neighbor>& found;

  typename Walk::key_type threshold() const { return limit; }
  void offer(const neighbor& x) const {
    if (filter.distance(x.sum, features) <= radius) found.push_back(x);
  }
};

/// Finds the k nearest of some queries.
///
/// Walk     goes through a tree for one query: kd_walk, ball_walk
/// Filter   whose distances are written
template <class Walk, class Filter>
struct tree_kernel {
  static constexpr index block = 64;
  using T = typename Walk::T;

  const Walk& walk;
  const Filter& filter;
  matrix_view<const T> Q;
  const std::int32_t* order;  ///< [m]
  index first;                ///< number of the first of these queries
  index k;
  self_query self;
  double* distance;  ///< [m x k]
  index* sample;     ///< [m x k]

  index scratch_bytes() const {
    scratch_plan memory;
    memory.take<T>(Q.cols);
    memory.take<neighbor>(looked_for());
    return memory.bytes();
  }

  void operator()(index begin, index end, std::byte* scratch) const {
    scratch_plan memory;
    T* const q = reinterpret_cast<T*>(scratch + memory.take<T>(Q.cols));
    auto* const list = reinterpret_cast<neighbor*>(scratch + memory.take<neighbor>(looked_for()));
    for (index place = begin; place < end; ++place) {
      const index i = order[place];
      for (index j = 0; j < Q.cols; ++j) q[j] = Q(i, j);
      k_nearest_sink sink(walk, list, looked_for());
      walk.run(q, sink);
      write(i, sink.nearest().finish());
    }
  }

 private:
  index looked_for() const { return k + (self == self_query::yes ? 1 : 0); }

  void write(index i, const neighbor* found) const {
    for (index n = 0, to = i * k; to < (i + 1) * k; ++n) {
      if (self == self_query::yes && found[n].at == first + i) continue;
      distance[to] = filter.distance(found[n].sum, Q.cols);
      sample[to] = found[n].at;
      ++to;
    }
  }
};

inline constexpr index queries_at_once = index{1} << 20;  ///< that are put in the order of a curve

/// The k nearest samples of each query.
///
/// bounds                         of the samples' features
/// Q, k, self, distance, sample   as for brute_search
/// cost                           about m log n visits of sixteen samples for few features, up to all of them for many
template <host_policy Policy, class Walk, class Filter, class T>
void tree_search(const Policy& policy, const Walk& walk, const Filter& filter, const feature_bounds& bounds,
                 matrix_view<const T> Q, index k, self_query self, double* distance, index* sample) {
  using kernel_type = tree_kernel<Walk, Filter>;
  for (index first = 0; first < Q.rows; first += queries_at_once) {
    const matrix_view<const T> some = Q.middle_rows(first, std::min(Q.rows, first + queries_at_once));
    const auto order = curve_order(policy, bounds, some);
    policy.for_blocks(
        some.rows, kernel_type::block,
        kernel_type{walk, filter, some, order.data(), first, k, self, distance + first * k, sample + first * k});
  }
}

/// All samples within the radius of the queries.
///
/// limit   the largest key of what may be within
/// found   [m] empty
template <host_policy Policy, class Walk, class Filter, class T>
void tree_radius_search(const Policy& policy, const Walk& walk, const Filter& filter, typename Walk::key_type limit,
                        matrix_view<const T> Q, double radius, self_query self, std::vector<neighbor>* found) {
  policy.for_blocks(Q.rows, 64, [&](index begin, index end, std::byte*) {
    std::vector<T> q(static_cast<std::size_t>(Q.cols));
    for (index i = begin; i < end; ++i) {
      for (index j = 0; j < Q.cols; ++j) q[static_cast<std::size_t>(j)] = Q(i, j);
      const radius_sink<Walk, Filter> sink{filter, Q.cols, radius, limit, found[i]};
      walk.run(q.data(), sink);
      if (self == self_query::yes) std::erase_if(found[i], [i](const neighbor& x) { return x.at == i; });
      std::sort(found[i].begin(), found[i].end());
    }
  });
}

}  // namespace tutti::detail
