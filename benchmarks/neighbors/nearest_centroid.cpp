// nearest_centroid: fit and predict, each one pass over X.

#include <tutti/neighbors/nearest_centroid.hpp>

#include "../learners.hpp"

namespace tutti_benchmark {
namespace {

template <class T>
void add_all() {
  constexpr index n = 1'000'000, p = classified_features;
  const auto fit = [](const auto& policy, const auto& data) {
    return tutti::nearest_centroid{}.fit(policy, data.X, data.y);
  };
  add_fit<T>("nearest_centroid/fit", classified<T>, n, p, fit);
  add_fit<T>("nearest_centroid/fit", classified<T>, few, p, fit);
  add_predict<T>("nearest_centroid/predict", classified<T>, n, p, fit, call_predict);
}

const bool registered = (add_all<float>(), add_all<double>(), true);

}  // namespace
}  // namespace tutti_benchmark
