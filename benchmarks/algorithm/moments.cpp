// moments: means and variances in one pass over X, of all samples and of those of each class.

#include <tutti/algorithm/moments.hpp>

#include "../learners.hpp"

namespace tutti_benchmark {
namespace {

template <class T>
void add_all() {
  constexpr index n = 1'000'000, p = classified_features;
  const auto of_all = [](const auto& policy, const auto& data) { return tutti::moments(policy, tutti::view(data.X)); };
  const auto of_classes = [](const auto& policy, const auto& data) {
    return tutti::moments(policy, tutti::view(data.X), static_cast<const T*>(nullptr), data.y.data(), 2);
  };
  add_fit<T>("moments/groups:1", classified<T>, n, p, of_all);
  add_fit<T>("moments/groups:2", classified<T>, n, p, of_classes);
}

const bool registered = (add_all<float>(), add_all<double>(), true);

}  // namespace
}  // namespace tutti_benchmark
