#pragma once
// The hyper-parameters that trees and forests share, and what they mean for some data.

#include <algorithm>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tutti/algorithm/check.hpp>
#include <tutti/core/labels.hpp>
#include <tutti/core/view.hpp>
#include <tutti/tree/split.hpp>

namespace tutti {

namespace detail {

template <class N>
concept whole_number = std::integral<N> && !std::same_as<N, bool>;

}  // namespace detail

/// How many features a node tries: all, a rule, a number, or a fraction.
///
///     .max_features = tutti::feature_quota::sqrt     max(1, floor(sqrt(p)))
///     .max_features = 5                              five of them
///     .max_features = 0.3                            max(1, floor(0.3 p))
class feature_quota {
 public:
  static const feature_quota all, sqrt, log2;

  template <detail::whole_number N>
  constexpr feature_quota(N count) : kind_(kind::count), count_(static_cast<index>(count)) {}
  constexpr feature_quota(double fraction) : kind_(kind::fraction), fraction_(fraction) {}

  /// The number for p features.
  ///
  /// throws   invalid_input if a count is not in [1, p], a fraction not in (0, 1]
  index of(index p, std::string_view who) const {
    const auto at_least_one = [](double x) { return std::max<index>(1, static_cast<index>(x)); };
    switch (kind_) {
      case kind::all: return p;
      case kind::sqrt: return at_least_one(std::sqrt(static_cast<double>(p)));
      case kind::log2: return std::max<index>(1, static_cast<index>(std::bit_width(static_cast<std::uint64_t>(p))) - 1);
      case kind::fraction:
        detail::require(fraction_ > 0 && fraction_ <= 1, who,
                        "max_features must be a fraction in (0, 1], got " + std::to_string(fraction_));
        return at_least_one(fraction_ * static_cast<double>(p));
      case kind::count: break;
    }
    detail::require(count_ >= 1 && count_ <= p, who,
                    "max_features must be in [1, " + std::to_string(p) + "], got " + std::to_string(count_));
    return count_;
  }

 private:
  enum class kind { all, sqrt, log2, count, fraction };
  constexpr explicit feature_quota(kind k) : kind_(k) {}

  kind kind_;
  index count_ = 0;
  double fraction_ = 0;
};

inline constexpr feature_quota feature_quota::all{feature_quota::kind::all};
inline constexpr feature_quota feature_quota::sqrt{feature_quota::kind::sqrt};
inline constexpr feature_quota feature_quota::log2{feature_quota::kind::log2};

/// A number of samples, or a fraction of them.
class count_or_fraction {
 public:
  template <detail::whole_number N>
  constexpr count_or_fraction(N count) : count_(static_cast<index>(count)) {}
  constexpr count_or_fraction(double fraction) : is_fraction_(true), fraction_(fraction) {}

  constexpr bool is_fraction() const { return is_fraction_; }
  constexpr index count() const { return count_; }
  constexpr double fraction() const { return fraction_; }

 private:
  bool is_fraction_ = false;
  index count_ = 0;
  double fraction_ = 0;
};

/// How much each class counts in a forest: as for any classifier, or balanced anew in what each tree draws.
///
///     .class_weight = tutti::balanced_subsample
class forest_class_weights : public class_weights {
 public:
  using class_weights::class_weights;
  forest_class_weights(class_weights weights) : class_weights(std::move(weights)) {}

  struct balanced_subsample_tag {};
  constexpr forest_class_weights(balanced_subsample_tag) : balances_subsamples_(true) {}

  bool balances_subsamples() const { return balances_subsamples_; }

 private:
  bool balances_subsamples_ = false;
};

/// Classes weighted tree by tree, so that each counts as much as any other among the samples that the tree drew.
inline constexpr forest_class_weights::balanced_subsample_tag balanced_subsample{};

namespace detail {

/// The hyper-parameters of any tree or forest, as its struct has them.
struct tree_options {
  std::string_view who;
  index n_estimators = 1;
  std::optional<index> max_depth{};
  count_or_fraction min_samples_split = 2;
  count_or_fraction min_samples_leaf = 1;
  double min_weight_fraction_leaf = 0;
  feature_quota max_features = feature_quota::all;
  std::optional<index> max_leaf_nodes{};
  double min_impurity_decrease = 0;
  double ccp_alpha = 0;
  bool bootstrap = false;
  bool oob_score = false;
  bool oob_permutation_importance = false;
  std::optional<count_or_fraction> max_samples{};
  std::uint64_t seed = 0;
  bool random_cuts = false;
  bool exact_splits = false;
  bool keep_targets = false;
  const std::vector<index>* categorical_features = nullptr;
  const std::vector<int>* monotonic_cst = nullptr;

  void require_in(std::string_view name, bool holds, const std::string& range, const std::string& got) const {
    require(holds, who, std::string(name) + " must be " + range + ", got " + got);
  }

  index rows_of(std::string_view name, const count_or_fraction& asked, index least, double most, index n) const {
    if (!asked.is_fraction()) {
      require_in(name, asked.count() >= least, ">= " + std::to_string(least), std::to_string(asked.count()));
      return asked.count();
    }
    require_in(name, asked.fraction() > 0 && asked.fraction() <= most,
               "a fraction in (0, " + std::to_string(most) + "]", std::to_string(asked.fraction()));
    return static_cast<index>(std::ceil(asked.fraction() * static_cast<double>(n)));
  }

  /// What trees over n samples of p features may look like.
  ///
  /// throws   invalid_input naming the member that is out of its range
  growth_rules rules(index n, index p) const {
    growth_rules out;
    require_in("n_estimators", n_estimators >= 1, ">= 1", std::to_string(n_estimators));
    require_in("max_depth", !max_depth || *max_depth >= 1, ">= 1", std::to_string(max_depth.value_or(0)));
    require_in("min_weight_fraction_leaf", min_weight_fraction_leaf >= 0 && min_weight_fraction_leaf <= 0.5,
               "in [0, 0.5]", std::to_string(min_weight_fraction_leaf));
    require_at_least(who, "min_impurity_decrease", min_impurity_decrease, 0);
    require_at_least(who, "ccp_alpha", ccp_alpha, 0);
    require_in("max_leaf_nodes", !max_leaf_nodes || *max_leaf_nodes >= 2, ">= 2",
               std::to_string(max_leaf_nodes.value_or(0)));
    require(p <= std::numeric_limits<std::uint16_t>::max(), who,
            "X has " + std::to_string(p) + " columns, at most 65535 can be served");
    require(n <= std::numeric_limits<std::int32_t>::max(), who,
            "X has " + std::to_string(n) + " rows, at most 2^31 - 1 can be served");
    out.max_depth = max_depth.value_or(std::numeric_limits<index>::max());
    out.max_leaves = max_leaf_nodes.value_or(0);
    out.min_leaf_rows = rows_of("min_samples_leaf", min_samples_leaf, 1, 0.5, n);
    out.min_split_rows =
        std::max({index{2}, rows_of("min_samples_split", min_samples_split, 2, 1.0, n), 2 * out.min_leaf_rows});
    out.quota = max_features.of(p, who);
    out.random_cuts = random_cuts;
    return out;
  }

  /// How many samples a bootstrap draws.
  ///
  /// weight   what all samples weigh together
  index draws(index n, double weight) const {
    require(bootstrap || !max_samples, who, "max_samples needs bootstrap = true");
    require(bootstrap || !oob_score, who, "oob_score needs bootstrap = true");
    require(bootstrap || !oob_permutation_importance, who, "oob_permutation_importance needs bootstrap = true");
    if (!max_samples) return n;
    if (!max_samples->is_fraction()) {
      require_in("max_samples", max_samples->count() >= 1, ">= 1", std::to_string(max_samples->count()));
      return max_samples->count();
    }
    require_in("max_samples", max_samples->fraction() > 0 && is_finite(max_samples->fraction()), "a fraction > 0",
               std::to_string(max_samples->fraction()));
    return std::max<index>(1, static_cast<index>(max_samples->fraction() * weight));
  }

  std::vector<std::uint8_t> categorical(index p) const {
    std::vector<std::uint8_t> flags(static_cast<std::size_t>(p), 0);
    for (const index j : *categorical_features) {
      require(j >= 0 && j < p, who,
              "categorical_features names column " + std::to_string(j) + " of " + std::to_string(p));
      flags[static_cast<std::size_t>(j)] = 1;
    }
    return flags;
  }

  /// The constraints, feature by feature; empty if there are none.
  ///
  /// categorical   [p]
  std::vector<std::int8_t> monotonic(const std::vector<std::uint8_t>& categorical) const {
    const std::vector<int>& asked = *monotonic_cst;
    require(asked.empty() || asked.size() == categorical.size(), who,
            "monotonic_cst has " + std::to_string(asked.size()) + " elements, expected one for each of the " +
                std::to_string(categorical.size()) + " columns");
    for (std::size_t j = 0; j < asked.size(); ++j) {
      require_in("monotonic_cst", asked[j] >= -1 && asked[j] <= 1, "-1, 0 or 1", std::to_string(asked[j]));
      require(asked[j] == 0 || categorical[j] == 0, who,
              "monotonic_cst names column " + std::to_string(j) + ", which is categorical");
    }
    const bool any = std::any_of(asked.begin(), asked.end(), [](int direction) { return direction != 0; });
    return any ? std::vector<std::int8_t>(asked.begin(), asked.end()) : std::vector<std::int8_t>{};
  }
};

/// The members of a learner of trees, by their names. A single tree has fewer of them.
///
/// who   the function as the user wrote it
template <class Learner>
tree_options options_of(const Learner& learner, std::string_view who, bool random_cuts = false) {
  tree_options out{.who = who,
                   .max_depth = learner.max_depth,
                   .min_samples_split = learner.min_samples_split,
                   .min_samples_leaf = learner.min_samples_leaf,
                   .min_weight_fraction_leaf = learner.min_weight_fraction_leaf,
                   .max_features = learner.max_features,
                   .max_leaf_nodes = learner.max_leaf_nodes,
                   .min_impurity_decrease = learner.min_impurity_decrease,
                   .ccp_alpha = learner.ccp_alpha,
                   .seed = learner.seed,
                   .random_cuts = random_cuts,
                   .exact_splits = learner.exact_splits,
                   .categorical_features = &learner.categorical_features,
                   .monotonic_cst = &learner.monotonic_cst};
  if constexpr (requires { learner.n_estimators; }) {
    out.n_estimators = learner.n_estimators;
    out.bootstrap = learner.bootstrap;
    out.oob_score = learner.oob_score;
    out.oob_permutation_importance = learner.oob_permutation_importance;
    out.max_samples = learner.max_samples;
  }
  if constexpr (requires { learner.keep_targets; }) out.keep_targets = learner.keep_targets;
  return out;
}

}  // namespace detail

}  // namespace tutti
