#pragma once
// The search for a node's best split: what is asked, what is found, and the way that serves every case.
//
// **Source** Breiman, Friedman, Olshen, Stone, Classification and Regression Trees (1984), sections 2.4 and 4.2; ordered
// categories: section 4.2.2 and theorem 4.5. Random cuts: Geurts, Ernst, Wehenkel, Extremely Randomized Trees (2006).

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <tutti/algorithm/quantize.hpp>
#include <tutti/core/view.hpp>
#include <tutti/tree/criterion.hpp>
#include <tutti/tree/node_draws.hpp>
#include <tutti/tree/sample_rows.hpp>

namespace tutti::detail {

/// What a tree may look like.
struct growth_rules {
  index max_depth = 0;
  index min_split_rows = 2;
  index min_leaf_rows = 1;
  std::int64_t min_leaf_weight = 0;
  double min_decrease = 0;   ///< of weight times impurity, by whole weights
  index quota = 1;           ///< features tried a node
  bool random_cuts = false;

  /// What fractions of the weight of all samples mean in whole weights.
  ///
  /// unit   what weight times impurity is counted in
  void set_weights(double fraction_of_leaf, double decrease, std::int64_t total, double unit) {
    min_leaf_weight = static_cast<std::int64_t>(std::ceil(fraction_of_leaf * static_cast<double>(total)));
    min_decrease = decrease * static_cast<double>(total) / unit;
  }

  bool any_leaf_will_do() const { return min_leaf_rows <= 1 && min_leaf_weight <= 1; }
};

/// A node whose split is sought: its rows lie side by side.
struct open_node {
  const std::uint8_t* rows;
  index count;
  node_sums sums;
  index depth;
  std::uint64_t path;
};

/// Where the bins of a feature lie on its axis: bin b of feature j from at(j)[b] to at(j)[b + 1].
class bin_positions {
 public:
  bin_positions() = default;

  template <class T>
  explicit bin_positions(const bin_cuts<T>& cuts) {
    for (index j = 0; j < cuts.features(); ++j) {
      start_.push_back(positions_.size());
      const auto axis = static_cast<std::size_t>(j);
      positions_.push_back(static_cast<double>(cuts.low[axis]));
      for (const T cut : cuts.of(j)) positions_.push_back(static_cast<double>(cut));
      positions_.push_back(static_cast<double>(cuts.high[axis]));
    }
  }

  /// The bin behind which a cut falls that lies at part u of the way from the begin of bin `low` to the end of `high`.
  index cut_between(index feature, index low, index high, double u) const {
    const double* const at = positions_.data() + start_[static_cast<std::size_t>(feature)];
    const double x = at[low] + product(u, at[high + 1] - at[low]);
    return std::clamp(static_cast<index>(std::upper_bound(at + low, at + high + 1, x) - at) - 1, low, high - 1);
  }

 private:
  std::vector<std::size_t> start_;
  std::vector<double> positions_;
};

/// The best split so far. Splits are compared by score; the first of equal ones stays.
struct split_choice {
  double score = -std::numeric_limits<double>::infinity();
  index feature = -1;
  std::uint8_t cut = 0;         ///< the last bin on the left
  bool is_exact = false;        ///< the cut stays where it is, in the gap behind it or not
  bool of_set = false;          ///< `set` decides, not `cut`
  bool missing_left = false;
  bool saw_missing = false;     ///< some of the node's rows have no value of the feature
  bins_of_set set{};
  bins_of_set seen{};           ///< the categories of the node

  bool found() const { return feature >= 0; }

  /// What a search of lanes found, if it is better.
  ///
  /// winner       its number is 256 times a place plus a bin; a score below 0 is none
  /// feature_at   the feature of a place
  template <class Winner, class FeatureAt>
  void take(const Winner& winner, const FeatureAt& feature_at) {
    const auto found_score = static_cast<double>(winner.score);
    if (found_score < 0 || !(found_score > score)) return;
    reset();
    score = found_score;
    feature = feature_at(winner.number / 256);
    cut = static_cast<std::uint8_t>(winner.number % 256);
  }

  void reset() {
    score = -std::numeric_limits<double>::infinity();
    feature = -1;
    is_exact = of_set = missing_left = saw_missing = false;
  }
};

/// What a splitter is told.
struct split_task {
  const growth_rules& rules;
  const bin_positions& positions;
  const std::vector<std::uint8_t>& categorical;  ///< [p]
  const std::vector<std::uint8_t>& missing;      ///< [p]
};

/// Sums by bin of one feature of one node, on the bins that occur; empty between uses.
class bin_sums {
 public:
  /// width   numbers a bin; the last of them counts rows
  explicit bin_sums(index width) : width_(width), sums_(static_cast<std::size_t>(256 * width)) {}

  std::int64_t* touch(std::uint8_t bin) {
    present_[bin >> 6] |= std::uint64_t{1} << (bin & 63);
    return of(bin);
  }
  std::int64_t* of(index bin) { return sums_.data() + bin * width_; }
  bool has(index bin) const { return (present_[static_cast<std::size_t>(bin >> 6)] >> (bin & 63) & 1) != 0; }

  /// The bins that occur but for that of missing values, ascending.
  index list(std::uint8_t* bins) const {
    index count = 0;
    for (int bin = 0; bin < missing_bin; ++bin)
      if (has(bin)) bins[count++] = static_cast<std::uint8_t>(bin);
    return count;
  }

  void clear() {
    for (int bin = 0; bin < 256; ++bin)
      if (has(bin)) std::fill_n(of(bin), width_, 0);
    present_ = {};
  }

 private:
  index width_;
  std::vector<std::int64_t> sums_;
  std::array<std::uint64_t, 4> present_{};
};

/// The way that serves every case: weights, missing values, categories, smallest leaves, random cuts, any criterion.
///
/// Measure   class_measure or value_measure
template <class Measure>
class general_search {
 public:
  general_search(const Measure& measure, const growth_rules& rules, const bin_positions& positions, index channels)
      : measure_(measure), rules_(rules), positions_(positions), channels_(channels), bins_(channels + 1),
        left_(static_cast<std::size_t>(channels + 1)), right_(left_.size()) {}

  /// Tries the splits of one feature.
  ///
  /// task       what is known of the features
  /// add        add(sums, row): puts a row's target and weight to its bin's sums
  /// returns    whether the feature varies in the node
  template <class Add>
  bool try_feature(const open_node& node, index row_bytes, index feature, const split_task& task, const Add& add,
                   node_draws& draws, split_choice& best) {
    const bool categorical = task.categorical[static_cast<std::size_t>(feature)] != 0;
    if (rules_.random_cuts && !categorical && task.missing[static_cast<std::size_t>(feature)] == 0)
      return try_random_cut(node, row_bytes, feature, add, draws, best);
    for (index i = 0; i < node.count; ++i) {
      const std::uint8_t* const row = node.rows + i * row_bytes;
      std::int64_t* const sums = bins_.touch(row[feature]);
      add(sums, row);
      ++sums[channels_];
    }
    occurring_ = bins_.list(order_.data());
    const bool missing = bins_.has(missing_bin);
    const bool varies = occurring_ + (missing ? 1 : 0) > 1;
    if (varies) {
      if (categorical) order_by_target(node);
      offer_ = {&node, feature, categorical, missing, false};
      if (rules_.random_cuts && !categorical) {
        random_cut(draws, best);
      } else {
        scan(0, occurring_, best);
      }
    }
    bins_.clear();
    return varies;
  }

 private:
  struct offer {
    const open_node* node;
    index feature;
    bool categorical;
    bool missing;
    bool missing_left;
  };

  /// One cut, drawn between the lowest and the highest bin; no histogram is needed.
  template <class Add>
  bool try_random_cut(const open_node& node, index row_bytes, index feature, const Add& add, node_draws& draws,
                      split_choice& best) {
    std::uint8_t low = 255, high = 0;
    for (index i = 0; i < node.count; ++i) {
      const std::uint8_t bin = node.rows[i * row_bytes + feature];
      low = std::min(low, bin);
      high = std::max(high, bin);
    }
    if (low == high) return false;
    exact_cut_ = positions_.cut_between(feature, low, high, draws.uniform());
    std::fill(left_.begin(), left_.end(), 0);
    for (index i = 0; i < node.count; ++i) {
      const std::uint8_t* const row = node.rows + i * row_bytes;
      if (row[feature] > exact_cut_) continue;
      add(left_.data(), row);
      ++left_[static_cast<std::size_t>(channels_)];
    }
    offer_ = {&node, feature, false, false, false};
    consider(0, best);
    exact_cut_ = -1;
    return true;
  }

  /// Cuts [first, last) behind the bins in order, with the missing values on either side.
  void scan(index first, index last, split_choice& best) {
    const index sides = offer_.missing ? 2 : 1;
    for (index side = 0; side < sides; ++side) {
      offer_.missing_left = side == 1;
      std::fill(left_.begin(), left_.end(), 0);
      if (offer_.missing_left) add_bin(missing_bin);
      // With all values on the left, those that are missing are the right child.
      const index end = std::min(last, offer_.missing && side == 0 ? occurring_ : occurring_ - 1);
      for (index i = 0; i < end; ++i) {
        add_bin(order_[static_cast<std::size_t>(i)]);
        if (i >= first) consider(i, best);
      }
    }
  }

  /// One cut, drawn between the first and the last bin that occur.
  void random_cut(node_draws& draws, split_choice& best) {
    if (occurring_ < 2) return scan(0, occurring_, best);
    const index low = order_[0], high = order_[static_cast<std::size_t>(occurring_ - 1)];
    const index cut = positions_.cut_between(offer_.feature, low, high, draws.uniform());
    index at = 0;
    while (order_[static_cast<std::size_t>(at + 1)] <= cut) ++at;
    exact_cut_ = cut;
    scan(at, at + 1, best);
    exact_cut_ = -1;
  }

  void add_bin(index bin) {
    const std::int64_t* const sums = bins_.of(bin);
    for (std::size_t c = 0; c < left_.size(); ++c) left_[c] += sums[c];
  }

  void consider(index i, split_choice& best) {
    const open_node& node = *offer_.node;
    const index left_rows = static_cast<index>(left_.back()), right_rows = node.count - left_rows;
    if (left_rows < rules_.min_leaf_rows || right_rows < rules_.min_leaf_rows) return;
    const auto channels = static_cast<std::size_t>(channels_);
    for (std::size_t c = 0; c < channels; ++c) right_[c] = node.sums[c] - left_[c];
    const node_sums left(left_.data(), channels), right(right_.data(), channels);
    const std::int64_t floor = std::max<std::int64_t>(rules_.min_leaf_weight, 1);
    if (Measure::weight(left) < floor || Measure::weight(right) < floor) return;
    const double score = measure_.gain(left, right, node.sums);
    if (!(score > best.score)) return;
    best.score = score;
    best.feature = offer_.feature;
    best.of_set = offer_.categorical;
    best.cut = exact_cut_ >= 0 ? static_cast<std::uint8_t>(exact_cut_) : order_[static_cast<std::size_t>(i)];
    best.is_exact = exact_cut_ >= 0;
    best.missing_left = offer_.missing_left;
    best.saw_missing = offer_.missing;
    if (!offer_.categorical) return;
    best.set = best.seen = {};
    for (index k = 0; k <= i; ++k) best.set.insert(order_[static_cast<std::size_t>(k)]);
    for (index k = 0; k < occurring_; ++k) best.seen.insert(order_[static_cast<std::size_t>(k)]);
  }

  /// Categories by their mean target; of more than two classes by the share of the node's most frequent one.
  void order_by_target(const open_node& node) {
    const std::size_t channel = Measure::ordering_channel(node.sums);
    const auto key = [&](std::uint8_t bin) {
      const std::int64_t* const sums = bins_.of(bin);
      return as_double(sums[channel]) / as_double(Measure::weight(node_sums(sums, static_cast<std::size_t>(channels_))));
    };
    std::stable_sort(order_.begin(), order_.begin() + occurring_,
                     [&](std::uint8_t a, std::uint8_t b) { return key(a) < key(b); });
  }

  const Measure& measure_;
  const growth_rules& rules_;
  const bin_positions& positions_;
  index channels_;
  bin_sums bins_;
  std::vector<std::int64_t> left_, right_;
  std::array<std::uint8_t, 256> order_{};
  index occurring_ = 0;
  index exact_cut_ = -1;
  offer offer_{};
};

}  // namespace tutti::detail
