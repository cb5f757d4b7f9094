#pragma once
// forest_regressor_model: what trees and forests of numbers are when they are fitted.
//
// **Source** Breiman, Random Forests, Machine Learning 45 (2001), section 11.

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <tutti/core/learner.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>
#include <tutti/tree/forest.hpp>

namespace tutti {

namespace detail {

/// What a fit makes of samples and numbers.
template <class T>
struct fitted_values {
  forest<T, T> trees;
  std::vector<T> oob;                     ///< [n] or empty
  std::vector<std::uint8_t> oob_covered;  ///< [n] or empty
  double oob_score = 0;

  friend bool operator==(const fitted_values&, const fitted_values&) = default;
};

}  // namespace detail

/// Decision trees that predict numbers.
template <class T>
class forest_regressor_model {
 public:
  static constexpr const char* kind = "forest_regressor";

  explicit forest_regressor_model(unfilled) {}
  explicit forest_regressor_model(detail::fitted_values<T> fitted) : fitted_(std::move(fitted)) {}

  index n_features() const { return fitted_.trees.n_features(); }
  index n_trees() const { return fitted_.trees.trees.size(); }
  /// The nodes of all trees; see tree/tree.hpp.
  const tree_set<T>& trees() const { return fitted_.trees.trees; }
  /// The cuts between the bins that the nodes compare: node i of feature j goes left for x <= bins().of(j)[cut[i]].
  const bin_cuts<T>& bins() const { return fitted_.trees.cuts; }
  /// [p] mean decrease of impurity, shares that add up to 1; zeros if no tree has a split
  std::vector<double> feature_importances() const { return fitted_.trees.feature_importances(); }

  /// [n] mean of the trees that did not see the sample in training; empty unless fitted with oob_score. Zero where
  /// every tree saw it: see oob_covered.
  std::span<const T> oob_prediction() const { return fitted_.oob; }
  /// [n] 1: some tree did not see the sample
  std::span<const std::uint8_t> oob_covered() const { return fitted_.oob_covered; }
  /// R2 on the samples that some tree did not see; 0 if there are none.
  double oob_score() const { return fitted_.oob_score; }

  /// The mean of the trees' predictions.
  ///
  /// X         [n x p]  NaN is a missing value
  /// returns   [n] in the unit of the targets
  /// throws    invalid_input if X has another number of columns, or an element that is infinite
  /// cost      n p log(bins) for the bins, then n trees depth
  /// note      the same bits on every host policy
  template <host_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  std::vector<T> predict(const Policy& policy, const M& X) const {
    const matrix_view<const T> x = view(X);
    const double trees = static_cast<double>(n_trees());
    std::vector<T> out(static_cast<std::size_t>(x.rows));
    detail::walk_samples(policy, "predict", fitted_.trees, x, [&](index i, const double* sums) {
      out[static_cast<std::size_t>(i)] = static_cast<T>(sums[0] / trees);
    });
    return out;
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
    fitted_.trees.fields(visit);
    visit("oob_prediction", fitted_.oob);
    visit("oob_covered", fitted_.oob_covered);
    visit("oob_score", fitted_.oob_score);
  }
  void prepare() { fitted_.trees.prepare(); }

  const char* inconsistency() const {
    if (const char* wrong = fitted_.trees.inconsistency(); *wrong != '\0') return wrong;
    if (fitted_.trees.trees.outputs != 1) return "there is more than one value a leaf";
    return fitted_.oob.size() == fitted_.oob_covered.size() ? "" : "the out-of-bag fields do not fit";
  }

  /// All of it, for those who add trees.
  const detail::fitted_values<T>& fitted() const { return fitted_; }

  friend bool operator==(const forest_regressor_model&, const forest_regressor_model&) = default;

 private:
  detail::fitted_values<T> fitted_;
};

}  // namespace tutti
