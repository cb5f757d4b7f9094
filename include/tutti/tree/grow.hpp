#pragma once
// Grows a tree depth first: a node's rows lie side by side, its split parts them, its children follow.

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <tutti/core/random.hpp>
#include <tutti/core/view.hpp>
#include <tutti/tree/node_draws.hpp>
#include <tutti/tree/sample_rows.hpp>
#include <tutti/tree/split.hpp>
#include <tutti/tree/tree.hpp>

namespace tutti::detail {

/// A tree as it was grown.
template <class V>
struct grown_tree {
  tree_nodes<V> nodes;
  std::vector<double> decrease;  ///< [p] what the splits of each feature took from weight times impurity
};

/// Splitter   class_splitter or value_splitter: what a row adds to a node's sums, which split is best, and what of the
/// search
///            for it serves the children
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
    tree_ = {};
    tree_.decrease.assign(static_cast<std::size_t>(format_.features), 0.0);
    pending_.clear();
    sums_.clear();
    push({0, count, add_node(), 0, 1, {}}, root_sums(count));
    while (!pending_.empty()) {
      task node = pending_.back();
      pending_.pop_back();
      here_.assign(sums_.end() - splitter_.channels(), sums_.end());
      sums_.resize(sums_.size() - here_.size());
      if (split(tree, node)) continue;
      close(node);
      splitter_.release(node.memory);
    }
    if (!tree_.nodes.categories.empty()) tree_.nodes.category_set.resize(tree_.nodes.child.size(), -1);
    return std::move(tree_);
  }

 private:
  struct task {
    index begin, end;
    std::int32_t node;
    index depth;
    std::uint64_t path;
    typename Splitter::memory memory;  ///< what the splitter keeps of the node
  };

  std::vector<std::int64_t> root_sums(index count) const {
    std::vector<std::int64_t> sums(static_cast<std::size_t>(splitter_.channels()));
    for (index i = 0; i < count; ++i) splitter_.add(sums.data(), rows_ + i * format_.bytes);
    return sums;
  }

  std::int32_t add_node() {
    auto& nodes = tree_.nodes;
    nodes.child.push_back(0);
    nodes.feature.push_back(0);
    nodes.cut.push_back(0);
    nodes.flags.push_back(0);
    return static_cast<std::int32_t>(nodes.child.size() - 1);
  }

  void push(const task& node, std::span<const std::int64_t> sums) {
    pending_.push_back(node);
    sums_.insert(sums_.end(), sums.begin(), sums.end());
  }

  void close(const task& node) {
    auto& nodes = tree_.nodes;
    const auto leaf = static_cast<std::int32_t>(nodes.values.size() / static_cast<std::size_t>(splitter_.outputs()));
    nodes.child[static_cast<std::size_t>(node.node)] = ~leaf;
    splitter_.write_leaf(here_, nodes.values);
  }

  /// Splits the node in two that wait; false if it stays a leaf.
  bool split(const random_source& tree, task& at) {
    const open_node node{rows_ + at.begin * format_.bytes, at.end - at.begin, here_};
    if (at.depth >= rules_.max_depth || node.count < rules_.min_split_rows ||
        node.count < 2 * rules_.min_leaf_rows || splitter_.weight(here_) < 2 * rules_.min_leaf_weight ||
        splitter_.is_pure(node))
      return false;
    best_.reset();
    node_draws draws(tree, at.path);
    splitter_.search(node, at.memory, draws, best_);
    if (!best_.found()) return false;
    const partition_result parted = part(at);
    const index middle = at.begin + parted.left_rows;
    sum_children(at, middle);
    const double decrease = splitter_.decrease(left_, right_, here_);
    if (decrease < rules_.min_decrease) return false;
    tree_.decrease[static_cast<std::size_t>(best_.feature)] += decrease;
    write_split(at, parted);
    const auto left = add_node(), right = add_node();
    tree_.nodes.child[static_cast<std::size_t>(at.node)] = left;
    const auto [left_memory, right_memory] =
        splitter_.pass_on(at.memory, node.rows, middle - at.begin, at.end - middle, left_, right_);
    push({middle, at.end, right, at.depth + 1, child_path(at.path, at.depth, true), right_memory}, right_);
    push({at.begin, middle, left, at.depth + 1, child_path(at.path, at.depth, false), left_memory}, left_);
    return true;
  }

  /// Parts the node's rows.
  partition_result part(const task& at) {
    std::uint8_t* const rows = rows_ + at.begin * format_.bytes;
    const auto run = [&](const auto& left) {
      return partition_rows(rows, spare_, at.end - at.begin, format_.bytes, best_.feature, left);
    };
    if (!best_.of_set && !best_.missing_left) return run(bins_up_to{best_.cut});
    bins_of_set set = best_.set;
    if (!best_.of_set) {
      set = {};
      for (int bin = 0; bin <= best_.cut; ++bin) set.insert(static_cast<std::uint8_t>(bin));
    }
    if (best_.missing_left) set.insert(missing_bin);
    return run(set);
  }

  /// The sums of both children, from the rows of the smaller one.
  void sum_children(const task& at, index middle) {
    const bool left_is_smaller = middle - at.begin <= at.end - middle;
    auto& smaller = left_is_smaller ? left_ : right_;
    auto& larger = left_is_smaller ? right_ : left_;
    smaller.assign(here_.size(), 0);
    larger.resize(here_.size());
    const index begin = left_is_smaller ? at.begin : middle, end = left_is_smaller ? middle : at.end;
    for (index i = begin; i < end; ++i) splitter_.add(smaller.data(), rows_ + i * format_.bytes);
    for (std::size_t c = 0; c < here_.size(); ++c) larger[c] = here_[c] - smaller[c];
  }

  void write_split(const task& at, const partition_result& parted) {
    auto& nodes = tree_.nodes;
    const auto i = static_cast<std::size_t>(at.node);
    // Where nothing was missing, a missing value will go where most went.
    const bool missing_left =
        best_.saw_missing ? best_.missing_left : splitter_.weight(left_) > splitter_.weight(right_);
    nodes.feature[i] = static_cast<std::uint16_t>(best_.feature);
    nodes.flags[i] =
        static_cast<std::uint8_t>((missing_left ? missing_goes_left : 0) | (best_.of_set ? splits_categories : 0));
    if (best_.of_set) return write_set(i, missing_left);
    const int next = parted.next_bin;
    if (next == missing_bin)  // what is missing against all the rest
      nodes.cut[i] = missing_bin - 1;
    else if (best_.is_exact)
      nodes.cut[i] = best_.cut;
    else  // in the middle of the bins that no row of the node has
      nodes.cut[i] = static_cast<std::uint8_t>((best_.cut + next - 1) / 2);
  }

  void write_set(std::size_t i, bool missing_left) {
    auto& nodes = tree_.nodes;
    nodes.category_set.resize(nodes.child.size(), -1);
    nodes.category_set[i] = static_cast<std::int32_t>(nodes.categories.size() / 4);
    bins_of_set set = best_.set;
    if (missing_left)  // and so do categories that the node has no rows of
      for (int bin = 0; bin < 256; ++bin)
        if (!best_.seen(static_cast<std::uint8_t>(bin))) set.insert(static_cast<std::uint8_t>(bin));
    nodes.categories.insert(nodes.categories.end(), set.set.begin(), set.set.end());
  }

  Splitter& splitter_;
  const growth_rules& rules_;
  const typename Splitter::format_type& format_;
  std::uint8_t* rows_;
  std::uint8_t* spare_;
  grown_tree<value_type> tree_;
  std::vector<task> pending_;
  std::vector<std::int64_t> sums_;         // of the pending nodes
  std::vector<std::int64_t> here_, left_, right_;  // of the node and of its children
  split_choice best_;
};

}  // namespace tutti::detail
