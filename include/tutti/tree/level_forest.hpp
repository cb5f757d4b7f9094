#pragma once
// Grows the trees of a forest level by level, as many at once as memory has room for.
//
// **Source** as level_grow.hpp.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <tutti/algorithm/near_vector.hpp>
#include <tutti/core/random.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>
#include <tutti/tree/bag.hpp>
#include <tutti/tree/level_grow.hpp>
#include <tutti/tree/level_rows.hpp>
#include <tutti/tree/tree_writer.hpp>

namespace tutti::detail {

/// Rows of several trees, one after the other.
template <class Policy>
class drawn_trees {
 public:
  drawn_trees(const Policy& policy, index most_rows)
      : policy_(policy), rows_(policy.template make_buffer<drawn_row>(most_rows)) {}

  /// Adds a tree.
  ///
  /// counts   [n] how often it drew each sample, or what that weighs
  template <class Count>
  void add(const random_source& tree, std::span<const Count> counts) {
    std::vector<drawn_row> drawn;
    for (std::size_t i = 0; i < counts.size(); ++i)
      if (counts[i] != 0) drawn.push_back({static_cast<std::int32_t>(i), static_cast<std::int32_t>(counts[i])});
    const index begin = ends_.empty() ? 0 : ends_.back(), count = static_cast<index>(drawn.size());
    const auto near_drawn = policy_.bring(vector_view<const drawn_row>{drawn.data(), count, 1});
    using kernel_type = convert_kernel<typename Policy::template pack<float>, drawn_row, drawn_row>;
    policy_.for_blocks(count, kernel_type::block, kernel_type{near_drawn.view(), rows_.data() + begin});
    sources_.push_back(tree);
    ends_.push_back(begin + count);
  }

  drawn_row* rows() { return rows_.data(); }
  std::span<const random_source> sources() const { return sources_; }
  std::span<const index> ends() const { return ends_; }

 private:
  const Policy& policy_;
  decltype(std::declval<const Policy&>().template make_buffer<drawn_row>(index{})) rows_;
  std::vector<random_source> sources_;
  std::vector<index> ends_;
};

/// Grows trees `first` and those behind it.
///
/// rows     [n x format.bytes] bins and targets, in host memory
/// source   of the forest's random numbers
/// weigh    as grow_kernel has it
/// mark     mark(t, i): tree t of `out` drew sample i
template <class Policy, class Format, class Splitter, class Weigh, class Mark>
void grow_by_levels(const Policy& policy, const Format& format, const bag& samples, const std::uint8_t* rows,
                    const random_source& source, Splitter& splitter, const Weigh& weigh, index first,
                    std::vector<grown_tree<typename Splitter::value_type>>& out, const Mark& mark) {
  using count_type = typename Format::weight_type;
  const index n = samples.samples(), trees = static_cast<index>(out.size());
  const auto row = [&](index i) { return rows + i * format.bytes; };
  std::vector<std::int32_t> target(static_cast<std::size_t>(n));
  for (index i = 0; i < n; ++i) target[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(format.target(row(i)));
  const auto near_rows = policy.bring(vector_view<const std::uint8_t>{rows, n * format.bytes, 1});
  const auto near_target = policy.bring(vector_view<const std::int32_t>{target.data(), n, 1});
  const level_samples seen{near_rows.view().data, format.bytes, format.features, near_target.view().data, nullptr};

  const index a_tree = samples.most_rows() * static_cast<index>(sizeof(drawn_row));
  const index at_once = std::max<index>(1, working_bytes(policy, index{1} << 30) / a_tree);
  std::vector<count_type> counts(static_cast<std::size_t>(n));
  for (index begin = 0; begin < trees; begin += at_once) {
    const index end = std::min(trees, begin + at_once);
    drawn_trees<Policy> drawn(policy, (end - begin) * samples.most_rows());
    for (index t = begin; t < end; ++t) {
      check_stop(policy);
      const random_source tree = source.fork(static_cast<std::uint64_t>(first + t));
      samples.fill(tree, counts.data());
      weigh(row, counts.data(), n);
      for (index i = 0; i < n; ++i)
        if (counts[static_cast<std::size_t>(i)] != 0) mark(t, i);
      drawn.add(tree, std::span<const count_type>(counts));
    }
    const auto grown = level_grower(policy, splitter, seen, drawn.rows(), drawn.sources(), drawn.ends()).grow();
    for (index t = begin; t < end; ++t)
      out[static_cast<std::size_t>(t)] = grown[static_cast<std::size_t>(t - begin)].write(
          format.features, splitter.outputs(), splitter.asked().rules);
  }
}

}  // namespace tutti::detail
