#pragma once
// The splits of a node of numbers by histograms of all features; the larger child's are its parent's less the smaller
// one's.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <tutti/core/view.hpp>
#include <tutti/policy/transpose.hpp>
#include <tutti/tree/lane_best.hpp>
#include <tutti/tree/split.hpp>

namespace tutti::detail {

/// Sum of weight times target, and weight: added in one go.
using value_pair = wide_t<std::int64_t, 16>;

/// Histograms of all features: pair of bin b of feature j at 256 j + b.
class value_histograms {
 public:
  explicit value_histograms(index features) : features_(features) {}

  /// Room for a node's, all zeros.
  index acquire() {
    if (free_.empty()) {
      auto room = std::make_unique<value_pair[]>(static_cast<std::size_t>(256 * features_));
      all_.push_back(std::move(room));
      free_.push_back(static_cast<index>(all_.size()) - 1);
    }
    const index taken = free_.back();
    free_.pop_back();
    std::fill_n(at(taken), 256 * features_, value_pair{});
    return taken;
  }
  void release(index histogram) { free_.push_back(histogram); }

  value_pair* at(index histogram) { return all_[static_cast<std::size_t>(histogram)].get(); }

  /// Adds rows.
  ///
  /// pair_of(row)   what a row adds to each of its bins
  template <class PairOf>
  void add(index histogram, const std::uint8_t* rows, index count, index row_bytes, const PairOf& pair_of) {
    value_pair* const to = at(histogram);
    for (index i = 0; i < count; ++i) {
      const std::uint8_t* const row = rows + i * row_bytes;
      const value_pair here = pair_of(row);
      for (index j = 0; j < features_; ++j) to[256 * j + row[j]] += here;
    }
  }

  void subtract(index from, index what) {
    value_pair* const a = at(from);
    const value_pair* const b = at(what);
    for (index k = 0; k < 256 * features_; ++k) a[k] -= b[k];
  }

 private:
  index features_;
  std::vector<std::unique_ptr<value_pair[]>> all_;
  std::vector<index> free_;
};

/// The best cut of a node, feature by feature of its histograms.
///
/// P   the pack of floats to compute with
template <class P>
class value_scan {
 public:
  void open(const open_node& node) {
    mean_ = as_double(node.sums[0]) / as_double(node.sums[1]);
    all_ = as_double(node.sums[1]);
    best_.reset();
  }

  /// Offers all cuts of a feature; they are numbered from `first` on, in the order of the bins.
  ///
  /// bins      [256]
  /// some      a bin that is not empty
  /// returns   whether the feature varies in the node
  bool try_feature(const value_pair* bins, std::uint8_t some, index first) {
    if (as_double(bins[some][1]) == all_) return false;
    value_pair running{};
    for (std::size_t b = 0; b < 256; ++b) {
      running += bins[b];
      sum_[b] = running[0];
      weight_[b] = running[1];
    }
    for (std::size_t b = 0; b < 256; ++b) left_sum_[b] = static_cast<double>(sum_[b]);
    for (std::size_t b = 0; b < 256; ++b) left_[b] = static_cast<double>(weight_[b]);
    for (std::size_t b = 0; b < 256; b += 16) {
      const doubles left = doubles::load(left_.data() + b);
      (doubles::load(left_sum_.data() + b) - doubles::all(mean_) * left).store(left_sum_.data() + b);
    }
    for (std::size_t b = 0; b < 256; ++b) centred_[b] = static_cast<float>(left_sum_[b]);
    for (std::size_t b = 0; b < 256; ++b) left_weight_[b] = static_cast<float>(left_[b]);
    score(first);
    return true;
  }

  typename lane_best<P>::winner find() const { return best_.find(); }

 private:
  using doubles = typename P::template rebind<double>;

  void score(index first) {
    const P all = P::all(static_cast<float>(all_)), one = P::all(1.0f), none = P::all(-1.0f);
    P number = counting_lanes<P>(1.0f) + P::all(static_cast<float>(first));
    for (std::size_t b = 0; b < 256; b += 16) {
      const P left = P::load(left_weight_.data() + b), right = all - left, sum = P::load(centred_.data() + b);
      const P score = sum * sum / (max(left, one) * max(right, one));
      best_.offer(select(min(left, right) < one, none, score), number);
      number = number + P::all(16.0f);
    }
  }

  double mean_ = 0, all_ = 0;
  alignas(64) std::array<std::int64_t, 256> sum_{}, weight_{};
  alignas(64) std::array<double, 256> left_sum_{}, left_{};
  alignas(64) std::array<float, 256> centred_{}, left_weight_{};
  lane_best<P> best_;
};

}  // namespace tutti::detail
