#pragma once
// The best of many scores, sixteen at a time: the highest, and of equal ones the lowest number.

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>

#include <tutti/core/view.hpp>

namespace tutti::detail {

/// Numbers are below 2^24, so that a float holds them.
template <class P>
class lane_best {
 public:
  void reset() {
    score_ = P::all(-1.0f);
    number_ = P::all(0.0f);
  }

  /// score   >= 0, or -1 for what cannot be
  [[gnu::always_inline]] void offer(const P& score, const P& number) {
    number_ = select(score_ < score, number, select(score < score_, number_, min(number_, number)));
    score_ = max(score_, score);
  }

  struct winner {
    float score;
    index number;
  };

  winner find() const {
    alignas(64) float score[P::lanes], number[P::lanes];
    score_.store(score);
    number_.store(number);
    // Scores are ordered as their bits are; a higher score, then a lower number is a larger key: no branch to guess.
    std::int64_t best = std::numeric_limits<std::int64_t>::min();
    for (int l = 0; l < P::lanes; ++l) {
      const auto high = std::int64_t{std::bit_cast<std::int32_t>(score[l])} * (std::int64_t{1} << 32);
      best = std::max(best, high + last_number - static_cast<std::int32_t>(number[l]));
    }
    const std::int64_t low = best & 0xffffffff;
    return {std::bit_cast<float>(static_cast<std::int32_t>(best >> 32)), static_cast<index>(last_number - low)};
  }

 private:
  static constexpr std::int64_t last_number = 1 << 24;

  P score_;
  P number_;
};

/// Lane l is l times step.
template <class P>
P counting_lanes(float step) {
  return P::generate([step](index l) { return static_cast<float>(l) * step; });
}

}  // namespace tutti::detail
