// A consumer's program: what it gets from tutti, it gets through the target it links.
#include <cstdio>
#include <vector>

#include <tutti/data/synthetic.hpp>
#include <tutti/linear_model/ridge.hpp>
#include <tutti/metrics/regression.hpp>
#include <tutti/policy/par.hpp>
#include <tutti/policy/simd.hpp>

int main() {
  const auto [X, y] = tutti::friedman1(1000);
  const auto model = tutti::ridge{.alpha = 0.1}.fit(tutti::par, X, y);
  const std::vector<float> predicted = model.predict(tutti::simd, X);
  const double r2 = tutti::r2_score(tutti::par, y, predicted);
  std::printf("R2 %.3f\n", r2);
  return r2 > 0.7 && r2 < 0.8 ? 0 : 1;
}
