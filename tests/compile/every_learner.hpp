#pragma once
// Every learner once, under a policy: what a user's translation unit might hold.

#include <vector>

#include <tutti/tutti.hpp>

template <class P>
double every_learner(const P& policy, const tutti::matrix<float>& X, const std::vector<float>& y, const std::vector<int>& labels) {
  const auto scaled = tutti::standard_scaler{}.fit(policy, X).transform(policy, X);
  const auto line = tutti::linear_regression{}.fit(policy, scaled, y);
  const auto shrunk = tutti::ridge{}.fit(policy, scaled, y);
  const auto logit = tutti::logistic_regression{}.fit(policy, scaled, labels);
  const auto bayes = tutti::gaussian_nb{}.fit(policy, scaled, labels);
  const auto forest = tutti::random_forest_classifier{.n_estimators = 2}.fit(policy, X, labels);
  const auto extra = tutti::extra_trees_regressor{.n_estimators = 2}.fit(policy, X, y);
  const auto tree = tutti::decision_tree_classifier{}.fit(policy, X, labels);
  const double trees = tutti::accuracy_score(policy, labels, forest.predict(policy, X)) +
                       tutti::r2_score(policy, y, extra.predict(policy, X)) +
                       tutti::accuracy_score(policy, labels, tree.predict(policy, X));
  return trees + tutti::r2_score(policy, y, line.predict(policy, scaled)) + tutti::r2_score(policy, y, shrunk.predict(policy, scaled)) +
         tutti::accuracy_score(policy, labels, logit.predict(policy, scaled)) +
         tutti::log_loss(policy, labels, bayes.predict_proba(policy, scaled), bayes.classes());
}
