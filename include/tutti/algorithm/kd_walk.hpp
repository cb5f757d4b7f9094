#pragma once
// kd_walk: through a kd-tree, past the boxes that cannot hold what is sought.
//
// Keys of boxes and of samples are sums of terms in T; those that a known bound cannot exclude are decided in double,
// as in brute_search: the same answer, bit for bit.
//
// **Source** Friedman, Bentley, Finkel (1977), as kd_tree.hpp, section 4.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <tutti/algorithm/kd_tree.hpp>
#include <tutti/algorithm/neighbor_filter.hpp>
#include <tutti/algorithm/panels.hpp>
#include <tutti/algorithm/tile_product.hpp>
#include <tutti/core/view.hpp>

namespace tutti::detail {

/// Goes through the part of a tree that may hold what is sought.
///
/// P        the policy's pack<T>
/// Metric   of terms
template <class P, class Metric>
class kd_walk {
 public:
  using T = typename P::value_type;
  using D = typename P::template rebind<double>;
  using key_type = T;

  kd_walk(const kd_tree<T>& tree, const Metric& metric) : tree_(tree), term_(metric.term()) {
    const index p = tree.features;
    const double relative = accumulated<T>(static_cast<double>(p) + term_.error + 2) +
                            accumulated<double>(exact_roundings(p) + term_.error);
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
  using term_type = decltype(std::declval<const Metric&>().term());

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
  term_type term_;
  key_bounds bounds_;
};

}  // namespace tutti::detail
