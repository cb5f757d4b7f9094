#pragma once
// local_outlier_factor: samples where there are fewer of them than around their neighbours.
//
// **Source** Breunig, Kriegel, Ng, Sander, LOF: identifying density-based local outliers, SIGMOD (2000), definitions 3
// to 7.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/distance.hpp>
#include <tutti/core/arithmetic.hpp>
#include <tutti/core/learner.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>
#include <tutti/neighbors/nearest_neighbors.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti {

template <class Metric>
struct basic_local_outlier_factor;

/// How dense samples lie, and whether others would be outliers among them.
template <class T, class Metric = euclidean>
class local_outlier_factor_model {
 public:
  index n_features() const { return neighbors_.n_features(); }
  /// The samples, to look for neighbours by hand.
  const nearest_neighbors_model<T, Metric>& neighbors() const { return neighbors_; }
  /// [n] of the samples, less their factors: about -1 among equals, far below for outliers
  std::span<const double> negative_outlier_factor() const { return factor_; }
  /// Below which a negative factor is an outlier's.
  double offset() const { return offset_; }
  /// [n] of the samples: 1, or -1 for an outlier
  std::vector<int> labels() const { return labels_of(factor_); }

  /// The negative factor of new samples, each as if it alone were added.
  ///
  /// X         [m x p]
  /// returns   [m] the larger, the more normal
  /// throws    invalid_input if X has another number of columns, an element is not finite, or a distance overflows
  /// cost      O(m n p); memory O(m k)
  /// note      the same bits on every policy. The samples themselves would be among their own neighbours
  template <execution_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  std::vector<double> score_samples(const Policy& policy, const M& X) const {
    return factors_of(neighbors_.kneighbors(policy, X));
  }

  /// score_samples less the offset: negative for outliers.
  template <execution_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  std::vector<double> decision_function(const Policy& policy, const M& X) const {
    std::vector<double> out = score_samples(policy, X);
    for (double& x : out) x -= offset_;
    return out;
  }

  /// 1, or -1 for an outlier among the samples.
  template <execution_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  std::vector<int> predict(const Policy& policy, const M& X) const {
    return labels_of(score_samples(policy, X));
  }

 private:
  friend basic_local_outlier_factor<Metric>;

  /// found   of the samples themselves
  local_outlier_factor_model(nearest_neighbors_model<T, Metric> neighbors, const k_nearest& found)
      : neighbors_(std::move(neighbors)) {
    const index n = found.indices.rows(), k = found.indices.cols();
    for (index i = 0; i < n; ++i) reach_.push_back(found.distances(i, k - 1));
    for (index i = 0; i < n; ++i) density_.push_back(density_of(found, i));
    factor_ = factors_of(found);
  }

  /// One by the mean distance from which the neighbours are reached.
  double density_of(const k_nearest& found, index i) const {
    const auto near = found.indices.row(i);
    const auto distance = found.distances.row(i);
    double sum = 0;
    for (std::size_t n = 0; n < near.size(); ++n)
      sum += std::max(distance[n], reach_[static_cast<std::size_t>(near[n])]);
    return 1 / (sum / static_cast<double>(near.size()) + 1e-10);  // duplicates: not infinite
  }

  std::vector<double> factors_of(const k_nearest& found) const {
    std::vector<double> out;
    for (index i = 0; i < found.indices.rows(); ++i) {
      const auto near = found.indices.row(i);
      const double own = density_of(found, i);
      double sum = 0;
      for (const index at : near) sum += density_[static_cast<std::size_t>(at)] / own;
      out.push_back(-sum / static_cast<double>(near.size()));
    }
    return out;
  }

  std::vector<int> labels_of(std::span<const double> factors) const {
    std::vector<int> out;
    for (const double x : factors) out.push_back(x < offset_ ? -1 : 1);
    return out;
  }

  nearest_neighbors_model<T, Metric> neighbors_;
  std::vector<double> reach_;    // [n] distance to the k-th neighbour
  std::vector<double> density_;  // [n]
  std::vector<double> factor_;   // [n]
  double offset_ = -1.5;
};

/// A learner of outliers.
///
///     const auto model = tutti::local_outlier_factor{}.fit(tutti::par_simd, X);
///     const std::vector<int> labels = model.labels();   // -1: an outlier
template <class Metric = euclidean>
struct basic_local_outlier_factor {
  index n_neighbors = 20;    ///< >= 1, below n; more of them: wider surroundings
  double contamination = 0;  ///< in [0, 0.5]; share of the samples that are outliers; 0: those with factors above 1.5
  Metric metric{};           ///< what "near" means

  /// The density of samples among samples.
  ///
  /// X         [n x p]  samples, either storage order; copied
  /// returns   model
  /// throws    invalid_input as `nearest_neighbors::fit`, and if n_neighbors >= n or contamination is out of range
  /// cost      O(n^2 p) work; memory 2 n p and O(n k)
  /// note      the same bits on every policy
  template <execution_policy Policy, samples_like M>
  auto fit(const Policy& policy, const M& X) const {
    constexpr const char* who = "local_outlier_factor::fit";
    using T = scalar_of<M>;
    const index n = view(X).rows;
    detail::require(n == 0 || n_neighbors < n, who,
                    "n_neighbors is " + std::to_string(n_neighbors) + ", X has " + std::to_string(n) +
                        " rows: expected fewer neighbours than rows");
    detail::require(contamination >= 0 && contamination <= 0.5, who,
                    "contamination must be in [0, 0.5], got " + std::to_string(contamination));
    auto neighbors = basic_nearest_neighbors<Metric>{.n_neighbors = n_neighbors, .metric = metric}.fit(policy, X);
    const k_nearest found = neighbors.kneighbors(policy);
    local_outlier_factor_model<T, Metric> model(std::move(neighbors), found);
    if (contamination > 0) model.offset_ = quantile(model.factor_, contamination);
    return model;
  }

 private:
  /// Between the two numbers of the sorted ones that the share lies between.
  static double quantile(std::vector<double> numbers, double share) {
    std::sort(numbers.begin(), numbers.end());
    const double place = share * static_cast<double>(numbers.size() - 1), below = std::floor(place);
    const auto at = static_cast<std::size_t>(below);
    const double next = numbers[std::min(at + 1, numbers.size() - 1)];
    return numbers[at] + detail::product(place - below, next - numbers[at]);
  }
};

using local_outlier_factor = basic_local_outlier_factor<>;

}  // namespace tutti
