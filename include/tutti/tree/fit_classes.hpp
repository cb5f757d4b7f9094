#pragma once
// Fits trees to classes.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/class_targets.hpp>
#include <tutti/algorithm/quantize.hpp>
#include <tutti/core/labels.hpp>
#include <tutti/core/learner.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>
#include <tutti/tree/bag.hpp>
#include <tutti/tree/class_splitter.hpp>
#include <tutti/tree/fit_forest.hpp>
#include <tutti/tree/forest_classifier.hpp>
#include <tutti/tree/tree_options.hpp>

namespace tutti::detail {

/// The fit of classes, once it is known how a row lies in memory.
///
/// Target   holds a class; Weight how often a row is there
template <class Target, class Weight, class Policy, class T, class L>
void grow_classes(const Policy& policy, const tree_options& options, const growth_rules& rules,
                  const class_measure& measure, const bag& samples, matrix_view<const T> X,
                  const class_targets<T, L>& targets, fitted_classes<T, L>& out) {
  using P = typename Policy::template pack<float>;
  const row_format<Target, Weight> format(X.cols);
  const index classes = targets.classes().size();
  forest<T, float>& trees = out.trees;
  forest_fit<T, float, row_format<Target, Weight>> fit(policy, options, format, trees.cuts, X);
  for (index i = 0; i < X.rows; ++i) format.set_target(fit.row(i), static_cast<Target>(targets.codes()(i)));
  const bin_positions positions(trees.cuts);
  const auto make_splitter = [&] {
    const split_task task{rules, positions, trees.cuts.categorical, trees.cuts.missing};
    return class_splitter<P, Target, Weight>(task, measure, format, classes);
  };
  fit.grow(policy, rules, samples, make_splitter, trees);
  if (!options.oob_score) return;
  out.oob.assign(static_cast<std::size_t>(X.rows * classes), T(0));
  out.oob_covered.assign(static_cast<std::size_t>(X.rows), 0);
  fit.out_of_bag(policy, trees, [&](index i, const std::vector<double>& sums, index unseen) {
    if (unseen == 0) return;
    out.oob_covered[static_cast<std::size_t>(i)] = 1;
    mean_probabilities(sums.data(), classes, static_cast<double>(unseen), out.oob.data() + i * classes);
  });
}

/// The share of the covered samples whose most probable class is theirs.
template <class T, class L>
double oob_accuracy(const fitted_classes<T, L>& fitted, vector_view<const T> codes) {
  const index k = fitted.classes.size();
  index covered = 0, right = 0;
  for (index i = 0; i < codes.size; ++i) {
    if (fitted.oob_covered[static_cast<std::size_t>(i)] == 0) continue;
    const T* const p = fitted.oob.data() + i * k;
    ++covered;
    right += std::max_element(p, p + k) - p == static_cast<index>(codes(i)) ? 1 : 0;
  }
  return covered > 0 ? static_cast<double>(right) / static_cast<double>(covered) : 0;
}

/// before   the model to which trees are added; nullptr: none
template <class Policy, class T, class L, class W>
forest_classifier_model<T, L> fit_classes(const Policy& policy, const tree_options& options, class_criterion criterion,
                                          const class_weights& class_weight, matrix_view<const T> X,
                                          vector_view<const L> y, const W& sample_weight,
                                          const forest_classifier_model<T, L>* before) {
  require_samples(options.who, X);
  require_length(options.who, "y", y.size, X);
  growth_rules rules = options.rules(X.rows, X.cols);
  const std::vector<std::uint8_t> categorical = options.categorical(X.cols);
  const class_targets<T, L> targets(policy, options.who, y, sample_weight, X, class_weight);
  require(targets.classes().size() > 1, options.who, "y holds one class only: " + label_text(targets.classes()[0]));
  const bag samples = make_bag(options, X.rows, targets.weights());
  rules.set_weights(options.min_weight_fraction_leaf, options.min_impurity_decrease, samples.total(), 1);

  fitted_classes<T, L> out;
  out.classes = targets.classes();
  start_forest(policy, options, X, targets.weights(), categorical,
               before == nullptr ? nullptr : &before->fitted().trees, out.trees);
  require(before == nullptr || before->fitted().classes == out.classes, options.who,
          "the model to go on from knows other classes");
  out.trees.trees.outputs = out.classes.size() == 2 ? 1 : out.classes.size();
  const class_measure measure{criterion};
  if (samples.counts_fit_a_byte() && out.classes.size() <= 256)
    grow_classes<std::uint8_t, std::uint8_t>(policy, options, rules, measure, samples, X, targets, out);
  else
    grow_classes<std::int32_t, std::int32_t>(policy, options, rules, measure, samples, X, targets, out);
  if (options.oob_score) out.oob_score = oob_accuracy(out, targets.codes());
  report_progress(policy, 1, 1);
  return forest_classifier_model<T, L>(std::move(out));
}

}  // namespace tutti::detail
