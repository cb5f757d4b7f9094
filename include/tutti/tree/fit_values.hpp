#pragma once
// Fits trees to numbers.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/near_vector.hpp>
#include <tutti/algorithm/quantize.hpp>
#include <tutti/core/arithmetic.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>
#include <tutti/tree/bag.hpp>
#include <tutti/tree/fit_forest.hpp>
#include <tutti/tree/forest_regressor.hpp>
#include <tutti/tree/leaf_targets.hpp>
#include <tutti/tree/median_splitter.hpp>
#include <tutti/tree/near_targets.hpp>
#include <tutti/tree/oob_importance.hpp>
#include <tutti/tree/several_splitter.hpp>
#include <tutti/tree/target_scale.hpp>
#include <tutti/tree/tree_options.hpp>
#include <tutti/tree/value_splitter.hpp>

namespace tutti::detail {

/// Targets as whole numbers.
///
/// y        [n] one target of each sample
/// weight   [n], or empty for ones; samples of weight 0 are absent
/// throws   invalid_input if poisson is asked for a negative target, or zeros alone
template <class T>
target_scale scale_of_targets(std::string_view who, value_criterion criterion, matrix_view<const T> Y, index target,
                              vector_view<const T> weight, std::int64_t total) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (index i = 0; i < Y.rows; ++i) {
    if (weight.size > 0 && weight(i) == T(0)) continue;
    low = std::min(low, static_cast<double>(Y(i, target)));
    high = std::max(high, static_cast<double>(Y(i, target)));
  }
  const bool poisson = criterion == value_criterion::poisson;
  require(!poisson || low >= 0, who, "criterion poisson asks for targets >= 0, got " + std::to_string(low));
  require(!poisson || high > 0, who, "criterion poisson asks for a target > 0, all are 0");
  return target_scale::of(low, high, poisson ? 0 : low / 2 + high / 2, total);
}

/// What of the fit of numbers comes after the trees: targets by leaf, and what trees say of samples they did not see.
template <class Policy, class Fit, class T>
void look_back(const Policy& policy, const tree_options& options, const Fit& fit, matrix_view<const T> Y,
               fitted_values<T>& out) {
  const index targets = Y.cols;
  if (options.keep_targets) out.targets = collect_targets(policy, fit, out.trees, {Y.data, Y.rows, Y.row_stride});
  if (options.oob_permutation_importance)
    out.oob_importance = oob_importance(policy, fit, out.trees, [&](index i, const T* values) {
      double sum = 0;
      for (index k = 0; k < targets; ++k) {
        const double error = static_cast<double>(values[k]) - static_cast<double>(Y(i, k));
        sum += product(error, error);
      }
      return sum / static_cast<double>(targets);
    });
  if (options.oob_score)
    fit.out_of_bag(policy, targets, out, [&](const std::vector<double>& sums, double unseen, T* to) {
      for (index k = 0; k < targets; ++k) to[k] = static_cast<T>(sums[static_cast<std::size_t>(k)] / unseen);
    });
}

/// Whether sums of one target and its weight tell all of a node.
template <class T>
bool has_plain_targets(value_criterion criterion, matrix_view<const T> Y) {
  return Y.cols == 1 && criterion != value_criterion::absolute_error;
}

/// The fit of numbers, once it is known how a row lies in memory.
///
/// Format   of rows whose targets are whole numbers; those whose weights are bytes serve plain targets only
/// scales   of each target
template <class Format, class Policy, class T>
void grow_values(const Policy& policy, const tree_options& options, const growth_rules& rules,
                 value_criterion criterion, const bag& samples, matrix_view<const T> X, matrix_view<const T> Y,
                 const std::vector<target_scale>& scales, fitted_values<T>& out) {
  using P = typename Policy::template pack<float>;
  const Format format(X.cols, Y.cols);
  forest<T, T>& trees = out.trees;
  forest_fit<T, T, Format> fit(policy, options, format, samples, trees.cuts, X);
  for (index i = 0; i < X.rows; ++i)
    for (index k = 0; k < Y.cols; ++k)
      format.set_target(fit.row(i), k, scales[static_cast<std::size_t>(k)].whole(static_cast<double>(Y(i, k))));
  const bin_positions positions = rules.random_cuts ? bin_positions(trees.cuts) : bin_positions();
  const split_task task{rules, positions, trees.cuts.categorical, trees.cuts.missing};
  const auto grow = [&](const auto& make_splitter) { fit.grow(policy, rules, make_splitter, trees); };
  const bool plain = has_plain_targets(criterion, Y);
  if (plain) grow([&] { return value_splitter<P, T, Format>(task, {criterion}, format, scales[0]); });
  if constexpr (sizeof(typename Format::weight_type) > 1) {
    if (Y.cols > 1)
      grow([&] { return several_splitter<T, Format>(task, format, scales); });
    else if (!plain)
      grow([&] { return median_splitter<T, Format>(task, format, scales[0]); });
  }
  look_back(policy, options, fit, Y, out);
}

/// R2 of one target on the covered samples that are present.
template <class T>
double oob_r2(const fitted_values<T>& fitted, const bag& samples, matrix_view<const T> Y, index target) {
  double count = 0, mean = 0, error = 0, spread = 0;
  const auto each = [&](const auto& f) {
    for (index i = 0; i < Y.rows; ++i)
      if (fitted.oob_covered[static_cast<std::size_t>(i)] != 0 && samples.is_present(i))
        f(static_cast<double>(Y(i, target)),
          static_cast<double>(fitted.oob[static_cast<std::size_t>(i * Y.cols + target)]));
  };
  each([&](double value, double) {
    count += 1;
    mean += value;
  });
  mean = count > 0 ? mean / count : 0;
  each([&](double value, double predicted) {
    error += product(value - predicted, value - predicted);
    spread += product(value - mean, value - mean);
  });
  return spread > 0 ? 1 - error / spread : 0;
}

/// throws   invalid_input for what is there for one target only
inline void require_for_several(const tree_options& options, value_criterion criterion, const growth_rules& rules) {
  const auto alone = [&](bool holds, const char* name) {
    require(holds, options.who, std::string(name) + " is for one target, Y has several columns");
  };
  alone(criterion == value_criterion::squared_error, "a criterion other than squared_error");
  alone(rules.monotonic.empty(), "monotonic_cst");
  alone(options.categorical_features->empty(), "categorical_features");
  alone(!options.keep_targets, "keep_targets");
}

/// before   the model to which trees are added; nullptr: none
template <class Policy, class T, class Y, class W>
auto fit_values(const Policy& policy, const tree_options& options, value_criterion criterion, matrix_view<const T> X,
                const Y& y, const W& sample_weight, const forest_regressor_model<T, !vector_like<Y>>* before) {
  require_samples(options.who, X);
  growth_rules rules = options.rules(X.rows, X.cols);
  const std::vector<std::uint8_t> categorical = options.categorical(X.cols);
  rules.monotonic = options.monotonic(categorical);
  const near_targets<Policy, T, Y> near_y(policy, options.who, y, X);
  const matrix_view<const T> targets = near_y.view();
  if (targets.cols > 1) require_for_several(options, criterion, rules);
  const near_weights<Policy, T> weights(policy, options.who, sample_weight, X);
  const vector_view<const T> weight{weights.data(), weights.data() == nullptr ? 0 : X.rows, 1};
  const bag samples = make_bag(options, X.rows, weight);
  std::vector<target_scale> scales;
  for (index k = 0; k < targets.cols; ++k)
    scales.push_back(scale_of_targets(options.who, criterion, targets, k, weight, samples.total()));
  const bool squares = criterion == value_criterion::squared_error;
  const double unit = targets.cols > 1 ? 1 : squares ? scales[0].step * scales[0].step : scales[0].step;
  rules.set_weights(options.min_weight_fraction_leaf, options.min_impurity_decrease, options.ccp_alpha, samples.total(),
                    unit);

  fitted_values<T> out;
  start_forest(policy, options, X, weight, categorical, before == nullptr ? nullptr : &before->fitted().trees,
               out.trees);
  require(before == nullptr || before->n_targets() == targets.cols, options.who,
          "the model to go on from knows another number of targets");
  out.trees.trees.outputs = targets.cols;
  const auto grow = [&]<class Format>(std::type_identity<Format>) {
    grow_values<Format>(policy, options, rules, criterion, samples, X, targets, scales, out);
  };
  if (!out.trees.cuts.fit_bytes())
    grow(std::type_identity<row_format<std::int32_t, std::int32_t, std::uint32_t>>{});
  else if (samples.counts_fit_a_byte() && has_plain_targets(criterion, targets))
    grow(std::type_identity<row_format<std::int32_t, std::uint8_t>>{});
  else
    grow(std::type_identity<row_format<std::int32_t, std::int32_t>>{});
  if (options.oob_score)
    for (index k = 0; k < targets.cols; ++k)
      out.oob_score += oob_r2(out, samples, targets, k) / static_cast<double>(targets.cols);
  report_progress(policy, 1, 1);
  return forest_regressor_model<T, !vector_like<Y>>(std::move(out));
}

}  // namespace tutti::detail
