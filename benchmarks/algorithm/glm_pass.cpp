// glm_pass: what a step of a GLM's solver costs. The gradient alone is bound by reading X, also with a Hessian of a
// sample; with that of all rows it is bound by arithmetic.

#include <tutti/algorithm/glm_pass.hpp>

#include <string>
#include <vector>

#include "../learners.hpp"

namespace tutti_benchmark {
namespace {

constexpr index n = 200'000, p = classified_features;

template <class T>
void pass(benchmark::State& state, const auto& policy, const auto& loss, tutti::hessian_rows hessian) {
  const auto& [X, y] = classified<T>(n);
  const std::vector<T> target(y.begin(), y.end());
  const tutti::glm_data<T> data{tutti::view(X), target.data(), nullptr, true};
  const index q = data.columns(), k = loss.outputs();
  std::vector<double> coef(static_cast<std::size_t>(k * q));
  for (std::size_t i = 0; i < coef.size(); ++i) coef[i] = i % 2 == 0 ? 0.1 : -0.1;
  const double seconds = repeat(state, [&] { return tutti::glm_pass(policy, data, loss, coef, hessian); });
  report_read(state, threads_of(policy), index{sizeof(T)} * n * p, seconds);
  const index products = 2 * k * q + (hessian == tutti::hessian_rows::all ? k * (k + 1) / 2 * q * (q + 1) / 2 : 0);
  report_arithmetic<T>(state, policy, static_cast<double>(n * products), seconds);
}

template <class T, class Loss>
void add_loss(const std::string& name, const Loss& loss) {
  const auto add = [&](const std::string& what, tutti::hessian_rows hessian) {
    add_for_policies("glm_pass/" + name + what, shape<T>(n, p),
                     [=](benchmark::State& state, const auto& policy) { pass<T>(state, policy, loss, hessian); });
  };
  add("/gradient", tutti::hessian_rows::none);
  add("/gradient_and_sampled_hessian", tutti::hessian_rows::sample);
  add("/gradient_and_hessian", tutti::hessian_rows::all);
}

template <class T>
void add_all() {
  add_loss<T>("binomial", tutti::binomial_loss{});
  add_loss<T>("softmax:3", tutti::softmax_loss{3});
}

const bool registered = (add_all<float>(), add_all<double>(), true);

}  // namespace
}  // namespace tutti_benchmark
