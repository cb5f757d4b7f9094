#pragma once
// The loops of a policy with one thread.

#include <algorithm>
#include <cstddef>
#include <vector>

#include <tutti/core/storage.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/host_memory.hpp>
#include <tutti/policy/policy.hpp>
#include <tutti/policy/reduction_tree.hpp>

namespace tutti::detail {

template <class Self>
struct serial_loops {
  template <class F>
  void for_blocks(index n, index block, const F& f) const {
    const Self& self = static_cast<const Self&>(*this);
    host_buffer<std::byte> scratch(self.control(), scratch_bytes(f));
    for (index begin = 0; begin < n; begin += block) {
      check_stop(self);
      f(begin, std::min(n, begin + block), scratch.data());
    }
  }

  template <class V, class Kernel>
  std::vector<V> reduce_blocks(index n, index block, index width, const Kernel& kernel) const {
    const Self& self = static_cast<const Self&>(*this);
    const index leaves = block_count(n, block);
    std::vector<V> out(static_cast<std::size_t>(width));
    if (leaves == 0) return out;
    host_buffer<std::byte> scratch(self.control(), scratch_bytes(kernel));
    host_buffer<V> spare(self.control(), tree_levels(leaves) * width);
    const auto leaf = [&](index i, V* slot) {
      check_stop(self);
      kernel.map(i * block, std::min(n, (i + 1) * block), slot, scratch.data());
    };
    reduce_range(index{0}, leaves, width, kernel, leaf, out.data(), spare.data());
    return out;
  }
};

}  // namespace tutti::detail
