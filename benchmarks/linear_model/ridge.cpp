// ridge: one pass over X, bound by reading it.

#include <tutti/linear_model/ridge.hpp>

#include "../learners.hpp"

namespace tutti_benchmark {
namespace {

template <class T>
void add_all() {
  constexpr index n = 1'000'000, p = measured_features;
  const auto fit = [](const auto& policy, const auto& data) { return tutti::ridge{}.fit(policy, data.X, data.y); };
  add_fit<T>("ridge/fit", measured<T>, n, p, fit, (p + 1) * (p + 2) / 2.0);
  add_fit<T>("ridge/fit", measured<T>, few, p, fit);
  add_predict<T>("ridge/predict", measured<T>, n, p, fit, call_predict);
}

const bool registered = (add_all<float>(), add_all<double>(), true);

}  // namespace
}  // namespace tutti_benchmark
