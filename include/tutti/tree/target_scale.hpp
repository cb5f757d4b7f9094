#pragma once
// Targets as whole numbers.

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include <tutti/core/arithmetic.hpp>
#include <tutti/core/view.hpp>

namespace tutti::detail {

/// y = origin + step * target.
struct target_scale {
  double origin = 0;
  double step = 1;

  /// For targets in [low, high]: whole numbers of at most 30 bits, fewer if their sum, weighted, would not fit 62. The
  /// step is a power of two: targets that are whole, or of few digits in binary, stay as they are.
  ///
  /// total   of the weights
  static target_scale of(double low, double high, double origin, std::int64_t total) {
    const double reach = std::max(high - origin, origin - low);
    const int bits = std::min(30, 62 - static_cast<int>(std::bit_width(static_cast<std::uint64_t>(total))));
    if (!(reach > 0)) return {origin, 1};
    int exponent = 0;
    std::frexp(reach, &exponent);  // reach < 2^exponent
    return {origin, std::ldexp(1.0, std::max(exponent - bits, -1074))};
  }

  /// The nearest whole number; targets of absent samples may lie beyond 30 bits.
  std::int32_t whole(double y) const {
    constexpr double most = (1 << 30) - 1;
    return static_cast<std::int32_t>(std::floor(std::clamp((y - origin) / step, -most, most) + 0.5));
  }

  /// What a target stands for; rounding may pass the largest number.
  template <class T>
  T value(double target) const {
    constexpr double most = static_cast<double>(std::numeric_limits<T>::max());
    return static_cast<T>(std::clamp(origin + product(step, target), -most, most));
  }
};

}  // namespace tutti::detail
