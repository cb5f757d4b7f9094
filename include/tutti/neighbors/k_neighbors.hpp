#pragma once
// k_neighbors_classifier and k_neighbors_regressor: what the k nearest samples say.
//
// **Source** neighbor_model.hpp.

#include <string>
#include <string_view>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/distance.hpp>
#include <tutti/core/labels.hpp>
#include <tutti/core/view.hpp>
#include <tutti/neighbors/nearest_neighbors.hpp>
#include <tutti/neighbors/neighbor_model.hpp>
#include <tutti/neighbors/neighbor_weights.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti {

namespace detail {

template <class M>
void require_neighbors(std::string_view who, index k, const M& X) {
  const index n = view(X).rows;
  require(n == 0 || k <= n, who, "n_neighbors is " + std::to_string(k) + ", X has " + std::to_string(n) + " rows");
}

}  // namespace detail

template <class T, label L, class Metric = euclidean, weights_of_neighbors Weights = neighbor_weights>
using k_neighbors_classifier_model = neighbor_classifier<T, L, Metric, Weights, detail::k_nearest_reach>;

template <class T, class Metric = euclidean, weights_of_neighbors Weights = neighbor_weights>
using k_neighbors_regressor_model = neighbor_regressor<T, Metric, Weights, detail::k_nearest_reach>;

/// A learner of classes from the k nearest samples.
///
///     const auto model = tutti::k_neighbors_classifier{.n_neighbors = 15}.fit(tutti::par_simd, X, y);
template <class Metric = euclidean, weights_of_neighbors Weights = neighbor_weights>
struct basic_k_neighbors_classifier {
  index n_neighbors = 5;  ///< >= 1, at most n; more of them: smoother borders
  Weights weights{};      ///< what a neighbour counts
  Metric metric{};        ///< what "near" means

  /// Samples and their labels, ready to be searched.
  ///
  /// X         [n x p]  samples, either storage order; copied
  /// y         [n]      labels: any integral or enum type, any values
  /// returns   model
  /// throws    invalid_input as `nearest_neighbors::fit`, and if y has not n elements, there is one class only, or
  ///           n_neighbors > n
  /// cost      two passes over X; memory 2 n p
  /// note      the same bits on every policy
  template <execution_policy Policy, samples_like M, labels_like Y>
  auto fit(const Policy& policy, const M& X, const Y& y) const {
    constexpr const char* who = "k_neighbors_classifier::fit";
    detail::require_neighbors(who, n_neighbors, X);
    return detail::fit_neighbor_classes<detail::k_nearest_reach>(
        policy, who, basic_nearest_neighbors<Metric>{.n_neighbors = n_neighbors, .metric = metric}, X, y, weights, {});
  }
};

using k_neighbors_classifier = basic_k_neighbors_classifier<>;

/// A learner of numbers from the k nearest samples.
///
///     const auto model = tutti::k_neighbors_regressor{.n_neighbors = 10}.fit(tutti::par_simd, X, y);
template <class Metric = euclidean, weights_of_neighbors Weights = neighbor_weights>
struct basic_k_neighbors_regressor {
  index n_neighbors = 5;  ///< >= 1, at most n; more of them: smoother
  Weights weights{};      ///< what a neighbour counts
  Metric metric{};        ///< what "near" means

  /// Samples and their targets, ready to be searched.
  ///
  /// X         [n x p]  samples, either storage order; copied
  /// y         [n]      targets, in any unit
  /// returns   model
  /// throws    invalid_input as `nearest_neighbors::fit`, and if y has not n elements or one that is not finite, or
  ///           n_neighbors > n
  /// cost      two passes over X; memory 2 n p
  /// note      the same bits on every policy
  template <execution_policy Policy, samples_like M, vector_like Y>
  auto fit(const Policy& policy, const M& X, const Y& y) const {
    constexpr const char* who = "k_neighbors_regressor::fit";
    detail::require_neighbors(who, n_neighbors, X);
    return detail::fit_neighbor_values<detail::k_nearest_reach>(
        policy, who, basic_nearest_neighbors<Metric>{.n_neighbors = n_neighbors, .metric = metric}, X, y, weights);
  }
};

using k_neighbors_regressor = basic_k_neighbors_regressor<>;

}  // namespace tutti
