#pragma once
// nearest_centroid: the class whose mean is nearest; means may be shrunken towards the mean of all.
//
// **Source** Hastie, Tibshirani, Friedman, The Elements of Statistical Learning (2009), section 18.2.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/class_targets.hpp>
#include <tutti/algorithm/label_output.hpp>
#include <tutti/algorithm/moments.hpp>
#include <tutti/algorithm/scores.hpp>
#include <tutti/core/arithmetic.hpp>
#include <tutti/core/labels.hpp>
#include <tutti/core/learner.hpp>
#include <tutti/core/storage.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti::detail {

/// -|x - centroid k|^2: the nearest centroid has the largest score.
template <class T>
struct centroid_score {
  const T* centroids;  ///< [k x p]
  index features;

  /// feature(j): feature j of as many samples as V has lanes
  template <class V, class Feature>
  [[gnu::always_inline]] constexpr V operator()(index k, const Feature& feature) const {
    const T* const c = centroids + k * features;
    const V zero = V::all(T(0));
    const V distance = sum_terms<V>(features, zero, [&](index j) {
      const V away = feature(j) - V::all(c[j]);
      return away * away;
    });
    return zero - distance;
  }
};

/// Moves the mean of group k towards the mean of all by threshold sqrt(1 / n_k - 1 / n) (s_j + median of s), never past
/// it. s_j is the spread of feature j within the groups.
inline void shrink_means(group_moments& seen, double threshold) {
  const matrix_view<double> mean = view(seen.mean.data(), seen.groups, seen.features);
  const matrix_view<double> square = view(seen.square.data(), seen.groups, seen.features);
  const double n = std::accumulate(seen.weight.begin(), seen.weight.end(), 0.0);
  const double freedom = n - static_cast<double>(seen.groups);
  std::vector<double> centre, spread;
  for (index j = 0; j < seen.features; ++j) {
    double sum = 0, squares = 0;
    for (index k = 0; k < seen.groups; ++k) {
      sum += product(seen.weight[static_cast<std::size_t>(k)], mean(k, j));
      squares += square(k, j);
    }
    centre.push_back(sum / n);
    spread.push_back(freedom > 0 ? std::sqrt(squares / freedom) : 0.0);
  }
  std::vector<double> sorted = spread;
  std::sort(sorted.begin(), sorted.end());
  const double median = 0.5 * (sorted[(sorted.size() - 1) / 2] + sorted[sorted.size() / 2]);
  for (index k = 0; k < seen.groups; ++k) {
    const double step = threshold * std::sqrt(1 / seen.weight[static_cast<std::size_t>(k)] - 1 / n);
    for (index j = 0; j < seen.features; ++j) {
      const double to = centre[static_cast<std::size_t>(j)], away = mean(k, j) - to;
      const double left = std::abs(away) - product(step, spread[static_cast<std::size_t>(j)] + median);
      mean(k, j) = left > 0 ? to + std::copysign(left, away) : to;
    }
  }
}

}  // namespace tutti::detail

namespace tutti {

/// A nearest centroid model.
template <class T, label L>
class nearest_centroid_model {
 public:
  static constexpr const char* kind = "nearest_centroid";

  nearest_centroid_model(class_set<L> classes, std::vector<T> centroids)
      : classes_(std::move(classes)), centroids_(std::move(centroids)) {}
  explicit nearest_centroid_model(unfilled) {}

  index n_features() const { return static_cast<index>(centroids_.size()) / classes_.size(); }
  /// [k] ascending
  const std::vector<L>& classes() const { return classes_.labels(); }
  /// [k x p] in the units of the features
  matrix_view<const T> centroids() const { return view(centroids_.data(), classes_.size(), n_features()); }

  /// The class of the nearest centroid; the lowest among equals.
  ///
  /// X         [n x p]
  /// returns   [n] in the type of the training labels
  /// throws    invalid_input if X has another number of columns, or an element that is not finite
  /// cost      one pass over X, 3 n p k operations
  /// note      the same bits on every policy
  template <execution_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  std::vector<L> predict(const Policy& policy, const M& X) const {
    const matrix_view<const T> x = view(X);
    detail::require_features("predict", x, n_features());
    const auto near_x = policy.bring(x), near_centroids = policy.bring(centroids());
    const detail::centroid_score<T> score{near_centroids.view().data, n_features()};
    const index k = classes_.size();
    return detail::produce_labels(policy, classes_, x.rows, [&](const L* names, L* out) {
      detail::score_samples(policy, "predict", near_x.view(), k, score, detail::store_labels<T, L>{names, out, k});
    });
  }

  template <class Visitor>
  void fields(Visitor&& visit) {
    visit("classes", classes_);
    visit("centroids", centroids_, classes_.size());
  }
  const char* inconsistency() const {
    const auto k = static_cast<std::size_t>(classes_.size());
    if (k < 2) return "fewer than two classes";
    return centroids_.empty() || centroids_.size() % k != 0 ? "centroids are not a row of features for each class" : "";
  }

  friend bool operator==(const nearest_centroid_model&, const nearest_centroid_model&) = default;

 private:
  class_set<L> classes_;
  std::vector<T> centroids_;
};

/// A nearest centroid learner.
///
///     const auto model = tutti::nearest_centroid{.shrink_threshold = 0.5}.fit(tutti::par_simd, X, y);
struct nearest_centroid {
  double shrink_threshold = 0;  ///< >= 0; in spreads of a feature; more of it: fewer features tell the classes apart

  /// The mean of each class, shrunken.
  ///
  /// X               [n x p]  samples, either storage order; not copied on a host
  /// y               [n]      labels: any integral or enum type, any values
  /// sample_weight   [n]      >= 0, not all zero; ones if left out; 0 is an absent sample, k stands for k copies
  /// returns         model
  /// throws          invalid_input if the shapes disagree, X is empty, there is one class only, shrink_threshold < 0 or
  ///                 not finite, a weight is negative or all are zero, or a value is not finite
  /// cost            one pass over X; memory O(k p) a thread
  /// note            the same bits on every policy and for any number of threads
  template <execution_policy Policy, samples_like M, labels_like Y, weights_like W = no_weights>
  auto fit(const Policy& policy, const M& X, const Y& y, const W& sample_weight = {}) const {
    using T = scalar_of<M>;
    using L = element_of<Y>;
    detail::require_at_least(who, "shrink_threshold", shrink_threshold, 0);
    const matrix_view<const T> x = view(X);
    detail::require_samples(who, x);
    detail::require_length(who, "y", view(y).size, x);
    const detail::class_targets<T, L> targets(policy, who, vector_view<const L>(view(y)), sample_weight, x, {});
    const class_set<L>& classes = targets.classes();
    detail::require(classes.size() > 1, who, "y holds one class only: " + detail::label_text(classes[0]));

    const storage<std::int32_t> codes = whole_numbers(policy.host(), targets.codes());
    const auto near_x = policy.bring(x);
    const auto near_w = policy.bring(targets.weights());
    const auto near_codes = policy.bring(vector_view<const std::int32_t>{codes.data(), codes.size(), 1});

    group_moments seen = moments(policy, near_x.view(), near_w.view().data, near_codes.view().data, classes.size());
    if (!detail::all_finite(seen.mean) || !detail::all_finite(seen.square)) {
      detail::require_finite(policy, who, "X", near_x.view());
      detail::throw_overflow(who);
    }

    if (shrink_threshold > 0) detail::shrink_means(seen, shrink_threshold);
    nearest_centroid_model<T, L> model(classes, to_type<T>(seen.mean));
    report_progress(policy, 1, 1);
    return model;
  }

 private:
  static constexpr const char* who = "nearest_centroid::fit";

  template <class Host, class T>
  static storage<std::int32_t> whole_numbers(const Host& host, vector_view<const T> codes) {
    storage<std::int32_t> out(codes.size);
    host.for_blocks(codes.size, detail::label_block, [&](index begin, index end, std::byte*) {
      for (index i = begin; i < end; ++i) out[i] = static_cast<std::int32_t>(codes(i));
    });
    return out;
  }

  template <class T>
  static std::vector<T> to_type(const std::vector<double>& numbers) {
    std::vector<T> out;
    for (const double x : numbers) out.push_back(static_cast<T>(x));
    return out;
  }
};

}  // namespace tutti
