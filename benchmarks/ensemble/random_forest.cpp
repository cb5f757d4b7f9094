// random_forest: fits of 20 trees, and the walk of samples through 100.
//
// Counters: `trees_per_second` grown; `walks_per_second`, each of one sample through one tree.

#include <tutti/ensemble/random_forest.hpp>

#include <map>
#include <optional>
#include <string>

#include "../learners.hpp"

namespace tutti_benchmark {
namespace {

constexpr index n = 100'000, p = classified_features;
constexpr index grown = 20, walked = 100;

/// 0: full depth
using depth_limit = index;

tutti::random_forest_classifier forest(index trees, depth_limit depth) {
  return {.n_estimators = trees, .max_depth = depth > 0 ? std::optional(depth) : std::nullopt, .max_features = 5};
}

std::string name_of(const std::string& job, depth_limit depth) {
  return "random_forest_classifier/" + job + "/" + (depth > 0 ? "depth:" + std::to_string(depth) : "full");
}

/// Fitted when first asked for, then kept.
template <class T>
const auto& fitted(depth_limit depth) {
  using model = tutti::forest_classifier_model<T, int>;
  static std::map<depth_limit, model> kept;
  const auto found = kept.find(depth);
  if (found != kept.end()) return found->second;
  const auto& data = classified<T>(n);
  return kept.emplace(depth, forest(walked, depth).fit(tutti::par_simd, data.X, data.y)).first->second;
}

template <class Learner, class Data>
void fit(benchmark::State& state, const auto& policy, const Learner& learner, const Data& data) {
  const double seconds = repeat(state, [&] { return learner.fit(policy, data.X, data.y); });
  state.counters["trees_per_second"] = static_cast<double>(learner.n_estimators) / seconds;
}

template <class T>
void add_classifier(depth_limit depth) {
  add_for_policies(name_of("fit", depth), shape<T>(n, p), [=](benchmark::State& state, const auto& policy) {
    fit(state, policy, forest(grown, depth), classified<T>(n));
  });
  add_for_policies(name_of("predict_proba", depth), shape<T>(n, p), [=](benchmark::State& state, const auto& policy) {
    const auto& model = fitted<T>(depth);
    const auto& X = classified<T>(n).X;
    const double seconds = repeat(state, [&] { return model.predict_proba(policy, X); });
    state.counters["walks_per_second"] = static_cast<double>(n * walked) / seconds;
  });
}

/// All features are tried at each split, which is the regressor's default.
template <class T>
void add_regressor() {
  constexpr index few_rows = 10'000;
  add_for_policies("random_forest_regressor/fit/full", shape<T>(few_rows, measured_features),
                   [](benchmark::State& state, const auto& policy) {
                     fit(state, policy, tutti::random_forest_regressor{.n_estimators = grown}, measured<T>(few_rows));
                   });
}

const bool registered =
    (add_classifier<float>(12), add_classifier<float>(0), add_classifier<double>(12), add_regressor<float>(), true);

}  // namespace
}  // namespace tutti_benchmark
