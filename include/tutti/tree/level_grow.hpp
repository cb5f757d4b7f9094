#pragma once
// Grows many trees at once, level by level: for a device, which wants a great many rows to work on. The policy's tasks
// see the rows, the host decides about nodes; both builders share draws, ways of searching, scores and criteria, so
// that this one grows the trees of grow.hpp bit for bit.
//
// **Source** as level_rows.hpp.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <tutti/core/random.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>
#include <tutti/tree/feature_order.hpp>
#include <tutti/tree/level_histograms.hpp>
#include <tutti/tree/level_rows.hpp>
#include <tutti/tree/level_search.hpp>
#include <tutti/tree/level_tree.hpp>
#include <tutti/tree/node_draws.hpp>
#include <tutti/tree/split.hpp>

namespace tutti::detail {

/// Splitter   class_splitter or value_splitter: which way a node is searched, what its leaf says
template <class Policy, class Splitter>
class level_grower {
 public:
  using value_type = typename Splitter::value_type;

  /// drawn     [rows of all trees] tree by tree, in memory that the policy's tasks may write
  /// sources   of the trees' random numbers
  /// ends      [trees] where each tree's rows end
  level_grower(const Policy& policy, Splitter& splitter, const level_samples& samples, drawn_row* drawn,
               std::span<const random_source> sources, std::span<const index> ends)
      : policy_(policy), splitter_(splitter), rules_(splitter.asked().rules),
        search_(policy, splitter.cuts(), splitter.asked(), samples, drawn), order_(samples.features), sources_(sources),
        trees_(sources.size()) {
    for (std::size_t t = 0; t < trees_.size(); ++t) {
      const index begin = t == 0 ? 0 : ends[t - 1];
      level_.push_back({.begin = begin,
                        .rows = static_cast<std::int32_t>(ends[t] - begin),
                        .tree = static_cast<std::int32_t>(t)});
    }
  }

  std::vector<level_tree<value_type>> grow() {
    for (index depth = 0; !level_.empty(); ++depth) {
      next_.clear();
      for (std::size_t begin = 0; begin < level_.size();) {
        check_stop(policy_);
        const std::size_t end = end_of_batch(begin, depth);
        grow_batch(std::span<level_entry>(level_).subspan(begin, end - begin), depth);
        begin = end;
      }
      std::swap(level_, next_);
    }
    return std::move(trees_);
  }

 private:
  /// A node that waits for its level. Below the roots siblings lie side by side.
  struct level_entry {
    index begin = 0;
    std::int32_t rows = 0;
    std::int32_t tree = 0;
    std::int32_t parent = -1;  ///< its record; -1: a root
    std::int32_t record = -1;  ///< its own; -1: its parent is no split after all
    int shift = -1;            ///< bits by which its parent's search rounded targets; -1: none
    std::uint64_t path = 1;
    value_bounds bounds{};
  };

  bool may_split(const level_entry& node, index depth) const {
    return depth < rules_.max_depth && node.rows >= rules_.min_split_rows && node.rows >= 2 * rules_.min_leaf_rows;
  }

  /// As many nodes as memory has room for what is known of them, siblings together.
  std::size_t end_of_batch(std::size_t begin, index depth) const {
    const std::size_t step = depth == 0 ? 1 : 2;
    std::size_t end = begin;
    for (index left = search_.room(); end < level_.size(); end += step) {
      for (std::size_t i = end; i < end + step; ++i) left -= search_.bytes_of(level_[i].rows);
      if (left < 0 && end > begin) break;
    }
    return end;
  }

  void grow_batch(std::span<level_entry> batch, index depth) {
    std::vector<level_node> nodes;
    for (const level_entry& entry : batch)
      nodes.push_back({.begin = entry.begin,
                       .rows = entry.rows,
                       .may_split = may_split(entry, depth),
                       .bounds = entry.bounds});
    const level_look look = search_.look(nodes);
    take_in(batch, look, depth);
    std::vector<level_slot> slots;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (batch[i].record < 0 || !nodes[i].may_split) continue;
      open(batch[i], nodes[i], static_cast<std::int32_t>(i), look, slots);
    }
    const std::vector<level_cut> cuts = search_.score(nodes, slots);
    std::vector<level_parting> partings;
    for (std::size_t s = 0; s < slots.size();) {
      const auto i = static_cast<std::size_t>(slots[s].node);
      std::size_t end = s;
      while (end < slots.size() && slots[end].node == slots[s].node) ++end;
      split(batch[i], nodes[i], {slots.data() + s, end - s}, cuts.data() + s, depth, partings);
      s = end;
    }
    search_.part(partings);
  }

  /// Writes down the nodes of a batch, but for those whose parent turns out to be a leaf.
  void take_in(std::span<level_entry> batch, const level_look& look, index depth) {
    if (depth == 0) {
      for (std::size_t i = 0; i < batch.size(); ++i) add_record(batch[i], look.sums_of(i));
      return;
    }
    std::vector<std::int64_t> both(static_cast<std::size_t>(splitter_.channels()));
    for (std::size_t i = 0; i < batch.size(); i += 2) {
      const node_sums left = look.sums_of(i), right = look.sums_of(i + 1);
      for (std::size_t c = 0; c < both.size(); ++c) both[c] = left[c] + right[c];
      const double decrease = splitter_.decrease({}, left, right, both);
      if (!(decrease >= rules_.min_decrease)) continue;
      add_record(batch[i], left);
      add_record(batch[i + 1], right);
      level_record& parent = record(batch[i].tree, batch[i].parent);
      parent.left = batch[i].record;
      parent.decrease = decrease;
      // Where nothing was missing, a missing value will go where most went.
      if (!parent.saw_missing) parent.missing_left = splitter_.weight(left) > splitter_.weight(right);
    }
  }

  void add_record(level_entry& entry, node_sums sums) {
    level_tree<value_type>& tree = trees_[static_cast<std::size_t>(entry.tree)];
    entry.record = static_cast<std::int32_t>(tree.nodes.size());
    tree.nodes.push_back({});
    splitter_.write_leaf({nullptr, entry.rows, sums, entry.bounds}, tree.values);
  }

  level_record& record(std::int32_t tree, std::int32_t node) {
    return trees_[static_cast<std::size_t>(tree)].nodes[static_cast<std::size_t>(node)];
  }

  /// Lists what a node tries, drawn as the builder of one tree draws it.
  void open(const level_entry& entry, level_node& node, std::int32_t number, const level_look& look,
            std::vector<level_slot>& slots) {
    const auto i = static_cast<std::size_t>(number);
    const node_sums sums = look.sums_of(i);
    if (splitter_.weight(sums) < 2 * rules_.min_leaf_weight || splitter_.is_pure(sums, look.targets_of(i))) return;
    const search_way way = node.way = splitter_.way(entry.rows, sums);
    const int shift = entry.shift >= 0 ? splitter_.inherited_shift(entry.shift, sums) : -1;
    node.rounding = splitter_.rounding(way, sums, look.targets_of(i), shift);
    node_draws draws(sources_[static_cast<std::size_t>(entry.tree)], entry.path);
    order_.visit(draws, rules_.quota, [&](index j) {
      const bin_range range = look.range_of(i, j);
      if (!range.varies()) return false;
      level_slot slot{.node = number,
                      .feature = static_cast<std::int32_t>(j),
                      .way = is_plain(j) ? way : search_way::general,
                      .draws_cut = rules_.random_cuts && !is_categorical(j),
                      .cut = range.low,
                      .categorical = is_categorical(j),
                      .in_between = range.low < range.high,
                      .missing = range.missing,
                      .direction = static_cast<std::int8_t>(rules_.direction(j))};
      if (slot.draws_cut && slot.in_between)
        slot.cut = static_cast<std::uint8_t>(
            splitter_.asked().positions.cut_between(j, range.low, range.high, draws.uniform()));
      slots.push_back(slot);
      return true;
    });
  }

  bool is_categorical(index j) const { return splitter_.asked().categorical[static_cast<std::size_t>(j)] != 0; }
  bool is_plain(index j) const {
    return splitter_.asked().missing[static_cast<std::size_t>(j)] == 0 && !is_categorical(j);
  }

  /// The best of a node's cuts: the first of the highest score in `general`, unless another way's is higher.
  static std::size_t best_of(std::span<const level_slot> slots, const level_cut* cuts) {
    std::size_t best = slots.size();
    const auto take = [&](bool general) {
      std::size_t found = slots.size();
      for (std::size_t s = 0; s < slots.size(); ++s)
        if ((slots[s].way == search_way::general) == general && cuts[s].found &&
            (found == slots.size() || cuts[s].score > cuts[found].score))
          found = s;
      if (found < slots.size() && (best == slots.size() || cuts[found].score > cuts[best].score)) best = found;
    };
    take(true);
    take(false);
    return best;
  }

  /// Splits a node by its best cut, if it has one; its children wait for the next level.
  void split(const level_entry& entry, const level_node& node, std::span<const level_slot> slots,
             const level_cut* cuts, index depth, std::vector<level_parting>& partings) {
    const std::size_t best = best_of(slots, cuts);
    if (best == slots.size()) return;
    const level_slot& slot = slots[best];
    const level_cut& cut = cuts[best];
    level_record& parent = record(entry.tree, entry.record);
    parent.feature = slot.feature;
    parent.cut = cut.cut;
    parent.next_bin = cut.next_bin;
    parent.is_exact = slot.draws_cut && slot.in_between;
    parent.missing_left = cut.missing_left;
    parent.saw_missing = slot.missing;
    if (slot.categorical) {
      std::vector<level_sets>& sets = trees_[static_cast<std::size_t>(entry.tree)].sets;
      parent.set = static_cast<std::int32_t>(sets.size());
      sets.push_back({cut.set, cut.seen});
    }
    partings.push_back({node, 0, slot.feature, cut.left_rows, cut.cut, cut.missing_left, slot.categorical, cut.set});
    add_children(entry, node, slot, cut, depth);
  }

  void add_children(const level_entry& entry, const level_node& node, const level_slot& slot, const level_cut& cut,
                    index depth) {
    // Best first keeps no histograms for children.
    const bool keeps = node.way == search_way::packed && rules_.max_leaves == 0;
    level_entry left{.begin = entry.begin,
                     .rows = cut.left_rows,
                     .tree = entry.tree,
                     .parent = entry.record,
                     .shift = keeps ? node.rounding.shift : -1,
                     .path = child_path(entry.path, depth, false),
                     .bounds = entry.bounds};
    level_entry right = left;
    right.begin += cut.left_rows;
    right.rows = entry.rows - cut.left_rows;
    right.path = child_path(entry.path, depth, true);
    if (slot.direction != 0) {
      const double middle = (cut.left_value + cut.right_value) / 2;
      (slot.direction > 0 ? left : right).bounds.high = middle;
      (slot.direction > 0 ? right : left).bounds.low = middle;
    }
    next_.push_back(left);
    next_.push_back(right);
  }

  const Policy& policy_;
  Splitter& splitter_;
  const growth_rules& rules_;
  level_search<Policy, decltype(std::declval<const Splitter&>().cuts())> search_;
  feature_order order_;
  std::span<const random_source> sources_;
  std::vector<level_tree<value_type>> trees_;
  std::vector<level_entry> level_, next_;
};

}  // namespace tutti::detail
