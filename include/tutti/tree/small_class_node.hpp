#pragma once
// The splits of a node of at most 64 rows: every row is compared with every other, in bytes, as many at a time as a
// register holds. No histogram to clear or to scan, no sort.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <tutti/core/view.hpp>
#include <tutti/policy/transpose.hpp>
#include <tutti/tree/criterion.hpp>
#include <tutti/tree/lane_best.hpp>
#include <tutti/tree/split.hpp>

namespace tutti::detail {

/// P   the pack of floats to compute with
template <class P>
class small_class_node {
 public:
  static constexpr index most_rows = 64;
  static constexpr std::int64_t most_weight = 255;
  static constexpr index most_classes = 4;

  /// class_of(row) is below most_classes: the place of a row's class among those of the node; weight_of(row) its
  /// weight.
  template <class ClassOf, class WeightOf>
  void open(const open_node& node, index row_bytes, index classes, const ClassOf& class_of, const WeightOf& weight_of) {
    node_ = &node;
    row_bytes_ = row_bytes;
    classes_ = classes;
    total_ = {};
    for (index c = 0; c < classes; ++c) std::fill_n(weight_[static_cast<std::size_t>(c)].begin(), node.count, 0u);
    for (index i = 0; i < node.count; ++i) {
      const std::uint8_t* const row = node.rows + i * row_bytes;
      const auto c = static_cast<std::size_t>(class_of(row));
      const auto w = static_cast<std::uint32_t>(weight_of(row));
      weight_[c][static_cast<std::size_t>(i)] = four_times(w);
      total_[c] += static_cast<float>(w);
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
      bin_[static_cast<std::size_t>(i)] = bin;
      four_bins_[static_cast<std::size_t>(i)] = four_times(bin);
      differs |= static_cast<std::uint8_t>(bin ^ bin_[0]);
    }
    if (differs == 0) return false;
    for (index i = count; i < (count + 15) / 16 * 16; ++i) bin_[static_cast<std::size_t>(i)] = missing_bin;
    switch (classes_) {
      case 2: sum_left<2>(); break;
      case 3: sum_left<3>(); break;
      default: sum_left<4>(); break;
    }
    for (index i = 0; i < count; i += 16) offer(i, first);
    return true;
  }

  typename lane_best<P>::winner find() const { return best_.find(); }

 private:
  static constexpr int width = P::width * static_cast<int>(sizeof(float));
  using bytes = wide_t<std::uint8_t, width>;
  using mask = wide_t<std::int8_t, width>;
  using words = wide_t<std::uint32_t, width>;
  using integers = typename P::template rebind<std::int32_t>;

  static bytes load(const std::uint8_t* p) {
    bytes x;
    std::memcpy(&x, p, sizeof x);
    return x;
  }

  /// A byte in every byte of a word: words are what machines copy into all lanes at the least cost.
  static constexpr std::uint32_t four_times(std::uint32_t byte) { return byte * 0x01010101u; }
  static bytes everywhere(std::uint32_t word) { return bytes(words{} + word); }

  /// sum, and w where the mask holds.
  static bytes add_if(mask where, bytes sum, bytes w) {
    if constexpr (width == 64)
      return where ? sum + w : sum;  // one instruction
    else
      return sum + (bytes(where) & w);
  }

  /// left_[c][i] = the weight of class c in the rows whose bin is at most that of row i.
  template <int Classes>
  void sum_left() {
    for (index from = 0; from < node_->count; from += width) {
      const bytes here = load(bin_.data() + from);
      bytes sum[Classes] = {};
      for (std::size_t j = 0; j < static_cast<std::size_t>(node_->count); ++j) {
        const mask below = mask(everywhere(four_bins_[j]) <= here);
#pragma GCC unroll 4
        for (std::size_t c = 0; c < Classes; ++c) sum[c] = add_if(below, sum[c], everywhere(weight_[c][j]));
      }
#pragma GCC unroll 4
      for (std::size_t c = 0; c < Classes; ++c) std::memcpy(left_[c].data() + from, &sum[c], sizeof(bytes));
    }
  }

  P left_of(std::size_t c, index i) const { return integers::from_bytes(left_[c].data() + i).to_float(); }

  void offer(index i, index first) {
    const P all = P::all(total_[0] + total_[1] + total_[2] + total_[3]), one = P::all(1.0f);
    P left = left_of(0, i);
    P score;
    if (classes_ == 2) {
      const P second = left_of(1, i);
      const P d = left * P::all(total_[1]) - second * P::all(total_[0]);
      left = left + second;
      score = two_class_score(d, left, max(all - left, one));
    } else {
      P kept_left = left * left, rest = P::all(total_[0]) - left, kept_right = rest * rest;
      for (std::size_t c = 1; c < static_cast<std::size_t>(classes_); ++c) {
        const P part = left_of(c, i);
        left = left + part;
        kept_left = kept_left + part * part;
        rest = P::all(total_[c]) - part;
        kept_right = kept_right + rest * rest;
      }
      score = several_class_score(kept_left, left, kept_right, max(all - left, one));
    }
    score = select(left < all, score, P::all(-1.0f));  // the last bin cuts nothing off
    best_.offer(score, integers::from_bytes(bin_.data() + i).to_float() + P::all(static_cast<float>(first)));
  }

  const open_node* node_ = nullptr;
  index row_bytes_ = 0;
  index classes_ = 0;
  std::array<float, most_classes> total_{};
  alignas(64) std::array<std::uint8_t, most_rows> bin_{};
  alignas(64) std::array<std::uint32_t, most_rows> four_bins_{};
  alignas(64) std::array<std::array<std::uint32_t, most_rows>, most_classes> weight_{};
  alignas(64) std::array<std::array<std::uint8_t, most_rows>, most_classes> left_{};
  lane_best<P> best_;
};

}  // namespace tutti::detail
