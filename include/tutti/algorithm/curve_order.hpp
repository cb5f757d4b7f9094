#pragma once
// curve_order: queries in an order in which those that follow one another are near one another.
//
// **Source** Morton, A Computer Oriented Geodetic Data Base and a New Technique in File Sequencing, IBM (1966).

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <tutti/algorithm/kd_tree.hpp>
#include <tutti/algorithm/panels.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti::detail {

/// The order in which queries are asked: along a curve, so that one after the other looks at the same samples.
///
/// Q         [m x p] fewer than 2^31
/// returns   [m] numbers of queries
template <host_policy Policy, class T>
std::vector<std::int32_t> curve_order(const Policy& policy, const kd_tree<T>& tree, matrix_view<const T> Q) {
  const index p = tree.features, used = std::min<index>(p, 16), bits = 32 / used;
  const kd_level<T>& root = tree.levels.back();
  std::vector<double> low, scale;
  for (index j = 0; j < used; ++j) {
    const index count = root.children;
    const T* const l = root.low.data() + j * panel_rows;
    const T* const h = root.high.data() + j * panel_rows;
    const double from = static_cast<double>(*std::min_element(l, l + count));
    const double to = static_cast<double>(*std::max_element(h, h + count));
    low.push_back(from);
    scale.push_back(to > from ? static_cast<double>((1u << bits) - 1) / (to - from) : 0.0);
  }
  std::vector<std::uint32_t> keys(static_cast<std::size_t>(Q.rows));
  std::vector<std::int32_t> order(static_cast<std::size_t>(Q.rows));
  policy.for_blocks(Q.rows, 1024, [&](index begin, index end, std::byte*) {
    for (index i = begin; i < end; ++i) {
      std::uint32_t key = 0;
      for (index j = 0; j < used; ++j) {
        const auto at = static_cast<std::size_t>(j);
        const double place = (static_cast<double>(Q(i, j)) - low[at]) * scale[at];
        const auto cell = static_cast<std::uint32_t>(std::clamp(place, 0.0, static_cast<double>((1u << bits) - 1)));
        for (index b = 0; b < bits; ++b) key |= (cell >> b & 1u) << (b * used + j);
      }
      keys[static_cast<std::size_t>(i)] = key;
      order[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(i);
    }
  });
  policy.sort_pairs(keys.data(), order.data(), Q.rows);
  return order;
}

}  // namespace tutti::detail
