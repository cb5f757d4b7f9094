#pragma once
// The cuts of trees that grow level by level: a histogram for each piece of a node and feature, and its best cut.
//
// **Source** general_search.hpp (cuts in order, missing values on either side).

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <tutti/algorithm/quantize.hpp>
#include <tutti/core/view.hpp>
#include <tutti/tree/criterion.hpp>
#include <tutti/tree/level_cuts.hpp>
#include <tutti/tree/level_rows.hpp>
#include <tutti/tree/sample_rows.hpp>
#include <tutti/tree/search_way.hpp>

namespace tutti::detail {

/// A feature that a node tries.
struct level_slot {
  std::int32_t node;
  std::int32_t feature;
  search_way way;
  bool draws_cut;      ///< one cut alone is tried, which was drawn
  std::uint8_t cut;    ///< that cut
  bool categorical;
  bool in_between;     ///< it parts bins, not only what is missing from the rest
  bool missing;        ///< some of the node's rows have no value
  std::int8_t direction;
  index first = 0;     ///< number of its first piece's histogram
  index stride = 0;    ///< from one piece's histogram to the next one's
};

/// How histograms lie in memory: channels and a number of rows a bin.
struct level_histograms {
  std::int64_t* words;
  index bins;   ///< 256; or 3 if all cuts are drawn: left, right, missing
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
    return bin <= slot.cut ? 0 : bin == missing_bin ? histograms.missing() : 1;
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
  bins_of_set set{}, seen{};  ///< the categories that go left; those of the node
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

  constexpr index lane_words() const { return 3 * histograms.width + bins_words; }
  constexpr index scratch_bytes() const {
    return P::lanes * lane_words() * static_cast<index>(sizeof(std::int64_t));
  }

  constexpr void operator()(index begin, index end, std::byte* scratch) const {
    auto* const sums = reinterpret_cast<std::int64_t*>(scratch) + P::lane() * lane_words();
    for (index s = begin + P::lane(); s < end; s += P::step()) out[s] = best(slots[s], sums);
  }

 private:
  static constexpr index bins_words = 256 / sizeof(std::int64_t);

  /// What one search has at hand.
  struct search {
    const level_slot& slot;
    const level_node& node;
    const std::int64_t* bins;
    std::int64_t *left, *right, *all;  ///< [width]
    std::uint8_t* order;               ///< the bins that occur, in the order in which they are cut
    index occurring = 0;
    bool missing_left = false;
    level_cut best{};
  };

  constexpr level_cut best(const level_slot& slot, std::int64_t* sums) const {
    const index width = histograms.width;
    search at{slot,         nodes[slot.node], histograms.at(slot.first),
              sums,         sums + width,     sums + 2 * width,
              reinterpret_cast<std::uint8_t*>(sums + 3 * width)};
    std::fill_n(at.all, width, std::int64_t{0});
    for (index bin = 0; bin < histograms.bins; ++bin) {
      add(at.all, at.bins + bin * width);
      if (bin < histograms.missing() && rows(at.bins + bin * width) > 0)
        at.order[at.occurring++] = static_cast<std::uint8_t>(bin);
    }
    if (slot.categorical) order_by_target(at);
    const bool missing = rows(at.bins + histograms.missing() * width) > 0;
    scan(at);
    at.missing_left = true;
    // Where the cut parts what is missing from the rest, there is no other side to try.
    if (missing && (!slot.draws_cut || slot.in_between)) scan(at);
    return at.best;
  }

  /// Cuts behind each of the bins in order, as long as something is left for the right.
  constexpr void scan(search& at) const {
    const index width = histograms.width;
    std::fill_n(at.left, width, std::int64_t{0});
    if (at.missing_left) add(at.left, at.bins + histograms.missing() * width);
    bool seeks_next = false;
    for (index i = 0; i < at.occurring; ++i) {
      const std::uint8_t bin = at.order[i];
      if (seeks_next) at.best.next_bin = bin;
      add(at.left, at.bins + bin * width);
      if (rows(at.left) == rows(at.all)) return;
      seeks_next = consider(at, at.slot.draws_cut ? at.slot.cut : bin);
      if (seeks_next && at.slot.categorical) write_set(at, i);
      if (at.slot.draws_cut) {
        if (seeks_next && at.slot.in_between) at.best.next_bin = 0;  // some bin, where the cut stays where it is
        return;
      }
    }
  }

  /// Categories by their mean target; of more than two classes by the share of the node's most frequent one. Equal ones
  /// stay as they are.
  constexpr void order_by_target(search& at) const {
    const auto channels = static_cast<std::size_t>(histograms.width - 1);
    const std::size_t channel = Cuts::ordering_channel(node_sums(at.all, channels));
    const auto key = [&](std::uint8_t bin) {
      const node_sums sums(at.bins + bin * histograms.width, channels);
      return as_double(sums[channel]) / as_double(Cuts::weight(sums));
    };
    for (index i = 1; i < at.occurring; ++i) {
      const std::uint8_t bin = at.order[i];
      const double own = key(bin);
      index to = i;
      for (; to > 0 && own < key(at.order[to - 1]); --to) at.order[to] = at.order[to - 1];
      at.order[to] = bin;
    }
  }

  /// The categories up to place i go left.
  static constexpr void write_set(search& at, index i) {
    at.best.set = at.best.seen = {};
    for (index k = 0; k <= i; ++k) at.best.set.insert(at.order[k]);
    for (index k = 0; k < at.occurring; ++k) at.best.seen.insert(at.order[k]);
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
    const value_bounds& bounds = at.node.bounds;
    if (!is_free && (at.slot.direction * (high - low) < 0 || !bounds.hold(low) || !bounds.hold(high))) return false;
    at.best = {score, low, high, static_cast<std::int32_t>(left_rows), cut, missing_bin, at.missing_left, true, {}, {}};
    return true;
  }
};

}  // namespace tutti::detail
