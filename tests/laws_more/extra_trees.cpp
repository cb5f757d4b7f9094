#include <tutti/ensemble/extra_trees.hpp>

#include "../laws/laws.hpp"

using tutti::extra_trees_classifier;
using tutti::extra_trees_regressor;

namespace {

constexpr tutti_test::promise promised{.same_bits_on_all_policies = true,
                                       .tolerance_double = 1e-12,
                                       .tolerance_float = 1e-6,
                                       .takes_missing_values = true};
// With bootstrap, weights are chances to be drawn.
constexpr tutti_test::promise chances{.same_bits_on_all_policies = true,
                                      .tolerance_double = 1e-12,
                                      .tolerance_float = 1e-6,
                                      .weights_are_copies = false,
                                      .takes_missing_values = true};

}  // namespace

TEST_CASE_TEMPLATE("extra_trees_classifier", T, float, double) {
  tutti_test::all_laws<T>(extra_trees_classifier{.n_estimators = 4}, promised);
}

TEST_CASE_TEMPLATE("extra_trees_classifier, four classes, bootstrap", T, float, double) {
  tutti_test::all_laws<T>(
      extra_trees_classifier{
          .n_estimators = 4, .max_depth = 8, .max_features = 0.7, .bootstrap = true, .oob_score = true},
      chances, 4);
}

TEST_CASE_TEMPLATE("extra_trees_regressor", T, float, double) {
  tutti_test::all_laws<T>(extra_trees_regressor{.n_estimators = 3, .max_depth = 10}, promised);
}
