#pragma once
// moments: weighted means and sums of squared deviations of each feature, over all samples or for each group of them.
//
// **Source** Corrected two-pass sums over 256 rows that stay in the first cache, joined pairwise: Chan, Golub, LeVeque,
// Algorithms for Computing the Sample Variance, The American Statistician 37 (1983), equations 1.7 and 2.1.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/samples.hpp>
#include <tutti/core/scalar_pack.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti {

/// Count, mean and spread of p features in k groups; `merge` joins those of two data sets.
struct group_moments {
  index groups = 1;
  index features = 0;
  std::vector<double> weight;  ///< [k] sum of weights
  std::vector<double> mean;    ///< [k x p]
  std::vector<double> square;  ///< [k x p] sum of w (x - mean)^2

  group_moments() = default;
  group_moments(index k, index p)
      : groups(k),
        features(p),
        weight(static_cast<std::size_t>(k)),
        mean(static_cast<std::size_t>(k * p)),
        square(static_cast<std::size_t>(k * p)) {}

  friend bool operator==(const group_moments&, const group_moments&) = default;
};

namespace detail {

/// Where group g lies in a slot: 16 lanes of its weight, then the means, then the squares, padded.
struct moment_slots {
  index groups;
  index features;

  constexpr index padded() const { return padded_features(features); }
  constexpr index stride() const { return feature_lanes + 2 * padded(); }
  constexpr index size() const { return groups * stride(); }
};

/// Mean and square sum of one feature.
template <class D>
struct feature_moments {
  D mean;
  D square;
};

/// The moments of two sets of weights wl and wr together.
template <class D>
constexpr feature_moments<D> join(const D& wl, const feature_moments<D>& l, const D& wr, const feature_moments<D>& r) {
  const D none = D::all(0), w = wl + wr;
  const D fraction = select(none < w, wr / w, none);
  const D delta = r.mean - l.mean;
  return {l.mean + delta * fraction, (l.square + r.square) + delta * delta * (wl * fraction)};
}

/// left := the moments of both, for one group; lanes are features.
template <class D>
constexpr void join_group(double* left, const double* right, index padded) {
  const D wl = D::loadu(left), wr = D::loadu(right);
  (wl + wr).storeu(left);
  for (index j = feature_lanes; j < feature_lanes + padded; j += feature_lanes) {
    const auto both = join<D>(wl, {D::loadu(left + j), D::loadu(left + padded + j)}, wr,
                              {D::loadu(right + j), D::loadu(right + padded + j)});
    both.mean.storeu(left + j);
    both.square.storeu(left + padded + j);
  }
}

template <class P>
struct moments_kernel {
  using T = typename P::value_type;
  using D = typename P::template rebind<double>;
  static constexpr index block = 4096;
  static constexpr index near_rows = 256;  // stay in the first cache; at most as many additions in a float lane

  matrix_view<const T> X;
  const T* weight;            ///< [n] or nullptr
  const std::int32_t* group;  ///< [n] or nullptr
  moment_slots slots;

  constexpr index near_stride() const { return feature_lanes + 3 * slots.padded(); }
  constexpr index scratch_bytes() const {
    return slots.groups * near_stride() * static_cast<index>(sizeof(T)) + slots.stride() * index{sizeof(double)};
  }

  constexpr void map(index begin, index end, double* slot, std::byte* scratch) const {
    double* const joined = reinterpret_cast<double*>(scratch);
    T* const near = reinterpret_cast<T*>(joined + slots.stride());
    for (index first = begin; first < end; first += near_rows) {
      const index last = std::min(end, first + near_rows);
      add_sums(first, last, near);
      add_deviations(first, last, near);
      for (index g = 0; g < slots.groups; ++g) {
        finish(near + g * near_stride(), joined);
        join_group<D>(slot + g * slots.stride(), joined, slots.padded());
      }
    }
  }

  constexpr void combine(double* left, const double* right) const {
    for (index g = 0; g < slots.groups; ++g)
      join_group<D>(left + g * slots.stride(), right + g * slots.stride(), slots.padded());
  }

 private:
  // A group's near sums: 16 lanes of weight, then [padded] each: mean, sum of deviations, sum of their squares.

  /// The sums that four samples go to, and their weights; samples beyond the last weigh nothing.
  struct targets {
    T* near[4];
    P weight[4];
  };

  [[gnu::always_inline]] constexpr targets targets_of(index row, index count, T* near) const {
    targets t;
#pragma GCC unroll 4
    for (index r = 0; r < 4; ++r) {
      const index i = row + std::min(r, count - 1);
      t.near[r] = near + (group == nullptr ? 0 : group[i]) * near_stride();
      t.weight[r] = P::all(r < count ? (weight == nullptr ? T(1) : weight[i]) : T(0));
    }
    return t;
  }

  /// Weights, and the means from sums.
  constexpr void add_sums(index first, index last, T* near) const {
    for (index i = 0; i < slots.groups * near_stride(); i += feature_lanes) P::all(T(0)).store(near + i);
    for (index row = first; row < last; row += 4) {
      const index count = std::min(index{4}, last - row);
      const targets t = targets_of(row, count, near);
#pragma GCC unroll 4
      for (index r = 0; r < 4; ++r) (P::load(t.near[r]) + t.weight[r]).store(t.near[r]);
      for (index j = 0; j < X.cols; j += feature_lanes) {
        P x[4];
        read_samples(X, row, count, j, x);
#pragma GCC unroll 4
        for (index r = 0; r < 4; ++r) {
          T* const sum = t.near[r] + feature_lanes + j;
          (P::load(sum) + t.weight[r] * x[r]).store(sum);
        }
      }
    }
    for (index g = 0; g < slots.groups; ++g) {
      T* const w = near + g * near_stride();
      const P total = P::load(w);
      for (index j = feature_lanes; j < feature_lanes + slots.padded(); j += feature_lanes)
        select(P::all(T(0)) < total, P::load(w + j) / total, P::all(T(0))).store(w + j);
    }
  }

  /// Sums of deviations from the near means and of their squares.
  constexpr void add_deviations(index first, index last, T* near) const {
    const index padded = slots.padded();
    for (index row = first; row < last; row += 4) {
      const index count = std::min(index{4}, last - row);
      const targets t = targets_of(row, count, near);
      for (index j = 0; j < X.cols; j += feature_lanes) {
        P x[4];
        read_samples(X, row, count, j, x);
        prefetch_samples<P>(X, row + near_rows, j);
#pragma GCC unroll 4
        for (index r = 0; r < 4; ++r) {
          T* const mean = t.near[r] + feature_lanes + j;
          T* const sum = mean + padded;
          T* const square = sum + padded;
          const P deviation = x[r] - P::load(mean), weighted = t.weight[r] * deviation;
          (P::load(sum) + weighted).store(sum);
          (P::load(square) + weighted * deviation).store(square);
        }
      }
    }
  }

  /// The near sums of a group in double, the means corrected by what their deviations add up to.
  constexpr void finish(const T* near, double* out) const {
    const index padded = slots.padded();
    const D w = D::widen(near), some = select(D::all(0) < w, w, D::all(1));
    w.storeu(out);
    for (index j = feature_lanes; j < feature_lanes + padded; j += feature_lanes) {
      const D sum = D::widen(near + padded + j), correction = sum / some;
      (D::widen(near + j) + correction).storeu(out + j);
      (D::widen(near + 2 * padded + j) - sum * correction).storeu(out + padded + j);
    }
  }
};

}  // namespace detail

/// Weighted means and sums of squared deviations of the features.
///
/// X         [n x p]  in memory that the policy's tasks may read; n >= 0
/// weight    [n] or nullptr for ones; not negative
/// group     [n] numbers in [0, k), or nullptr for one group of all
/// returns   moments in double; not finite where an element is not; zeros for a group without weight
/// cost      one pass over X from memory and a second from cache; memory O(k p) a thread
/// note      the same bits on every policy and for any number of threads
template <execution_policy Policy, class T>
group_moments moments(const Policy& policy, matrix_view<const T> X, const T* weight = nullptr,
                      const std::int32_t* group = nullptr, index groups = 1) {
  using kernel_type = detail::moments_kernel<typename Policy::template pack<T>>;
  const detail::moment_slots slots{groups, X.cols};
  const kernel_type kernel{X, weight, group, slots};
  const auto sums = policy.template reduce_blocks<double>(X.rows, kernel_type::block, slots.size(), kernel);
  group_moments out(groups, X.cols);
  for (index g = 0; g < groups; ++g) {
    const double* const s = sums.data() + g * slots.stride();
    out.weight[static_cast<std::size_t>(g)] = s[0];
    std::copy_n(s + detail::feature_lanes, X.cols, out.mean.data() + g * X.cols);
    std::copy_n(s + detail::feature_lanes + slots.padded(), X.cols, out.square.data() + g * X.cols);
  }
  return out;
}

/// The moments of two data sets together.
///
/// a, b      of the same groups and features
/// returns   their union
/// cost      O(k p)
inline group_moments merge(const group_moments& a, const group_moments& b) {
  using D = scalar_pack<double>;
  group_moments out(a.groups, a.features);
  for (index g = 0; g < a.groups; ++g) {
    const D wl{a.weight[static_cast<std::size_t>(g)]}, wr{b.weight[static_cast<std::size_t>(g)]};
    out.weight[static_cast<std::size_t>(g)] = (wl + wr).value;
    for (index j = 0; j < a.features; ++j) {
      const auto i = static_cast<std::size_t>(g * a.features + j);
      const auto both = detail::join<D>(wl, {D{a.mean[i]}, D{a.square[i]}}, wr, {D{b.mean[i]}, D{b.square[i]}});
      out.mean[i] = both.mean.value;
      out.square[i] = both.square.value;
    }
  }
  return out;
}

namespace detail {

inline bool all_finite(const group_moments& m) { return all_finite(m.mean) && all_finite(m.square); }

/// What is wrong with samples whose moments are not finite.
///
/// throws   invalid_input naming the first row and column of X that is not finite, or saying that its products overflow
template <class Policy, class T>
void require_finite_moments(const Policy& policy, std::string_view who, matrix_view<const T> X, const group_moments& of_X) {
  if (all_finite(of_X)) return;
  require_finite(policy, who, "X", X);
  throw_overflow(who);
}

/// merge, for learners whose state must be finite.
///
/// throws   invalid_input if the moments of both together overflow
inline group_moments merge_finite(std::string_view who, const group_moments& a, const group_moments& b) {
  group_moments out = merge(a, b);
  if (!all_finite(out)) throw_overflow(who);
  return out;
}

}  // namespace detail

}  // namespace tutti
