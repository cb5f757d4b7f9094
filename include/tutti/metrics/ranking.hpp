#pragma once
// How well scores order two classes: the area under the ROC curve. Weighted.

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/encode_labels.hpp>
#include <tutti/algorithm/near_vector.hpp>
#include <tutti/core/arithmetic.hpp>
#include <tutti/core/labels.hpp>
#include <tutti/core/storage.hpp>
#include <tutti/core/view.hpp>
#include <tutti/metrics/inputs.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti {

namespace detail {

template <class P, class T>
struct number_samples_kernel {
  static constexpr index block = 1 << 14;

  vector_view<const T> from;
  T* keys;
  std::int32_t* sample;

  constexpr void operator()(index begin, index end, std::byte*) const {
    for (index i = begin + P::lane(); i < end; i += P::step()) {
      keys[i] = from(i);
      sample[i] = static_cast<std::int32_t>(i);
    }
  }
};

}  // namespace detail

/// The chance that a sample of the larger class scores above one of the smaller; ties count half.
///
/// y               [n]  labels, two classes
/// score           [n]  float or double, finite; larger means more likely `classes()[1]`
/// sample_weight   [n]  >= 0, not all zero; ones if left out
/// returns         in [0, 1]
/// throws          invalid_input if the lengths differ or are zero, there are not two classes with weight, a score is
///                 not finite, or a weight is bad; unsupported for 2^31 samples and more
/// cost            O(n log n): one sort
/// source          Hanley and McNeil, The meaning and use of the area under a ROC curve, Radiology 143 (1982)
/// note            the same bits on every policy
template <execution_policy Policy, labels_like Y, vector_like S, weights_like W = no_weights>
  requires std::is_floating_point_v<element_of<S>>
double roc_auc_score(const Policy& policy, const Y& y, const S& score, const W& sample_weight = {}) {
  static constexpr const char* who = "roc_auc_score";
  using L = element_of<Y>;
  using T = element_of<S>;
  const vector_view<const L> labels = view(y);
  const vector_view<const T> scores = view(score);
  const index n = labels.size;
  detail::require_pairs(who, n, scores.size);
  if (n > INT32_MAX) throw unsupported(std::string(who) + ": more than 2^31 - 1 samples");
  const auto near_score = policy.bring(scores);
  const matrix_view<const T> score_column{near_score.view().data, n, 1, near_score.view().stride, 1};
  detail::require_finite(policy, who, "score", score_column);

  auto keys = policy.template make_buffer<T>(n);
  auto order = policy.template make_buffer<std::int32_t>(n);
  using kernel_type = detail::number_samples_kernel<typename Policy::template pack<T>, T>;
  policy.for_blocks(n, kernel_type::block, kernel_type{near_score.view(), keys.data(), order.data()});
  policy.sort_pairs(keys.data(), order.data(), n);
  storage<T> sorted(n);
  storage<std::int32_t> sample(n);
  policy.copy_to_host(vector_view<const T>{keys.data(), n, 1}, sorted.data());
  policy.copy_to_host(vector_view<const std::int32_t>{order.data(), n, 1}, sample.data());

  const detail::host_vector<Policy, L> host_labels(policy, labels);
  class_set<L> classes = detail::find_classes(policy.host(), host_labels.view());
  std::vector<double> weight(static_cast<std::size_t>(n), 1.0);
  if constexpr (vector_like<W>) {
    const auto near_w = detail::weights_of_pairs(policy, who, sample_weight, n);
    policy.copy_to_host(vector_view<const double>{near_w.data(), n, 1}, weight.data());
    classes = class_set<L>(detail::present_labels(host_labels.view(), vector_view<const double>(view(weight))));
  }
  detail::require(classes.size() == 2, who, "y holds " + std::to_string(classes.size()) + " classes, expected 2");

  // Upwards: a sample of the larger class is above all smaller-class weight before its ties, and beside half of theirs.
  double below = 0, above = 0, area = 0;
  for (index i = 0; i < n;) {
    double tied_low = 0, tied_high = 0;
    const T here = sorted[i];
    for (; i < n && sorted[i] == here; ++i) {
      const auto at = static_cast<std::size_t>(sample[i]);
      (host_labels.view()(sample[i]) == classes[1] ? tied_high : tied_low) += weight[at];
    }
    area += detail::product(tied_high, below + 0.5 * tied_low);
    below += tied_low;
    above += tied_high;
  }
  return area / (below * above);
}

}  // namespace tutti
