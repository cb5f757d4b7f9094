#pragma once
// What a feature is worth to a forest: the error of each tree on the samples that it did not see, with the feature's
// values swapped among them, less the error as they are.
//
// **Source** Breiman, Random Forests, Machine Learning 45 (2001), section 10; the difference itself, not divided by its
// standard error.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include <tutti/core/random.hpp>
#include <tutti/core/view.hpp>
#include <tutti/tree/descend.hpp>
#include <tutti/tree/forest.hpp>
#include <tutti/tree/tree.hpp>

namespace tutti::detail {

/// The features that a tree asks for, ascending.
template <class V>
std::vector<index> features_of(const tree_set<V>& trees, index t) {
  std::vector<index> out;
  const auto first = static_cast<std::size_t>(trees.node_start[static_cast<std::size_t>(t)]);
  const auto last = static_cast<std::size_t>(trees.node_start[static_cast<std::size_t>(t + 1)]);
  for (std::size_t i = first; i < last; ++i)
    if (trees.all.child[i] >= 0) out.push_back(trees.all.feature[i]);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

/// [p] mean over the trees that have unseen samples.
///
/// fit    the forest_fit that grew the trees
/// loss   loss(i, values): of sample i, where a tree says these values of a leaf
template <class Policy, class Fit, class T, class V, class Loss>
std::vector<double> oob_importance(const Policy& policy, const Fit& fit, const forest<T, V>& grown, const Loss& loss) {
  const index p = grown.n_features(), trees = grown.trees.size();
  std::vector<double> each(static_cast<std::size_t>(p * trees));
  std::vector<std::uint8_t> counts_tree(static_cast<std::size_t>(trees));
  fit.for_each_bag(policy, trees, [&](index t, const auto* counts) {
    std::vector<index> unseen;
    for (index i = 0; i < fit.samples().samples(); ++i)
      if (counts[i] == 0 && fit.samples().is_present(i)) unseen.push_back(i);
    if (unseen.empty()) return;
    counts_tree[static_cast<std::size_t>(t)] = 1;
    std::vector<std::uint8_t> swapped(static_cast<std::size_t>(fit.format().bytes));
    const auto loss_of = [&](index i, const std::uint8_t* row) {
      return loss(i, leaf_values(grown.trees, static_cast<std::size_t>(t), leaf_of(grown.trees, t, 0, fit.bins_of(row))));
    };
    double plain = 0;
    for (const index i : unseen) plain += loss_of(i, fit.row(i));
    std::vector<index> other = unseen;
    for (const index j : features_of(grown.trees, t)) {
      shuffle(other, fit.source(t).stream(2).fork(static_cast<std::uint64_t>(j)));
      double sum = 0;
      for (std::size_t k = 0; k < unseen.size(); ++k) {
        std::memcpy(swapped.data(), fit.row(unseen[k]), swapped.size());
        fit.format().set_bin(swapped.data(), j, fit.format().bin(fit.row(other[k]), j));
        sum += loss_of(unseen[k], swapped.data());
      }
      each[static_cast<std::size_t>(t * p + j)] = (sum - plain) / static_cast<double>(unseen.size());
    }
  });
  std::vector<double> out(static_cast<std::size_t>(p));
  const auto counted = static_cast<double>(std::count(counts_tree.begin(), counts_tree.end(), 1));
  for (index t = 0; t < trees; ++t)
    for (index j = 0; j < p; ++j)
      out[static_cast<std::size_t>(j)] += each[static_cast<std::size_t>(t * p + j)] / std::max(1.0, counted);
  return out;
}

}  // namespace tutti::detail
