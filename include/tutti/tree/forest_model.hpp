#pragma once
// What the models of classes and of numbers have in common.

#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>
#include <tutti/tree/decision_path.hpp>
#include <tutti/tree/device_walk.hpp>
#include <tutti/tree/forest.hpp>

namespace tutti::detail {

/// What a fit makes of samples, whatever their targets are.
template <class T, class V>
struct fitted_trees {
  forest<T, V> trees;
  std::vector<T> oob;                     ///< [n x outputs] means of the trees that did not see a sample; or empty
  std::vector<std::uint8_t> oob_covered;  ///< [n] or empty
  double oob_score = 0;
  std::vector<double> oob_importance;     ///< [p] or empty

  friend bool operator==(const fitted_trees&, const fitted_trees&) = default;
};

/// Fitted   fitted_trees and what the targets add to it
template <class T, class V, class Fitted>
class forest_model {
 public:
  index n_features() const { return fitted_.trees.n_features(); }
  index n_trees() const { return fitted_.trees.trees.size(); }
  /// The nodes of all trees; see tree/tree.hpp.
  const tree_set<V>& trees() const { return fitted_.trees.trees; }
  /// The cuts between the bins that the nodes compare: node i of feature j goes left for x <= bins().of(j)[cut[i]].
  const bin_cuts<T>& bins() const { return fitted_.trees.cuts; }
  /// [p] mean decrease of impurity, shares that add up to 1; zeros if no tree has a split
  std::vector<double> feature_importances() const { return fitted_.trees.feature_importances(); }

  /// [n] 1: some tree did not see the sample; empty unless fitted with oob_score
  std::span<const std::uint8_t> oob_covered() const { return fitted_.oob_covered; }
  /// Accuracy, or R2, on the samples that some tree did not see; 0 if there are none. Absent samples do not count.
  double oob_score() const { return fitted_.oob_score; }
  /// [p] by how much the trees' error on the samples they did not see grows when these swap their values of a feature:
  /// the share of wrong classes, or the mean squared error. Empty unless fitted with oob_permutation_importance.
  std::vector<double> oob_permutation_importance() const { return fitted_.oob_importance; }

  /// The node of each tree in which each sample ends.
  ///
  /// returns   [n x trees] positions in the tree
  /// throws    invalid_input if X has another number of columns, or an element that is infinite
  template <execution_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  matrix<std::int32_t> apply(const Policy& policy, const M& X) const {
    return walk_to_leaves(policy, "apply", fitted_.trees, matrix_view<const T>(view(X)));
  }

  /// The nodes through which each sample comes, from the roots to the leaves.
  ///
  /// throws   as `apply`
  template <execution_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  node_paths decision_path(const Policy& policy, const M& X) const {
    const matrix<std::int32_t> leaves =
        walk_to_leaves(policy, "decision_path", fitted_.trees, matrix_view<const T>(view(X)));
    return paths_to(policy.host(), fitted_.trees.trees, leaves);
  }

  void prepare() { fitted_.trees.prepare(in_order{}); }

  /// All of it, for those who add trees.
  const Fitted& fitted() const { return fitted_; }

  friend bool operator==(const forest_model&, const forest_model&) = default;

 protected:
  forest_model() = default;
  explicit forest_model(Fitted fitted) : fitted_(std::move(fitted)) {}

  template <class Visitor>
  void fields(Visitor&& visit, const char* oob_name) {
    fitted_.trees.fields(visit);
    visit(oob_name, fitted_.oob);
    visit("oob_covered", fitted_.oob_covered);
    visit("oob_score", fitted_.oob_score);
    visit("oob_importance", fitted_.oob_importance);
  }

  /// What is wrong with the fields of a file; empty if nothing is.
  ///
  /// outputs       values a leaf
  /// oob_outputs   numbers a sample of the prediction out of the bag
  const char* inconsistency(index outputs, index oob_outputs) const {
    if (const char* wrong = fitted_.trees.inconsistency(); *wrong != '\0') return wrong;
    if (fitted_.trees.trees.outputs != outputs) return "the leaves do not have the values they should";
    if (fitted_.oob.size() != fitted_.oob_covered.size() * static_cast<std::size_t>(oob_outputs) ||
        (!fitted_.oob_importance.empty() && static_cast<index>(fitted_.oob_importance.size()) != n_features()))
      return "the out-of-bag fields do not fit";
    return "";
  }

  Fitted fitted_;
};

}  // namespace tutti::detail
