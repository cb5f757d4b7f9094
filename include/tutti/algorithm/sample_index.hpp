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
#include <tutti/algorithm/kd_search.hpp>
#include <tutti/algorithm/kd_tree.hpp>
#include <tutti/algorithm/neighbor_filter.hpp>
#include <tutti/algorithm/packed_samples.hpp>
#include <tutti/algorithm/radius_search.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti::detail {

/// Metrics whose sum over a box is least where the query is nearest in each feature.
template <class Metric>
inline constexpr bool has_kd_tree = metric_of_terms<Metric> && !std::is_same_v<Metric, hamming>;

template <class T, class Metric>
class sample_index {
 public:
  index n_features() const { return features_; }
  index n_samples() const { return features_ == 0 ? 0 : static_cast<index>(rows_.size()) / features_; }
  matrix_view<const T> samples() const { return view(rows_.data(), n_samples(), features_); }
  bool has_tree() const { return !tree_.levels.empty(); }

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
  /// by_tree   only where has_kd_tree, for fewer than 2^31 samples
  /// throws    invalid_input if a value is not finite, or squares overflow
  template <class Policy>
  void prepare(const Policy& policy, std::string_view who, const Metric& metric, [[maybe_unused]] bool by_tree) {
    if constexpr (has_kd_tree<Metric>)
      if (by_tree) {
        require_finite(policy, who, "X", samples());
        tree_ = build_kd_tree(policy, samples());
        return;
      }
    packed_ = pack_samples(policy, who, samples(), filter_of(metric));
  }

  /// The k nearest samples of each query; arguments as for brute_search, `near` in memory of the policy's tasks.
  template <class Policy>
  void nearest(const Policy& policy, const Metric& metric, matrix_view<const T> near, index k, self_query self,
               double* distance, index* sample) const {
    if constexpr (has_kd_tree<Metric>)
      if (has_tree()) return kd_search(policy, tree_, metric, near, k, self, distance, sample);
    const auto rows = policy.bring(view(rows_)), panels = policy.bring(view(packed_.panels)),
               start = policy.bring(view(packed_.start)), centre = policy.bring(view(packed_.centre));
    const auto searched = searched_at(rows.view().data, panels.view().data, start.view().data, centre.view().data);
    brute_search(policy, searched, filter_of(metric), near, k, self, distance, sample);
  }

  /// All samples within the radius of each query, in order; arguments as for radius_search.
  template <class Policy>
  std::vector<std::vector<neighbor>> within(const Policy& policy, const Metric& metric, matrix_view<const T> Q,
                                            double radius, self_query self) const {
    std::vector<std::vector<neighbor>> found(static_cast<std::size_t>(Q.rows));
    if constexpr (has_kd_tree<Metric>)
      if (has_tree()) {
        kd_radius_search(policy, tree_, metric, Q, radius, self, found.data());
        return found;
      }
    const auto searched = searched_at(rows_.data(), packed_.panels.data(), packed_.start.data(), packed_.centre.data());
    radius_search(policy, searched, filter_of(metric), Q, radius, self, found.data());
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
  searched_samples<T> searched_at(const T* rows, const T* panels, const T* start, const T* centre) const {
    return {rows, n_samples(), features_, panels, packed_.lanes(), start, centre, packed_.longest};
  }

  index features_ = 0;
  std::vector<T> rows_;  // [n x p]
  // One of them, from prepare():
  packed_samples<T> packed_;
  kd_tree<T> tree_;
};

}  // namespace tutti::detail
