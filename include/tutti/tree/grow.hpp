#pragma once
// Grows a tree: a node's rows lie side by side, its split parts them, its children follow. Depth first, or the best
// split first where the number of leaves is limited: as draws are functions of a node's path, both take the same
// splits.
//
// **Source** Friedman, Hastie, Tibshirani, Additive Logistic Regression, Annals of Statistics 28 (2000), section 8
// (best first).

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

#include <tutti/core/random.hpp>
#include <tutti/core/view.hpp>
#include <tutti/tree/node_draws.hpp>
#include <tutti/tree/prune.hpp>
#include <tutti/tree/sample_rows.hpp>
#include <tutti/tree/split.hpp>
#include <tutti/tree/tree_writer.hpp>

namespace tutti::detail {

/// Splitter   class_splitter, value_splitter or median_splitter: what a row adds to a node's sums, which split is best,
/// and
///            what of the search for it serves the children
template <class Splitter>
class tree_grower {
 public:
  using value_type = typename Splitter::value_type;

  /// rows, spare   each with room for all rows of a tree; the rows are put in order by growing
  tree_grower(Splitter& splitter, const growth_rules& rules, std::uint8_t* rows, std::uint8_t* spare)
      : splitter_(splitter), rules_(rules), format_(splitter.format()), rows_(rows), spare_(spare) {}

  /// tree    the source of the tree's random numbers
  /// count   rows of the tree
  grown_tree<value_type> grow(const random_source& tree, index count) {
    written_ = tree_writer<value_type>(format_.features, !Splitter::format_type::has_bytes);
    grown_nodes_.clear();
    const task root{0, count, written_.add_node(), 0, 1, {}, {}};
    if (rules_.max_leaves > 0)
      best_first(tree, root);
    else
      depth_first(tree, root);
    grown_tree<value_type> grown = written_.finish();
    if (rules_.price == 0) return grown;
    return prune(grown, grown_nodes_, rules_.price, [this](const grown_node& node, std::vector<value_type>& values) {
      const std::vector<std::int64_t> sums = sums_of(node.begin, node.end);
      splitter_.write_leaf({rows_ + node.begin * format_.bytes, node.end - node.begin, sums, node.bounds}, values);
    });
  }

 private:
  struct task {
    index begin, end;
    std::int32_t node;
    index depth;
    std::uint64_t path;
    value_bounds bounds;
    typename Splitter::memory memory;  ///< what the splitter keeps of the node
  };

  /// What parts a node in two.
  struct found_split {
    split_choice best;
    partition_result parted;
    double decrease = 0;
    std::vector<std::int64_t> left, right;  ///< sums of the children
  };

  /// A node that waits for its turn.
  struct candidate {
    task node;
    found_split split;

    /// Whether the other one comes first: its split takes more, or as much and it is older.
    bool operator<(const candidate& other) const {
      return split.decrease < other.split.decrease ||
             (split.decrease == other.split.decrease && node.node > other.node.node);
    }
  };

  void depth_first(const random_source& tree, const task& root) {
    pending_.clear();
    sums_.clear();
    push(root, sums_of(0, root.end));
    while (!pending_.empty()) {
      task at = pending_.back();
      pending_.pop_back();
      here_.assign(sums_.end() - splitter_.channels(), sums_.end());
      sums_.resize(sums_.size() - here_.size());
      if (!find(tree, at)) {
        close(at);
        splitter_.release(at.memory);
        continue;
      }
      auto [left, right] = divide(at, found_);
      std::tie(left.memory, right.memory) =
          splitter_.pass_on(at.memory, rows_ + at.begin * format_.bytes, left.end - left.begin, right.end - right.begin,
                            found_.left, found_.right);
      push(right, found_.right);
      push(left, found_.left);
    }
  }

  /// The splitter keeps nothing of the nodes that wait: they may be many.
  void best_first(const random_source& tree, const task& root) {
    std::vector<candidate> waiting;
    const auto offer = [&](task at, const std::vector<std::int64_t>& sums) {
      here_ = sums;
      const bool splits = find(tree, at);
      splitter_.release(std::exchange(at.memory, {}));
      if (!splits) return close(at);
      waiting.push_back({at, found_});
      std::push_heap(waiting.begin(), waiting.end());
    };
    offer(root, sums_of(0, root.end));
    for (index leaves = 1; leaves < rules_.max_leaves && !waiting.empty(); ++leaves) {
      std::pop_heap(waiting.begin(), waiting.end());
      const candidate next = std::move(waiting.back());
      waiting.pop_back();
      const auto [left, right] = divide(next.node, next.split);
      offer(left, next.split.left);
      offer(right, next.split.right);
    }
    for (const candidate& rest : waiting) {
      here_ = rest.split.left;
      for (std::size_t c = 0; c < here_.size(); ++c) here_[c] += rest.split.right[c];
      close(rest.node);
    }
  }

  /// Of rows [begin, end).
  std::vector<std::int64_t> sums_of(index begin, index end) const {
    std::vector<std::int64_t> sums(static_cast<std::size_t>(splitter_.channels()));
    for (index i = begin; i < end; ++i) splitter_.add(sums.data(), rows_ + i * format_.bytes);
    return sums;
  }

  void push(const task& node, const std::vector<std::int64_t>& sums) {
    pending_.push_back(node);
    sums_.insert(sums_.end(), sums.begin(), sums.end());
  }

  /// A leaf, whose sums are here_.
  void close(const task& node) {
    splitter_.write_leaf(opened(node), written_.close(node.node));
    record(node, 0);
  }

  /// Keeps what pruning will ask for.
  void record(const task& node, double decrease) {
    if (rules_.price == 0) return;
    const auto at = static_cast<std::size_t>(node.node);
    if (grown_nodes_.size() <= at) grown_nodes_.resize(at + 1);
    grown_nodes_[at] = {decrease, node.begin, node.end, node.bounds};
  }

  /// A node, whose sums are here_.
  open_node opened(const task& at) const {
    return {rows_ + at.begin * format_.bytes, at.end - at.begin, here_, at.bounds};
  }

  /// Looks for the split of a node, whose sums are here_, and parts its rows; false if it stays a leaf.
  bool find(const random_source& tree, task& at) {
    const open_node node = opened(at);
    if (at.depth >= rules_.max_depth || node.count < rules_.min_split_rows || node.count < 2 * rules_.min_leaf_rows ||
        splitter_.weight(here_) < 2 * rules_.min_leaf_weight || splitter_.is_pure(node))
      return false;
    split_choice& best = found_.best;
    best.reset();
    node_draws draws(tree, at.path);
    splitter_.search(node, at.memory, draws, best);
    if (!best.found()) return false;
    found_.parted = part(at, best);
    sum_children(at, at.begin + found_.parted.left_rows);
    found_.decrease = splitter_.decrease(best, found_.left, found_.right, here_);
    return found_.decrease >= rules_.min_decrease;
  }

  /// Writes a split down; the children.
  std::pair<task, task> divide(const task& at, const found_split& split) {
    // Where nothing was missing, a missing value will go where most went.
    const bool missing_left = split.best.saw_missing ? split.best.missing_left
                                                     : splitter_.weight(split.left) > splitter_.weight(split.right);
    const std::int32_t left =
        written_.split(at.node, split.best, split.parted.next_bin, missing_left, split.decrease);
    record(at, split.decrease);
    const index middle = at.begin + split.parted.left_rows, depth = at.depth + 1;
    const auto [below, above] = bounds_of_children(at, split);
    return {{at.begin, middle, left, depth, child_path(at.path, at.depth, false), below, {}},
            {middle, at.end, left + 1, depth, child_path(at.path, at.depth, true), above, {}}};
  }

  /// Where a constraint asks one child to stay below the other, what lies between them bounds both.
  std::pair<value_bounds, value_bounds> bounds_of_children(const task& at, const found_split& split) const {
    const int direction = rules_.direction(split.best.feature);
    if (direction == 0) return {at.bounds, at.bounds};
    const double middle = (split.best.left_value + split.best.right_value) / 2;
    const value_bounds low{at.bounds.low, middle}, high{middle, at.bounds.high};
    return direction > 0 ? std::pair(low, high) : std::pair(high, low);
  }

  /// Parts the node's rows.
  partition_result part(const task& at, const split_choice& best) {
    std::uint8_t* const rows = rows_ + at.begin * format_.bytes;
    const auto run = [&](const auto& left) {
      return partition_rows<typename Splitter::format_type::bin_type>(rows, spare_, at.end - at.begin, format_.bytes,
                                                                      best.feature, left);
    };
    if (!best.of_set) return best.missing_left ? run(bins_up_to_and_missing{best.cut}) : run(bins_up_to{best.cut});
    bins_of_set set = best.set;
    if (best.missing_left) set.insert(missing_bin);
    return run(set);
  }

  /// The sums of both children, from the rows of the smaller one.
  void sum_children(const task& at, index middle) {
    const bool left_is_smaller = middle - at.begin <= at.end - middle;
    auto& smaller = left_is_smaller ? found_.left : found_.right;
    auto& larger = left_is_smaller ? found_.right : found_.left;
    smaller.assign(here_.size(), 0);
    larger.resize(here_.size());
    const index begin = left_is_smaller ? at.begin : middle, end = left_is_smaller ? middle : at.end;
    for (index i = begin; i < end; ++i) splitter_.add(smaller.data(), rows_ + i * format_.bytes);
    for (std::size_t c = 0; c < here_.size(); ++c) larger[c] = here_[c] - smaller[c];
  }

  Splitter& splitter_;
  const growth_rules& rules_;
  const typename Splitter::format_type& format_;
  std::uint8_t* rows_;
  std::uint8_t* spare_;
  tree_writer<value_type> written_{0, false};
  std::vector<grown_node> grown_nodes_;  // empty if nothing will be pruned
  std::vector<task> pending_;
  std::vector<std::int64_t> sums_;  // of the pending nodes
  std::vector<std::int64_t> here_;  // of the node
  found_split found_;
};

}  // namespace tutti::detail
