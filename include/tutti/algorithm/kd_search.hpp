#pragma once
// kd_search: the k nearest samples of each query, and all within a radius, by boxes that cannot hold any of them.
//
// Keys of boxes and of samples are sums of terms in T; those that a known bound cannot exclude are decided in double,
// as in brute_search: the same answer, bit for bit.
//
// **Source** Friedman, Bentley, Finkel (1977), as kd_tree.hpp, section 4.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <tutti/algorithm/brute_search.hpp>
#include <tutti/algorithm/curve_order.hpp>
#include <tutti/algorithm/kd_tree.hpp>
#include <tutti/algorithm/nearest_list.hpp>
#include <tutti/algorithm/nearest_now.hpp>
#include <tutti/algorithm/neighbor_filter.hpp>
#include <tutti/algorithm/panels.hpp>
#include <tutti/algorithm/query_block.hpp>
#include <tutti/algorithm/tile_product.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti::detail {

/// Goes through the part of a tree that may hold what is sought.
///
/// P      the policy's pack<T>
/// Term   of the metric
template <class P, class Term>
class kd_walk {
 public:
  using T = typename P::value_type;
  using D = typename P::template rebind<double>;

  kd_walk(const kd_tree<T>& tree, const Term& term) : tree_(tree), term_(term) {
    const index p = tree.features;
    const double relative =
        accumulated<T>(static_cast<double>(p) + term.error + 2) + accumulated<double>(exact_roundings(p) + term.error);
    bounds_ = relative < 0.1 ? key_bounds{0, underflow<T>(p), 1.2 * relative} : no_bounds;
  }

  /// The largest key of what may have this sum.
  T threshold_of(double sum) const { return rounded_up<T>(bounds_.above_sum(sum)); }

  /// sink.offer({sum, sample}) for all that may have a key up to the threshold, which sink.threshold() says anew.
  ///
  /// q   [p] side by side
  template <class Sink>
  void run(const T* q, Sink& sink) const {
    entry open[16 * 10];  // sixteen children for each level, and there are eight for 2^31 samples
    index count = 0;
    open[count++] = {T(0), static_cast<std::int32_t>(tree_.levels.size()), 0};
    while (count > 0) {
      const entry at = open[--count];
      if (sink.threshold() < at.key) continue;
      if (at.level == 0)
        look(q, at.number, sink);
      else
        count += children(q, at, sink.threshold(), open + count);
    }
  }

 private:
  /// A panel, of level 0, or a node that waits.
  struct entry {
    T key;
    std::int32_t level;
    std::int32_t number;
  };

  /// Writes the children of a node whose keys are not above the threshold, the nearest last; how many they are.
  index children(const T* q, const entry& node, T threshold, entry* out) const {
    const kd_level<T>& level = tree_.levels[static_cast<std::size_t>(node.level - 1)];
    const index p = tree_.features, at = node.number * p * panel_rows;
    P key = P::all(T(0));
    for (index j = 0; j < p; ++j) {
      const P x = P::all(q[j]);
      const P low = P::load(level.low.data() + at + j * panel_rows),
              high = P::load(level.high.data() + at + j * panel_rows);
      key = add_fast(term_, key, x, min(max(x, low), high));
    }
    alignas(64) T keys[panel_rows];
    key.store(keys);
    index count = 0;
    const index first = index{node.number} * panel_rows;
    for (std::uint32_t bits = near(key, threshold, level.children - first); bits != 0; bits &= bits - 1) {
      const int l = std::countr_zero(bits);
      index to = count++;
      for (; to > 0 && out[to - 1].key < keys[l]; --to) out[to] = out[to - 1];
      out[to] = {keys[l], node.level - 1, static_cast<std::int32_t>(first + l)};
    }
    return count;
  }

  /// Offers the samples of a panel whose keys are not above the threshold.
  template <class Sink>
  void look(const T* q, index panel, Sink& sink) const {
    const index p = tree_.features;
    const T* const x = tree_.panels.data() + panel * p * panel_rows;
    P key = P::all(T(0));
    for (index j = 0; j < p; ++j) key = add_fast(term_, key, P::all(q[j]), P::load(x + j * panel_rows));
    std::uint32_t bits = near(key, sink.threshold(), tree_.samples - panel * panel_rows);
    if (bits == 0) return;
    alignas(64) double sums[panel_rows];
    exact(q, x).store(sums);
    for (; bits != 0; bits &= bits - 1) {
      const int l = std::countr_zero(bits);
      sink.offer({sums[l], tree_.order[static_cast<std::size_t>(panel * panel_rows + l)]});
    }
  }

  /// The lanes below `count` whose keys are not above the threshold.
  static std::uint32_t near(const P& key, T threshold, index count) {
    const std::uint32_t all = count >= panel_rows ? 0xffffu : (1u << count) - 1;
    return ~(P::all(threshold) < key).bits() & all;
  }

  /// The sums of sixteen samples in double, as sum_of_terms adds them up: lane l of its pack is number l here.
  D exact(const T* q, const T* x) const {
    const index p = tree_.features;
    D sum[panel_rows];
    const index used = std::min(p, panel_rows);
    for (index l = 0; l < used; ++l) sum[l] = D::all(0);
    for (index j = 0; j < p; ++j)
      sum[j % panel_rows] =
          term_.add(sum[j % panel_rows], D::all(static_cast<double>(q[j])), D::widen(x + j * panel_rows));
    for (index w = panel_rows / 2; w > 0; w /= 2)
      for (index l = 0; l < w && l + w < used; ++l) sum[l] = term_.join(sum[l], sum[l + w]);
    return sum[0];
  }

  const kd_tree<T>& tree_;
  const Term& term_;
  key_bounds bounds_;
};

/// The sink of a walk for the k nearest.
template <class Walk>
class k_nearest_sink {
 public:
  using T = typename Walk::T;

  k_nearest_sink(const Walk& walk, neighbor* memory, index k) : walk_(walk), nearest_(memory, k) {}

  T threshold() const { return threshold_; }
  void offer(const neighbor& x) {
    if (nearest_.offer(x) && nearest_.is_full()) threshold_ = walk_.threshold_of(nearest_.last().sum);
  }
  nearest_now& nearest() { return nearest_; }

 private:
  const Walk& walk_;
  nearest_now nearest_;
  T threshold_ = std::numeric_limits<T>::infinity();
};

/// The sink of a walk for all within a radius.
template <class Metric, class T>
struct radius_sink {
  const Metric& metric;
  index features;
  double radius;
  T limit;
  std::vector<neighbor>& found;

  T threshold() const { return limit; }
  void offer(const neighbor& x) const {
    if (metric.distance(x.sum, features) <= radius) found.push_back(x);
  }
};

/// Finds the k nearest of some queries.
template <class P, class Metric>
struct kd_kernel {
  static constexpr index block = 64;
  using T = typename P::value_type;

  const kd_tree<T>& tree;
  const Metric& metric;
  matrix_view<const T> Q;
  const std::int32_t* order;  ///< [m]
  index first;                ///< number of the first of these queries
  index k;
  self_query self;
  double* distance;  ///< [m x k]
  index* sample;     ///< [m x k]

  index scratch_bytes() const {
    scratch_plan memory;
    memory.take<T>(tree.features);
    memory.take<neighbor>(looked_for());
    return memory.bytes();
  }

  void operator()(index begin, index end, std::byte* scratch) const {
    scratch_plan memory;
    T* const q = reinterpret_cast<T*>(scratch + memory.take<T>(tree.features));
    auto* const list = reinterpret_cast<neighbor*>(scratch + memory.take<neighbor>(looked_for()));
    const auto term = metric.term();
    const kd_walk<P, decltype(term)> walk(tree, term);
    for (index place = begin; place < end; ++place) {
      const index i = order[place];
      for (index j = 0; j < tree.features; ++j) q[j] = Q(i, j);
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
      distance[to] = metric.distance(found[n].sum, tree.features);
      sample[to] = found[n].at;
      ++to;
    }
  }
};

inline constexpr index queries_at_once = index{1} << 20;  ///< that are put in the order of a curve

/// The k nearest samples of each query, as brute_search finds them.
///
/// Q, k, self, distance, sample   as for brute_search
/// cost                           about m log n visits of panels for few features, up to all of them for many
template <host_policy Policy, class T, class Metric>
void kd_search(const Policy& policy, const kd_tree<T>& tree, const Metric& metric, matrix_view<const T> Q, index k,
               self_query self, double* distance, index* sample) {
  using kernel_type = kd_kernel<typename Policy::template pack<T>, Metric>;
  for (index first = 0; first < Q.rows; first += queries_at_once) {
    const matrix_view<const T> some = Q.middle_rows(first, std::min(Q.rows, first + queries_at_once));
    const std::vector<std::int32_t> order = curve_order(policy, tree, some);
    policy.for_blocks(
        some.rows, kernel_type::block,
        kernel_type{tree, metric, some, order.data(), first, k, self, distance + first * k, sample + first * k});
  }
}

/// All samples within the radius of the queries, as radius_search finds them.
///
/// found   [m] empty
template <host_policy Policy, class T, class Metric>
void kd_radius_search(const Policy& policy, const kd_tree<T>& tree, const Metric& metric, matrix_view<const T> Q,
                      double radius, self_query self, std::vector<neighbor>* found) {
  using P = typename Policy::template pack<T>;
  policy.for_blocks(Q.rows, 64, [&](index begin, index end, std::byte*) {
    const auto term = metric.term();
    const kd_walk<P, decltype(term)> walk(tree, term);
    const T limit = walk.threshold_of(metric.sum_within(radius, tree.features));
    std::vector<T> q(static_cast<std::size_t>(tree.features));
    for (index i = begin; i < end; ++i) {
      for (index j = 0; j < tree.features; ++j) q[static_cast<std::size_t>(j)] = Q(i, j);
      const radius_sink<Metric, T> sink{metric, tree.features, radius, limit, found[i]};
      walk.run(q.data(), sink);
      if (self == self_query::yes) std::erase_if(found[i], [i](const neighbor& x) { return x.at == i; });
      std::sort(found[i].begin(), found[i].end());
    }
  });
}

}  // namespace tutti::detail
