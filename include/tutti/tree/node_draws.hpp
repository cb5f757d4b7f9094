#pragma once
// The random numbers of one node: a function of (seed, tree, path to the node), whoever asks and in whatever order the
// nodes are grown.

#include <cstdint>

#include <tutti/core/random.hpp>
#include <tutti/core/view.hpp>

namespace tutti::detail {

/// The way from the root to a node as a number: 1 for the root, then a bit for each step; a hash of it below level 62.
constexpr std::uint64_t child_path(std::uint64_t path, index depth, bool right) {
  const std::uint64_t next = 2 * path + (right ? 1 : 0);
  if (depth < 62) return next;
  const std::uint64_t a = (next ^ (next >> 30)) * 0xBF58476D1CE4E5B9u;  // Steele, Lea, Flood (OOPSLA 2014): splitmix64
  const std::uint64_t b = (a ^ (a >> 27)) * 0x94D049BB133111EBu;
  return b ^ (b >> 31);
}

/// Draw after draw of a node.
class node_draws {
 public:
  constexpr node_draws(const random_source& tree, std::uint64_t path) : tree_(tree), path_(path) {}

  constexpr std::uint32_t next() {
    if (left_ == 0) {
      words_ = tree_.words(path_, block_++);
      left_ = 4;
    }
    return words_[static_cast<std::size_t>(--left_)];
  }

  /// A whole number in [0, n), 0 < n < 2^32; the chance of each differs from 1 / n by less than 2^-32.
  constexpr index below(index n) {
    return static_cast<index>(std::uint64_t{next()} * static_cast<std::uint64_t>(n) >> 32);
  }

  /// A multiple of 2^-32 in [0, 1).
  constexpr double uniform() { return static_cast<double>(next()) * 0x1p-32; }

 private:
  const random_source& tree_;
  std::uint64_t path_;
  philox_counter words_{};
  std::uint32_t block_ = 0;
  int left_ = 0;
};

}  // namespace tutti::detail
