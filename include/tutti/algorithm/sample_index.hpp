#pragma once
// sample_index: samples, ready to be searched for neighbours, by all pairs or by a tree.

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <tutti/algorithm/brute_search.hpp>
#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/distance.hpp>
#include <tutti/algorithm/ball_tree.hpp>
#include <tutti/algorithm/ball_walk.hpp>
#include <tutti/algorithm/curve_order.hpp>
#include <tutti/algorithm/kd_tree.hpp>
#include <tutti/algorithm/kd_walk.hpp>
#include <tutti/algorithm/neighbor_filter.hpp>
#include <tutti/algorithm/packed_samples.hpp>
#include <tutti/algorithm/radius_search.hpp>
#include <tutti/algorithm/tree_search.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti::detail {

/// Metrics whose sum over a box is least where the query is nearest in each feature.
template <class Metric>
inline constexpr bool has_kd_tree = metric_of_terms<Metric> && !std::is_same_v<Metric, hamming>;

/// Metrics that keep the triangle inequality, or are said to.
template <class Metric, class T>
inline constexpr bool has_ball_tree = metric_of_pairs<Metric, T> ||
                                      (metric_of_terms<Metric> && !std::is_same_v<Metric, squared_euclidean>);

enum class search_by { pairs, kd_tree, ball_tree };

template <class T, class Metric>
class sample_index {
 public:
  index n_features() const { return features_; }
  index n_samples() const { return features_ == 0 ? 0 : static_cast<index>(rows_.size()) / features_; }
  matrix_view<const T> samples() const { return view(rows_.data(), n_samples(), features_); }
  search_by way() const { return way_; }

  /// Copies the samples.
  template <class Policy>
  void assign(const Policy& policy, matrix_view<const T> X) {
    features_ = X.cols;
    rows_.resize(static_cast<std::size_t>(X.rows * X.cols));
    T* const rows = rows_.data();
    policy.for_blocks(X.rows, index{1024}, [&](index begin, index end, std::byte*) {
      for (index i = begin; i < end; ++i)
        for (index j = 0; j < X.cols; ++j) rows[i * X.cols + j] = X(i, j);
    });
  }

  /// Makes of the samples what a search needs.
  ///
  /// way      a tree only where the metric has one, for fewer than 2^31 samples
  /// throws   invalid_input if a value is not finite, or squares overflow
  template <class Policy>
  void prepare(const Policy& policy, std::string_view who, const Metric& metric, search_by way) {
    way_ = way;
    if (way == search_by::pairs) {
      packed_ = pack_samples(policy, who, samples(), filter_of(metric));
      return;
    }
    require_finite(policy, who, "X", samples());
    bounds_ = bounds_of(samples());
    if constexpr (has_kd_tree<Metric>)
      if (way == search_by::kd_tree) kd_ = build_kd_tree(policy, samples());
    if constexpr (has_ball_tree<Metric, T>)
      if (way == search_by::ball_tree) ball_ = build_ball_tree(policy, samples(), filter_of(metric));
  }

  /// The k nearest samples of each query; arguments as for brute_search, `near` in memory of the policy's tasks.
  ///
  /// note   a device has no trees: it packs the samples for all pairs in each call
  template <class Policy>
  void nearest(const Policy& policy, const Metric& metric, matrix_view<const T> near, index k, self_query self,
               double* distance, index* sample) const {
    const auto filter = filter_of(metric);
    const auto by_pairs = [&](const packed_samples<T>& packed) {
      const auto rows = policy.bring(view(rows_)), panels = policy.bring(view(packed.panels)),
                 start = policy.bring(view(packed.start)), centre = policy.bring(view(packed.centre));
      const searched_samples<T> searched{rows.view().data,  n_samples(),       features_,
                                         panels.view().data, packed.lanes(),    start.view().data,
                                         centre.view().data, packed.longest};
      brute_search(policy, searched, filter, near, k, self, distance, sample);
    };
    if (way_ == search_by::pairs) return by_pairs(packed_);
    if constexpr (host_policy<Policy>)
      with_walk<Policy>(metric, filter, [&](const auto& walk) {
        tree_search(policy, walk, filter, bounds_, near, k, self, distance, sample);
      });
    else
      by_pairs(pack_samples(policy.host(), "kneighbors", samples(), filter));
  }

  /// All samples within the radius of each query, in order; arguments as for radius_search.
  template <class Policy>
  std::vector<std::vector<neighbor>> within(const Policy& policy, const Metric& metric, matrix_view<const T> Q,
                                            double radius, self_query self) const {
    std::vector<std::vector<neighbor>> found(static_cast<std::size_t>(Q.rows));
    const auto filter = filter_of(metric);
    if (way_ == search_by::pairs) {
      const searched_samples<T> searched{rows_.data(),          n_samples(),     features_,
                                         packed_.panels.data(), packed_.lanes(), packed_.start.data(),
                                         packed_.centre.data(), packed_.longest};
      radius_search(policy, searched, filter, Q, radius, self, found.data());
    } else {
      with_walk<Policy>(metric, filter, [&](const auto& walk) {
        const auto limit = walk.threshold_of(filter.sum_within(radius, features_));
        tree_radius_search(policy, walk, filter, limit, Q, radius, self, found.data());
      });
    }
    return found;
  }

  template <class Visitor>
  void fields(Visitor&& visit) {
    visit("samples", rows_, n_samples());
    visit("features", features_);
  }
  const char* inconsistency() const {
    const bool fits = features_ >= 1 && !rows_.empty() && static_cast<index>(rows_.size()) % features_ == 0;
    return fits ? "" : "samples are not rows of features";
  }

  friend bool operator==(const sample_index& a, const sample_index& b) {
    return a.rows_ == b.rows_ && a.features_ == b.features_;
  }

 private:
  /// f(walk) through the tree.
  template <class Policy, class Filter, class F>
  void with_walk([[maybe_unused]] const Metric& metric, [[maybe_unused]] const Filter& filter, const F& f) const {
    using P = typename Policy::template pack<T>;
    if constexpr (has_kd_tree<Metric>)
      if (way_ == search_by::kd_tree) return f(kd_walk<P, Metric>(kd_, metric));
    if constexpr (has_ball_tree<Metric, T>) f(ball_walk<P, Filter>(ball_, filter));
  }

  index features_ = 0;
  std::vector<T> rows_;  // [n x p]
  // What prepare() makes of them, for one way:
  search_by way_ = search_by::pairs;
  packed_samples<T> packed_;
  kd_tree<T> kd_;
  ball_tree<T> ball_;
  feature_bounds bounds_;  // of trees
};

}  // namespace tutti::detail
