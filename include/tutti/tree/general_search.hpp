#pragma once
// The search for a split that serves every case: weights, missing values, categories, smallest leaves, random cuts, any
// criterion.
//
// **Source** Breiman, Friedman, Olshen, Stone, Classification and Regression Trees (1984), sections 2.4 and 4.2;
// ordered categories: section 4.2.2 and theorem 4.5. Random cuts: Geurts, Ernst, Wehenkel, Extremely Randomized Trees,
// Machine Learning 63 (2006), section 2.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include <tutti/core/view.hpp>
#include <tutti/tree/bin_sums.hpp>
#include <tutti/tree/criterion.hpp>
#include <tutti/tree/node_draws.hpp>
#include <tutti/tree/split.hpp>

namespace tutti::detail {

/// Measure   class_measure, value_measure or absolute_measure
/// Format    how the node's rows lie in memory
template <class Measure, class Format>
class general_search {
 public:
  general_search(const split_task& asked, Measure& measure, const Format& format, index channels)
      : asked_(asked), measure_(measure), format_(format), channels_(static_cast<std::size_t>(channels)),
        bins_(channels + 1), left_(channels_ + 1), missing_(left_.size()), right_(channels_) {}

  /// Tries the splits of one feature.
  ///
  /// add        add(sums, row): puts a row's target and weight to sums
  /// returns    whether the feature varies in the node
  template <class Add>
  bool try_feature(const open_node& node, index feature, const Add& add, node_draws& draws, split_choice& best) {
    offer_ = {
        .node = &node, .feature = feature, .categorical = asked_.categorical[static_cast<std::size_t>(feature)] != 0};
    const auto count = [&](std::int64_t* sums, const std::uint8_t* row) {
      add(sums, row);
      ++sums[channels_];  // the last number counts rows
    };
    if (asked_.rules.random_cuts && !offer_.categorical) return try_random_cut(count, draws, best);
    bins_.fill(node, format_, feature, count);
    offer_.missing = bins_.has_missing();
    const bool varies = bins_.places() + (offer_.missing ? 1 : 0) > 1;
    if (varies) {
      order_.resize(static_cast<std::size_t>(bins_.places()));
      std::iota(order_.begin(), order_.end(), index{0});
      if (offer_.categorical) order_by_target(node);
      scan(best);
    }
    bins_.clear();
    return varies;
  }

 private:
  using Bin = typename Format::bin_type;
  static constexpr Bin none = std::numeric_limits<Bin>::max();  // of a value that is missing

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
  bool try_random_cut(const Count& count, node_draws& draws, split_choice& best) {
    const open_node& node = *offer_.node;
    Bin low = none, high = 0;
    for (index i = 0; i < node.count; ++i) {
      const Bin bin = bin_of(i);
      low = std::min(low, bin);
      high = std::max(high, bin == none ? Bin{0} : bin);
      offer_.missing |= bin == none;
    }
    if (low == none || (low == high && !offer_.missing)) return false;
    offer_.is_exact = low < high;  // else what is missing against all the rest
    const auto cut = static_cast<Bin>(
        low < high ? asked_.positions.cut_between(offer_.feature, low, high, draws.uniform()) : index{low});
    std::fill(left_.begin(), left_.end(), 0);
    std::fill(missing_.begin(), missing_.end(), 0);
    for (index i = 0; i < node.count; ++i) {
      const Bin bin = bin_of(i);
      if (bin <= cut) count(left_.data(), row(i));
      else if (bin == none) count(missing_.data(), row(i));
    }
    if constexpr (Measure::looks_at_rows) measure_.open_cut(format_, offer_.feature, cut, false);
    consider(cut, best);
    if (!offer_.missing || low == high) return true;
    offer_.missing_left = true;
    add_to_left(missing_.data());
    if constexpr (Measure::looks_at_rows) measure_.open_cut(format_, offer_.feature, cut, true);
    consider(cut, best);
    return true;
  }

  /// Cuts behind each of the bins in order, with the missing values on either side.
  void scan(split_choice& best) {
    const index places = bins_.places();
    for (const bool missing_left : {false, true}) {
      if (missing_left && !offer_.missing) return;
      offer_.missing_left = missing_left;
      std::fill(left_.begin(), left_.end(), 0);
      if (missing_left) add_to_left(bins_.missing());
      if constexpr (Measure::looks_at_rows)
        measure_.open_scan(format_, offer_.feature, order_, offer_.missing, missing_left);
      // With all values on the left, those that are missing are the right child.
      const index end = offer_.missing && !missing_left ? places : places - 1;
      for (index i = 0; i < end; ++i) {
        const index place = order_[static_cast<std::size_t>(i)];
        add_to_left(bins_.of(place));
        if constexpr (Measure::looks_at_rows) measure_.go_to(i);
        if (consider(bins_.bin(place), best) && offer_.categorical) write_set(i, best);
      }
    }
  }

  const std::uint8_t* row(index i) const { return offer_.node->rows + i * format_.bytes; }
  Bin bin_of(index i) const { return format_.bin(row(i), offer_.feature); }

  void add_to_left(const std::int64_t* sums) {
    for (std::size_t c = 0; c < left_.size(); ++c) left_[c] += sums[c];
  }

  /// Takes the cut behind a bin, with the sums of left_, if it is the best so far.
  bool consider(Bin cut, split_choice& best) {
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

  /// The categories up to the i-th in order go left.
  void write_set(index i, split_choice& best) const {
    best.set = best.seen = {};
    for (index k = 0; k < bins_.places(); ++k) {
      const auto category = static_cast<std::uint8_t>(bins_.bin(order_[static_cast<std::size_t>(k)]));
      best.seen.insert(category);
      if (k <= i) best.set.insert(category);
    }
  }

  /// Categories by their mean target; of more than two classes by the share of the node's most frequent one.
  void order_by_target(const open_node& node) {
    const std::size_t channel = Measure::ordering_channel(node.sums);
    const auto key = [&](index place) {
      const std::int64_t* const sums = bins_.of(place);
      return as_double(sums[channel]) / as_double(Measure::weight(node_sums(sums, channels_)));
    };
    std::stable_sort(order_.begin(), order_.end(), [&](index a, index b) { return key(a) < key(b); });
  }

  split_task asked_;
  Measure& measure_;
  Format format_;
  std::size_t channels_;
  bin_sums<Bin> bins_;
  std::vector<std::int64_t> left_, missing_, right_;
  std::vector<index> order_;  ///< the places of the bins that occur, in the order in which they are cut
  offer offer_{};
};

}  // namespace tutti::detail
