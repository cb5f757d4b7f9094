#pragma once
// sums: a few quantities of each sample, added up over all of them in double.

#include <algorithm>
#include <array>
#include <cstddef>

#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti::detail {

template <class D, std::size_t K, class F>
struct sums_kernel {
  static constexpr index block = 4096;

  F f;

  constexpr void map(index begin, index end, double* slot, std::byte*) const {
    D sum[K];
    for (std::size_t k = 0; k < K; ++k) sum[k] = D::all(0);
    for (index i = begin; i < end; i += D::lanes)
      for (std::size_t k = 0; k < K; ++k)
        sum[k] = sum[k] + D::generate([&](index l) { return i + l < end ? f(i + l)[k] : 0.0; });
    for (std::size_t k = 0; k < K; ++k) {
      const double total = sum[k].lane_sum();
      if (D::leader()) slot[k] = total;
    }
  }
  constexpr void combine(double* left, const double* right) const {
    for (index k = D::lane(); k < static_cast<index>(K); k += D::step()) left[k] += right[k];
  }
};

}  // namespace tutti::detail

namespace tutti {

/// The sums over i < n of the K quantities f(i).
///
/// f         std::array<double, K> f(i), a constexpr function object that tasks may call
/// cost      n calls for each quantity
/// note      the same bits on every policy and for any number of threads, if f's are
template <std::size_t K, execution_policy Policy, class F>
std::array<double, K> sums(const Policy& policy, index n, const F& f) {
  using kernel_type = detail::sums_kernel<typename Policy::template pack<double>, K, F>;
  const auto total = policy.template reduce_blocks<double>(n, kernel_type::block, index{K}, kernel_type{f});
  std::array<double, K> out{};
  std::copy_n(total.begin(), K, out.begin());
  return out;
}

}  // namespace tutti
