#pragma once
// standard_scaler: features less their mean, over their standard deviation; learns from streams.
//
// **Source** Chan, Golub, LeVeque, Algorithms for Computing the Sample Variance, The American Statistician 37 (1983).

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/moments.hpp>
#include <tutti/algorithm/near_vector.hpp>
#include <tutti/algorithm/samples.hpp>
#include <tutti/core/learner.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti {

namespace detail {

/// out = (x - centre) / scale, or its inverse x * scale + centre, feature by feature.
template <class P, bool Inverse>
struct rescale_kernel {
  using T = typename P::value_type;
  static constexpr index block = 1024;

  matrix_view<const T> X;
  const T* centre;  ///< [p], padded to whole registers
  const T* scale;   ///< the same, not zero
  T* out;           ///< [n x p]

  /// Leaves 0 in the slot, or NaN if a result is not finite.
  constexpr void map(index begin, index end, double* slot, std::byte*) const {
    P witness = P::all(T(0));
    for (index row = begin; row < end; row += 4) {
      const index count = std::min(index{4}, end - row);
      for (index j = 0; j < X.cols; j += feature_lanes) {
        P x[4];
        read_samples(X, row, count, j, x);
        prefetch_samples<P>(X, row + 32, j);
        const P c = P::load(centre + j), s = P::load(scale + j);
        for (index r = 0; r < count; ++r) {
          const P y = Inverse ? x[r] * s + c : (x[r] - c) / s;
          witness = witness + (opaque(y) - y);
          write_sample(y, out, X.cols, row + r, j);
        }
      }
    }
    const double sum = static_cast<double>(witness.lane_sum());
    if (P::leader()) *slot = sum;
  }
  constexpr void combine(double* left, const double* right) const {
    if (P::leader()) *left += *right;
  }
};

}  // namespace detail

struct standard_scaler;

/// Means and standard deviations of features, and the state of a learner that goes on learning.
template <class T>
class standard_scaler_model {
 public:
  static constexpr const char* kind = "standard_scaler";

  explicit standard_scaler_model(unfilled) {}

  index n_features() const { return seen_.features; }
  /// Weight of the samples seen.
  double n_samples_seen() const { return seen_.weight.front(); }
  /// [p]
  std::span<const double> mean() const { return seen_.mean; }
  /// [p] sums of squared deviations over the weight (no n - 1); empty before the first sample
  std::vector<double> variance() const {
    std::vector<double> out;
    for (const double s : seen_.square) out.push_back(n_samples_seen() > 0 ? s / n_samples_seen() : 0.0);
    return out;
  }
  /// [p] what features are divided by: the standard deviation, or 1 where it is zero
  std::span<const T> scale() const { return {scale_.data(), static_cast<std::size_t>(n_features())}; }

  /// (x - mean) / scale of each feature.
  ///
  /// X         [n x p]
  /// returns   [n x p]
  /// throws    invalid_input if X has another number of columns, or an element that is not finite
  /// cost      one pass over X
  /// note      the same bits on every policy
  template <execution_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  matrix<T> transform(const Policy& policy, const M& X) const {
    return rescale<false>(policy, "transform", X);
  }

  /// x * scale + mean: what `transform` came from.
  template <execution_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  matrix<T> inverse_transform(const Policy& policy, const M& X) const {
    return rescale<true>(policy, "inverse_transform", X);
  }

  template <class Visitor>
  void fields(Visitor&& visit) {
    visit("features", seen_.features);
    visit("weight", seen_.weight);
    visit("mean", seen_.mean);
    visit("square", seen_.square);
    visit("with_mean", with_mean_);
    visit("with_std", with_std_);
  }
  /// What transformations need, from what was seen; a loader calls it after it has filled the fields.
  void prepare() {
    const auto padded = static_cast<std::size_t>(detail::padded_features(seen_.features));
    centre_.assign(padded, T(0));
    scale_.assign(padded, T(1));
    for (std::size_t j = 0; j < seen_.mean.size(); ++j) {
      if (with_mean_) centre_[j] = static_cast<T>(seen_.mean[j]);
      if (!with_std_ || seen_.weight.empty() || !(seen_.weight.front() > 0)) continue;
      const double deviation = std::sqrt(seen_.square[j] / seen_.weight.front());
      // A constant feature's deviation is rounding of its values.
      const double rounding = 2 * static_cast<double>(std::numeric_limits<T>::epsilon()) * std::abs(seen_.mean[j]);
      if (deviation > rounding && static_cast<T>(deviation) > T(0)) scale_[j] = static_cast<T>(deviation);
    }
  }

  const char* inconsistency() const {
    if (seen_.features < 1 || seen_.mean.size() != static_cast<std::size_t>(seen_.features) ||
        seen_.square.size() != seen_.mean.size())
      return "mean and square do not have a number for each feature";
    return seen_.weight.size() == 1 ? "" : "weight is not one number";
  }

  friend bool operator==(const standard_scaler_model&, const standard_scaler_model&) = default;

 private:
  friend standard_scaler;

  standard_scaler_model(group_moments seen, bool with_mean, bool with_std)
      : seen_(std::move(seen)), with_mean_(with_mean), with_std_(with_std) {
    prepare();
  }

  template <bool Inverse, class Policy, class M>
  matrix<T> rescale(const Policy& policy, std::string_view who, const M& X) const {
    using kernel_type = detail::rescale_kernel<typename Policy::template pack<T>, Inverse>;
    const matrix_view<const T> x = view(X);
    detail::require_features(who, x, n_features());
    const auto near_x = policy.bring(x);
    // Kernels load whole aligned registers.
    storage<T> aligned(static_cast<index>(2 * centre_.size()));
    std::copy(centre_.begin(), centre_.end(), aligned.begin());
    std::copy(scale_.begin(), scale_.end(), aligned.begin() + centre_.size());
    const auto near = policy.bring(vector_view<const T>{aligned.data(), aligned.size(), 1});
    matrix<T> out(x.rows, x.cols);
    policy.produce(std::span<T>(out.data(), static_cast<std::size_t>(out.size())), [&](T* to) {
      const kernel_type kernel{near_x.view(), near.view().data, near.view().data + centre_.size(), to};
      const auto witness = policy.template reduce_blocks<double>(x.rows, kernel_type::block, 1, kernel);
      if (is_finite(witness[0])) return;
      detail::require_finite(policy, who, "X", near_x.view());
      detail::throw_overflow(who);
    });
    return out;
  }

  group_moments seen_;
  bool with_mean_ = true;
  bool with_std_ = true;
  // Derived by prepare(), padded to whole registers:
  std::vector<T> centre_;
  std::vector<T> scale_;
};

/// A learner of means and standard deviations.
///
///     const auto scaler = tutti::standard_scaler{}.fit(tutti::par, X);
///     const auto Z = scaler.transform(tutti::par, X);
struct standard_scaler {
  bool with_mean = true;  ///< subtract the mean
  bool with_std = true;   ///< divide by the standard deviation (ddof 0); a constant feature by 1

  /// Means and standard deviations of the features.
  ///
  /// X               [n x p]  samples, either storage order; not copied on a host
  /// sample_weight   [n]      >= 0, not all zero; ones if left out
  /// returns         model
  /// throws          invalid_input if the shapes disagree, X is empty, a weight is negative or all are zero, or a value
  ///                 is not finite
  /// cost            one pass over X; memory O(p) a thread
  /// note            the same bits on every policy and for any number of threads
  template <execution_policy Policy, samples_like M, weights_like W = no_weights>
  standard_scaler_model<scalar_of<M>> fit(const Policy& policy, const M& X, const W& sample_weight = {}) const {
    detail::require_samples(who, view(X));
    auto model = start<scalar_of<M>>(view(X).cols);
    partial_fit(policy, model, X, sample_weight);
    return model;
  }

  /// A model that has seen nothing yet.
  ///
  /// n_features   >= 1
  template <class T>
  standard_scaler_model<T> start(index n_features) const {
    detail::require(n_features >= 1, who, "n_features must be >= 1, got " + std::to_string(n_features));
    return {group_moments(1, n_features), with_mean, with_std};
  }

  /// Goes on learning: the model has then seen its samples and these.
  ///
  /// model    becomes the new model; unchanged if anything is thrown
  /// throws   as `fit`, and if X has another number of columns
  /// cost     one pass over X; memory O(p) a thread
  /// note     batches equal the whole to rounding of double; the same batches, the same bits
  template <execution_policy Policy, class T, samples_like M, weights_like W = no_weights>
    requires std::is_same_v<scalar_of<M>, T>
  void partial_fit(const Policy& policy, standard_scaler_model<T>& model, const M& X, const W& sample_weight = {}) const {
    const matrix_view<const T> x = view(X);
    detail::require_samples(who, x);
    detail::require_features(who, x, model.n_features());
    const detail::near_weights<Policy, T> weights(policy, who, sample_weight, x);
    const auto near_x = policy.bring(x);
    const group_moments batch = moments(policy, near_x.view(), weights.data());
    detail::require_finite_moments(policy, who, near_x.view(), batch);
    group_moments together = detail::merge_finite(who, model.seen_, batch);
    standard_scaler_model<T> learned(std::move(together), with_mean, with_std);
    report_progress(policy, 1, 1);  // the caller's function may throw
    model = std::move(learned);
  }

  /// The model that has seen what both have.
  ///
  /// throws   invalid_input if they are of different features, or overflow together
  template <class T>
  standard_scaler_model<T> merge(const standard_scaler_model<T>& a, const standard_scaler_model<T>& b) const {
    detail::require(a.n_features() == b.n_features(), "standard_scaler::merge", "the models are of different features");
    return {detail::merge_finite("standard_scaler::merge", a.seen_, b.seen_), with_mean, with_std};
  }

 private:
  static constexpr const char* who = "standard_scaler::fit";
};

}  // namespace tutti
