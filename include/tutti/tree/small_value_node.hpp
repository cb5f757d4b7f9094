#pragma once
// The splits of a small node of numbers: every row is compared with every other, sixteen rows at a time, or in a tiny
// node sixteen features at a time.
//
// Targets are rounded to 17 bits of the node's own range, so that sums of them are whole numbers that a float holds:
// exact, in any order, and the same for a weight of k as for k copies.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <tutti/core/view.hpp>
#include <tutti/tree/lane_best.hpp>
#include <tutti/tree/split.hpp>

namespace tutti::detail {

/// P   the pack of floats to compute with
template <class P>
class small_value_node {
 public:
  static constexpr std::int64_t most_weight = 96;
  static constexpr index tiny_rows = 16;

  /// What targets are multiplied by before they are rounded: 17 bits are left of the largest.
  ///
  /// reach   the largest distance of a target from the mean, > 0
  static double scale_of(double reach) { return std::ldexp(1.0, 17 - std::ilogb(reach) - 1); }

  /// target_of(row), weight_of(row)   whole numbers
  template <class TargetOf, class WeightOf>
  void open(const open_node& node, index row_bytes, const TargetOf& target_of, const WeightOf& weight_of) {
    node_ = &node;
    row_bytes_ = row_bytes;
    all_ = static_cast<float>(node.sums[1]);
    const double mean = as_double(node.sums[0]) / as_double(node.sums[1]);
    double reach = 0;
    for (index i = 0; i < node.count; ++i) {
      const double centred = static_cast<double>(target_of(node.rows + i * row_bytes)) - mean;
      centred_[static_cast<std::size_t>(i)] = centred;
      reach = std::max(reach, std::abs(centred));
    }
    scale_ = scale_of(reach);
    for (index i = 0; i < node.count; ++i) {
      const auto at = static_cast<std::size_t>(i);
      const double w = static_cast<double>(weight_of(node.rows + i * row_bytes));
      weight_[at] = static_cast<float>(w);
      target_[at] = static_cast<float>(w * std::floor(centred_[at] * scale_ + 0.5));
    }
    best_.reset();
  }

  /// Offers all cuts of the feature; they are numbered from `first` on, in the order of the bins.
  ///
  /// returns   whether the feature varies in the node
  bool try_feature(index feature, index first) {
    const index count = node_->count;
    const std::uint8_t* const column = node_->rows + feature;
    std::uint8_t differs = 0;
    for (index i = 0; i < count; ++i) {
      const std::uint8_t bin = column[i * row_bytes_];
      bin_[static_cast<std::size_t>(i)] = static_cast<float>(bin);
      differs |= static_cast<std::uint8_t>(bin ^ column[0]);
    }
    if (differs == 0) return false;
    for (index i = count; i < (count + 15) / 16 * 16; ++i) bin_[static_cast<std::size_t>(i)] = 255.0f;
    for (index i = 0; i < count; i += 16) offer(i, first);
    return true;
  }

  /// Offers all cuts of all features of a tiny node. Features are numbered from `start` on, and from 0 after the last.
  void try_all(index features, index start) {
    for (index f = 0; f < features; f += P::lanes) {
      P bins[tiny_rows];
      for (index j = 0; j < node_->count; ++j)
        bins[j] = integers::from_bytes(node_->rows + j * row_bytes_ + f).to_float();
      const P place = counting_lanes<P>(1.0f) + P::all(static_cast<float>(f));
      const P turn = place - P::all(static_cast<float>(start)), zero = P::all(0.0f);
      const P number = P::all(256.0f) * select(turn < zero, turn + P::all(static_cast<float>(features)), turn);
      const auto exists = place < P::all(static_cast<float>(features));
      for (index i = 0; i < node_->count; ++i) {
        const P score = score_below(bins, bins[i]);
        best_.offer(select(exists, score, P::all(-1.0f)), number + bins[i]);
      }
    }
  }

  struct winner {
    double score;
    index number;
  };

  /// The score is in units of the targets, as other ways of finding a split have it.
  winner find() const {
    const auto found = best_.find();
    return {static_cast<double>(found.score) / scale_ / scale_, found.number};
  }

 private:
  using integers = typename P::template rebind<std::int32_t>;

  /// The scores of cuts behind `here`, one in each lane.
  ///
  /// bins   of each row
  [[gnu::always_inline]] P score_below(const P* bins, const P& here) const {
    const P zero = P::all(0.0f), one = P::all(1.0f);
    P sum = zero, left = zero;
    for (index j = 0; j < node_->count; ++j) {
      const auto below = bins[j] <= here;
      sum = sum + select(below, P::all(target_[static_cast<std::size_t>(j)]), zero);
      left = left + select(below, P::all(weight_[static_cast<std::size_t>(j)]), zero);
    }
    const P right = P::all(all_) - left;
    return select(right < one, P::all(-1.0f), value_score(sum, left, max(right, one)));
  }

  void offer(index from, index first) {
    const P here = P::load(bin_.data() + from), zero = P::all(0.0f), one = P::all(1.0f), all = P::all(all_);
    P sum = zero, left = zero;
    for (std::size_t j = 0; j < static_cast<std::size_t>(node_->count); ++j) {
      const auto below = P::all(bin_[j]) <= here;
      sum = sum + select(below, P::all(target_[j]), zero);
      left = left + select(below, P::all(weight_[j]), zero);
    }
    const P right = all - left;
    const P score = value_score(sum, left, max(right, one));
    best_.offer(select(right < one, P::all(-1.0f), score), here + P::all(static_cast<float>(first)));
  }

  const open_node* node_ = nullptr;
  index row_bytes_ = 0;
  float all_ = 0;
  double scale_ = 1;  // a power of two
  alignas(64) std::array<float, most_weight> bin_{}, target_{}, weight_{};
  alignas(64) std::array<double, most_weight> centred_{};
  lane_best<P> best_;
};

}  // namespace tutti::detail
