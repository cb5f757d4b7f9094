#pragma once
// The search for a split that serves every case: weights, missing values, categories, smallest leaves, random cuts, any
// criterion.
//
// **Source** Breiman, Friedman, Olshen, Stone, Classification and Regression Trees (1984), sections 2.4 and 4.2;
// ordered categories: section 4.2.2 and theorem 4.5. Random cuts: Geurts, Ernst, Wehenkel, Extremely Randomized Trees,
// Machine Learning 63 (2006), section 2.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <tutti/algorithm/quantize.hpp>
#include <tutti/core/view.hpp>
#include <tutti/tree/criterion.hpp>
#include <tutti/tree/node_draws.hpp>
#include <tutti/tree/sample_rows.hpp>
#include <tutti/tree/split.hpp>

namespace tutti::detail {

/// Sums by bin of one feature of one node, on the bins that occur; empty between uses.
class bin_sums {
 public:
  /// width   numbers a bin
  explicit bin_sums(index width) : width_(width), sums_(static_cast<std::size_t>(256 * width)) {}

  std::int64_t* touch(std::uint8_t bin) {
    present_.insert(bin);
    return of(bin);
  }
  std::int64_t* of(index bin) { return sums_.data() + bin * width_; }
  bool has(std::uint8_t bin) const { return present_(bin); }

  /// The bins that occur but for that of missing values, ascending.
  index list(std::uint8_t* bins) const {
    index count = 0;
    for (std::uint8_t bin = 0; bin < missing_bin; ++bin)
      if (has(bin)) bins[count++] = bin;
    return count;
  }

  void clear() {
    for (int bin = 0; bin < 256; ++bin)
      if (has(static_cast<std::uint8_t>(bin))) std::fill_n(of(bin), width_, 0);
    present_ = {};
  }

 private:
  index width_;
  std::vector<std::int64_t> sums_;
  bins_of_set present_{};
};

/// Measure   class_measure, value_measure or absolute_measure
template <class Measure>
class general_search {
 public:
  general_search(const split_task& asked, Measure& measure, index channels)
      : asked_(asked), measure_(measure), channels_(static_cast<std::size_t>(channels)), bins_(channels + 1),
        left_(channels_ + 1), missing_(left_.size()), right_(channels_) {}

  /// Tries the splits of one feature.
  ///
  /// add        add(sums, row): puts a row's target and weight to sums
  /// returns    whether the feature varies in the node
  template <class Add>
  bool try_feature(const open_node& node, index row_bytes, index feature, const Add& add, node_draws& draws,
                   split_choice& best) {
    offer_ = {
        .node = &node, .feature = feature, .categorical = asked_.categorical[static_cast<std::size_t>(feature)] != 0};
    const auto count = [&](std::int64_t* sums, const std::uint8_t* row) {
      add(sums, row);
      ++sums[channels_];  // the last number counts rows
    };
    if (asked_.rules.random_cuts && !offer_.categorical) return try_random_cut(row_bytes, count, draws, best);
    for (index i = 0; i < node.count; ++i) {
      const std::uint8_t* const row = node.rows + i * row_bytes;
      count(bins_.touch(row[feature]), row);
    }
    occurring_ = bins_.list(order_.data());
    offer_.missing = bins_.has(missing_bin);
    const bool varies = occurring_ + (offer_.missing ? 1 : 0) > 1;
    if (varies) {
      if (offer_.categorical) order_by_target(node);
      scan(best);
    }
    bins_.clear();
    return varies;
  }

 private:
  /// What a feature's cuts have in common.
  struct offer {
    const open_node* node = nullptr;
    index feature = 0;
    bool categorical = false;
    bool missing = false;
    bool missing_left = false;
    bool is_exact = false;
  };

  /// One cut, drawn between the lowest and the highest bin; no histogram is needed.
  template <class Count>
  bool try_random_cut(index row_bytes, const Count& count, node_draws& draws, split_choice& best) {
    const open_node& node = *offer_.node;
    std::uint8_t low = missing_bin, high = 0;
    for (index i = 0; i < node.count; ++i) {
      const std::uint8_t bin = node.rows[i * row_bytes + offer_.feature];
      low = std::min(low, bin);
      high = std::max(high, bin == missing_bin ? std::uint8_t{0} : bin);
      offer_.missing |= bin == missing_bin;
    }
    if (low == missing_bin || (low == high && !offer_.missing)) return false;
    offer_.is_exact = low < high;  // else what is missing against all the rest
    const index cut = low < high ? asked_.positions.cut_between(offer_.feature, low, high, draws.uniform()) : low;
    std::fill(left_.begin(), left_.end(), 0);
    std::fill(missing_.begin(), missing_.end(), 0);
    for (index i = 0; i < node.count; ++i) {
      const std::uint8_t* const row = node.rows + i * row_bytes;
      const std::uint8_t bin = row[offer_.feature];
      if (bin <= cut) count(left_.data(), row);
      else if (bin == missing_bin) count(missing_.data(), row);
    }
    if constexpr (Measure::looks_at_rows) measure_.open_cut(offer_.feature, cut, false);
    consider(static_cast<std::uint8_t>(cut), best);
    if (!offer_.missing || low == high) return true;
    offer_.missing_left = true;
    for (std::size_t c = 0; c < left_.size(); ++c) left_[c] += missing_[c];
    if constexpr (Measure::looks_at_rows) measure_.open_cut(offer_.feature, cut, true);
    consider(static_cast<std::uint8_t>(cut), best);
    return true;
  }

  /// Cuts behind each of the bins in order, with the missing values on either side.
  void scan(split_choice& best) {
    for (const bool missing_left : {false, true}) {
      if (missing_left && !offer_.missing) return;
      offer_.missing_left = missing_left;
      std::fill(left_.begin(), left_.end(), 0);
      if (missing_left) add_bin(missing_bin);
      if constexpr (Measure::looks_at_rows)
        measure_.open_scan(offer_.feature, {order_.data(), static_cast<std::size_t>(occurring_)}, offer_.missing,
                           missing_left);
      // With all values on the left, those that are missing are the right child.
      const index end = offer_.missing && !missing_left ? occurring_ : occurring_ - 1;
      for (index i = 0; i < end; ++i) {
        const std::uint8_t bin = order_[static_cast<std::size_t>(i)];
        add_bin(bin);
        if constexpr (Measure::looks_at_rows) measure_.go_to(i);
        if (consider(bin, best) && offer_.categorical) write_set(i, best);
      }
    }
  }

  void add_bin(index bin) {
    const std::int64_t* const sums = bins_.of(bin);
    for (std::size_t c = 0; c < left_.size(); ++c) left_[c] += sums[c];
  }

  /// Takes the cut behind a bin, with the sums of left_, if it is the best so far.
  bool consider(std::uint8_t cut, split_choice& best) {
    const open_node& node = *offer_.node;
    const growth_rules& rules = asked_.rules;
    const auto left_rows = static_cast<index>(left_.back()), right_rows = node.count - left_rows;
    if (left_rows < rules.min_leaf_rows || right_rows < rules.min_leaf_rows) return false;
    for (std::size_t c = 0; c < channels_; ++c) right_[c] = node.sums[c] - left_[c];
    const node_sums left(left_.data(), channels_), right(right_.data(), channels_);
    const std::int64_t floor = std::max<std::int64_t>(rules.min_leaf_weight, 1);
    if (Measure::weight(left) < floor || Measure::weight(right) < floor) return false;
    const double score = measure_.gain(left, right, node.sums);
    if (!(score > best.score)) return false;
    if (rules.direction(offer_.feature) != 0 && !keeps_order(left, right, best)) return false;
    best.score = score;
    best.feature = offer_.feature;
    best.cut = cut;
    best.is_exact = offer_.is_exact;
    best.of_set = offer_.categorical;
    best.missing_left = offer_.missing_left;
    best.saw_missing = offer_.missing;
    return true;
  }

  /// Whether a constraint on the feature allows the children's values, which are then written down.
  bool keeps_order(node_sums left, node_sums right, split_choice& best) const {
    double low = 0, high = 0;
    if constexpr (Measure::looks_at_rows)
      low = measure_.left_value(), high = measure_.right_value();
    else
      low = Measure::value(left), high = Measure::value(right);
    const value_bounds& bounds = offer_.node->bounds;
    if (asked_.rules.direction(offer_.feature) * (high - low) < 0 || !bounds.hold(low) || !bounds.hold(high))
      return false;
    best.left_value = low;
    best.right_value = high;
    return true;
  }

  /// The categories up to place i go left.
  void write_set(index i, split_choice& best) const {
    best.set = best.seen = {};
    for (index k = 0; k <= i; ++k) best.set.insert(order_[static_cast<std::size_t>(k)]);
    for (index k = 0; k < occurring_; ++k) best.seen.insert(order_[static_cast<std::size_t>(k)]);
  }

  /// Categories by their mean target; of more than two classes by the share of the node's most frequent one.
  void order_by_target(const open_node& node) {
    const std::size_t channel = Measure::ordering_channel(node.sums);
    const auto key = [&](std::uint8_t bin) {
      const std::int64_t* const sums = bins_.of(bin);
      return as_double(sums[channel]) / as_double(Measure::weight(node_sums(sums, channels_)));
    };
    std::stable_sort(order_.begin(), order_.begin() + occurring_,
                     [&](std::uint8_t a, std::uint8_t b) { return key(a) < key(b); });
  }

  split_task asked_;
  Measure& measure_;
  std::size_t channels_;
  bin_sums bins_;
  std::vector<std::int64_t> left_, missing_, right_;
  std::array<std::uint8_t, 256> order_{};  ///< the bins that occur, in the order in which they are cut
  index occurring_ = 0;
  offer offer_{};
};

}  // namespace tutti::detail
