#pragma once
// curve_order: queries in an order in which those that follow one another are near one another.
//
// **Source** Morton, A Computer Oriented Geodetic Data Base and a New Technique in File Sequencing, IBM (1966).

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti::detail {

/// Between which values the features of samples lie.
struct feature_bounds {
  std::vector<double> low, high;  ///< [p]
};

/// Of some samples.
template <class T>
feature_bounds bounds_of(matrix_view<const T> X) {
  feature_bounds out;
  for (index j = 0; j < X.cols; ++j) {
    T low = X(0, j), high = low;
    for (index i = 1; i < X.rows; ++i) {
      low = std::min(low, X(i, j));
      high = std::max(high, X(i, j));
    }
    out.low.push_back(static_cast<double>(low));
    out.high.push_back(static_cast<double>(high));
  }
  return out;
}

/// The order in which queries are asked: along a curve, so that one after the other looks at the same samples.
///
/// bounds    of the samples
/// Q         [m x p] fewer than 2^31
/// returns   [m] numbers of queries
template <host_policy Policy, class T>
auto curve_order(const Policy& policy, const feature_bounds& bounds, matrix_view<const T> Q) {
  const index used = std::min<index>(Q.cols, 16), bits = 32 / used;
  const std::vector<double>& low = bounds.low;
  std::vector<double> scale;
  for (std::size_t j = 0; j < static_cast<std::size_t>(used); ++j) {
    const double wide = bounds.high[j] - low[j];
    scale.push_back(wide > 0 ? static_cast<double>((std::uint64_t{1} << bits) - 1) / wide : 0.0);
  }
  auto keys = policy.template make_buffer<std::uint32_t>(Q.rows);
  auto order = policy.template make_buffer<std::int32_t>(Q.rows);
  policy.for_blocks(Q.rows, 1024, [&](index begin, index end, std::byte*) {
    for (index i = begin; i < end; ++i) {
      std::uint32_t key = 0;
      for (index j = 0; j < used; ++j) {
        const auto at = static_cast<std::size_t>(j);
        const double place = (static_cast<double>(Q(i, j)) - low[at]) * scale[at];
        const auto cell =
            static_cast<std::uint32_t>(std::clamp(place, 0.0, static_cast<double>((std::uint64_t{1} << bits) - 1)));
        for (index b = 0; b < bits; ++b) key |= (cell >> b & 1u) << (b * used + j);
      }
      keys.data()[i] = key;
      order.data()[i] = static_cast<std::int32_t>(i);
    }
  });
  policy.sort_pairs(keys.data(), order.data(), Q.rows);
  return order;
}

}  // namespace tutti::detail
