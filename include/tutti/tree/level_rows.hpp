#pragma once
// The rows of trees that grow level by level: what there is in a node's rows, and how they are parted.
//
// A node's rows lie side by side as numbers of samples. A long node is cut into pieces, each looked at by itself and
// then joined: sums are whole numbers, so no order matters, and no two tasks write to one place.
//
// **Source** Mitchell, Frank, Accelerating the XGBoost algorithm using GPU computing, PeerJ Computer Science 3 (2017),
// e127 (a level of nodes at a time).

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <tutti/algorithm/quantize.hpp>
#include <tutti/core/view.hpp>
#include <tutti/tree/level_cuts.hpp>
#include <tutti/tree/sample_rows.hpp>
#include <tutti/tree/search_way.hpp>
#include <tutti/tree/split.hpp>

namespace tutti::detail {

/// A sample that a tree drew, and what it weighs there.
struct drawn_row {
  std::int32_t row;
  std::int32_t weight;
};

/// The samples of all trees.
struct level_samples {
  const std::uint8_t* bins;     ///< [n x row_bytes]
  index row_bytes;
  index features;
  const std::int32_t* target;   ///< [n] class, or whole number
  const drawn_row* drawn;       ///< of all trees, node by node

  constexpr std::uint8_t bin(index at, index feature) const {
    return bins[index{drawn[at].row} * row_bytes + feature];
  }
};

/// A node of the level.
struct level_node {
  static constexpr index piece_rows = 1 << 14;

  index begin;  ///< its first row among those drawn
  std::int32_t rows;
  bool may_split;
  search_way way = search_way::general;  ///< of its plain features
  target_rounding rounding{};
  value_bounds bounds{};

  constexpr index pieces() const { return (rows + piece_rows - 1) / piece_rows; }
  constexpr index piece_begin(index k) const { return begin + k * piece_rows; }
  constexpr index piece_end(index k) const { return begin + std::min<index>(rows, (k + 1) * piece_rows); }
};

/// A piece of a node, or of a slot's node.
struct level_piece {
  std::int32_t owner;
  std::int32_t number;
};

/// The bins of a feature that occur in a node.
struct bin_range {
  std::uint8_t low, high;  ///< of those that are not missing; 255, 0 if there is none
  bool missing;

  constexpr bool varies() const { return low < high || (missing && low == high); }
  constexpr void join(const bin_range& other) {
    low = std::min(low, other.low);
    high = std::max(high, other.high);
    missing = missing || other.missing;
  }
};

/// What there is in a piece of a node: the bins of each feature, the targets, the sums.
template <class P, class Cuts>
struct look_kernel {
  level_samples samples;
  Cuts cuts;
  const level_node* nodes;
  const level_piece* pieces;
  bin_range* ranges;      ///< [pieces x p]
  target_range* targets;  ///< [pieces]
  std::int64_t* sums;     ///< [pieces x channels]

  constexpr void operator()(index begin, index end, std::byte*) const {
    const index p = samples.features;
    for (index k = begin; k < end; ++k) {
      const level_node& node = nodes[pieces[k].owner];
      const index from = node.piece_begin(pieces[k].number), to = node.piece_end(pieces[k].number);
      for (index j = P::lane(); j <= p; j += P::step()) {
        if (j == p) add_up(from, to, targets[k], sums + k * cuts.channels());
        else if (node.may_split) ranges[k * p + j] = range(from, to, j);
      }
    }
  }

 private:
  constexpr bin_range range(index from, index to, index feature) const {
    bin_range out{missing_bin, 0, false};
    for (index i = from; i < to; ++i) {
      const std::uint8_t bin = samples.bin(i, feature);
      if (bin == missing_bin) out.missing = true;
      else out.join({bin, bin, false});
    }
    return out;
  }

  constexpr void add_up(index from, index to, target_range& range, std::int64_t* sum) const {
    target_range seen{std::numeric_limits<std::int32_t>::max(), std::numeric_limits<std::int32_t>::min()};
    std::fill_n(sum, cuts.channels(), std::int64_t{0});
    for (index i = from; i < to; ++i) {
      const std::int32_t target = samples.target[samples.drawn[i].row];
      seen = {std::min(seen.low, target), std::max(seen.high, target)};
      cuts.add(sum, search_way::general, {}, target, samples.drawn[i].weight);
    }
    range = seen;
  }
};

/// A node whose rows are parted.
struct level_parting {
  level_node node;
  index place;  ///< of its rows among all that are parted
  std::int32_t feature;
  std::int32_t left_rows;
  std::uint8_t cut;
  bool missing_left;
  bool of_set;
  bins_of_set set;  ///< the categories that go left

  constexpr bool goes_left(std::uint8_t bin) const {
    if (bin == missing_bin) return missing_left;
    return of_set ? set(bin) : bin <= cut;
  }
};

/// flags[i] = whether row i goes left.
template <class P>
struct flag_kernel {
  level_samples samples;
  const level_parting* partings;
  const level_piece* pieces;
  std::int32_t* flags;

  constexpr void operator()(index begin, index end, std::byte*) const {
    for (index k = begin; k < end; ++k) {
      const level_parting& part = partings[pieces[k].owner];
      const index to = part.node.piece_end(pieces[k].number);
      for (index i = part.node.piece_begin(pieces[k].number) + P::lane(); i < to; i += P::step()) {
        flags[part.place + i - part.node.begin] = part.goes_left(samples.bin(i, part.feature)) ? 1 : 0;
      }
    }
  }
};

/// Moves rows to their new places in `spare`, those on the left first, both parts in their old order; or back.
template <class P, bool Back>
struct move_kernel {
  drawn_row* drawn;
  drawn_row* spare;
  const level_parting* partings;
  const level_piece* pieces;
  const std::int32_t* before;  ///< rows before each, of all nodes, that go left
  const std::int32_t* flags;

  constexpr void operator()(index begin, index end, std::byte*) const {
    for (index k = begin; k < end; ++k) {
      const level_parting& part = partings[pieces[k].owner];
      const index to = part.node.piece_end(pieces[k].number);
      for (index i = part.node.piece_begin(pieces[k].number) + P::lane(); i < to; i += P::step()) {
        const index own = i - part.node.begin, at = part.place + own;
        if constexpr (Back) {
          drawn[i] = spare[at];
        } else {
          const index left = before[at] - before[part.place];
          spare[part.place + (flags[at] != 0 ? left : part.left_rows + own - left)] = drawn[i];
        }
      }
    }
  }
};

}  // namespace tutti::detail
