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
#include <tutti/tree/oob_importance.hpp>
#include <tutti/tree/tree_options.hpp>

namespace tutti::detail {

/// Units of weight for trees that draw so many samples: as fine as weights allow that a histogram's words can add up.
inline std::int64_t balancing_unit(std::int64_t draws) {
  return std::clamp<std::int64_t>((std::int64_t{1} << 30) / draws, 1, std::int64_t{1} << 20);
}

/// Turns how often a tree drew each sample into weights by which its classes count the same, as whole multiples of
/// 1 / unit; leaves them as they are if unit is 0.
template <class Format>
struct balance_draws {
  const Format& format;
  index classes;
  std::int64_t unit;

  template <class Row, class Count>
  void operator()(const Row& row, Count* counts, index n) const {
    if (unit == 0) return;
    std::vector<std::int64_t> drawn(static_cast<std::size_t>(classes));
    const auto class_of = [&](index i) { return static_cast<std::size_t>(format.target(row(i))); };
    std::int64_t all = 0;
    for (index i = 0; i < n; ++i) {
      if (counts[i] == 0) continue;
      drawn[class_of(i)] += counts[i];
      all += counts[i];
    }
    const auto present = static_cast<double>(drawn.size() - static_cast<std::size_t>(std::ranges::count(drawn, 0)));
    const double share = static_cast<double>(unit * all) / present;
    for (index i = 0; i < n; ++i)
      if (counts[i] != 0)
        counts[i] = static_cast<Count>(
            counts[i] * std::max(1, static_cast<std::int32_t>(share / as_double(drawn[class_of(i)]) + 0.5)));
  }
};

/// The fit of classes, once it is known how a row lies in memory.
///
/// Format   of rows whose targets are classes
/// unit     of the weights that balance what each tree draws; 0: they are left alone
template <class Format, class Policy, class T, class L>
void grow_classes(const Policy& policy, const tree_options& options, const growth_rules& rules,
                  const class_measure& measure, const bag& samples, std::int64_t unit, matrix_view<const T> X,
                  const class_targets<T, L>& targets, fitted_classes<T, L>& out) {
  using P = typename Policy::template pack<float>;
  const Format format(X.cols);
  const index classes = targets.classes().size();
  forest<T, float>& trees = out.trees;
  forest_fit<T, float, Format> fit(policy, options, format, samples, trees.cuts, X);
  for (index i = 0; i < X.rows; ++i) format.set_target(fit.row(i), static_cast<typename Format::target_type>(targets.codes()(i)));
  const bin_positions positions = rules.random_cuts ? bin_positions(trees.cuts) : bin_positions();
  const auto make_splitter = [&] {
    const split_task task{rules, positions, trees.cuts.categorical, trees.cuts.missing};
    return class_splitter<P, Format>(task, measure, format, classes);
  };
  fit.grow(policy, rules, make_splitter, trees, balance_draws<Format>{format, classes, unit});
  if (options.oob_permutation_importance)
    out.oob_importance = oob_importance(policy, fit, trees, [&](index i, const float* values) {
      const double mean[] = {static_cast<double>(*values)};
      const index best = classes == 2 ? best_class(mean, 2, 1) : std::max_element(values, values + classes) - values;
      return best == static_cast<index>(targets.codes()(i)) ? 0.0 : 1.0;
    });
  if (options.oob_score)
    fit.out_of_bag(policy, classes, out, [&](const std::vector<double>& sums, double unseen, T* to) {
      mean_probabilities(sums.data(), classes, unseen, to);
    });
}

/// The share of the covered samples that are present whose most probable class is theirs.
template <class T, class L>
double oob_accuracy(const fitted_classes<T, L>& fitted, const bag& samples, vector_view<const T> codes) {
  const index k = fitted.classes.size();
  index covered = 0, right = 0;
  for (index i = 0; i < codes.size; ++i) {
    if (fitted.oob_covered[static_cast<std::size_t>(i)] == 0 || !samples.is_present(i)) continue;
    const T* const p = fitted.oob.data() + i * k;
    ++covered;
    right += std::max_element(p, p + k) - p == static_cast<index>(codes(i)) ? 1 : 0;
  }
  return covered > 0 ? static_cast<double>(right) / static_cast<double>(covered) : 0;
}

/// before   the model to which trees are added; nullptr: none
template <class Policy, class T, class L, class W>
forest_classifier_model<T, L> fit_classes(const Policy& policy, const tree_options& options, class_criterion criterion,
                                          const forest_class_weights& class_weight, matrix_view<const T> X,
                                          vector_view<const L> y, const W& sample_weight,
                                          const forest_classifier_model<T, L>* before) {
  require_samples(options.who, X);
  require_length(options.who, "y", y.size, X);
  growth_rules rules = options.rules(X.rows, X.cols);
  const std::vector<std::uint8_t> categorical = options.categorical(X.cols);
  rules.monotonic = options.monotonic(categorical);
  const bool balances_all = class_weight.balances_subsamples() && !options.bootstrap;
  const class_targets<T, L> targets(policy, options.who, y, sample_weight, X,
                                    balances_all ? class_weights(balanced) : class_weights(class_weight));
  require(targets.classes().size() > 1, options.who, "y holds one class only: " + label_text(targets.classes()[0]));
  require(rules.monotonic.empty() || targets.classes().size() == 2, options.who,
          "monotonic_cst needs two classes, y has " + std::to_string(targets.classes().size()));
  const bag samples = make_bag(options, X.rows, targets.weights());
  const std::int64_t unit =
      class_weight.balances_subsamples() && options.bootstrap ? balancing_unit(samples.total()) : 0;
  rules.set_weights(options.min_weight_fraction_leaf, options.min_impurity_decrease, options.ccp_alpha,
                    samples.total() * std::max<std::int64_t>(unit, 1), 1);

  fitted_classes<T, L> out;
  out.classes = targets.classes();
  start_forest(policy, options, X, targets.weights(), categorical,
               before == nullptr ? nullptr : &before->fitted().trees, out.trees);
  require(before == nullptr || before->fitted().classes == out.classes, options.who,
          "the model to go on from knows other classes");
  out.trees.trees.outputs = out.classes.size() == 2 ? 1 : out.classes.size();
  const class_measure measure{criterion};
  const auto grow = [&]<class Format>(std::type_identity<Format>) {
    grow_classes<Format>(policy, options, rules, measure, samples, unit, X, targets, out);
  };
  if (!out.trees.cuts.fit_bytes())
    grow(std::type_identity<row_format<std::int32_t, std::int32_t, std::uint32_t>>{});
  else if (samples.counts_fit_a_byte() && unit == 0 && out.classes.size() <= 256)
    grow(std::type_identity<row_format<std::uint8_t, std::uint8_t>>{});
  else
    grow(std::type_identity<row_format<std::int32_t, std::int32_t>>{});
  if (options.oob_score) out.oob_score = oob_accuracy(out, samples, targets.codes());
  report_progress(policy, 1, 1);
  return forest_classifier_model<T, L>(std::move(out));
}

}  // namespace tutti::detail
