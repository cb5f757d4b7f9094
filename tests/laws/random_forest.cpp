#include <tutti/ensemble/random_forest.hpp>

#include "laws.hpp"

using tutti::random_forest_classifier;
using tutti::random_forest_regressor;

namespace {

// Weights are chances to be drawn.
constexpr tutti_test::promise chances{.same_bits_on_all_policies = true,
                                      .tolerance_double = 1e-12,
                                      .tolerance_float = 1e-6,
                                      .weights_are_copies = false,
                                      .takes_missing_values = true};

}  // namespace

TEST_CASE_TEMPLATE("random_forest_classifier", T, float, double) {
  tutti_test::all_laws<T>(random_forest_classifier{.n_estimators = 5}, chances);
}

TEST_CASE_TEMPLATE("random_forest_regressor", T, float, double) {
  tutti_test::all_laws<T>(random_forest_regressor{.n_estimators = 4, .max_samples = 0.7, .seed = 9}, chances);
}
