#include <tutti/algorithm/newton_cholesky.hpp>

#include <cmath>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/policy/seq.hpp>

namespace {

using D = tutti::basic_seq<>::pack<double>;

/// sum of exp(w_i) - (i + 1) w_i + w_i^2 / 20: smooth, convex, its minimum known by one-dimensional Newton steps.
tutti::evaluation separable(std::span<const double> w, tutti::hessian_rows hessian) {
  tutti::evaluation e{0, {}, {}};
  if (hessian != tutti::hessian_rows::none) e.hessian = tutti::matrix<double>(tutti::index(w.size()), tutti::index(w.size()), 0.0);
  for (std::size_t i = 0; i < w.size(); ++i) {
    e.value += std::exp(w[i]) - double(i + 1) * w[i] + w[i] * w[i] / 20;
    e.gradient.push_back(std::exp(w[i]) - double(i + 1) + w[i] / 10);
    if (hessian != tutti::hessian_rows::none) e.hessian(tutti::index(i), tutti::index(i)) = std::exp(w[i]) + 0.1;
  }
  return e;
}

double minimum(int i) {
  double w = 0;
  for (int k = 0; k < 100; ++k) w -= (std::exp(w) - i + w / 10) / (std::exp(w) + 0.1);
  return w;
}

}  // namespace

TEST_CASE("the minimum of a smooth convex function is found and reported") {
  std::vector<double> w(6, 0.0);
  tutti::index told = 0;
  const auto report = tutti::newton_cholesky<D>(separable, w, 1e-10, 100, 1e-15, [&](tutti::index k) { told = k; });
  CHECK(report.converged());
  CHECK(report.gradient_max <= 1e-10);
  CHECK(report.iterations == told);
  CHECK(report.passes > report.iterations);
  for (int i = 0; i < 6; ++i) CHECK(w[std::size_t(i)] == doctest::Approx(minimum(i + 1)).epsilon(1e-10));
  CHECK(report.objective == doctest::Approx(separable(w, tutti::hessian_rows::none).value));
}

TEST_CASE("a start far away is brought back by the line search") {
  std::vector<double> w{-30.0, 12.0};
  const auto report = tutti::newton_cholesky<D>(separable, w, 1e-9, 200, 1e-15, [](tutti::index) {});
  CHECK(report.converged());
  CHECK(w[1] == doctest::Approx(minimum(2)).epsilon(1e-8));
}

TEST_CASE("running out of iterations and out of precision are told apart") {
  std::vector<double> w(3, 0.0);
  CHECK(tutti::newton_cholesky<D>(separable, w, 1e-10, 1, 1e-15, [](tutti::index) {}).status == tutti::solver_status::max_iter);
  w.assign(3, 0.0);
  const auto report = tutti::newton_cholesky<D>(separable, w, 1e-300, 1000, 1e-15, [](tutti::index) {});
  CHECK(report.status == tutti::solver_status::precision);
  CHECK(report.gradient_max < 1e-12);
}

TEST_CASE("a start at the minimum needs no step") {
  std::vector<double> w{minimum(1)};
  const auto report = tutti::newton_cholesky<D>(separable, w, 1e-8, 10, 1e-15, [](tutti::index) {});
  CHECK(report.converged());
  CHECK(report.iterations == 0);
  CHECK(report.passes == 1);
}

TEST_CASE("a sample that misleads is given up for the Hessian of all, and the minimum is the same") {
  for (const double scale : {1.0, 0.9, 0.2, 0.01, 30.0}) {  // what the sample makes of the curvature
    CAPTURE(scale);
    int of_all = 0;
    const auto sampled = [&](std::span<const double> w, tutti::hessian_rows hessian) {
      tutti::evaluation e = separable(w, hessian);
      if (hessian == tutti::hessian_rows::sample)
        for (tutti::index i = 0; i < e.hessian.rows(); ++i) e.hessian(i, i) *= scale;
      of_all += hessian == tutti::hessian_rows::all;
      return e;
    };
    std::vector<double> w(6, 0.0);
    const auto report = tutti::newton_cholesky<D>(sampled, w, 1e-10, 100, 1e-15, [](tutti::index) {});
    CHECK(report.converged());
    CHECK(report.passes <= 16);
    if (scale < 0.5 || scale > 2) CHECK(of_all > 0);
    for (int i = 0; i < 6; ++i) CHECK(w[std::size_t(i)] == doctest::Approx(minimum(i + 1)).epsilon(1e-9));
  }
}

TEST_CASE("a factor that leads down fast enough serves on") {
  std::vector<tutti::hessian_rows> asked;
  const auto parabola = [&](std::span<const double> w, tutti::hessian_rows hessian) {  // curvature 2, an eighth off
    asked.push_back(hessian);
    tutti::evaluation e{w[0] * w[0], {2 * w[0]}, {}};
    if (hessian != tutti::hessian_rows::none) e.hessian = tutti::matrix<double>(1, 1, 2.25);
    return e;
  };
  std::vector<double> w{1.0};
  const auto report = tutti::newton_cholesky<D>(parabola, w, 1e-3, 100, 1e-15, [](tutti::index) {});
  CHECK(report.converged());
  CHECK(report.iterations == 4);  // a ninth each: 2 / 9^4 = 3e-4
  using enum tutti::hessian_rows;
  CHECK(asked == std::vector<tutti::hessian_rows>{sample, sample, none, none, none});
}

TEST_CASE("a singular Hessian is lifted until it can be factored") {
  const auto flat = [](std::span<const double> v, tutti::hessian_rows hessian) {  // (v0 + v1 - 1)^2
    const double r = v[0] + v[1] - 1;
    tutti::evaluation e{r * r, {2 * r, 2 * r}, {}};
    if (hessian != tutti::hessian_rows::none) e.hessian = tutti::matrix<double>(2, 2, 2.0);
    return e;
  };
  std::vector<double> w{0.0, 0.0};
  const auto report = tutti::newton_cholesky<D>(flat, w, 1e-9, 50, 1e-15, [](tutti::index) {});
  CHECK(report.converged());
  CHECK(w[0] + w[1] == doctest::Approx(1));
}
