#pragma once
// near_vector: a caller's vector where tasks may read it, side by side and in the type that the kernels compute with.

#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include <tutti/algorithm/check.hpp>
#include <tutti/core/arithmetic.hpp>
#include <tutti/core/storage.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti::detail {

template <class P, class From, class T>
struct convert_kernel {
  static constexpr index block = 1 << 14;

  vector_view<const From> from;
  T* to;

  constexpr void operator()(index begin, index end, std::byte*) const {
    for (index i = begin + P::lane(); i < end; i += P::step()) to[i] = static_cast<T>(from(i));
  }
};

/// A vector of T for tasks: the caller's own elements if they lie side by side and are T, a converted copy if not.
template <class Policy, class T>
class near_vector {
 public:
  template <class From>
  near_vector(const Policy& policy, vector_view<const From> v) : size_(v.size) {
    auto brought = policy.bring(v);
    if constexpr (std::is_same_v<From, T>) {
      if (brought.view().stride == 1) {
        data_ = brought.view().data;
        own_.emplace(std::move(brought));
        return;
      }
    }
    using kernel_type = convert_kernel<typename Policy::template pack<T>, From, T>;
    copy_.emplace(policy.template make_buffer<T>(size_));
    policy.for_blocks(size_, kernel_type::block, kernel_type{brought.view(), copy_->data()});
    data_ = copy_->data();
  }

  const T* data() const { return data_; }
  index size() const { return size_; }

 private:
  using brought_type = decltype(std::declval<const Policy&>().bring(std::declval<vector_view<const T>>()));
  using buffer_type = decltype(std::declval<const Policy&>().template make_buffer<T>(index{}));

  std::optional<brought_type> own_;
  std::optional<buffer_type> copy_;
  const T* data_ = nullptr;
  index size_ = 0;
};

/// A caller's vector in host memory: as it is, unless the policy is a device's and may have it elsewhere.
template <class Policy, class E>
class host_vector {
 public:
  host_vector(const Policy& policy, vector_view<const E> v) : view_(v) {
    if constexpr (!std::is_same_v<decltype(policy.host()), const Policy&>) {
      copy_ = storage<E>(v.size);
      policy.copy_to_host(v, copy_.data());
      view_ = {copy_.data(), v.size, 1};
    }
  }
  vector_view<const E> view() const { return view_; }

 private:
  storage<E> copy_;
  vector_view<const E> view_;
};

/// Sum of the weights and the number of negative ones.
template <class P>
struct weight_kernel {
  using T = typename P::value_type;
  using D = typename P::template rebind<double>;
  static constexpr index block = 4096;

  const T* weight;

  constexpr void map(index begin, index end, double* slot, std::byte*) const {
    D sum = D::all(0), negative = D::all(0);
    for (index i = begin; i < end; i += P::lanes) {
      alignas(64) T w[P::lanes];
      const P v = P::load_first(weight + i, end - i);
      v.store(w);
      sum = sum + D::widen(w);
      select(v < P::all(T(0)), P::all(T(1)), P::all(T(0))).store(w);
      negative = negative + D::widen(w);
    }
    const double total = sum.lane_sum(), below = negative.lane_sum();
    if (P::leader()) {
      slot[0] = total;
      slot[1] = below;
    }
  }
  constexpr void combine(double* left, const double* right) const {
    for (index i = P::lane(); i < 2; i += P::step()) left[i] += right[i];
  }
};

/// Checks sample weights and adds them up.
///
/// weight    [n]  in memory that the policy's tasks may read
/// returns   their sum
/// throws    invalid_input if one is negative or not finite, or all are zero
template <class Policy, class T>
double checked_weight_sum(const Policy& policy, std::string_view who, const T* weight, index n) {
  using kernel_type = weight_kernel<typename Policy::template pack<T>>;
  const auto sums = policy.template reduce_blocks<double>(n, kernel_type::block, 2, kernel_type{weight});
  if (!is_finite(sums[0])) require_finite(policy, who, "sample_weight", as_column(weight, n));
  require(sums[1] == 0, who, "sample_weight must not be negative");
  require(sums[0] > 0, who, "sample_weight must not be all zero");
  return sums[0];
}

/// A caller's sample weights where tasks may read them, checked; or none.
template <class Policy, class T>
class near_weights {
 public:
  /// throws   invalid_input if there are not n, one is negative or not finite, or all are zero
  template <class W, class X>
  near_weights(const Policy& policy, std::string_view who, const W& weights, const matrix_view<X>& x)
      : sum_(static_cast<double>(x.rows)) {
    if constexpr (vector_like<W>) {
      require_length(who, "sample_weight", view(weights).size, x);
      near_.emplace(policy, vector_view<const element_of<W>>(view(weights)));
      sum_ = checked_weight_sum(policy, who, near_->data(), x.rows);
    }
  }

  /// [n], or nullptr for ones
  const T* data() const { return near_ ? near_->data() : nullptr; }
  double sum() const { return sum_; }

 private:
  std::optional<near_vector<Policy, T>> near_;
  double sum_;
};

}  // namespace tutti::detail
