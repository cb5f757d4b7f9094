#pragma once
// What a row adds to a histogram, and what a cut is worth, for kernels that grow trees level by level: the same whole
// numbers and the same roundings as the searches of one node have.
//
// **Source** criterion.hpp; small_class_node.hpp, two_class_histogram.hpp, small_value_node.hpp, value_histogram.hpp.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <tutti/core/arithmetic.hpp>
#include <tutti/core/scalar_pack.hpp>
#include <tutti/core/view.hpp>
#include <tutti/tree/criterion.hpp>
#include <tutti/tree/search_way.hpp>

namespace tutti::detail {

/// The smallest and the largest target of a node, as whole numbers.
struct target_range {
  std::int32_t low, high;
};

/// How a search rounds the targets of a node.
struct target_rounding {
  double mean = 0;   ///< few_rows: what targets are centred by
  double scale = 1;  ///< few_rows: a power of two
  int shift = 0;     ///< packed: bits
};

/// What the cuts of a feature have in common.
struct cut_context {
  search_way way;
  node_sums node;  ///< of all bins
  target_rounding rounding;
};

/// A number that rounds as the lanes of the searches do.
constexpr scalar_pack<float> as_lane(std::int64_t x) { return {static_cast<float>(x)}; }

/// Rows of classes.
struct class_cuts {
  class_measure measure;
  index classes;

  constexpr index channels() const { return classes; }

  constexpr void add(std::int64_t* sums, search_way, const target_rounding&, std::int32_t target,
                     std::int64_t weight) const {
    sums[target] += weight;
  }

  static constexpr std::size_t ordering_channel(node_sums node) { return class_measure::ordering_channel(node); }
  static constexpr double value(node_sums sums) { return class_measure::value(sums); }
  static constexpr std::int64_t weight(node_sums sums) { return class_measure::weight(sums); }

  /// Both children have a weight.
  constexpr double score(const cut_context& at, node_sums left, node_sums right) const {
    if (at.way == search_way::general || at.way == search_way::wide) return measure.gain(left, right, at.node);
    const class_pair pair(at.node);
    if (pair.present != 2) return score_few_rows(at.node, left, right);
    const auto a = static_cast<std::size_t>(pair.first), b = static_cast<std::size_t>(pair.second);
    const std::int64_t l = left[a] + left[b], r = right[a] + right[b];
    // Below 2^31, so that one rounding makes a float of it.
    const auto d = as_lane(left[a] * at.node[b] - left[b] * at.node[a]);
    return static_cast<double>(two_class_score(d, as_lane(l), as_lane(r)).value);
  }

 private:
  /// Sums of squares are below 2^24.
  static constexpr double score_few_rows(node_sums node, node_sums left, node_sums right) {
    std::int64_t kept_left = 0, kept_right = 0;
    for (std::size_t c = 0; c < node.size(); ++c) {
      kept_left += left[c] * left[c];
      kept_right += right[c] * right[c];
    }
    const auto score = several_class_score(as_lane(kept_left), as_lane(weight(left)), as_lane(kept_right),
                                           as_lane(weight(right)));
    return static_cast<double>(score.value);
  }
};

/// Rows of numbers.
struct value_cuts {
  value_measure measure;

  static constexpr index channels() { return 2; }

  constexpr void add(std::int64_t* sums, search_way way, const target_rounding& rounding, std::int32_t target,
                     std::int64_t weight) const {
    sums[0] += weight * rounded(way, rounding, target);
    sums[1] += weight;
  }

  static constexpr std::size_t ordering_channel(node_sums node) { return value_measure::ordering_channel(node); }
  static constexpr double value(node_sums sums) { return value_measure::value(sums); }
  static constexpr std::int64_t weight(node_sums sums) { return value_measure::weight(sums); }

  /// Both children have a weight.
  constexpr double score(const cut_context& at, node_sums left, node_sums right) const {
    if (at.way == search_way::general) return measure.gain(left, right, at.node);
    const auto l = as_lane(left[1]), r = as_lane(right[1]);
    if (at.way == search_way::few_rows) {
      const double score = static_cast<double>(value_score(as_lane(left[0]), l, r).value);
      return score / at.rounding.scale / at.rounding.scale;
    }
    const double mean = as_double(at.node[0]) / as_double(at.node[1]);
    const scalar_pack<float> s{static_cast<float>(as_double(left[0]) - product(mean, as_double(left[1])))};
    return static_cast<double>(value_score(s, l, r).value) * as_double(std::int64_t{1} << 2 * at.rounding.shift);
  }

 private:
  static constexpr std::int64_t rounded(search_way way, const target_rounding& rounding, std::int32_t target) {
    switch (way) {
      case search_way::few_rows: {
        const double x = product(static_cast<double>(target) - rounding.mean, rounding.scale) + 0.5;
        const auto whole = static_cast<std::int64_t>(x);
        return as_double(whole) > x ? whole - 1 : whole;
      }
      case search_way::packed: {
        const std::int64_t half = (std::int64_t{1} << rounding.shift) >> 1;
        return (target + half) >> rounding.shift;
      }
      default: return target;
    }
  }
};

}  // namespace tutti::detail
