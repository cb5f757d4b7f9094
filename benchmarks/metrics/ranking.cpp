// roc_auc_score: one sort of the scores.

#include <tutti/metrics/ranking.hpp>

#include <string>
#include <vector>

#include "../learners.hpp"

namespace tutti_benchmark {
namespace {

constexpr index n = 1'000'000;

/// The labels' probabilities, as good as a feature that tells something of them.
template <class T>
const std::vector<T>& scores() {
  static const std::vector<T> made = [] {
    const auto& X = classified<T>(n).X;
    std::vector<T> s;
    for (index i = 0; i < n; ++i) s.push_back(X(i, 6));
    return s;
  }();
  return made;
}

template <class T>
void add_all() {
  add_for_policies("roc_auc_score", std::string(type_name<T>()) + "/n:1000000",
                   [](benchmark::State& state, const auto& policy) {
                     const auto& y = classified<T>(n).y;
                     repeat(state, [&] { return tutti::roc_auc_score(policy, y, scores<T>()); });
                   });
}

const bool registered = (add_all<float>(), add_all<double>(), true);

}  // namespace
}  // namespace tutti_benchmark
