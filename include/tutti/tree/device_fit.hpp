#pragma once
// Fits trees on a device: bins and what comes after the trees on the host, by one thread; the trees level by level on
// the device.

#include <type_traits>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/host_matrix.hpp>
#include <tutti/algorithm/near_vector.hpp>
#include <tutti/core/labels.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/host_algorithms.hpp>
#include <tutti/policy/host_memory.hpp>
#include <tutti/policy/policy.hpp>
#include <tutti/policy/seq.hpp>
#include <tutti/policy/serial_loops.hpp>
#include <tutti/tree/fit_classes.hpp>
#include <tutti/tree/fit_values.hpp>
#include <tutti/tree/tree_options.hpp>

namespace tutti::detail {

/// The host beside a device: a host policy of one thread that knows where trees grow.
template <class Device>
class beside_device : public host_memory<beside_device<Device>>,
                      public serial_loops<beside_device<Device>>,
                      public host_algorithms<beside_device<Device>> {
 public:
  template <class T>
  using pack = basic_seq<>::pack<T>;

  /// device   must outlive the calls
  explicit beside_device(const Device& device) : device_(&device) {}

  const run_control* control() const { return device_->control(); }
  const beside_device& inner() const { return *this; }
  const Device& device() const { return *device_; }

 private:
  const Device* device_;
};

/// throws   invalid_input for what no device does
inline void require_for_device(const tree_options& options) {
  require(!options.exact_splits, options.who, "exact_splits are not available on a device");
}

/// f(weights) with the caller's weights in host memory, or none.
template <class Policy, class W, class F>
auto with_weights_here(const Policy& policy, const W& weights, const F& f) {
  if constexpr (vector_like<W>) {
    const host_vector<Policy, element_of<W>> here(policy, vector_view<const element_of<W>>(view(weights)));
    return f(here.view());
  } else {
    return f(weights);
  }
}

/// As on a host, for a device.
template <class Policy, class T, class L, class W>
  requires(!host_policy<Policy>)
forest_classifier_model<T, L> fit_classes(const Policy& policy, const tree_options& options, class_criterion criterion,
                                          const forest_class_weights& class_weight, matrix_view<const T> X,
                                          vector_view<const L> y, const W& sample_weight,
                                          const forest_classifier_model<T, L>* before) {
  require_for_device(options);
  const host_matrix<Policy, T> samples(policy, X);
  const host_vector<Policy, L> labels(policy, y);
  const beside_device<Policy> host(policy);
  return with_weights_here(policy, sample_weight, [&](const auto& weights) {
    return fit_classes<beside_device<Policy>, T, L, std::remove_cvref_t<decltype(weights)>>(
        host, options, criterion, class_weight, samples.view(), labels.view(), weights, before);
  });
}

/// As on a host, for a device.
template <class Policy, class T, class Y, class W>
  requires(!host_policy<Policy>)
auto fit_values(const Policy& policy, const tree_options& options, value_criterion criterion, matrix_view<const T> X,
                const Y& y, const W& sample_weight, const forest_regressor_model<T, !vector_like<Y>>* before) {
  static_assert(vector_like<Y>, "several targets are not available on a device: fit them one by one");
  require_for_device(options);
  require(criterion != value_criterion::absolute_error, options.who,
          "criterion absolute_error is not available on a device; squared_error and poisson are");
  const host_matrix<Policy, T> samples(policy, X);
  const host_vector<Policy, element_of<Y>> targets(policy, vector_view<const element_of<Y>>(view(y)));
  const beside_device<Policy> host(policy);
  return with_weights_here(policy, sample_weight, [&](const auto& weights) {
    using weights_type = std::remove_cvref_t<decltype(weights)>;
    return fit_values<beside_device<Policy>, T, vector_view<const element_of<Y>>, weights_type>(
        host, options, criterion, samples.view(), targets.view(), weights, before);
  });
}

}  // namespace tutti::detail
