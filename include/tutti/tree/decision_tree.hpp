#pragma once
// decision_tree: one tree, all features tried at each split.
//
// **Source** Breiman, Friedman, Olshen, Stone, Classification and Regression Trees (1984).

#include <cstdint>
#include <optional>
#include <type_traits>
#include <vector>

#include <tutti/core/labels.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>
#include <tutti/tree/criterion.hpp>
#include <tutti/tree/device_fit.hpp>
#include <tutti/tree/fit_classes.hpp>
#include <tutti/tree/fit_values.hpp>
#include <tutti/tree/forest_classifier.hpp>
#include <tutti/tree/forest_regressor.hpp>
#include <tutti/tree/tree_options.hpp>

namespace tutti {

/// A decision tree for classes.
///
///     const auto model = tutti::decision_tree_classifier{.max_depth = 16}.fit(tutti::par_simd, X, y);
struct decision_tree_classifier {
  class_criterion criterion = class_criterion::gini;  ///< what a split makes less of
  std::optional<index> max_depth = {};  ///< >= 1; none: until leaves are pure
  count_or_fraction min_samples_split = 2;  ///< >= 2, or a fraction of n; fewer samples stay together
  count_or_fraction min_samples_leaf = 1;  ///< >= 1, or a fraction of n; a leaf has no fewer
  double min_weight_fraction_leaf = 0;  ///< in [0, 0.5]; of the weight of all samples, in each leaf
  feature_quota max_features = feature_quota::all;  ///< features tried a split; fewer: trees more unlike each other
  std::optional<index> max_leaf_nodes = {};  ///< >= 2; the splits that take most, so many leaves; none: any number
  double min_impurity_decrease = 0;  ///< >= 0; a split that takes less from the impurity is not made
  double ccp_alpha = 0;  ///< >= 0; splits that take less from the impurity than this, with those below them, are pruned
  class_weights class_weight = {};  ///< what each class counts; `balanced`: as much as any other
  bool exact_splits = false;  ///< cut between any two values, not only between 255 bins; takes more time and memory
  std::vector<index> categorical_features = {};  ///< columns whose values are categories, at most 255 each
  std::vector<int> monotonic_cst = {};  ///< [p] 1: predictions grow with the feature; -1: fall; 0, or empty: either
  std::uint64_t seed = 0;  ///< of all random numbers

  /// A tree grown from samples.
  ///
  /// X               [n x p]  samples, either storage order; NaN is a missing value
  /// y               [n]      labels: any integral or enum type, any values
  /// sample_weight   [n]      >= 0, not all zero; ones if left out; k stands for k copies
  /// returns         model
  /// throws          invalid_input if the shapes disagree, X is empty, a value is infinite, there is one class only, a
  ///                 hyper-parameter is out of range (its name is told), a weight is negative or all are zero
  /// cost            O(n p) for the bins, then about n max_features depth for each tree; memory 2 n p bytes a thread
  /// note            the same bits on every policy and for any number of threads
  template <execution_policy Policy, samples_like M, labels_like Y, weights_like W = no_weights>
  auto fit(const Policy& policy, const M& X, const Y& y, const W& sample_weight = {}) const {
    using T = scalar_of<M>;
    using L = element_of<Y>;
    return detail::fit_classes<Policy, T, L, W>(policy, detail::options_of(*this, "decision_tree_classifier::fit"),
                                                criterion, class_weight, view(X), view(y), sample_weight, nullptr);
  }
};

/// A decision tree for numbers.
///
///     const auto model = tutti::decision_tree_regressor{.max_depth = 16}.fit(tutti::par_simd, X, y);
struct decision_tree_regressor {
  value_criterion criterion = value_criterion::squared_error;  ///< what a split makes less of
  std::optional<index> max_depth = {};  ///< >= 1; none: until leaves are pure
  count_or_fraction min_samples_split = 2;  ///< >= 2, or a fraction of n; fewer samples stay together
  count_or_fraction min_samples_leaf = 1;  ///< >= 1, or a fraction of n; a leaf has no fewer
  double min_weight_fraction_leaf = 0;  ///< in [0, 0.5]; of the weight of all samples, in each leaf
  feature_quota max_features = feature_quota::all;  ///< features tried a split; fewer: trees more unlike each other
  std::optional<index> max_leaf_nodes = {};  ///< >= 2; the splits that take most, so many leaves; none: any number
  double min_impurity_decrease = 0;  ///< >= 0; a split that takes less from the impurity is not made
  double ccp_alpha = 0;  ///< >= 0; splits that take less from the impurity than this, with those below them, are pruned
  bool keep_targets = false;  ///< in the leaves, for predict_quantiles
  bool exact_splits = false;  ///< cut between any two values, not only between 255 bins; takes more time and memory
  std::vector<index> categorical_features = {};  ///< columns whose values are categories, at most 255 each
  std::vector<int> monotonic_cst = {};  ///< [p] 1: predictions grow with the feature; -1: fall; 0, or empty: either
  std::uint64_t seed = 0;  ///< of all random numbers

  /// A tree grown from samples.
  ///
  /// X               [n x p]  samples, either storage order; NaN is a missing value
  /// y               [n]      targets, in any unit; or [n x t], t of them in the type of X, all served by a leaf
  /// sample_weight   [n]      >= 0, not all zero; ones if left out; k stands for k copies
  /// returns         model; of several targets if y is a matrix
  /// throws          invalid_input if the shapes disagree, X is empty, a value is infinite, a
  ///                 hyper-parameter is out of range (its name is told), a weight is negative or all are zero
  /// cost            O(n p) for the bins, then about n max_features depth for each tree; memory 2 n p bytes a thread
  /// note            the same bits on every policy and for any number of threads; a device refuses
  ///                 absolute_error and several targets
  template <execution_policy Policy, samples_like M, class Y, weights_like W = no_weights>
    requires vector_like<Y> || matrix_like<Y>
  auto fit(const Policy& policy, const M& X, const Y& y, const W& sample_weight = {}) const {
    return detail::fit_values<Policy, scalar_of<M>, Y, W>(policy,
                                                          detail::options_of(*this, "decision_tree_regressor::fit"),
                                                          criterion, view(X), y, sample_weight, nullptr);
  }
};

}  // namespace tutti
