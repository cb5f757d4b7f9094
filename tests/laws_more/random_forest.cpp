#include <tutti/ensemble/random_forest.hpp>

#include "../laws/laws.hpp"

using tutti::class_criterion;
using tutti::feature_quota;
using tutti::random_forest_classifier;
using tutti::random_forest_regressor;

namespace {

// Weights are chances to be drawn; a fraction of them is drawn, so k copies and weight k are the same only then.
constexpr tutti_test::promise chances{.same_bits_on_all_policies = true,
                                      .tolerance_double = 1e-12,
                                      .tolerance_float = 1e-6,
                                      .weights_are_copies = false,
                                      .takes_missing_values = true};
constexpr tutti_test::promise copies{.same_bits_on_all_policies = true,
                                     .tolerance_double = 1e-12,
                                     .tolerance_float = 1e-6,
                                     .takes_missing_values = true};

}  // namespace

TEST_CASE_TEMPLATE("random_forest_classifier, entropy, four classes, smallest leaves", T, float, double) {
  tutti_test::all_laws<T>(random_forest_classifier{.n_estimators = 4,
                                                   .criterion = class_criterion::entropy,
                                                   .max_depth = 6,
                                                   .min_samples_leaf = 3,
                                                   .oob_score = true},
                          chances, 4);
}

TEST_CASE_TEMPLATE("random_forest_classifier, a fraction of the weight drawn", T, float, double) {
  tutti_test::all_laws<T>(random_forest_classifier{.n_estimators = 4, .max_samples = 1.0}, copies, 3);
}

TEST_CASE_TEMPLATE("random_forest_classifier without bootstrap", T, float, double) {
  tutti_test::all_laws<T>(random_forest_classifier{.n_estimators = 4, .max_depth = 8, .bootstrap = false}, copies);
}

TEST_CASE_TEMPLATE("random_forest_regressor, some features, a fraction of the weight drawn", T, float, double) {
  tutti_test::all_laws<T>(
      random_forest_regressor{
          .n_estimators = 4, .max_depth = 8, .max_features = feature_quota::log2, .max_samples = 1.0},
      copies);
}

TEST_CASE_TEMPLATE("random_forest_classifier, balanced subsamples, importance out of the bag", T, float, double) {
  tutti_test::all_laws<T>(random_forest_classifier{.n_estimators = 4,
                                                   .max_depth = 8,
                                                   .oob_permutation_importance = true,
                                                   .class_weight = tutti::balanced_subsample},
                          chances, 3);
}

TEST_CASE_TEMPLATE("random_forest_regressor, targets kept", T, float, double) {
  tutti_test::all_laws<T>(random_forest_regressor{.n_estimators = 3, .max_depth = 8, .keep_targets = true}, chances);
}

TEST_CASE_TEMPLATE("forests of exact splits, a fraction of the weight drawn", T, float, double) {
  tutti_test::all_laws<T>(
      random_forest_classifier{.n_estimators = 3, .max_depth = 8, .max_samples = 1.0, .exact_splits = true}, copies, 3);
  tutti_test::all_laws<T>(
      random_forest_regressor{.n_estimators = 3, .max_depth = 8, .max_samples = 1.0, .exact_splits = true}, copies);
}
