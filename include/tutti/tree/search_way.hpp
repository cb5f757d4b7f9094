#pragma once
// The ways to find the best cut of a feature in a node. They add up the same whole numbers and round their scores
// differently, so every builder of trees takes the same way for the same node.

#include <cstdint>

namespace tutti::detail {

enum class search_way : std::uint8_t {
  general,   ///< serves every case, in double
  few_rows,  ///< small_class_node, small_value_node: float
  packed,    ///< two_class_histogram, value_scan: float
  wide,      ///< wide_two_class_histogram: double
};

}  // namespace tutti::detail
