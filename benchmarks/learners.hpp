#pragma once
// What the benchmarks of learners share: their data, and fits and predictions over the host policies.

#include <map>
#include <string>

#include <tutti/data/synthetic.hpp>

#include "support.hpp"

namespace tutti_benchmark {

inline constexpr index few = 100;  ///< samples of a fit whose cost is not the arithmetic

/// Two classes, 28 features. Made when first asked for, then kept.
template <class T>
const tutti::labelled_data<T>& classified(index n) {
  static std::map<index, tutti::labelled_data<T>> made;
  const auto found = made.find(n);
  return found != made.end() ? found->second : made.emplace(n, tutti::higgs_like<T>(n)).first->second;
}
inline constexpr index classified_features = 28;

/// Numbers to predict from 50 features. Made when first asked for, then kept.
template <class T>
const tutti::regression_data<T>& measured(index n) {
  static std::map<index, tutti::regression_data<T>> made;
  const auto found = made.find(n);
  return found != made.end() ? found->second : made.emplace(n, tutti::friedman1<T>(n, 50)).first->second;
}
inline constexpr index measured_features = 50;

/// Registers fit(policy, data(n)) as one pass over X.
///
/// multiply_adds   of a sample, reported if not 0
template <class T, class Data, class Fit>
void add_fit(const std::string& job, const Data& data, index n, index p, const Fit& fit, double multiply_adds = 0) {
  const auto run = [=](benchmark::State& state, const auto& policy) {
    const auto& samples = data(n);
    const double seconds = repeat(state, [&] { return fit(policy, samples); });
    if (n == few) return;
    report_read(state, threads_of(policy), index{sizeof(T)} * n * p, seconds);
    if (multiply_adds > 0) report_arithmetic<T>(state, policy, multiply_adds * static_cast<double>(n), seconds);
  };
  add_for_policies(job, shape<T>(n, p), run, n == few ? benchmark::kMicrosecond : benchmark::kMillisecond);
}

/// Registers predict(policy, model, X), one pass over X, for the model that fit(seq, data(few)) returns.
template <class T, class Data, class Fit, class Predict>
void add_predict(const std::string& job, const Data& data, index n, index p, const Fit& fit, const Predict& predict) {
  add_for_policies(job, shape<T>(n, p), [=](benchmark::State& state, const auto& policy) {
    const auto model = fit(tutti::seq, data(few));
    const auto& X = data(n).X;
    const double seconds = repeat(state, [&] { return predict(policy, model, X); });
    report_read(state, threads_of(policy), index{sizeof(T)} * n * p, seconds);
  });
}

/// Calls `predict` of any model.
inline constexpr auto call_predict = [](const auto& policy, const auto& model, const auto& X) {
  return model.predict(policy, X);
};

}  // namespace tutti_benchmark
