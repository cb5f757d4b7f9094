#pragma once
// The fixed binary tree in which reduce_blocks joins its blocks, whoever computes them and in whatever order.
//
// A range of leaves splits at the largest power of two below its length. An aligned run of 2^k leaves is then a whole
// subtree, so tasks may take runs of any such length without changing a bit of the result.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <vector>

#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti::detail {

/// Slots that reduce_range needs beside its result: one for each level of the tree.
constexpr index tree_levels(index leaves) {
  return leaves < 2 ? 0 : static_cast<index>(std::bit_width(static_cast<std::size_t>(leaves - 1)));
}

/// Joins the results of leaves [first, last) into out; leaf(i, slot) fills one slot that it finds zeroed.
///
/// spare   tree_levels(last - first) slots of `width` values
template <class V, class Kernel, class Leaf>
void reduce_range(index first, index last, index width, const Kernel& kernel, const Leaf& leaf, V* out, V* spare) {
  if (last - first == 1) {
    std::fill(out, out + width, V{});
    leaf(first, out);
    return;
  }
  const index middle = first + left_leaves(last - first);
  reduce_range(first, middle, width, kernel, leaf, out, spare);
  reduce_range(middle, last, width, kernel, leaf, spare, spare + width);
  kernel.combine(out, spare);
}

/// The largest power of two such that about `tasks` runs of so many leaves cover them all.
constexpr index leaves_per_task(index leaves, index tasks) {
  return leaves <= tasks ? 1 : static_cast<index>(std::bit_floor(static_cast<std::size_t>(leaves / tasks)));
}

}  // namespace tutti::detail
