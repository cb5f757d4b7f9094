#pragma once
// forest_classifier_model: what trees and forests of classes are when they are fitted.
//
// **Source** Breiman, Random Forests, Machine Learning 45 (2001). Probabilities are averaged over the trees, not votes.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
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
#include <tutti/tree/forest.hpp>

namespace tutti {

namespace detail {

/// What a fit makes of labelled samples.
template <class T, label L>
struct fitted_classes {
  class_set<L> classes;
  forest<T, float> trees;
  std::vector<T> oob;                     ///< [n x k] or empty
  std::vector<std::uint8_t> oob_covered;  ///< [n] or empty
  double oob_score = 0;

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
class forest_classifier_model {
 public:
  static constexpr const char* kind = "forest_classifier";

  explicit forest_classifier_model(unfilled) {}
  explicit forest_classifier_model(detail::fitted_classes<T, L> fitted) : fitted_(std::move(fitted)) {}

  index n_features() const { return fitted_.trees.n_features(); }
  index n_trees() const { return fitted_.trees.trees.size(); }
  /// [k] ascending
  const std::vector<L>& classes() const { return fitted_.classes.labels(); }
  /// The nodes of all trees; see tree/tree.hpp.
  const tree_set<float>& trees() const { return fitted_.trees.trees; }
  /// The cuts between the bins that the nodes compare: node i of feature j goes left for x <= bins().of(j)[cut[i]].
  const bin_cuts<T>& bins() const { return fitted_.trees.cuts; }
  /// [p] mean decrease of impurity, shares that add up to 1; zeros if no tree has a split
  std::vector<double> feature_importances() const { return fitted_.trees.feature_importances(); }

  /// [n x k] mean probabilities of the trees that did not see the sample in training; empty unless fitted with
  /// oob_score. Zeros where every tree saw it: see oob_covered.
  matrix_view<const T> oob_decision_function() const {
    return view(fitted_.oob.data(), static_cast<index>(fitted_.oob.size()) / std::max<index>(1, fitted_.classes.size()),
                fitted_.classes.size());
  }
  /// [n] 1: some tree did not see the sample
  std::span<const std::uint8_t> oob_covered() const { return fitted_.oob_covered; }
  /// Accuracy on the samples that some tree did not see; 0 if there are none.
  double oob_score() const { return fitted_.oob_score; }

  /// The most probable class of each sample; the lowest among equals.
  ///
  /// X         [n x p]  NaN is a missing value
  /// returns   [n] in the type of the training labels
  /// throws    invalid_input if X has another number of columns, or an element that is infinite
  /// cost      n p log(bins) for the bins, then n trees depth
  /// note      the same on every host policy
  template <host_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  std::vector<L> predict(const Policy& policy, const M& X) const {
    const matrix_view<const T> x = view(X);
    const double trees = static_cast<double>(n_trees());
    return detail::produce_labels(policy, fitted_.classes, x.rows, [&](const L* labels, L* out) {
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
  /// note      the same bits on every host policy
  template <host_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  matrix<T> predict_proba(const Policy& policy, const M& X) const {
    return probabilities(policy, "predict_proba", X, [](T p) { return p; });
  }

  /// The logarithm of the probability of each class; minus infinity where it is 0.
  template <host_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  matrix<T> predict_log_proba(const Policy& policy, const M& X) const {
    return probabilities(policy, "predict_log_proba", X, [](T p) {
      return p > T(0) ? static_cast<T>(math::log(static_cast<double>(p))) : -std::numeric_limits<T>::infinity();
    });
  }

  /// The node of each tree in which each sample ends.
  ///
  /// returns   [n x trees] positions in the tree
  /// throws    as `predict`
  template <host_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  matrix<std::int32_t> apply(const Policy& policy, const M& X) const {
    return detail::walk_to_leaves(policy, "apply", fitted_.trees, matrix_view<const T>(view(X)));
  }

  template <class Visitor>
  void fields(Visitor&& visit) {
    visit("classes", fitted_.classes);
    fitted_.trees.fields(visit);
    visit("oob_decision", fitted_.oob);
    visit("oob_covered", fitted_.oob_covered);
    visit("oob_score", fitted_.oob_score);
  }
  void prepare() { fitted_.trees.prepare(); }

  const char* inconsistency() const {
    if (fitted_.classes.size() < 2) return "there are fewer than two classes";
    if (const char* wrong = fitted_.trees.inconsistency(); *wrong != '\0') return wrong;
    if (fitted_.trees.trees.outputs != (fitted_.classes.size() == 2 ? 1 : fitted_.classes.size()))
      return "the leaves' values do not fit the classes";
    return fitted_.oob.size() == fitted_.oob_covered.size() * static_cast<std::size_t>(fitted_.classes.size())
               ? ""
               : "the out-of-bag fields do not fit";
  }

  /// All of it, for those who add trees.
  const detail::fitted_classes<T, L>& fitted() const { return fitted_; }

  friend bool operator==(const forest_classifier_model&, const forest_classifier_model&) = default;

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

  detail::fitted_classes<T, L> fitted_;
};

}  // namespace tutti
