// logistic_regression: whole fits with either solver. The passes they consist of: algorithm/glm_pass.cpp.

#include <tutti/linear_model/logistic_regression.hpp>

#include <string>

#include "../learners.hpp"

namespace tutti_benchmark {
namespace {

constexpr index n = 200'000, p = classified_features;

/// A fit whose bytes are those of all its passes over X.
template <class T>
void fit(benchmark::State& state, const auto& policy, const tutti::logistic_regression& learner, index rows) {
  const auto& data = classified<T>(rows);
  const auto report = learner.fit(policy, data.X, data.y).report();
  if (!report.converged()) return state.SkipWithError("not converged");
  const double seconds = repeat(state, [&] { return learner.fit(policy, data.X, data.y); });
  state.counters["passes"] = static_cast<double>(report.passes);
  if (rows != few)
    report_read(state, threads_of(policy), index{sizeof(T)} * rows * p, seconds / static_cast<double>(report.passes));
}

template <class T>
void add_solver(const std::string& name, tutti::glm_solver solver) {
  const tutti::logistic_regression learner{.solver = solver};
  for (const index rows : {n, few})
    add_for_policies(
        "logistic_regression/fit/" + name, shape<T>(rows, p),
        [=](benchmark::State& state, const auto& policy) { fit<T>(state, policy, learner, rows); },
        rows == few ? benchmark::kMicrosecond : benchmark::kMillisecond);
}

template <class T>
void add_all() {
  add_solver<T>("newton_cholesky", tutti::glm_solver::newton_cholesky);
  add_solver<T>("lbfgs", tutti::glm_solver::lbfgs);
  const auto fit_few = [](const auto& policy, const auto& data) {
    return tutti::logistic_regression{}.fit(policy, data.X, data.y);
  };
  add_predict<T>("logistic_regression/predict", classified<T>, n, p, fit_few, call_predict);
  add_predict<T>("logistic_regression/predict_proba", classified<T>, n, p, fit_few,
                 [](const auto& policy, const auto& model, const auto& X) { return model.predict_proba(policy, X); });
}

const bool registered = (add_all<float>(), add_all<double>(), true);

}  // namespace
}  // namespace tutti_benchmark
