#pragma once
// The steps of growing a level, each a few loops of the policy: look at nodes, score cuts, part rows.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <tutti/core/view.hpp>
#include <tutti/policy/control.hpp>
#include <tutti/policy/policy.hpp>
#include <tutti/tree/criterion.hpp>
#include <tutti/tree/level_histograms.hpp>
#include <tutti/tree/level_rows.hpp>
#include <tutti/tree/split.hpp>

namespace tutti::detail {

/// Bytes that one step may take: `most`, or a quarter of what the caller's limit leaves.
template <class Policy>
index working_bytes(const Policy& policy, index most) {
  const run_control* const control = policy.control();
  if (control == nullptr || control->memory_limit == std::numeric_limits<std::size_t>::max()) return most;
  const std::size_t used = std::min(control->memory_in_use.load(), control->memory_limit);
  return static_cast<index>(std::min<std::size_t>((control->memory_limit - used) / 4, static_cast<std::size_t>(most)));
}

/// What there is in the nodes of a batch.
struct level_look {
  index features = 0;
  index channels = 0;
  std::vector<index> first;          ///< [nodes] number of the first piece, which speaks for the others
  std::vector<bin_range> ranges;     ///< [pieces x features] of nodes that may split
  std::vector<target_range> targets;  ///< [pieces]
  std::vector<std::int64_t> sums;    ///< [pieces x channels]

  const bin_range& range_of(std::size_t node, index feature) const {
    return ranges[static_cast<std::size_t>(first[node] * features + feature)];
  }
  const target_range& targets_of(std::size_t node) const { return targets[static_cast<std::size_t>(first[node])]; }
  node_sums sums_of(std::size_t node) const {
    return {sums.data() + first[node] * channels, static_cast<std::size_t>(channels)};
  }

  /// What piece `k` says goes to piece `to`.
  ///
  /// with_ranges   whether there are any
  void join(index to, index k, bool with_ranges) {
    for (index j = 0; with_ranges && j < features; ++j)
      ranges[static_cast<std::size_t>(to * features + j)].join(ranges[static_cast<std::size_t>(k * features + j)]);
    for (index c = 0; c < channels; ++c)
      sums[static_cast<std::size_t>(to * channels + c)] += sums[static_cast<std::size_t>(k * channels + c)];
    target_range& all = targets[static_cast<std::size_t>(to)];
    const target_range& piece = targets[static_cast<std::size_t>(k)];
    all = {std::min(all.low, piece.low), std::max(all.high, piece.high)};
  }
};

/// Cuts   class_cuts or value_cuts
template <class Policy, class Cuts>
class level_search {
  using P = typename Policy::template pack<float>;

 public:
  /// drawn   the rows of all nodes, in memory that the policy's tasks may write
  level_search(const Policy& policy, const Cuts& cuts, const split_task& asked, level_samples samples, drawn_row* drawn)
      : policy_(policy), cuts_(cuts), limits_{asked.rules.min_leaf_rows, asked.rules.min_leaf_weight},
        samples_(samples), drawn_(drawn), room_(working_bytes(policy, index{1} << 28)) {
    samples_.drawn = drawn;
    const bool draws_all = asked.rules.random_cuts && std::ranges::count(asked.categorical, 0) == samples.features;
    histograms_ = {nullptr, draws_all ? index{3} : index{256}, cuts.channels() + 1};
  }

  /// Bytes for what is known of nodes at a time, and how much of it a node of so many rows takes.
  index room() const { return room_; }
  index bytes_of(index rows) const {
    const index a_piece = samples_.features * static_cast<index>(sizeof(bin_range)) + 8 * cuts_.channels() + 256;
    return (1 + rows / level_node::piece_rows) * a_piece + rows * static_cast<index>(sizeof(drawn_row) + 8);
  }

  level_look look(const std::vector<level_node>& nodes) const {
    level_look out{samples_.features, cuts_.channels(), {}, {}, {}, {}};
    std::vector<level_piece> pieces;
    for (const level_node& node : nodes) {
      out.first.push_back(static_cast<index>(pieces.size()));
      add_pieces(static_cast<std::int32_t>(out.first.size() - 1), node, pieces);
    }
    const auto count = static_cast<index>(pieces.size());
    auto ranges = policy_.template make_buffer<bin_range>(count * samples_.features);
    auto targets = policy_.template make_buffer<target_range>(count);
    auto sums = policy_.template make_buffer<std::int64_t>(count * cuts_.channels());
    const auto near_nodes = bring(nodes);
    const auto near_pieces = bring(pieces);
    policy_.for_blocks(count, 1,
                       look_kernel<P, Cuts>{samples_, cuts_, near_nodes.view().data, near_pieces.view().data,
                                            ranges.data(), targets.data(), sums.data()});
    fetch(ranges, out.ranges);
    fetch(targets, out.targets);
    fetch(sums, out.sums);
    for (index k = 0; k < count; ++k) {
      const level_piece piece = pieces[static_cast<std::size_t>(k)];
      if (piece.number > 0) out.join(k - piece.number, k, nodes[static_cast<std::size_t>(piece.owner)].may_split);
    }
    return out;
  }

  /// The best cut of each slot; slots of a node lie side by side.
  std::vector<level_cut> score(const std::vector<level_node>& nodes, std::vector<level_slot>& slots) const {
    std::vector<level_cut> out;
    if (slots.empty()) return out;
    out.reserve(slots.size());
    const auto near_nodes = bring(nodes);
    const index most = std::max<index>(1, room_ / (histograms_.size() * static_cast<index>(sizeof(std::int64_t))));
    const auto pieces_of = [&](std::size_t s) { return nodes[static_cast<std::size_t>(slots[s].node)].pieces(); };
    for (std::size_t begin = 0, end = 0; begin < slots.size(); begin = end) {
      for (index left = most; end < slots.size(); ++end) {
        left -= pieces_of(end);
        if (left < 0 && end > begin) break;
      }
      check_stop(policy_);
      score_some(nodes, near_nodes.view().data, std::span<level_slot>(slots).subspan(begin, end - begin), out);
    }
    return out;
  }

  /// Parts the rows of nodes.
  void part(std::vector<level_parting>& partings) const {
    if (partings.empty()) return;
    std::vector<level_piece> pieces;
    index rows = 0;
    for (std::size_t k = 0; k < partings.size(); ++k) {
      partings[k].place = rows;
      rows += partings[k].node.rows;
      add_pieces(static_cast<std::int32_t>(k), partings[k].node, pieces);
    }
    const auto count = static_cast<index>(pieces.size());
    auto flags = policy_.template make_buffer<std::int32_t>(rows);
    auto before = policy_.template make_buffer<std::int32_t>(rows);
    auto spare = policy_.template make_buffer<drawn_row>(rows);
    const auto near_partings = bring(partings);
    const auto near_pieces = bring(pieces);
    const level_parting* const parts = near_partings.view().data;
    const level_piece* const at = near_pieces.view().data;
    policy_.for_blocks(count, 1, flag_kernel<P>{samples_, parts, at, flags.data()});
    policy_.exclusive_scan(flags.data(), before.data(), rows);
    policy_.for_blocks(count, 1,
                       move_kernel<P, false>{drawn_, spare.data(), parts, at, before.data(), flags.data()});
    policy_.for_blocks(count, 1,
                       move_kernel<P, true>{drawn_, spare.data(), parts, at, before.data(), flags.data()});
  }

 private:
  template <class E>
  auto bring(const std::vector<E>& v) const {
    return policy_.bring(vector_view<const E>{v.data(), static_cast<index>(v.size()), 1});
  }

  template <class Buffer, class E>
  void fetch(const Buffer& from, std::vector<E>& to) const {
    const std::size_t before = to.size();
    to.resize(before + static_cast<std::size_t>(from.size()));
    policy_.copy_to_host(vector_view<const E>{from.data(), from.size(), 1}, to.data() + before);
  }

  static void add_pieces(std::int32_t owner, const level_node& node, std::vector<level_piece>& pieces) {
    for (index k = 0; k < node.pieces(); ++k) pieces.push_back({owner, static_cast<std::int32_t>(k)});
  }

  /// Numbers the histograms of slots: those of a node piece by piece, so that neighbours read the same rows.
  static std::vector<level_piece> number(const std::vector<level_node>& nodes, std::span<level_slot> slots) {
    std::vector<level_piece> pieces;
    for (std::size_t begin = 0, end = 0; begin < slots.size(); begin = end) {
      while (end < slots.size() && slots[end].node == slots[begin].node) ++end;
      for (std::size_t s = begin; s < end; ++s) {
        slots[s].first = static_cast<index>(pieces.size() + s - begin);
        slots[s].stride = static_cast<index>(end - begin);
      }
      for (index k = 0; k < nodes[static_cast<std::size_t>(slots[begin].node)].pieces(); ++k)
        for (std::size_t s = begin; s < end; ++s)
          pieces.push_back({static_cast<std::int32_t>(s), static_cast<std::int32_t>(k)});
    }
    return pieces;
  }

  void score_some(const std::vector<level_node>& nodes, const level_node* near_nodes, std::span<level_slot> slots,
                  std::vector<level_cut>& out) const {
    const std::vector<level_piece> pieces = number(nodes, slots);
    const auto count = static_cast<index>(pieces.size()), asked = static_cast<index>(slots.size());
    const auto near_pieces = bring(pieces);
    const auto near_slots = policy_.bring(vector_view<const level_slot>{slots.data(), asked, 1});
    const level_slot* const at = near_slots.view().data;
    auto words = policy_.template make_buffer<std::int64_t>(count * histograms_.size());
    auto cuts = policy_.template make_buffer<level_cut>(asked);
    level_histograms histograms = histograms_;
    histograms.words = words.data();
    using count_type = count_kernel<P, Cuts>;
    using score_type = score_kernel<P, Cuts>;
    policy_.for_blocks(count, count_type::block,
                       count_type{samples_, cuts_, near_nodes, at, near_pieces.view().data, histograms});
    if (count > asked) policy_.for_blocks(asked, 1, join_kernel<P>{near_nodes, at, histograms});
    policy_.for_blocks(asked, score_type::block, score_type{cuts_, limits_, near_nodes, at, histograms, cuts.data()});
    fetch(cuts, out);
  }

  const Policy& policy_;
  Cuts cuts_;
  cut_limits limits_;
  level_samples samples_;
  drawn_row* drawn_;
  index room_;
  level_histograms histograms_{};
};

}  // namespace tutti::detail
