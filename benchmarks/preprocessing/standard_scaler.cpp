// standard_scaler: fit reads X once, transform reads and writes as much.

#include <tutti/preprocessing/standard_scaler.hpp>

#include "../learners.hpp"

namespace tutti_benchmark {
namespace {

template <class T>
void add_all() {
  constexpr index n = 1'000'000, p = classified_features;
  const auto fit = [](const auto& policy, const auto& data) { return tutti::standard_scaler{}.fit(policy, data.X); };
  add_fit<T>("standard_scaler/fit", classified<T>, n, p, fit);
  add_fit<T>("standard_scaler/fit", classified<T>, few, p, fit);
  add_predict<T>("standard_scaler/transform", classified<T>, n, p, fit,
                 [](const auto& policy, const auto& model, const auto& X) { return model.transform(policy, X); });
}

const bool registered = (add_all<float>(), add_all<double>(), true);

}  // namespace
}  // namespace tutti_benchmark
