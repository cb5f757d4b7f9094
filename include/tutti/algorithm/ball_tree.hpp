#pragma once
// ball_tree: samples in an order in which neighbours in space are neighbours in memory, and the balls that hold them,
// for metrics of which nothing is known but the triangle inequality.
//
// As in a kd_tree, sixteen samples are a panel, sixteen panels a node, sixteen nodes a node of the next level.
//
// **Source** Omohundro, Five Balltree Construction Algorithms, ICSI TR-89-063 (1989), section 3.1 (medians of the
// widest feature).

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <tutti/algorithm/kd_tree.hpp>
#include <tutti/algorithm/panels.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti::detail {

/// The balls of a level's children.
template <class T>
struct ball_level {
  std::vector<T> centre;       ///< [children x p]
  std::vector<double> radius;  ///< [children] to the farthest sample
  index children = 0;
};

template <class T>
struct ball_tree {
  index features = 0;
  index samples = 0;
  std::vector<T> rows;                ///< [samples x p] in the tree's order
  std::vector<std::int32_t> order;    ///< [samples] number of the sample at each place
  std::vector<ball_level<T>> levels;  ///< from that whose children are panels to the root, which is one node
};

/// A tree of samples.
///
/// policy   a host's
/// X        [n x p] finite, n < 2^31
/// filter   whose distances keep the triangle inequality
/// cost     O(n log n) work and log n / 4 distances a sample; memory n (p + 1) and an eighth of it for balls
template <host_policy Policy, class T, class Filter>
ball_tree<T> build_ball_tree(const Policy& policy, matrix_view<const T> X, const Filter& filter) {
  using P = typename Policy::template pack<T>;
  const index n = X.rows, p = X.cols;
  ball_tree<T> tree{p, n, {}, std::vector<std::int32_t>(static_cast<std::size_t>(n)), {}};
  kd_order<P>(X, tree.order.data()).run(policy);
  tree.rows.resize(static_cast<std::size_t>(n * p));
  policy.for_blocks(n, 1024, [&](index begin, index end, std::byte*) {
    for (index i = begin; i < end; ++i)
      for (index j = 0; j < p; ++j)
        tree.rows[static_cast<std::size_t>(i * p + j)] = X(tree.order[static_cast<std::size_t>(i)], j);
  });
  index children = block_count(n, panel_rows), held = panel_rows;
  do {
    ball_level<T> level{std::vector<T>(static_cast<std::size_t>(children * p)),
                        std::vector<double>(static_cast<std::size_t>(children)), children};
    policy.for_blocks(children, 16, [&](index begin, index end, std::byte*) {
      for (index c = begin; c < end; ++c) {
        const index first = c * held, last = std::min(n, first + held);
        T* const centre = level.centre.data() + c * p;
        for (index j = 0; j < p; ++j) {
          double sum = 0;
          for (index i = first; i < last; ++i)
            sum += static_cast<double>(tree.rows[static_cast<std::size_t>(i * p + j)]);
          centre[j] = static_cast<T>(sum / static_cast<double>(last - first));
        }
        double& radius = level.radius[static_cast<std::size_t>(c)];
        for (index i = first; i < last; ++i)
          radius = std::max(radius, filter.distance(filter.template sum<P>(centre, tree.rows.data() + i * p, p), p));
      }
    });
    tree.levels.push_back(std::move(level));
    children = block_count(children, panel_rows);
    held *= panel_rows;
  } while (children > 1);
  return tree;
}

}  // namespace tutti::detail
