// How much to regularise: logistic regression for many C, each fit begun at the last one, judged by five-fold log loss.

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

#include <tutti/core/matrix.hpp>
#include <tutti/data/split.hpp>
#include <tutti/data/synthetic.hpp>
#include <tutti/linear_model/logistic_regression.hpp>
#include <tutti/metrics/classification.hpp>
#include <tutti/policy/par.hpp>

int main() {
  using tutti::par;
  const auto data = tutti::make_classification<double>(
      600, {.n_features = 60, .n_informative = 5, .n_redundant = 0, .class_sep = 0.5, .flip_y = 0.1});
  std::vector<double> path;
  for (int k = -8; k <= 2; ++k) path.push_back(std::pow(10.0, 0.5 * k));  // from much shrinkage to little

  std::vector<double> loss(path.size(), 0.0);
  tutti::index warm_passes = 0, cold_passes = 0;
  const auto folds = tutti::stratified_k_fold{.n_splits = 5, .shuffle = true, .seed = 1}.splits(data.y);
  for (const tutti::split& fold : folds) {
    const auto X = tutti::take(data.X, fold.train), X_test = tutti::take(data.X, fold.test);
    const auto y = tutti::take(data.y, fold.train), y_test = tutti::take(data.y, fold.test);
    auto model = tutti::logistic_regression{.C = path.front()}.fit(par, X, y);
    for (std::size_t k = 0; k < path.size(); ++k) {
      const tutti::logistic_regression learner{.C = path[k]};
      model = learner.fit_from(par, model, X, y);  // a warm start
      warm_passes += model.report().passes;
      cold_passes += learner.fit(par, X, y).report().passes;
      loss[k] += tutti::log_loss(par, y_test, model.predict_proba(par, X_test), model.classes()) / double(folds.size());
    }
  }

  std::size_t best = 0;
  for (std::size_t k = 0; k < path.size(); ++k) {
    if (loss[k] < loss[best]) best = k;
    std::printf("C %8.4f   log loss %.4f\n", path[k], loss[k]);
  }
  std::printf("best: C = %.4f; passes over the data: %td warm, %td cold\n", path[best], warm_passes, cold_passes);
}
