#pragma once
// packed_samples: samples as a search reads them, made once.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string_view>
#include <vector>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/moments.hpp>
#include <tutti/algorithm/neighbor_filter.hpp>
#include <tutti/algorithm/panels.hpp>
#include <tutti/core/storage.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti::detail {

/// What a filter reads of samples, beside the samples themselves.
template <class T>
struct packed_samples {
  storage_vector<T> panels;  ///< [lanes / 16 x p x 16]
  storage_vector<T> start;   ///< [lanes]
  std::vector<T> centre;     ///< [p]
  double longest = 0;

  index lanes() const { return static_cast<index>(start.size()); }
};

/// Packs samples; its sum says whether all are finite, its other number is the longest's square.
template <class P, class Filter>
struct pack_samples_kernel {
  using T = typename P::value_type;
  static constexpr index block = 1024;
  static constexpr index width = 2;

  Filter filter;
  matrix_view<const T> X;
  const T* centre;
  T* panels;
  T* start;

  constexpr void map(index begin, index end, double* slot, std::byte*) const {
    for (index first = begin; first < end; first += panel_rows) {
      double square[panel_rows] = {};
      for (index l = 0; l < panel_rows; ++l) pack(first, l, square[l]);
      for (index l = 0; l < panel_rows; ++l) {
        const bool is_sample = first + l < X.rows;
        start[first + l] = is_sample ? static_cast<T>(filter.start(square[l])) : std::numeric_limits<T>::infinity();
        slot[0] += square[l];
        slot[1] = std::max(slot[1], square[l]);
      }
    }
  }

  constexpr void combine(double* left, const double* right) const {
    left[0] += right[0];
    left[1] = std::max(left[1], right[1]);
  }

 private:
  constexpr void pack(index first, index l, double& square) const {
    const index p = X.cols, i = first + l;
    T* const out = panels + first * p + l;
    if (i >= X.rows) {
      for (index j = 0; j < p; ++j) out[j * panel_rows] = T(0);
      return;
    }
    const T* const x = X.data + i * X.row_stride;
    const auto put = [&](index j, T y) {
      out[j * panel_rows] = y;
      square += product(static_cast<double>(y), static_cast<double>(y));
    };
    if constexpr (packs_whole<Filter>) {
      filter.template for_packed<typename P::template rebind<double>>(x, centre, p, put);
    } else {
      const double scale = filter.scale(x, p);
      for (index j = 0; j < p; ++j) put(j, filter.packed(x[j], centre[j], scale));
    }
  }
};

/// Packs samples for a filter.
///
/// policy    a host's
/// X         [n x p] row after row
/// throws    invalid_input if a value is not finite, or squares overflow
/// cost      two passes over X; memory n p
/// note      the same bits on every policy
template <host_policy Policy, class T, has_tiles Filter>
packed_samples<T> pack_samples(const Policy& policy, std::string_view who, matrix_view<const T> X,
                               const Filter& filter) {
  const index lanes = block_count(X.rows, 2 * panel_rows) * 2 * panel_rows;
  packed_samples<T> out;
  out.panels.resize(static_cast<std::size_t>(lanes * X.cols));
  out.start.resize(static_cast<std::size_t>(lanes));
  out.centre.assign(static_cast<std::size_t>(X.cols), T(0));
  if constexpr (Filter::is_centred) {
    const std::vector<double> mean = moments(policy, X).mean;
    for (std::size_t j = 0; j < mean.size(); ++j) out.centre[j] = static_cast<T>(mean[j]);
  }
  using kernel_type = pack_samples_kernel<typename Policy::template pack<T>, Filter>;
  const kernel_type kernel{filter, X, out.centre.data(), out.panels.data(), out.start.data()};
  const auto sums = policy.template reduce_blocks<double>(lanes, kernel_type::block, kernel_type::width, kernel);
  if (!is_finite(sums[0])) {
    require_finite(policy, who, "X", X);
    throw_overflow(who);
  }
  out.longest = std::sqrt(sums[1]);
  return out;
}

/// Nothing to pack where no tile reads the samples.
template <host_policy Policy, class T, class Filter>
  requires(!has_tiles<Filter>)
packed_samples<T> pack_samples(const Policy& policy, std::string_view who, matrix_view<const T> X, const Filter&) {
  require_finite(policy, who, "X", X);
  packed_samples<T> out;
  out.start.resize(static_cast<std::size_t>(X.rows));
  return out;
}

}  // namespace tutti::detail
