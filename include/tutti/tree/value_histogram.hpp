#pragma once
// The splits of a node of numbers by histograms of all features; the larger child's are its parent's less the smaller
// one's.
//
// A bin is one word: the sum of weight times target above, the weight below. To add or subtract a row is one addition,
// exact in any order. Large sums leave targets fewer bits than the 30 they have: they are rounded for the search alone.

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include <tutti/core/view.hpp>
#include <tutti/policy/transpose.hpp>
#include <tutti/tree/lane_best.hpp>
#include <tutti/tree/split.hpp>

namespace tutti::detail {

/// How a weight and a sum share a word, for nodes of up to some weight.
struct value_packing {
  int bits = 0;   ///< of the weight
  int shift = 0;  ///< bits that targets are rounded by

  /// For nodes of this weight: |targets| <= 2^30, and twice the weight's bits and the targets' make 63.
  static value_packing of(std::int64_t weight) {
    const int bits = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(weight)));
    return {bits, std::max(0, 2 * bits - 33)};
  }

  std::int64_t pack(std::int64_t weight, std::int64_t target) const {
    const std::int64_t half = (std::int64_t{1} << shift) >> 1;
    return weight * ((target + half) >> shift) * (std::int64_t{1} << bits) + weight;
  }
  std::int64_t weight(std::int64_t word) const { return word & ((std::int64_t{1} << bits) - 1); }
  std::int64_t sum(std::int64_t word) const { return word >> bits; }
};

/// Bins 16 apart lie side by side: a lane of a pack then has 16 bins that follow one another.
constexpr std::size_t lane_place(std::uint8_t bin) { return static_cast<std::uint8_t>(bin << 4 | bin >> 4); }

/// Histograms of all features: the word of bin b of feature j at 256 j + lane_place(b).
class value_histograms {
 public:
  explicit value_histograms(index features) : features_(features) {}

  /// Room for a node's, all zeros.
  index acquire() {
    if (free_.empty()) {
      all_.push_back(std::make_unique<bin_words[]>(static_cast<std::size_t>(features_)));
      free_.push_back(static_cast<index>(all_.size()) - 1);
    }
    const index taken = free_.back();
    free_.pop_back();
    std::fill_n(at(taken), 256 * features_, std::int64_t{0});
    return taken;
  }
  void release(index histogram) { free_.push_back(histogram); }

  std::int64_t* at(index histogram) { return all_[static_cast<std::size_t>(histogram)][0].word; }

  /// Adds rows.
  ///
  /// word_of(row)   what a row adds to each of its bins
  template <class WordOf>
  void add(index histogram, const std::uint8_t* rows, index count, index row_bytes, const WordOf& word_of) {
    std::int64_t* const first = at(histogram);
    const index features = features_;  // a word might be this member, as far as the compiler knows
    for (index i = 0; i < count; ++i) {
      const std::uint8_t* const row = rows + i * row_bytes;
      const std::int64_t word = word_of(row);
      std::int64_t* to = first;
      for (index j = 0; j < features; ++j, to += 256) to[lane_place(row[j])] += word;
    }
  }

  void subtract(index from, index what) {
    std::int64_t* const __restrict a = at(from);
    const std::int64_t* const b = at(what);
    const index words = 256 * features_;
    for (index k = 0; k < words; ++k) a[k] -= b[k];
  }

 private:
  struct alignas(64) bin_words {
    std::int64_t word[256];
  };

  index features_;
  std::vector<std::unique_ptr<bin_words[]>> all_;
  std::vector<index> free_;
};

/// The best cut of a node, feature by feature of its histograms.
///
/// P   the pack of floats to compute with
template <class P>
class value_scan {
 public:
  /// packing   of the histograms
  void open(const open_node& node, const value_packing& packing) {
    packing_ = packing;
    all_ = node.sums[1];
    best_.reset();
  }

  /// Offers all cuts of a feature; they are numbered from `first` on, in the order of the bins.
  ///
  /// words     [256] in the order of lane_place, aligned to 64 bytes
  /// some      a bin that is not empty
  /// returns   whether the feature varies in the node
  bool try_feature(const std::int64_t* words, std::uint8_t some, index first) {
    if (packing_.weight(words[lane_place(some)]) == all_) return false;
    lanes running[parts];
    const std::int64_t everything = sums_before(words, running);
    const doubles mean = doubles::all(static_cast<double>(packing_.sum(everything)) / static_cast<double>(all_));
    const P total = P::all(static_cast<float>(all_)), one = P::all(1.0f), none = P::all(-1.0f);
    P number = counting_lanes<P>(16.0f) + P::all(static_cast<float>(first));
    for (int row = 0; row < 16; ++row) {
      alignas(64) double sum[16], weight[16];
      alignas(64) float centred[16], left_weight[16];
#pragma GCC unroll 8
      for (int v = 0; v < parts; ++v) {
        running[v] += load(words + 16 * row + v * width);
        store(real(running[v] >> packing_.bits), sum + v * width);
        store(real(running[v] & mask()), weight + v * width);
      }
      (doubles::load(sum) - mean * doubles::load(weight)).store(sum);
      for (int l = 0; l < 16; ++l) centred[l] = static_cast<float>(sum[l]);
      for (int l = 0; l < 16; ++l) left_weight[l] = static_cast<float>(weight[l]);
      const P left = P::load(left_weight), right = total - left, s = P::load(centred);
      const P score = value_score(s, max(left, one), max(right, one));
      best_.offer(select(min(left, right) < one, none, score), number);
      number = number + one;
    }
    return true;
  }

  struct winner {
    double score;
    index number;
  };

  /// The score is in units of the targets, as other ways of finding a split have it.
  winner find() const {
    const auto found = best_.find();
    return {std::ldexp(static_cast<double>(found.score), 2 * packing_.shift), found.number};
  }

 private:
  static constexpr int bytes = std::max(16, P::width * 4);
  static constexpr int width = bytes / 8;
  static constexpr int parts = 16 / width;
  using lanes = wide_t<std::int64_t, bytes>;
  using reals = wide_t<double, bytes>;
  using doubles = typename P::template rebind<double>;

  static lanes load(const std::int64_t* p) {
    lanes x;
    std::memcpy(&x, p, sizeof x);
    return x;
  }
  static void store(reals x, double* p) { std::memcpy(p, &x, sizeof x); }

  lanes mask() const { return lanes{} + ((std::int64_t{1} << packing_.bits) - 1); }

  /// Whole numbers below 2^51 as doubles, for which not every machine has an instruction.
  static reals real(lanes x) {
    constexpr double big = 0x1.8p52;
    return reals(x + std::bit_cast<std::int64_t>(big)) - big;
  }

  /// before = in each lane the sum of all lanes before it; returns the sum of all.
  static std::int64_t sums_before(const std::int64_t* words, lanes* before) {
    alignas(64) std::int64_t lane[16] = {};
    for (int row = 0; row < 16; ++row)
      for (int l = 0; l < 16; ++l) lane[l] += words[16 * row + l];
    std::int64_t sum = 0;
    for (std::int64_t& x : lane) sum += std::exchange(x, sum);
    std::memcpy(before, lane, sizeof lane);
    return sum;
  }

  value_packing packing_;
  std::int64_t all_ = 0;
  lane_best<P> best_;
};

}  // namespace tutti::detail
