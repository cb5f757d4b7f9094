#pragma once
// radius_neighbors_classifier and radius_neighbors_regressor: what all samples within a distance say.
//
// **Source** neighbor_model.hpp.

#include <tutti/algorithm/distance.hpp>
#include <tutti/core/labels.hpp>
#include <tutti/core/view.hpp>
#include <tutti/neighbors/nearest_neighbors.hpp>
#include <tutti/neighbors/neighbor_model.hpp>
#include <tutti/neighbors/neighbor_weights.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti {

template <class T, label L, class Metric = euclidean, weights_of_neighbors Weights = neighbor_weights>
using radius_neighbors_classifier_model = neighbor_classifier<T, L, Metric, Weights, detail::radius_reach>;

template <class T, class Metric = euclidean, weights_of_neighbors Weights = neighbor_weights>
using radius_neighbors_regressor_model = neighbor_regressor<T, Metric, Weights, detail::radius_reach>;

/// A learner of classes from all samples within a radius.
///
///     const auto model = tutti::radius_neighbors_classifier{.outlier_label = -1}.fit(tutti::par_simd, X, y);
template <class Metric = euclidean, weights_of_neighbors Weights = neighbor_weights>
struct basic_radius_neighbors_classifier {
  double radius = 1;                     ///< >= 0, in the units of the metric; more of it: smoother borders
  Weights weights{};                     ///< what a neighbour counts
  tutti::outlier_label outlier_label{};  ///< what a query without neighbours is: an error, a label, or most_frequent()
  Metric metric{};                       ///< what "near" means

  /// Samples and their labels, ready to be searched.
  ///
  /// X         [n x p]  samples, either storage order; copied
  /// y         [n]      labels: any integral or enum type, any values
  /// returns   model
  /// throws    invalid_input as `nearest_neighbors::fit`, and if y has not n elements, there is one class only, or
  ///           outlier_label is none that the labels' type can hold
  /// cost      two passes over X; memory 2 n p
  /// note      the same bits on every policy
  template <host_policy Policy, samples_like M, labels_like Y>
  auto fit(const Policy& policy, const M& X, const Y& y) const {
    return detail::fit_neighbor_classes<detail::radius_reach>(
        policy, "radius_neighbors_classifier::fit", basic_nearest_neighbors<Metric>{.radius = radius, .metric = metric},
        X, y, weights, outlier_label);
  }
};

using radius_neighbors_classifier = basic_radius_neighbors_classifier<>;

/// A learner of numbers from all samples within a radius.
///
///     const auto model = tutti::radius_neighbors_regressor{.radius = 0.5}.fit(tutti::par_simd, X, y);
template <class Metric = euclidean, weights_of_neighbors Weights = neighbor_weights>
struct basic_radius_neighbors_regressor {
  double radius = 1;  ///< >= 0, in the units of the metric; more of it: smoother
  Weights weights{};  ///< what a neighbour counts
  Metric metric{};    ///< what "near" means

  /// Samples and their targets, ready to be searched.
  ///
  /// X         [n x p]  samples, either storage order; copied
  /// y         [n]      targets, in any unit
  /// returns   model
  /// throws    invalid_input as `nearest_neighbors::fit`, and if y has not n elements or one that is not finite
  /// cost      two passes over X; memory 2 n p
  /// note      the same bits on every policy
  template <host_policy Policy, samples_like M, vector_like Y>
  auto fit(const Policy& policy, const M& X, const Y& y) const {
    return detail::fit_neighbor_values<detail::radius_reach>(
        policy, "radius_neighbors_regressor::fit", basic_nearest_neighbors<Metric>{.radius = radius, .metric = metric},
        X, y, weights);
  }
};

using radius_neighbors_regressor = basic_radius_neighbors_regressor<>;

}  // namespace tutti
