// multiply and multiply_transposed: X W' and X'R, each one pass over X.

#include <tutti/algorithm/multiply.hpp>

#include <span>
#include <vector>

#include "../learners.hpp"

namespace tutti_benchmark {
namespace {

constexpr index n = 1'000'000, p = classified_features;

template <class T>
void multiply(benchmark::State& state, const auto& policy, index outputs) {
  const auto& X = classified<T>(n).X;
  const std::vector<T> W(static_cast<std::size_t>(outputs * p), T(0.5));
  const std::vector<T> intercept(static_cast<std::size_t>(outputs), T(1));
  std::vector<T> out(static_cast<std::size_t>(n * outputs));
  const double seconds = repeat(state, [&] {
    tutti::multiply(policy, tutti::view(X), std::span<const T>(W), std::span<const T>(intercept), out.data());
    return out.data();
  });
  report_read(state, threads_of(policy), index{sizeof(T)} * n * p, seconds);
}

template <class T>
void add_all() {
  for (const index outputs : {1, 4})
    add_for_policies("multiply/outputs:" + std::to_string(outputs), shape<T>(n, p),
                     [=](benchmark::State& state, const auto& policy) { multiply<T>(state, policy, outputs); });
  add_fit<T>("multiply_transposed", classified<T>, n, p, [](const auto& policy, const auto& data) {
    static const std::vector<T> residual(data.y.size(), T(0.5));
    const auto R = tutti::view(residual.data(), data.X.rows(), index{1});
    return tutti::multiply_transposed(policy, tutti::view(data.X), R);
  });
}

const bool registered = (add_all<float>(), add_all<double>(), true);

}  // namespace
}  // namespace tutti_benchmark
