#pragma once
// How much memory a forest will take, before it is grown.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <type_traits>

#include <tutti/algorithm/bin_cuts.hpp>
#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/number_line.hpp>
#include <tutti/core/storage.hpp>
#include <tutti/core/view.hpp>
#include <tutti/tree/packed_nodes.hpp>
#include <tutti/tree/sample_rows.hpp>
#include <tutti/tree/tree_options.hpp>

namespace tutti {

/// Bytes.
struct forest_memory {
  std::int64_t model;  ///< of the fitted model
  std::int64_t fit;    ///< most that a fit holds at a time, the model included, the caller's samples not
};

namespace detail {

/// What a forest is made of: as many nodes as if every sample needed a leaf of its own.
template <class T, class Learner>
struct forest_sizes {
  static constexpr bool of_numbers = requires(const Learner& l) { l.keep_targets; };
  using value_type = std::conditional_t<of_numbers, T, float>;

  double n, p, threads, outputs, classes;
  double trees = 1, draws, drawn, leaves, nodes;
  bool wide;  ///< bins may take four bytes
  double row_bytes;
  const tree_options& options;

  forest_sizes(const tree_options& asked, index samples, index features, index k, int thread_count)
      : n(double(samples)), p(double(features)), threads(thread_count), outputs(k > 2 ? double(k) : 1),
        classes(double(std::max<index>(k, 1))), wide(asked.exact_splits && samples > most_bins), options(asked) {
    const growth_rules rules = asked.rules(samples, features);
    trees = double(asked.n_estimators);
    draws = double(asked.bootstrap ? asked.draws(samples, n) : samples);
    drawn = asked.bootstrap ? std::min(n, n * -std::expm1(-draws / n) + 3 * std::sqrt(n)) : n;  // chance may add some
    leaves = std::max(1.0, drawn / double(rules.min_leaf_rows));
    if (rules.max_depth < 50) leaves = std::min(leaves, std::ldexp(1.0, int(rules.max_depth)));
    if (rules.max_leaves > 0) leaves = std::min(leaves, double(rules.max_leaves));
    nodes = 2 * leaves - 1;
    row_bytes = double(wide       ? row_format<std::int32_t, std::int32_t, std::uint32_t>(features).bytes
                       : of_numbers ? row_format<std::int32_t, std::uint8_t>(features).bytes
                       : k <= 256 ? row_format<std::uint8_t, std::uint8_t>(features).bytes
                                  : row_format<std::int32_t, std::int32_t>(features).bytes);
  }

  /// The nodes and leaves of all trees, as a model keeps them.
  double all_nodes() const {
    return trees * (nodes * (4 + 2 + (wide ? 4 : 1) + 1) + leaves * outputs * sizeof(value_type));
  }

  /// The same as walks read them.
  double packed() const {
    const double words = wide ? 12 : nodes < 65536 && 2 * p <= 256 ? 4 : 8;
    const double all = trees * (nodes * (words + (outputs == 1 ? sizeof(value_type) : 0)) + sizeof(tree_top) + 64);
    return all + (all > huge_page ? 2.0 * huge_page : 0);  // the two arrays fill whole pages
  }

  /// Cuts, as they are and as they are searched.
  double bins() const {
    if (wide) return p * (2 * n * sizeof(T) + 64);
    return p * (double(sizeof(number_line<T>)) + 2 * bin_slots * sizeof(T) + 64);
  }
  double out_of_bag() const { return options.oob_score ? n * (classes * sizeof(T) + 1) : 0; }
  double targets() const {
    return options.keep_targets ? trees * (8 * drawn + 8 * leaves) + n * double(sizeof(T)) : 0;
  }
  double model() const { return all_nodes() + packed() + bins() + out_of_bag() + targets() + 4096; }

  /// Sorting a sample of a few features to find their cuts.
  double cuts() const {
    const double sample = wide ? n : std::min(n, double(most_sampled));
    const double found = wide ? p * n * double(sizeof(T)) : 0;
    return threads * sample * double(5 * sizeof(weighted_key<T>) + 8 + sizeof(T)) + sample * sizeof(index) + found;
  }

  /// Histograms from the root to a leaf of each tree that grows.
  double histograms() const { return of_numbers && !wide ? std::min(threads, trees) * 24 * std::min(p, 128.0) * 2048 : 0; }

  /// Rows of all samples, of those that each thread's tree drew, and who drew what.
  double rows() const {
    const double most_drawn = std::min(n, draws);
    const double at_once = std::min(threads, trees);
    return n * row_bytes + at_once * (n + 2 * most_drawn * row_bytes) + n * (8 + sizeof(T)) +
           (options.oob_score ? n * trees / 8 : 0);
  }

  /// While trees move into the forest they are there twice; their own arrays may be half empty.
  double fit() const {
    return bins() + std::max(cuts(), rows() + histograms() + std::max(3 * all_nodes(), model()));
  }
};

}  // namespace detail

/// The memory of a forest, or of a tree, as if every sample needed a leaf of its own: with labels that are easier to
/// tell apart it is less. Without weights.
///
/// learner   any of this library's forests and trees
/// n, p      samples and features of T
/// threads   of the policy that will fit
/// classes   of the labels; 0 for numbers
/// throws    invalid_input if n or p < 1, or as the learner's fit for hyper-parameters out of range
template <class T, class Learner>
forest_memory estimate_memory(const Learner& learner, index n, index p, int threads = 1, index classes = 0) {
  constexpr std::string_view who = "estimate_memory";
  detail::require(n >= 1 && p >= 1 && threads >= 1, who, "n, p and threads must be >= 1");
  const detail::tree_options options = detail::options_of(learner, who);
  const detail::forest_sizes<T, Learner> sizes(options, n, p, classes, threads);
  return {static_cast<std::int64_t>(sizes.model()), static_cast<std::int64_t>(sizes.fit())};
}

}  // namespace tutti
