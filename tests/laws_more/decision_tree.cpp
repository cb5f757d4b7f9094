#include <tutti/tree/decision_tree.hpp>

#include "../laws/laws.hpp"

using tutti::class_criterion;
using tutti::decision_tree_classifier;
using tutti::decision_tree_regressor;
using tutti::feature_quota;
using tutti::value_criterion;

namespace {

constexpr tutti_test::promise promised{.same_bits_on_all_policies = true,
                                       .tolerance_double = 1e-12,
                                       .tolerance_float = 1e-6,
                                       .takes_missing_values = true};
// The smallest leaf is a number of rows, whatever they weigh.
constexpr tutti_test::promise counts_rows{.same_bits_on_all_policies = true,
                                          .tolerance_double = 1e-12,
                                          .tolerance_float = 1e-6,
                                          .weights_are_copies = false,
                                          .takes_missing_values = true};

/// A device refuses absolute errors.
struct absolute_tree {
  template <tutti::host_policy P, class M, class Y, class... W>
  auto fit(const P& policy, const M& X, const Y& y, const W&... w) const {
    return decision_tree_regressor{.criterion = value_criterion::absolute_error, .max_depth = 6}.fit(policy, X, y, w...);
  }
};

}  // namespace

TEST_CASE_TEMPLATE("decision_tree_classifier", T, float, double) {
  tutti_test::all_laws<T>(decision_tree_classifier{}, promised);
}

TEST_CASE_TEMPLATE("decision_tree_classifier, four classes", T, float, double) {
  tutti_test::all_laws<T>(decision_tree_classifier{}, promised, 4);
}

TEST_CASE_TEMPLATE("decision_tree_classifier, entropy, some features, three classes", T, float, double) {
  tutti_test::all_laws<T>(
      decision_tree_classifier{
          .criterion = class_criterion::entropy, .max_depth = 7, .max_features = feature_quota::sqrt, .seed = 5},
      promised, 3);
}

TEST_CASE_TEMPLATE("decision_tree_classifier, smallest leaves, balanced", T, float, double) {
  tutti_test::all_laws<T>(
      decision_tree_classifier{.min_samples_leaf = 3, .class_weight = tutti::balanced}, counts_rows);
}

TEST_CASE_TEMPLATE("decision_tree_regressor", T, float, double) {
  tutti_test::all_laws<T>(decision_tree_regressor{}, promised);
}

TEST_CASE_TEMPLATE("decision_tree_regressor, absolute error", T, float, double) {
  tutti_test::all_laws<T>(absolute_tree{}, promised);
}

TEST_CASE_TEMPLATE("decision_tree_classifier, few leaves, pruned", T, float, double) {
  tutti_test::all_laws<T>(decision_tree_classifier{.max_leaf_nodes = 30, .ccp_alpha = 0.002}, promised);
}

// The laws' targets may be negative.
TEST_CASE_TEMPLATE("decision_tree_regressor, poisson: policies agree", T, float, double) {
  const tutti_test::problem<T> d(3001, 5, 2);
  std::vector<T> counts;
  for (const T y : d.y) counts.push_back(std::floor(std::max(T(0), y)));
  const decision_tree_regressor learner{.criterion = value_criterion::poisson, .max_depth = 6, .min_samples_leaf = 3};
  const std::string reference = tutti_test::bytes(learner.fit(tutti::seq, d.X, counts));
  tutti_test::for_policies_of<decision_tree_regressor, T>([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    CHECK(tutti_test::bytes(learner.fit(policy, d.X, counts)) == reference);
  });
}
