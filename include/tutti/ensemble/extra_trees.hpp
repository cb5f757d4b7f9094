#pragma once
// extra_trees: trees whose cuts are drawn at random, the best of a few features taken.
//
// **Source** Geurts, Ernst, Wehenkel, Extremely Randomized Trees, Machine Learning 63 (2006), section 2.

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

/// A forest of extremely randomised trees for classes.
///
///     const auto model = tutti::extra_trees_classifier{.n_estimators = 200}.fit(tutti::par_simd, X, y);
struct extra_trees_classifier {
  index n_estimators = 100;  ///< >= 1; trees; more of them: less noise, more time
  class_criterion criterion = class_criterion::gini;  ///< what a split makes less of
  std::optional<index> max_depth = {};  ///< >= 1; none: until leaves are pure
  count_or_fraction min_samples_split = 2;  ///< >= 2, or a fraction of n; fewer samples stay together
  count_or_fraction min_samples_leaf = 1;  ///< >= 1, or a fraction of n; a leaf has no fewer
  double min_weight_fraction_leaf = 0;  ///< in [0, 0.5]; of the weight of all samples, in each leaf
  feature_quota max_features = feature_quota::sqrt;  ///< features tried a split; fewer: trees more unlike each other
  std::optional<index> max_leaf_nodes = {};  ///< >= 2; the splits that take most, so many leaves; none: any number
  double min_impurity_decrease = 0;  ///< >= 0; a split that takes less from the impurity is not made
  double ccp_alpha = 0;  ///< >= 0; splits that take less from the impurity than this, with those below them, are pruned
  bool bootstrap = false;  ///< each tree sees n samples drawn with replacement, or all of them
  bool oob_score = false;  ///< predict the samples by the trees that did not see them; needs bootstrap
  bool oob_permutation_importance = false;  ///< what swapped values cost those trees; needs bootstrap
  std::optional<count_or_fraction> max_samples = {};  ///< a number, or a fraction of the weight, a tree; none: n
  forest_class_weights class_weight = {};  ///< what each class counts; `balanced`, `balanced_subsample`: all the same
  bool exact_splits = false;  ///< cut between any two values, not only between 255 bins; takes more time and memory
  std::vector<index> categorical_features = {};  ///< columns whose values are categories, at most 255 each
  std::vector<int> monotonic_cst = {};  ///< [p] 1: predictions grow with the feature; -1: fall; 0, or empty: either
  std::uint64_t seed = 0;  ///< of all random numbers

  /// Trees grown from samples.
  ///
  /// X               [n x p]  samples, either storage order; NaN is a missing value
  /// y               [n]      labels: any integral or enum type, any values
  /// sample_weight   [n]      >= 0, not all zero; ones if left out; chances to be drawn, or copies without bootstrap
  /// returns         model
  /// throws          invalid_input if the shapes disagree, X is empty, a value is infinite, there is one class only, a
  ///                 hyper-parameter is out of range (its name is told), a weight is negative or all are zero
  /// cost            O(n p) for the bins, then about n max_features depth for each tree; memory 2 n p bytes a thread
  /// note            the same bits on every policy and for any number of threads
  template <execution_policy Policy, samples_like M, labels_like Y, weights_like W = no_weights>
  auto fit(const Policy& policy, const M& X, const Y& y, const W& sample_weight = {}) const {
    using T = scalar_of<M>;
    using L = element_of<Y>;
    return detail::fit_classes<Policy, T, L, W>(policy, detail::options_of(*this, "extra_trees_classifier::fit", true),
                                                criterion, class_weight, view(X), view(y), sample_weight, nullptr);
  }

  /// The model with trees added until it has n_estimators: what `fit` would have made of the same samples at once.
  ///
  /// model    fitted with other n_estimators, all else equal; stays as it is
  /// throws   as `fit`, and if the model has more trees or was fitted to other samples
  template <execution_policy Policy, class T, label L, samples_like M, labels_like Y, weights_like W = no_weights>
    requires std::is_same_v<scalar_of<M>, T> && std::is_same_v<element_of<Y>, L>
  forest_classifier_model<T, L> warm_start(const Policy& policy, const forest_classifier_model<T, L>& model, const M& X,
                                           const Y& y, const W& sample_weight = {}) const {
    return detail::fit_classes<Policy, T, L, W>(policy,
                                                detail::options_of(*this, "extra_trees_classifier::warm_start", true),
                                                criterion, class_weight, view(X), view(y), sample_weight, &model);
  }
};

/// A forest of extremely randomised trees for numbers.
///
///     const auto model = tutti::extra_trees_regressor{.n_estimators = 200}.fit(tutti::par_simd, X, y);
struct extra_trees_regressor {
  index n_estimators = 100;  ///< >= 1; trees; more of them: less noise, more time
  value_criterion criterion = value_criterion::squared_error;  ///< what a split makes less of
  std::optional<index> max_depth = {};  ///< >= 1; none: until leaves are pure
  count_or_fraction min_samples_split = 2;  ///< >= 2, or a fraction of n; fewer samples stay together
  count_or_fraction min_samples_leaf = 1;  ///< >= 1, or a fraction of n; a leaf has no fewer
  double min_weight_fraction_leaf = 0;  ///< in [0, 0.5]; of the weight of all samples, in each leaf
  feature_quota max_features = feature_quota::all;  ///< features tried a split; fewer: trees more unlike each other
  std::optional<index> max_leaf_nodes = {};  ///< >= 2; the splits that take most, so many leaves; none: any number
  double min_impurity_decrease = 0;  ///< >= 0; a split that takes less from the impurity is not made
  double ccp_alpha = 0;  ///< >= 0; splits that take less from the impurity than this, with those below them, are pruned
  bool bootstrap = false;  ///< each tree sees n samples drawn with replacement, or all of them
  bool oob_score = false;  ///< predict the samples by the trees that did not see them; needs bootstrap
  bool oob_permutation_importance = false;  ///< what swapped values cost those trees; needs bootstrap
  std::optional<count_or_fraction> max_samples = {};  ///< a number, or a fraction of the weight, a tree; none: n
  bool keep_targets = false;  ///< in the leaves, for predict_quantiles
  bool exact_splits = false;  ///< cut between any two values, not only between 255 bins; takes more time and memory
  std::vector<index> categorical_features = {};  ///< columns whose values are categories, at most 255 each
  std::vector<int> monotonic_cst = {};  ///< [p] 1: predictions grow with the feature; -1: fall; 0, or empty: either
  std::uint64_t seed = 0;  ///< of all random numbers

  /// Trees grown from samples.
  ///
  /// X               [n x p]  samples, either storage order; NaN is a missing value
  /// y               [n]      targets, in any unit; or [n x t], t of them in the type of X, all served by a leaf
  /// sample_weight   [n]      >= 0, not all zero; ones if left out; chances to be drawn, or copies without bootstrap
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
                                                          detail::options_of(*this, "extra_trees_regressor::fit", true),
                                                          criterion, view(X), y, sample_weight, nullptr);
  }

  /// The model with trees added until it has n_estimators: what `fit` would have made of the same samples at once.
  ///
  /// model    fitted with other n_estimators, all else equal; stays as it is
  /// throws   as `fit`, and if the model has more trees or was fitted to other samples
  template <execution_policy Policy, class T, bool Several, samples_like M, class Y, weights_like W = no_weights>
    requires std::is_same_v<scalar_of<M>, T> && (Several ? matrix_like<Y> : vector_like<Y>)
  forest_regressor_model<T, Several> warm_start(const Policy& policy, const forest_regressor_model<T, Several>& model,
                                                const M& X, const Y& y, const W& sample_weight = {}) const {
    return detail::fit_values<Policy, T, Y, W>(policy,
                                               detail::options_of(*this, "extra_trees_regressor::warm_start", true),
                                               criterion, view(X), y, sample_weight, &model);
  }
};

}  // namespace tutti
