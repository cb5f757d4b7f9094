// gaussian_nb: fit and predict, each one pass over X.

#include <tutti/naive_bayes/gaussian_nb.hpp>

#include "../learners.hpp"

namespace tutti_benchmark {
namespace {

template <class T>
void add_all() {
  constexpr index n = 1'000'000, p = classified_features;
  const auto fit = [](const auto& policy, const auto& data) {
    return tutti::gaussian_nb{}.fit(policy, data.X, data.y);
  };
  add_fit<T>("gaussian_nb/fit", classified<T>, n, p, fit);
  add_fit<T>("gaussian_nb/fit", classified<T>, few, p, fit);
  add_predict<T>("gaussian_nb/predict", classified<T>, n, p, fit, call_predict);
}

const bool registered = (add_all<float>(), add_all<double>(), true);

}  // namespace
}  // namespace tutti_benchmark
