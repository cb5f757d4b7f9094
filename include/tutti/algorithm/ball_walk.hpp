#pragma once
// ball_walk: through a ball tree, past the balls that cannot hold what is sought.
//
// A sample of a ball is not nearer than the centre less the radius. Distances are those that decide, in double; what
// their rounding may hide is given as a margin.
//
// **Source** Omohundro (1989), as ball_tree.hpp, section 2.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <tutti/algorithm/ball_tree.hpp>
#include <tutti/algorithm/panels.hpp>
#include <tutti/core/arithmetic.hpp>
#include <tutti/core/error.hpp>
#include <tutti/core/view.hpp>

namespace tutti::detail {

/// P        the policy's pack<T>
/// Filter   whose distances keep the triangle inequality to a margin of 1e-7 of them
template <class P, class Filter>
class ball_walk {
 public:
  using T = typename P::value_type;
  using key_type = double;

  ball_walk(const ball_tree<T>& tree, const Filter& filter) : tree_(tree), filter_(filter) {}

  /// The largest distance of what may have this sum.
  double threshold_of(double sum) const { return filter_.distance(sum, tree_.features); }

  /// As kd_walk::run.
  template <class Sink>
  void run(const T* q, Sink& sink) const {
    entry open[16 * 10];
    index count = 0;
    open[count++] = {0.0, static_cast<std::int32_t>(tree_.levels.size()), 0};
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
  static constexpr double margin = 1e-7;

  /// A panel, of level 0, or a node that waits.
  struct entry {
    double key;
    std::int32_t level;
    std::int32_t number;
  };

  /// throws   invalid_input if a function of two samples says NaN
  double sum(const T* q, const T* x) const {
    const double sum = filter_.template sum<P>(q, x, tree_.features);
    if (is_nan(sum)) throw invalid_input("the metric of a query and a sample, or a ball's centre, is NaN");
    return sum;
  }

  /// Writes the children of a node that may hold what is sought, the nearest last; how many they are.
  index children(const T* q, const entry& node, double threshold, entry* out) const {
    const ball_level<T>& level = tree_.levels[static_cast<std::size_t>(node.level - 1)];
    const index first = index{node.number} * panel_rows, last = std::min(level.children, first + panel_rows);
    index count = 0;
    for (index c = first; c < last; ++c) {
      const double distance = filter_.distance(sum(q, level.centre.data() + c * tree_.features), tree_.features);
      const double radius = level.radius[static_cast<std::size_t>(c)];
      const double key = distance - radius - margin * (distance + radius);
      if (threshold < key) continue;
      index to = count++;
      for (; to > 0 && out[to - 1].key < key; --to) out[to] = out[to - 1];
      out[to] = {key, node.level - 1, static_cast<std::int32_t>(c)};
    }
    return count;
  }

  template <class Sink>
  void look(const T* q, index panel, Sink& sink) const {
    const index last = std::min(tree_.samples, (panel + 1) * panel_rows);
    for (index i = panel * panel_rows; i < last; ++i)
      sink.offer({sum(q, tree_.rows.data() + i * tree_.features), tree_.order[static_cast<std::size_t>(i)]});
  }

  const ball_tree<T>& tree_;
  const Filter& filter_;
};

}  // namespace tutti::detail
