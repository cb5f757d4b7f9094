#pragma once
// forest_classifier_model: what trees and forests of classes are when they are fitted.
//
// **Source** Breiman, Random Forests, Machine Learning 45 (2001). Probabilities are averaged over the trees, not votes.

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <tutti/algorithm/label_output.hpp>
#include <tutti/core/labels.hpp>
#include <tutti/core/learner.hpp>
#include <tutti/core/math.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>
#include <tutti/tree/device_walk.hpp>
#include <tutti/tree/forest.hpp>
#include <tutti/tree/forest_model.hpp>

namespace tutti {

namespace detail {

/// What a fit makes of labelled samples.
template <class T, label L>
struct fitted_classes : fitted_trees<T, float> {
  class_set<L> classes;

  friend bool operator==(const fitted_classes&, const fitted_classes&) = default;
};

/// The class of the largest sum; the lowest among equals. Of two classes there is the second one's sum alone.
inline index best_class(const double* sums, index classes, double trees) {
  if (classes == 2) return 2 * sums[0] > trees ? 1 : 0;
  index best = 0;
  for (index c = 1; c < classes; ++c) best = sums[c] > sums[best] ? c : best;
  return best;
}

/// The mean over the trees, class by class.
template <class T>
void mean_probabilities(const double* sums, index classes, double trees, T* out) {
  if (classes == 2) {
    const double second = sums[0] / trees;
    out[0] = static_cast<T>(1 - second);
    out[1] = static_cast<T>(second);
    return;
  }
  for (index c = 0; c < classes; ++c) out[c] = static_cast<T>(sums[c] / trees);
}

}  // namespace detail

/// Decision trees that predict classes.
template <class T, label L>
class forest_classifier_model : public detail::forest_model<T, float, detail::fitted_classes<T, L>> {
  using base = detail::forest_model<T, float, detail::fitted_classes<T, L>>;
  using base::fitted_;

 public:
  static constexpr const char* kind = "forest_classifier";

  explicit forest_classifier_model(unfilled) {}
  explicit forest_classifier_model(detail::fitted_classes<T, L> fitted) : base(std::move(fitted)) {}

  using base::n_trees;
  /// [k] ascending
  const std::vector<L>& classes() const { return fitted_.classes.labels(); }

  /// [n x k] mean probabilities of the trees that did not see the sample in training; empty unless fitted with
  /// oob_score. Zeros where every tree saw it: see oob_covered.
  matrix_view<const T> oob_decision_function() const {
    return view(fitted_.oob.data(), static_cast<index>(fitted_.oob_covered.size()), fitted_.classes.size());
  }

  /// The most probable class of each sample; the lowest among equals.
  ///
  /// X         [n x p]  NaN is a missing value
  /// returns   [n] in the type of the training labels
  /// throws    invalid_input if X has another number of columns, or an element that is infinite
  /// cost      n p log(bins) for the bins, then n trees depth
  /// note      the same on every policy
  template <execution_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  std::vector<L> predict(const Policy& policy, const M& X) const {
    const matrix_view<const T> x = view(X);
    const double trees = static_cast<double>(n_trees());
    return detail::produce_labels(policy.host(), fitted_.classes, x.rows, [&](const L* labels, L* out) {
      detail::walk_samples(policy, "predict", fitted_.trees, x, [&](index i, const double* sums) {
        out[i] = labels[detail::best_class(sums, fitted_.classes.size(), trees)];
      });
    });
  }

  /// The probability of each class: the mean over the trees of its share in the leaf.
  ///
  /// X         [n x p]  NaN is a missing value
  /// returns   [n x k] rows that sum to one, columns in the order of `classes()`
  /// throws    as `predict`
  /// cost      as `predict`
  /// note      the same bits on every policy
  template <execution_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  matrix<T> predict_proba(const Policy& policy, const M& X) const {
    return probabilities(policy, "predict_proba", X, [](T p) { return p; });
  }

  /// The logarithm of the probability of each class; minus infinity where it is 0.
  template <execution_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  matrix<T> predict_log_proba(const Policy& policy, const M& X) const {
    return probabilities(policy, "predict_log_proba", X, [](T p) {
      return p > T(0) ? static_cast<T>(math::log(static_cast<double>(p))) : -std::numeric_limits<T>::infinity();
    });
  }

  template <class Visitor>
  void fields(Visitor&& visit) {
    visit("classes", fitted_.classes);
    base::fields(visit, "oob_decision");
  }

  const char* inconsistency() const {
    const index k = fitted_.classes.size();
    return k < 2 ? "there are fewer than two classes" : base::inconsistency(k == 2 ? 1 : k, k);
  }

 private:
  template <class Policy, class M, class F>
  matrix<T> probabilities(const Policy& policy, std::string_view who, const M& X, const F& f) const {
    const matrix_view<const T> x = view(X);
    const index k = fitted_.classes.size();
    const double trees = static_cast<double>(n_trees());
    matrix<T> out(x.rows, k);
    detail::walk_samples(policy, who, fitted_.trees, x, [&](index i, const double* sums) {
      T* const row = out.data() + i * k;
      detail::mean_probabilities(sums, k, trees, row);
      for (index c = 0; c < k; ++c) row[c] = f(row[c]);
    });
    return out;
  }
};

}  // namespace tutti
