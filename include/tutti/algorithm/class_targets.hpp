#pragma once
// class_targets: what a classifier's fit makes of the caller's labels, sample weights and class weights.

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/encode_labels.hpp>
#include <tutti/algorithm/near_vector.hpp>
#include <tutti/core/labels.hpp>
#include <tutti/core/storage.hpp>
#include <tutti/core/view.hpp>

namespace tutti::detail {

/// The classes, each sample's class as a number, and what each sample counts. In host memory.
template <class T, class L>
class class_targets {
 public:
  /// y        [n]
  /// wanted   weights of the classes
  /// throws   invalid_input for weights that are negative, not finite, all zero, or of no class
  template <class Policy, class W, class X>
  class_targets(const Policy& policy, std::string_view who, vector_view<const L> y, const W& sample_weight,
                const matrix_view<X>& x, const class_weights& wanted)
      : codes_(y.size), total_weight_(static_cast<double>(y.size)) {
    const auto& host = policy.host();
    const host_vector<Policy, L> labels(policy, y);
    if constexpr (vector_like<W>) {
      using E = element_of<W>;
      const host_vector<Policy, E> weights(policy, vector_view<const E>(view(sample_weight)));
      const near_weights<std::remove_cvref_t<decltype(host)>, T> checked(host, who, weights.view(), x);
      encode(host, who, labels.view(), vector_view<const T>{checked.data(), y.size, 1}, wanted);
    } else {
      encode(host, who, labels.view(), vector_view<const T>{}, wanted);
    }
  }

  const class_set<L>& classes() const { return classes_; }
  /// [n] 0, 1, 2, ... as numbers
  vector_view<const T> codes() const { return {codes_.data(), codes_.size(), 1}; }
  /// [n] sample weight times class weight; empty if all are one
  vector_view<const T> weights() const { return {weights_.data(), weights_.size(), 1}; }
  double total_weight() const { return total_weight_; }

 private:
  template <class Host>
  void encode(const Host& host, std::string_view who, vector_view<const L> y, vector_view<const T> weight,
              const class_weights& wanted) {
    classes_ = find_classes(host, y);
    encode_labels(host, who, y, weight, classes_, codes_.data());
    if (weight.size == 0 && wanted.is_uniform()) return;
    std::vector<double> totals = class_totals(host, codes_.data(), weight, y.size, classes_.size());
    if (std::find(totals.begin(), totals.end(), 0.0) != totals.end()) {  // classes of absent samples only
      classes_ = class_set<L>(present_labels(y, weight));
      encode_labels(host, who, y, weight, classes_, codes_.data());
      totals = class_totals(host, codes_.data(), weight, y.size, classes_.size());
    }
    const std::vector<double> factor = class_factors(who, wanted, classes_, totals);
    total_weight_ = 0;
    for (std::size_t c = 0; c < totals.size(); ++c) total_weight_ += totals[c] * factor[c];
    require(total_weight_ > 0, who, "class_weight leaves no sample any weight");
    weights_ = storage<T>(y.size);
    host.for_blocks(y.size, label_block, [&](index begin, index end, std::byte*) {
      for (index i = begin; i < end; ++i) {
        const double counts = factor[static_cast<std::size_t>(codes_[i])];
        weights_[i] = static_cast<T>(counts * (weight.size > 0 ? static_cast<double>(weight(i)) : 1.0));
      }
    });
  }

  class_set<L> classes_;
  storage<T> codes_;
  storage<T> weights_;
  double total_weight_;
};

}  // namespace tutti::detail
