#pragma once
// A tree that grew level by level, and how it is written down: node by node in the order in which the builder of
// grow.hpp adds them, so that both write the same tree.
//
// **Source** as grow.hpp.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <tutti/core/view.hpp>
#include <tutti/tree/prune.hpp>
#include <tutti/tree/sample_rows.hpp>
#include <tutti/tree/split.hpp>
#include <tutti/tree/tree_writer.hpp>

namespace tutti::detail {

/// A node as it grew.
struct level_record {
  std::int32_t left = -1;  ///< the left child, the right one is behind it; -1: a leaf
  std::int32_t feature = 0;
  std::uint8_t cut = 0;
  std::uint8_t next_bin = 0;
  bool is_exact = false;
  bool missing_left = false;
  bool saw_missing = false;
  std::int32_t set = -1;  ///< number of the sets of categories; -1: `cut` decides
  double decrease = 0;
};

/// Categories that go left, and those that the node has.
struct level_sets {
  bins_of_set left, seen;
};

/// V   of the leaves' values
template <class V>
struct level_tree {
  std::vector<level_record> nodes;
  std::vector<V> values;  ///< [nodes x outputs] what each would predict as a leaf
  std::vector<level_sets> sets;

  /// The tree as grow.hpp writes it.
  grown_tree<V> write(index features, index outputs, const growth_rules& rules) const {
    writer to{*this, rules, outputs, tree_writer<V>(features, false), {}};
    if (rules.max_leaves > 0)
      to.best_first();
    else
      to.depth_first();
    const grown_tree<V> grown = to.written.finish();
    if (rules.price == 0) return grown;
    return prune(grown, to.origin, rules.price, [&](const grown_node& node, std::vector<V>& out) {
      write_leaf(static_cast<std::size_t>(node.begin), outputs, out);
    });
  }

 private:
  /// A node of both trees.
  struct place {
    std::int32_t node;    ///< as it grew
    std::int32_t number;  ///< as it is written
  };

  struct candidate {
    place at;
    double decrease;

    /// As in tree_grower.
    bool operator<(const candidate& other) const {
      return decrease < other.decrease || (decrease == other.decrease && at.number > other.at.number);
    }
  };

  struct writer {
    const level_tree& tree;
    const growth_rules& rules;
    index outputs;
    tree_writer<V> written;
    std::vector<grown_node> origin;  ///< of each node that is written; where it grew instead of its rows

    const level_record& at(place p) const { return tree.nodes[static_cast<std::size_t>(p.node)]; }

    void depth_first() {
      std::vector<place> open{{0, written.add_node()}};
      while (!open.empty()) {
        const place next = open.back();
        open.pop_back();
        if (at(next).left < 0) {
          close(next);
          continue;
        }
        const auto [left, right] = split(next);
        open.push_back(right);
        open.push_back(left);
      }
    }

    void best_first() {
      std::vector<candidate> waiting;
      const auto offer = [&](place p) {
        if (at(p).left < 0) return close(p);
        waiting.push_back({p, at(p).decrease});
        std::push_heap(waiting.begin(), waiting.end());
      };
      offer({0, written.add_node()});
      for (index leaves = 1; leaves < rules.max_leaves && !waiting.empty(); ++leaves) {
        std::pop_heap(waiting.begin(), waiting.end());
        const place next = waiting.back().at;
        waiting.pop_back();
        const auto [left, right] = split(next);
        offer(left);
        offer(right);
      }
      for (const candidate& rest : waiting) close(rest.at);
    }

    void close(place p) {
      tree.write_leaf(static_cast<std::size_t>(p.node), outputs, written.close(p.number));
      record(p, 0);
    }

    std::pair<place, place> split(place p) {
      const level_record& node = at(p);
      const std::int32_t left =
          written.split(p.number, tree.choice(node), node.next_bin, node.missing_left, node.decrease);
      record(p, node.decrease);
      return {{node.left, left}, {node.left + 1, left + 1}};
    }

    void record(place p, double decrease) {
      if (rules.price == 0) return;
      const auto number = static_cast<std::size_t>(p.number);
      if (origin.size() <= number) origin.resize(number + 1);
      origin[number] = {decrease, p.node, p.node, {}};
    }
  };

  split_choice choice(const level_record& node) const {
    split_choice out;
    out.feature = node.feature;
    out.cut = node.cut;
    out.is_exact = node.is_exact;
    out.of_set = node.set >= 0;
    if (out.of_set) {
      out.set = sets[static_cast<std::size_t>(node.set)].left;
      out.seen = sets[static_cast<std::size_t>(node.set)].seen;
    }
    return out;
  }

  void write_leaf(std::size_t node, index outputs, std::vector<V>& out) const {
    const auto from = values.begin() + static_cast<std::ptrdiff_t>(node) * outputs;
    out.insert(out.end(), from, from + outputs);
  }
};

}  // namespace tutti::detail
