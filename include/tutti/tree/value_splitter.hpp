#pragma once
// The best split of a node of numbers: small nodes row by row, larger ones by histograms, the rest by the way that
// serves every case.
//
// Targets are whole numbers of a small step from an origin, so that sums are exact in any order.
//
// **Source** criterion.hpp, split.hpp.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <tutti/core/view.hpp>
#include <tutti/tree/criterion.hpp>
#include <tutti/tree/feature_search.hpp>
#include <tutti/tree/level_cuts.hpp>
#include <tutti/tree/node_draws.hpp>
#include <tutti/tree/search_way.hpp>
#include <tutti/tree/small_value_node.hpp>
#include <tutti/tree/split.hpp>
#include <tutti/tree/target_scale.hpp>
#include <tutti/tree/value_histogram.hpp>
#include <tutti/tree/value_rows.hpp>

namespace tutti::detail {

/// P        the pack of floats to compute with
/// Format   how rows lie in memory
template <class P, class T, class Format>
class value_splitter : public value_rows<T, Format> {
  using base = value_rows<T, Format>;
  using base::format_;
  using base::scale_;

 public:
  using format_type = typename base::format_type;
  struct memory {
    index histogram = -1;     ///< of all features, of a node that waits
    value_packing packing{};  ///< of its words
  };

  value_splitter(const split_task& asked, const value_measure& measure, const format_type& format,
                 const target_scale& scale)
      : base(format, scale),
        measure_(measure),
        features_(asked, measure_, format, base::channels()),
        is_plain_(format_type::has_bytes && asked.rules.are_plain() && measure.criterion == value_criterion::squared_error),
        tries_all_(is_plain_ && asked.rules.quota >= format.features && features_.are_plain()),
        // Of more features they would not stay in a near cache.
        keeps_histograms_(is_plain_ && asked.rules.quota >= format.features && format.features <= 128),
        histograms_(keeps_histograms_ ? format.features : 1) {}

  double decrease(const split_choice&, node_sums left, node_sums right, node_sums node) const {
    return measure_.kept(left) + measure_.kept(right) - measure_.kept(node);
  }

  void write_leaf(const open_node& node, std::vector<T>& values) const {
    values.push_back(scale_.template value<T>(node.bounds.clamp(value_measure::value(node.sums))));
  }

  /// How the splits of a node are found, where its features are plain.
  search_way way(index, node_sums sums) const {
    if (!is_plain_ || sums[1] >= (1 << 24)) return search_way::general;
    return sums[1] <= small_.most_weight ? search_way::few_rows : search_way::packed;
  }

  void search(const open_node& node, memory& kept, node_draws& draws, split_choice& best) {
    if constexpr (format_type::has_bytes) {
      switch (way(node.count, node.sums)) {
        case search_way::few_rows: return search_small(node, draws, best);
        case search_way::packed: return search_histograms(node, kept, draws, best);
        default: break;
      }
    }
    features_.visit(node, draws, best, base::add_to());
  }

  /// For growing level by level: what is asked, what a row adds to a histogram and what a cut is worth.
  const split_task& asked() const { return features_.asked(); }
  value_cuts cuts() const { return {measure_}; }
  using base::is_pure;
  bool is_pure(node_sums, const target_range& targets) const { return targets.low == targets.high; }

  /// inherited   what inherited_shift says of the node; -1: of itself
  target_rounding rounding(search_way way, node_sums sums, const target_range& targets, int inherited) const {
    target_rounding out;
    if (way == search_way::packed) out.shift = inherited >= 0 ? inherited : value_packing::of(sums[1]).shift;
    if (way != search_way::few_rows) return out;
    out.mean = as_double(sums[0]) / as_double(sums[1]);
    out.scale = small_.scale_of(std::max(std::abs(static_cast<double>(targets.low) - out.mean),
                                         std::abs(static_cast<double>(targets.high) - out.mean)));
    return out;
  }

  /// By how many bits a child rounds targets that goes on with the histogram of its parent, which rounds them by
  /// `shift`; -1 if it counts its own.
  int inherited_shift(int shift, node_sums child) const {
    return keeps_histograms_ && inherits({-1, {0, shift}}, child) ? shift : -1;
  }

  /// The children's histograms from the node's: the smaller one's are counted, the larger one's are what is left.
  ///
  /// rows             of the node, `left` of the left child first, then `right` others
  std::pair<memory, memory> pass_on(memory node, const std::uint8_t* rows, index left, index right, node_sums left_sums,
                                    node_sums right_sums) {
    if (node.histogram < 0) return {};
    const bool left_is_smaller = left <= right;
    const bool few_need = inherits(node, left_is_smaller ? left_sums : right_sums);
    const bool many_need = inherits(node, left_is_smaller ? right_sums : left_sums);
    const std::uint8_t* const begin = left_is_smaller ? rows : rows + left * format_.bytes;
    const index few = std::min(left, right);
    memory smaller, larger;
    if (few_need) {
      smaller = {histograms_.acquire(), node.packing};
      count(smaller, begin, few);
    }
    if (!many_need) {
      release(node);
    } else {
      larger = node;
      if (few_need)
        histograms_.subtract(larger.histogram, smaller.histogram);
      else
        histograms_.add(larger.histogram, begin, few, format_.bytes,
                        [&](const std::uint8_t* row) { return -word_of(row, node.packing); });
    }
    return left_is_smaller ? std::pair(smaller, larger) : std::pair(larger, smaller);
  }

  void release(memory node) {
    if (node.histogram >= 0) histograms_.release(node.histogram);
  }

 private:
  /// Whether a child goes on with its parent's histogram: it needs one, and its own would not be much finer.
  bool inherits(const memory& node, node_sums child) const {
    constexpr int much = 6;  // bits
    return child[1] > small_.most_weight && node.packing.shift < value_packing::of(child[1]).shift + much;
  }

  std::int64_t word_of(const std::uint8_t* row, const value_packing& packing) const {
    return packing.pack(format_.weight(row), format_.target(row));
  }

  void count(const memory& to, const std::uint8_t* rows, index rows_count) {
    histograms_.add(to.histogram, rows, rows_count, format_.bytes,
                    [&](const std::uint8_t* row) { return word_of(row, to.packing); });
  }

  void search_small(const open_node& node, node_draws& draws, split_choice& best) {
    small_.open(node, format_.bytes, [this](const std::uint8_t* row) { return format_.target(row); },
                [this](const std::uint8_t* row) { return format_.weight(row); });
    if (tries_all_ && node.count <= small_.tiny_rows) {
      const index start = draws.below(format_.features);
      small_.try_all(format_.features, start);
      best.take(small_.find(), [&](index place) { return (start + place) % format_.features; });
      return;
    }
    features_.visit(node, draws, best, base::add_to(), small_,
                    [&](index j, index first) { return small_.try_feature(j, first); });
  }

  void search_histograms(const open_node& node, memory& kept, node_draws& draws, split_choice& best) {
    if (kept.histogram < 0) kept.packing = value_packing::of(node.sums[1]);
    if (keeps_histograms_ && kept.histogram < 0) {
      kept.histogram = histograms_.acquire();
      count(kept, node.rows, node.count);
    }
    scan_.open(node, kept.packing);
    features_.visit(node, draws, best, base::add_to(), scan_, [&](index j, index first) {
      const std::int64_t* const words =
          keeps_histograms_ ? histograms_.at(kept.histogram) + 256 * j : count_one(node, kept.packing, j);
      return scan_.try_feature(words, node.rows[j], first);
    });
  }

  /// The histogram of one feature.
  const std::int64_t* count_one(const open_node& node, const value_packing& packing, index j) {
    one_.fill(0);
    const std::uint8_t* row = node.rows;
    for (index i = 0; i < node.count; ++i, row += format_.bytes) one_[lane_place(row[j])] += word_of(row, packing);
    return one_.data();
  }

  value_measure measure_;
  feature_search<value_measure, format_type> features_;
  bool is_plain_;
  bool tries_all_;  ///< and none of them is missing or a category
  bool keeps_histograms_;
  value_histograms histograms_;
  small_value_node<P> small_;
  value_scan<P> scan_;
  alignas(64) std::array<std::int64_t, 256> one_{};
};

}  // namespace tutti::detail
