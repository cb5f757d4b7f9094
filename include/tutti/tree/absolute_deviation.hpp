#pragma once
// The criterion of absolute errors: by how much the targets of a node lie off its median, before and after a split.
//
// Rows go into a Fenwick tree over the ranks of the node's targets, bin by bin; it knows the median and the sum of the
// absolute deviations of what it holds in O(log n), exactly: targets are whole numbers.
//
// **Source** Fenwick, A New Data Structure for Cumulative Frequency Tables, Software: Practice and Experience 24
// (1994).

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <tutti/core/view.hpp>
#include <tutti/tree/criterion.hpp>
#include <tutti/tree/split.hpp>

namespace tutti::detail {

/// A target and its weight.
struct weighted_target {
  std::int64_t target;
  std::int64_t weight;
};

/// The sum of weight times |target - median|, and the median: the middle of the two where half of the weight is below.
struct deviation {
  std::int64_t sum = 0;
  double median = 0;
};

/// Targets of some weight, of which the median can be asked at any time.
class running_median {
 public:
  /// targets   [ranks] ascending
  void open(std::span<const std::int64_t> targets) {
    targets_ = targets;
    weight_.resize(targets.size() + 1);
    sum_.resize(targets.size() + 1);
    own_.resize(targets.size());
    clear();
  }

  void clear() {
    std::fill(weight_.begin(), weight_.end(), 0);
    std::fill(sum_.begin(), sum_.end(), 0);
    std::fill(own_.begin(), own_.end(), 0);
    all_ = {};
  }

  void add(std::size_t rank, std::int64_t weight) {
    const std::int64_t part = weight * targets_[rank];
    own_[rank] += weight;
    all_.weight += weight;
    all_.target += part;
    for (std::size_t k = rank + 1; k < weight_.size(); k += k & (0 - k)) {
      weight_[k] += weight;
      sum_[k] += part;
    }
  }

  /// Of all that was added; there must be some.
  deviation read() const {
    std::size_t rank = 0;  // how many ranks lie below the median
    weighted_target below{};
    for (std::size_t step = std::bit_floor(targets_.size()); step > 0; step /= 2) {
      if (rank + step >= weight_.size() || 2 * (below.weight + weight_[rank + step]) >= all_.weight) continue;
      rank += step;
      below.weight += weight_[rank];
      below.target += sum_[rank];
    }
    const std::int64_t middle = targets_[rank];
    const std::int64_t sum =
        middle * (below.weight - (all_.weight - below.weight)) + ((all_.target - below.target) - below.target);
    std::size_t next = rank;
    if (2 * (below.weight + own_[rank]) == all_.weight)
      for (++next; own_[next] == 0;) ++next;
    return {sum, as_double(middle) / 2 + as_double(targets_[next]) / 2};
  }

 private:
  std::span<const std::int64_t> targets_;
  std::vector<std::int64_t> weight_, sum_;  // Fenwick trees: node k has ranks [k - lowest bit of k, k)
  std::vector<std::int64_t> own_;           // of each rank
  weighted_target all_{};                   // sums of the weights, and of weight times target
};

/// Deviations on both sides of the cuts of a feature.
class absolute_measure {
 public:
  static constexpr bool looks_at_rows = true;

  static std::int64_t weight(node_sums s) { return s[1]; }
  static std::size_t ordering_channel(node_sums node) { return value_measure::ordering_channel(node); }

  /// weighted(row)   its weighted_target
  template <class Weighted>
  void open(const open_node& node, index row_bytes, const Weighted& weighted) {
    node_ = &node;
    row_bytes_ = row_bytes;
    rows_.resize(static_cast<std::size_t>(node.count));
    targets_.clear();
    for (index i = 0; i < node.count; ++i) targets_.push_back(weighted(node.rows + i * row_bytes).target);
    std::sort(targets_.begin(), targets_.end());
    targets_.erase(std::unique(targets_.begin(), targets_.end()), targets_.end());
    inside_.open(targets_);
    for (index i = 0; i < node.count; ++i) {
      const weighted_target row = weighted(node.rows + i * row_bytes);
      const auto rank = std::lower_bound(targets_.begin(), targets_.end(), row.target) - targets_.begin();
      rows_[static_cast<std::size_t>(i)] = {static_cast<std::size_t>(rank), row.weight};
      inside_.add(static_cast<std::size_t>(rank), row.weight);
    }
    all_ = inside_.read();
  }

  /// The deviation of the whole node.
  const deviation& all() const { return all_; }

  /// Makes ready for the cuts behind each of some bins in order.
  ///
  /// order   of the bins that occur, counted from the lowest one on, without that of missing values
  template <class Format>
  void open_scan(const Format& format, index feature, std::span<const index> order, bool missing, bool missing_left) {
    sort_by_bin(format, feature);
    const std::size_t count = order.size();
    const auto last = static_cast<index>(count);  // the missing ones lie behind all others
    left_.resize(count);
    right_.resize(count);
    inside_.clear();
    if (missing_left) add_bin(last);
    for (std::size_t i = 0; i < count; ++i) {
      add_bin(order[i]);
      left_[i] = inside_.read();
    }
    inside_.clear();
    const bool missing_right = missing && !missing_left;
    if (missing_right) add_bin(last);
    for (std::size_t i = count; i-- > 0;) {
      if (i + 1 < count || missing_right) right_[i] = inside_.read();
      add_bin(order[i]);
    }
    at_ = 0;
  }

  /// Makes ready for one cut.
  template <class Format>
  void open_cut(const Format& format, index feature, std::uint32_t cut, bool missing_left) {
    left_.resize(1);
    right_.resize(1);
    for (const bool left : {true, false}) {
      inside_.clear();
      for (std::size_t i = 0; i < rows_.size(); ++i) {
        const auto bin = format.bin(row(i), feature);
        const bool is_missing = bin == std::numeric_limits<decltype(bin)>::max();
        if ((is_missing ? missing_left : bin <= cut) == left) add_row(i);
      }
      (left ? left_ : right_)[0] = inside_.read();
    }
    at_ = 0;
  }

  /// The cut that is asked about from now on.
  void go_to(index i) { at_ = static_cast<std::size_t>(i); }

  /// What the cut takes from the deviations.
  double gain(node_sums, node_sums, node_sums) const { return as_double(all_.sum - left_[at_].sum - right_[at_].sum); }
  double left_value() const { return left_[at_].median; }
  double right_value() const { return right_[at_].median; }

 private:
  struct ranked_row {
    std::size_t rank;
    std::int64_t weight;
  };

  const std::uint8_t* row(std::size_t i) const { return node_->rows + static_cast<index>(i) * row_bytes_; }
  void add_row(std::size_t i) { inside_.add(rows_[i].rank, rows_[i].weight); }
  void add_bin(index place) {
    const auto at = static_cast<std::size_t>(place);
    for (std::size_t k = begin_[at]; k < begin_[at + 1]; ++k) add_row(by_bin_[k].second);
  }

  template <class Format>
  void sort_by_bin(const Format& format, index feature) {
    by_bin_.resize(rows_.size());
    for (std::size_t i = 0; i < rows_.size(); ++i) by_bin_[i] = {format.bin(row(i), feature), i};
    std::sort(by_bin_.begin(), by_bin_.end());
    begin_.clear();
    for (std::size_t k = 0; k < by_bin_.size(); ++k)
      if (k == 0 || by_bin_[k].first != by_bin_[k - 1].first) begin_.push_back(k);
    begin_.push_back(by_bin_.size());
  }

  const open_node* node_ = nullptr;
  index row_bytes_ = 0;
  std::vector<std::int64_t> targets_;  // of the node, distinct and ascending
  std::vector<ranked_row> rows_;
  running_median inside_;
  deviation all_;
  std::vector<std::pair<std::uint32_t, std::size_t>> by_bin_;  // bins, and rows of the node
  std::vector<std::size_t> begin_;                             // of each bin that occurs, and the end of the last
  std::vector<deviation> left_, right_;  // of the cuts
  std::size_t at_ = 0;
};

}  // namespace tutti::detail
