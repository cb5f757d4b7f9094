#pragma once
// The features of a node in turn: plain ones by a search of lanes, those that may be missing or are categories by the
// way that serves every case.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <tutti/core/view.hpp>
#include <tutti/tree/feature_order.hpp>
#include <tutti/tree/general_search.hpp>
#include <tutti/tree/node_draws.hpp>
#include <tutti/tree/split.hpp>

namespace tutti::detail {

/// Measure   as general_search has it
/// Format    how rows lie in memory
template <class Measure, class Format>
class feature_search {
 public:
  /// channels   numbers in a node's sums
  feature_search(const split_task& asked, Measure& measure, const Format& format, index channels)
      : asked_(asked), order_(format.features), general_(asked, measure, format, channels) {}

  const split_task& asked() const { return asked_; }

  /// Whether every feature has a value in every sample, and none is a category.
  bool are_plain() const {
    const auto is_zero = [](std::uint8_t flag) { return flag == 0; };
    return std::ranges::all_of(asked_.categorical, is_zero) && std::ranges::all_of(asked_.missing, is_zero);
  }

  /// The way that serves every case, for all features that are drawn.
  ///
  /// add   add(sums, row): puts a row to sums
  template <class Add>
  void visit(const open_node& node, node_draws& draws, split_choice& best, const Add& add) {
    order_.visit(draws, asked_.rules.quota,
                 [&](index j) { return general_.try_feature(node, j, add, draws, best); });
  }

  /// The same, but plain features by a search of lanes.
  ///
  /// lanes         knows the winner
  /// try_feature   offers it the cuts of feature j, numbered from `first` on; whether the feature varies
  template <class Add, class Lanes, class Try>
  void visit(const open_node& node, node_draws& draws, split_choice& best, const Add& add, const Lanes& lanes,
             const Try& try_feature) {
    tried_.clear();
    order_.visit(draws, asked_.rules.quota, [&](index j) {
      if (!is_plain(j)) return general_.try_feature(node, j, add, draws, best);
      tried_.push_back(j);
      return try_feature(j, 256 * static_cast<index>(tried_.size() - 1));
    });
    best.take(lanes.find(), [&](index place) { return tried_[static_cast<std::size_t>(place)]; });
  }

 private:
  bool is_plain(index j) const {
    return asked_.categorical[static_cast<std::size_t>(j)] == 0 && asked_.missing[static_cast<std::size_t>(j)] == 0;
  }

  split_task asked_;
  feature_order order_;
  general_search<Measure, Format> general_;
  std::vector<index> tried_;
};

}  // namespace tutti::detail
