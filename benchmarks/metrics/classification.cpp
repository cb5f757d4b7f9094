// accuracy_score, beside the loop that counts equal labels and knows nothing of classes.

#include <tutti/metrics/classification.hpp>

#include <cstdint>
#include <vector>

#include "../learners.hpp"

namespace tutti_benchmark {
namespace {

constexpr index n = 1'000'000;

struct labels {
  std::vector<std::int32_t> y = classified<float>(n).y;
  std::vector<std::int32_t> predicted = y;

  labels() {
    for (std::size_t i = 0; i < y.size(); i += 5) predicted[i] = 1 - y[i];
  }
};

const labels& both() {
  static const labels made;
  return made;
}

void raw_loop(benchmark::State& state) {
  const std::vector<std::int32_t>&y = both().y, &predicted = both().predicted;
  repeat(state, [&] {
    index equal = 0;
    for (std::size_t i = 0; i < y.size(); ++i) equal += y[i] == predicted[i];
    return static_cast<double>(equal) / static_cast<double>(n);
  });
}

const bool registered = [] {
  add_for_policies("accuracy_score", "n:1000000", [](benchmark::State& state, const auto& policy) {
    repeat(state, [&] { return tutti::accuracy_score(policy, both().y, both().predicted); });
  });
  add("accuracy_score/raw_loop/n:1000000", raw_loop);
  return true;
}();

}  // namespace
}  // namespace tutti_benchmark
