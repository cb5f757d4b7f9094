#pragma once
// What growing trees level by level does with rows: look at nodes, count histograms, score cuts, part rows.
//
// A node's rows lie side by side as numbers of samples. A long node is cut into pieces, each counted by itself and then
// joined: sums are whole numbers, so no order matters, and no two tasks write to one place.
//
// **Source** Nasridinov, Lee, Park, Decision tree construction on GPU, Computing 96 (2014) (level by level);
// general_search.hpp (cuts in order, missing values on either side).

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <tutti/algorithm/quantize.hpp>
#include <tutti/core/view.hpp>
#include <tutti/tree/level_cuts.hpp>
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

  constexpr bool holds(double value) const { return bounds.low <= value && value <= bounds.high; }
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

/// A feature that a node tries.
struct level_slot {
  std::int32_t node;
  std::int32_t feature;
  search_way way;
  bool draws_cut;      ///< one cut alone is tried, which was drawn
  std::uint8_t cut;    ///< that cut
  bool in_between;     ///< it parts bins, not only what is missing from the rest
  bool missing;        ///< some of the node's rows have no value
  std::int8_t direction;
  index first = 0;     ///< number of its first piece's histogram
  index stride = 0;    ///< from one piece's histogram to the next one's
};

/// How histograms lie in memory: channels and a number of rows a bin.
struct level_histograms {
  std::int64_t* words;
  index bins;   ///< 256; or 3 where a cut was drawn: left, right, missing
  index width;  ///< numbers a bin

  constexpr index size() const { return bins * width; }
  constexpr std::int64_t* at(index histogram) const { return words + histogram * size(); }
  constexpr index missing() const { return bins - 1; }
};

/// Histogram h counts a piece of a slot's node.
template <class P, class Cuts>
struct count_kernel {
  static constexpr index block = 16;

  level_samples samples;
  Cuts cuts;
  const level_node* nodes;
  const level_slot* slots;
  const level_piece* pieces;
  level_histograms histograms;

  constexpr void operator()(index begin, index end, std::byte*) const {
    for (index h = begin + P::lane(); h < end; h += P::step()) {
      const level_slot& slot = slots[pieces[h].owner];
      const level_node& node = nodes[slot.node];
      std::int64_t* const to = histograms.at(h);
      std::fill_n(to, histograms.size(), std::int64_t{0});
      for (index i = node.piece_begin(pieces[h].number); i < node.piece_end(pieces[h].number); ++i) {
        const drawn_row row = samples.drawn[i];
        std::int64_t* const sums = to + place(slot, samples.bin(i, slot.feature)) * histograms.width;
        cuts.add(sums, slot.way, node.rounding, samples.target[row.row], row.weight);
        ++sums[histograms.width - 1];
      }
    }
  }

 private:
  constexpr index place(const level_slot& slot, std::uint8_t bin) const {
    if (!slot.draws_cut) return bin;
    return bin <= slot.cut ? 0 : bin == missing_bin ? 2 : 1;
  }
};

/// Adds the histograms of a slot's other pieces to the first one's.
template <class P>
struct join_kernel {
  const level_node* nodes;
  const level_slot* slots;
  level_histograms histograms;

  constexpr void operator()(index begin, index end, std::byte*) const {
    for (index s = begin; s < end; ++s) {
      const level_slot& slot = slots[s];
      const index pieces = nodes[slot.node].pieces();
      std::int64_t* const to = histograms.at(slot.first);
      for (index w = P::lane(); w < histograms.size(); w += P::step())
        for (index k = 1; k < pieces; ++k) to[w] += histograms.at(slot.first + k * slot.stride)[w];
    }
  }
};

/// The best cut of a slot.
struct level_cut {
  double score = -std::numeric_limits<double>::infinity();
  double left_value = 0, right_value = 0;  ///< what the children predict, where the feature is constrained
  std::int32_t left_rows = 0;
  std::uint8_t cut = 0;
  std::uint8_t next_bin = missing_bin;  ///< the lowest bin that goes right
  bool missing_left = false;
  bool found = false;
};

/// Which cuts are allowed.
struct cut_limits {
  index min_leaf_rows;
  std::int64_t min_leaf_weight;
};

/// The cuts of each slot, in the order and by the rules of general_search.
template <class P, class Cuts>
struct score_kernel {
  static constexpr index block = 16;

  Cuts cuts;
  cut_limits limits;
  const level_node* nodes;
  const level_slot* slots;
  level_histograms histograms;
  level_cut* out;

  constexpr index lane_words() const { return 3 * histograms.width; }
  constexpr index scratch_bytes() const {
    return P::lanes * lane_words() * static_cast<index>(sizeof(std::int64_t));
  }

  constexpr void operator()(index begin, index end, std::byte* scratch) const {
    auto* const sums = reinterpret_cast<std::int64_t*>(scratch) + P::lane() * lane_words();
    for (index s = begin + P::lane(); s < end; s += P::step()) out[s] = best(slots[s], sums);
  }

 private:
  /// What one search has at hand.
  struct search {
    const level_slot& slot;
    const level_node& node;
    const std::int64_t* bins;
    std::int64_t *left, *right, *all;  ///< [width]
    bool missing_left = false;
    level_cut best{};
  };

  constexpr level_cut best(const level_slot& slot, std::int64_t* sums) const {
    const index width = histograms.width;
    search at{slot, nodes[slot.node], histograms.at(slot.first), sums, sums + width, sums + 2 * width};
    std::fill_n(at.all, width, std::int64_t{0});
    for (index bin = 0; bin < histograms.bins; ++bin) add(at.all, at.bins + bin * width);
    const bool missing = rows(at.bins + histograms.missing() * width) > 0;
    scan(at);
    at.missing_left = true;
    // Where the cut parts what is missing from the rest, there is no other side to try.
    if (missing && (!slot.draws_cut || slot.in_between)) scan(at);
    return at.best;
  }

  /// Cuts behind each bin that occurs, as long as something is left for the right.
  constexpr void scan(search& at) const {
    const index width = histograms.width;
    std::fill_n(at.left, width, std::int64_t{0});
    if (at.missing_left) add(at.left, at.bins + histograms.missing() * width);
    bool seeks_next = false;
    for (index bin = 0; bin < histograms.missing(); ++bin) {
      const std::int64_t* const here = at.bins + bin * width;
      if (rows(here) == 0) continue;
      if (seeks_next) at.best.next_bin = static_cast<std::uint8_t>(bin);
      seeks_next = false;
      add(at.left, here);
      if (rows(at.left) == rows(at.all)) return;
      seeks_next = consider(at, static_cast<std::uint8_t>(at.slot.draws_cut ? at.slot.cut : bin));
      if (at.slot.draws_cut) {
        if (seeks_next && at.slot.in_between) at.best.next_bin = 0;  // some bin, where the cut stays where it is
        return;
      }
    }
  }

  constexpr std::int64_t rows(const std::int64_t* sums) const { return sums[histograms.width - 1]; }

  constexpr void add(std::int64_t* to, const std::int64_t* what) const {
    for (index c = 0; c < histograms.width; ++c) to[c] += what[c];
  }

  /// Takes the cut with the sums of `left` if it is the best so far.
  constexpr bool consider(search& at, std::uint8_t cut) const {
    const index left_rows = rows(at.left), right_rows = rows(at.all) - left_rows;
    if (left_rows < limits.min_leaf_rows || right_rows < limits.min_leaf_rows) return false;
    for (index c = 0; c < histograms.width; ++c) at.right[c] = at.all[c] - at.left[c];
    const auto channels = static_cast<std::size_t>(histograms.width - 1);
    const node_sums left(at.left, channels), right(at.right, channels), all(at.all, channels);
    const std::int64_t floor = std::max<std::int64_t>(limits.min_leaf_weight, 1);
    if (Cuts::weight(left) < floor || Cuts::weight(right) < floor) return false;
    const double score = cuts.score({at.slot.way, all, at.node.rounding}, left, right);
    if (!(score > at.best.score)) return false;
    const bool is_free = at.slot.direction == 0;
    const double low = is_free ? 0 : Cuts::value(left), high = is_free ? 0 : Cuts::value(right);
    if (!is_free && (at.slot.direction * (high - low) < 0 || !at.node.holds(low) || !at.node.holds(high))) return false;
    at.best = {score, low, high, static_cast<std::int32_t>(left_rows), cut, missing_bin, at.missing_left, true};
    return true;
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
        const std::uint8_t bin = samples.bin(i, part.feature);
        const bool left = bin == missing_bin ? part.missing_left : bin <= part.cut;
        flags[part.place + i - part.node.begin] = left ? 1 : 0;
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
