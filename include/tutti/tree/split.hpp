#pragma once
// The search for a node's best split: what is asked and what is found.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <tutti/algorithm/quantize.hpp>
#include <tutti/core/arithmetic.hpp>
#include <tutti/core/view.hpp>
#include <tutti/tree/criterion.hpp>
#include <tutti/tree/sample_rows.hpp>

namespace tutti::detail {

/// What a tree may look like.
struct growth_rules {
  index max_depth = 0;
  index min_split_rows = 2;
  index min_leaf_rows = 1;
  std::int64_t min_leaf_weight = 0;
  double min_decrease = 0;   ///< of weight times impurity, by whole weights
  double price = 0;          ///< of a split, in the same unit: those that are not worth it are pruned
  index max_leaves = 0;      ///< 0: any number
  index quota = 1;           ///< features tried a node
  bool random_cuts = false;
  std::vector<std::int8_t> monotonic{};  ///< [p] 1: the value grows with the feature; -1: it falls; or empty

  /// What fractions of the weight of all samples mean in whole weights.
  ///
  /// unit   what weight times impurity is counted in; may be so small that it is 0
  void set_weights(double fraction_of_leaf, double decrease, double ccp_alpha, std::int64_t total, double unit) {
    min_leaf_weight = static_cast<std::int64_t>(std::ceil(fraction_of_leaf * static_cast<double>(total)));
    const auto in_units = [=](double x) { return x > 0 ? x * static_cast<double>(total) / unit : 0; };
    min_decrease = in_units(decrease);
    price = in_units(ccp_alpha);
  }

  /// Whether the fast ways of finding a split serve.
  bool are_plain() const { return min_leaf_rows <= 1 && min_leaf_weight <= 1 && !random_cuts && monotonic.empty(); }
  /// 1, -1, or 0 for a feature that may do as it likes.
  int direction(index j) const { return monotonic.empty() ? 0 : monotonic[static_cast<std::size_t>(j)]; }
};

/// Between which values those of a node and of all nodes below it lie.
struct value_bounds {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();

  constexpr bool hold(double value) const { return low <= value && value <= high; }
  double clamp(double value) const { return std::clamp(value, low, high); }
};

/// A node whose split is sought: its rows lie side by side.
struct open_node {
  const std::uint8_t* rows;
  index count;
  node_sums sums;
  value_bounds bounds;
};

/// Where the bins of a feature lie on its axis: bin b of feature j from at(j)[b] to at(j)[b + 1].
class bin_positions {
 public:
  /// Of no feature.
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
  std::uint32_t cut = 0;        ///< the last bin on the left
  bool is_exact = false;        ///< the cut stays where it is, in the gap behind it or not
  bool of_set = false;          ///< `set` decides, not `cut`
  bool missing_left = false;
  bool saw_missing = false;     ///< some of the node's rows have no value of the feature
  bins_of_set set{};
  bins_of_set seen{};           ///< the categories of the node
  double left_value = 0;        ///< what the children predict, where the feature is constrained
  double right_value = 0;

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
    cut = static_cast<std::uint32_t>(winner.number % 256);
  }

  void reset() {
    score = -std::numeric_limits<double>::infinity();
    feature = -1;
    is_exact = of_set = missing_left = saw_missing = false;
  }
};

/// For splitters that keep nothing of a node for its children.
struct keeps_nothing {
  struct memory {};

  std::pair<memory, memory> pass_on(memory, const std::uint8_t*, index, index, node_sums, node_sums) const {
    return {};
  }
  void release(memory) const {}
};

/// What a splitter is told.
struct split_task {
  const growth_rules& rules;
  const bin_positions& positions;
  const std::vector<std::uint8_t>& categorical;  ///< [p]
  const std::vector<std::uint8_t>& missing;      ///< [p]
};

}  // namespace tutti::detail
