// Trees and forests, for the harness in benchmarks/peers.

#include <tutti/ensemble/extra_trees.hpp>
#include <tutti/ensemble/random_forest.hpp>
#include <tutti/tree/decision_tree.hpp>

#include "learner_job.hpp"

namespace tutti_runner {
namespace {

/// A number, a fraction, or the name of a rule.
tutti::feature_quota quota_of(const nlohmann::json& given) {
  if (given.is_number_integer()) return given.get<index>();
  if (given.is_number()) return given.get<double>();
  if (given == "all") return tutti::feature_quota::all;
  if (given == "sqrt") return tutti::feature_quota::sqrt;
  if (given == "log2") return tutti::feature_quota::log2;
  throw tutti::invalid_input("no such max_features: " + given.dump());
}

/// A number of samples, or a fraction of them.
tutti::count_or_fraction samples_of(const nlohmann::json& given) {
  if (given.is_number_integer()) return given.get<index>();
  return given.get<double>();
}

/// A job of the learner with what was given for it.
template <class Target, class Learner>
std::unique_ptr<job> make_trees(Learner l, parameter_list given, data_set& data, const workers& who) {
  nlohmann::json depth, quota, leaf;
  given.take("max_depth", depth).take("max_features", quota).take("min_samples_leaf", leaf).take("seed", l.seed);
  given.take("exact_splits", l.exact_splits);
  if (!depth.is_null()) l.max_depth = depth.get<index>();
  if (!quota.is_null()) l.max_features = quota_of(quota);
  if (!leaf.is_null()) l.min_samples_leaf = samples_of(leaf);
  if constexpr (requires { l.n_estimators; }) given.take("n_estimators", l.n_estimators).take("bootstrap", l.bootstrap);
  given.done();
  return make_job<Target>(l, data, who);
}

std::unique_ptr<job> make(const std::string& learner, const nlohmann::json& parameters, data_set& data,
                          const workers& who) {
  const auto of = [&]<class Target>(const auto& l, Target) {
    return make_trees<Target>(l, parameter_list(learner, parameters), data, who);
  };
  constexpr std::int32_t a_class = 0;
  constexpr float a_number = 0;
  if (learner == "random_forest_classifier") return of(tutti::random_forest_classifier{}, a_class);
  if (learner == "random_forest_regressor") return of(tutti::random_forest_regressor{}, a_number);
  if (learner == "extra_trees_classifier") return of(tutti::extra_trees_classifier{}, a_class);
  if (learner == "extra_trees_regressor") return of(tutti::extra_trees_regressor{}, a_number);
  if (learner == "decision_tree_classifier") return of(tutti::decision_tree_classifier{}, a_class);
  if (learner == "decision_tree_regressor") return of(tutti::decision_tree_regressor{}, a_number);
  throw tutti::invalid_input("no such learner: " + learner);
}

}  // namespace
}  // namespace tutti_runner

int main(int argc, char** argv) { return tutti_runner::serve(argc, argv, tutti_runner::make); }
