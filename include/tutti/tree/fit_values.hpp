#pragma once
// Fits trees to numbers.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
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
#include <tutti/tree/oob_importance.hpp>
#include <tutti/tree/target_scale.hpp>
#include <tutti/tree/tree_options.hpp>
#include <tutti/tree/value_splitter.hpp>

namespace tutti::detail {

/// Targets as whole numbers.
///
/// weight   [n], or empty for ones; samples of weight 0 are absent
/// throws   invalid_input if poisson is asked for a negative target, or zeros alone
template <class T>
target_scale scale_of_targets(std::string_view who, value_criterion criterion, vector_view<const T> y,
                              vector_view<const T> weight, std::int64_t total) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (index i = 0; i < y.size; ++i) {
    if (weight.size > 0 && weight(i) == T(0)) continue;
    low = std::min(low, static_cast<double>(y(i)));
    high = std::max(high, static_cast<double>(y(i)));
  }
  const bool poisson = criterion == value_criterion::poisson;
  require(!poisson || low >= 0, who, "criterion poisson asks for targets >= 0, got " + std::to_string(low));
  require(!poisson || high > 0, who, "criterion poisson asks for a target > 0, all are 0");
  return target_scale::of(low, high, poisson ? 0 : low / 2 + high / 2, total);
}

/// The fit of numbers, once it is known how a row lies in memory.
///
/// Weight   holds how often a row is there
template <class Weight, class Policy, class T>
void grow_values(const Policy& policy, const tree_options& options, const growth_rules& rules,
                 value_criterion criterion, const bag& samples, matrix_view<const T> X, vector_view<const T> y,
                 const target_scale& scale, fitted_values<T>& out) {
  using P = typename Policy::template pack<float>;
  using format_type = row_format<std::int32_t, Weight>;
  const format_type format(X.cols);
  forest<T, T>& trees = out.trees;
  forest_fit<T, T, format_type> fit(policy, options, format, samples, trees.cuts, X);
  for (index i = 0; i < X.rows; ++i) format.set_target(fit.row(i), scale.whole(static_cast<double>(y(i))));
  const bin_positions positions(trees.cuts);
  const split_task task{rules, positions, trees.cuts.categorical, trees.cuts.missing};
  if (criterion == value_criterion::absolute_error)
    fit.grow(policy, rules, [&] { return median_splitter<T, Weight>(task, format, scale); }, trees);
  else
    fit.grow(policy, rules, [&] { return value_splitter<P, T, Weight>(task, {criterion}, format, scale); }, trees);
  if (options.keep_targets) out.targets = collect_targets(policy, fit, trees, y);
  if (options.oob_permutation_importance)
    out.oob_importance = oob_importance(policy, fit, trees, [&](index i, const T* value) {
      const double error = static_cast<double>(*value) - static_cast<double>(y(i));
      return product(error, error);
    });
  if (!options.oob_score) return;
  out.oob.assign(static_cast<std::size_t>(X.rows), T(0));
  out.oob_covered.assign(static_cast<std::size_t>(X.rows), 0);
  fit.out_of_bag(policy, trees, [&](index i, const std::vector<double>& sums, index unseen) {
    if (unseen == 0) return;
    out.oob_covered[static_cast<std::size_t>(i)] = 1;
    out.oob[static_cast<std::size_t>(i)] = static_cast<T>(sums[0] / static_cast<double>(unseen));
  });
}

/// R2 on the covered samples that are present.
template <class T>
double oob_r2(const fitted_values<T>& fitted, const bag& samples, vector_view<const T> y) {
  double count = 0, mean = 0, error = 0, spread = 0;
  const auto each = [&](const auto& f) {
    for (index i = 0; i < y.size; ++i)
      if (fitted.oob_covered[static_cast<std::size_t>(i)] != 0 && samples.is_present(i))
        f(static_cast<double>(y(i)), static_cast<double>(fitted.oob[static_cast<std::size_t>(i)]));
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

/// before   the model to which trees are added; nullptr: none
template <class Policy, class T, class Y, class W>
forest_regressor_model<T> fit_values(const Policy& policy, const tree_options& options, value_criterion criterion,
                                     matrix_view<const T> X, const Y& targets, const W& sample_weight,
                                     const forest_regressor_model<T>* before) {
  require_samples(options.who, X);
  require_length(options.who, "y", view(targets).size, X);
  growth_rules rules = options.rules(X.rows, X.cols);
  const std::vector<std::uint8_t> categorical = options.categorical(X.cols);
  rules.monotonic = options.monotonic(categorical);
  const near_vector<Policy, T> near_y(policy, vector_view<const element_of<Y>>(view(targets)));
  const vector_view<const T> y{near_y.data(), near_y.size(), 1};
  require_finite(policy, options.who, "y", as_column(y.data, y.size));
  const near_weights<Policy, T> weights(policy, options.who, sample_weight, X);
  const vector_view<const T> weight{weights.data(), weights.data() == nullptr ? 0 : X.rows, 1};
  const bag samples = make_bag(options, X.rows, weight);
  const target_scale scale = scale_of_targets(options.who, criterion, y, weight, samples.total());
  const bool squares = criterion == value_criterion::squared_error;
  rules.set_weights(options.min_weight_fraction_leaf, options.min_impurity_decrease, options.ccp_alpha, samples.total(),
                    squares ? scale.step * scale.step : scale.step);

  fitted_values<T> out;
  start_forest(policy, options, X, weight, categorical, before == nullptr ? nullptr : &before->fitted().trees,
               out.trees);
  if (samples.counts_fit_a_byte())
    grow_values<std::uint8_t>(policy, options, rules, criterion, samples, X, y, scale, out);
  else
    grow_values<std::int32_t>(policy, options, rules, criterion, samples, X, y, scale, out);
  if (options.oob_score) out.oob_score = oob_r2(out, samples, y);
  report_progress(policy, 1, 1);
  return forest_regressor_model<T>(std::move(out));
}

}  // namespace tutti::detail
