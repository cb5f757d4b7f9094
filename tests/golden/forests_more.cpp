// Forests of other hyper-parameters beside scikit-learn's: their scores are neither worse nor better.

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <tutti/ensemble/random_forest.hpp>
#include <tutti/metrics/regression.hpp>

#include "forests.hpp"

namespace {

using namespace tutti_test;
using tutti::index;
using tutti::random_forest_classifier;
using tutti::random_forest_regressor;

const needs_data data_are_here{"breast_cancer.csv", "diabetes.csv"};
const golden_table& golden() {
  static const golden_table table("forests_more");
  return table;
}

/// score(learner) for each seed.
template <class Learner, class Score>
void check_level(const parted_set& d, const std::string& item, Learner learner, const Score& score) {
  learner.n_estimators = index(golden().number("all", "trees"));
  std::vector<double> scores;
  for (learner.seed = 0; learner.seed < std::uint64_t(golden().number("all", "seeds")); ++learner.seed)
    scores.push_back(score(learner));
  CAPTURE(item);
  CHECK(std::abs(errors_above(golden(), d, item, scores)) <= 3);
}

}  // namespace

TEST_CASE("forests of two classes, with other hyper-parameters, are level with scikit-learn's") {
  const parted_set d(golden(), "breast_cancer", "target");
  const std::vector<int> y = labels(d.y), y_test = labels(d.y_test);
  const auto check = [&](const char* item, const random_forest_classifier& learner) {
    check_level(d, item, learner, [&](const random_forest_classifier& seeded) {
      return auc_of(seeded.fit(tutti::par_simd, d.X, y), d.X_test, y_test);
    });
  };
  std::vector<int> rising(30, 0);
  for (std::size_t j = 0; j < 10; ++j) rising[j] = 1;
  check("auc_few_leaves", {.max_leaf_nodes = 6});
  check("auc_pruned", {.ccp_alpha = 0.02});
  check("auc_balanced", {.max_depth = 3, .class_weight = tutti::balanced_subsample});
  check("auc_entropy", {.criterion = tutti::class_criterion::entropy, .min_samples_leaf = 5});
  check("auc_monotonic", {.monotonic_cst = rising});
}

TEST_CASE("forests of numbers, with other hyper-parameters, are level with scikit-learn's") {
  const parted_set d(golden(), "diabetes", "target");
  const auto check = [&](const char* item, const random_forest_regressor& learner) {
    check_level(d, item, learner, [&](const random_forest_regressor& seeded) {
      return tutti::r2_score(tutti::seq, d.y_test,
                             seeded.fit(tutti::par_simd, d.X, d.y).predict(tutti::par_simd, d.X_test));
    });
  };
  check("r2_absolute_error", {.criterion = tutti::value_criterion::absolute_error, .min_samples_leaf = 3});
  check("r2_poisson", {.criterion = tutti::value_criterion::poisson, .min_samples_leaf = 3});
  check("r2_few_leaves", {.max_leaf_nodes = 10});
  check("r2_pruned", {.ccp_alpha = 40});
  check("r2_monotonic", {.min_samples_leaf = 3, .monotonic_cst = {0, 0, 1, 1, 0, 0, 0, 0, 1, 0}});
}
