// linear_regression: one pass over X, bound by reading it; of ten targets, by arithmetic.

#include <tutti/linear_model/linear_regression.hpp>

#include "../learners.hpp"

namespace tutti_benchmark {
namespace {

/// The last ten features from the others.
template <class T>
auto fit_ten_targets(const auto& policy, const tutti::regression_data<T>& data) {
  constexpr index p = measured_features, t = 10;
  const T* const x = data.X.data();
  return tutti::linear_regression{}.fit(policy, tutti::view(x, data.X.rows(), p - t, p, index{1}),
                                        tutti::view(x + (p - t), data.X.rows(), t, p, index{1}));
}

template <class T>
void add_all() {
  constexpr index n = 1'000'000, p = measured_features;
  const auto fit = [](const auto& policy, const auto& data) {
    return tutti::linear_regression{}.fit(policy, data.X, data.y);
  };
  const auto fit_ten = [](const auto& policy, const auto& data) { return fit_ten_targets<T>(policy, data); };
  add_fit<T>("linear_regression/fit", measured<T>, n, p, fit, (p + 1) * (p + 2) / 2.0);
  add_fit<T>("linear_regression/fit", measured<T>, few, p, fit);
  add_fit<T>("linear_regression/fit/targets:10", measured<T>, n, p, fit_ten, p * (p + 1) / 2.0);
  add_predict<T>("linear_regression/predict", measured<T>, n, p, fit, call_predict);
}

const bool registered = (add_all<float>(), add_all<double>(), true);

}  // namespace
}  // namespace tutti_benchmark
