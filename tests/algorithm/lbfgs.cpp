#include <tutti/algorithm/lbfgs.hpp>

#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include <doctest/doctest.h>

namespace {

/// Rosenbrock's valley in any even number of dimensions; minimum 0 at ones.
tutti::evaluation rosenbrock(std::span<const double> w, tutti::hessian_rows) {
  tutti::evaluation e{0, std::vector<double>(w.size(), 0.0), {}};
  for (std::size_t i = 0; i < w.size(); i += 2) {
    const double a = 1 - w[i], b = w[i + 1] - w[i] * w[i];
    e.value += a * a + 100 * b * b;
    e.gradient[i] = -2 * a - 400 * b * w[i];
    e.gradient[i + 1] = 200 * b;
  }
  return e;
}

}  // namespace

TEST_CASE("a curved valley is followed to its minimum") {
  for (const std::size_t n : {2u, 10u, 50u}) {
    std::vector<double> w(n);
    for (std::size_t i = 0; i < n; ++i) w[i] = i % 2 == 0 ? -1.2 : 1.0;
    tutti::index told = 0;
    const auto report = tutti::lbfgs(rosenbrock, w, 1e-8, 500, 1e-16, [&](tutti::index k) { told = k; });
    CHECK(report.converged());
    CHECK(report.iterations == told);
    for (const double x : w) CHECK(x == doctest::Approx(1).epsilon(1e-6));
  }
}

TEST_CASE("a quadratic with features in very different units is solved") {
  const auto bowl = [](std::span<const double> w, tutti::hessian_rows) {
    tutti::evaluation e{0, {}, {}};
    double scale = 1e-3;
    for (const double x : w) {
      e.value += 0.5 * scale * (x - 2) * (x - 2);
      e.gradient.push_back(scale * (x - 2));
      scale *= 10;
    }
    return e;
  };
  std::vector<double> w(7, 0.0);
  const auto report = tutti::lbfgs(bowl, w, 1e-10, 500, 1e-16, [](tutti::index) {});
  CHECK(report.converged());
  for (const double x : w) CHECK(x == doctest::Approx(2).epsilon(1e-5));
}

TEST_CASE("running out of iterations and out of precision are told apart") {
  std::vector<double> w{-1.2, 1.0};
  CHECK(tutti::lbfgs(rosenbrock, w, 1e-10, 3, 1e-16, [](tutti::index) {}).status == tutti::solver_status::max_iter);
  const auto kink = [](std::span<const double> v, tutti::hessian_rows) {  // its slope is nowhere below 1e-7
    const double d = v[0] - 2, side = d > 0 ? 1e-7 : -1e-7;
    return tutti::evaluation{d * d / 2 + side * d, {d + side}, {}};
  };
  w.assign(1, 5.0);
  const auto report = tutti::lbfgs(kink, w, 1e-9, 10000, 1e-15, [](tutti::index) {});
  CHECK(report.status == tutti::solver_status::precision);
  CHECK(w[0] == doctest::Approx(2).epsilon(1e-5));
}

TEST_CASE("a gradient that is NaN on the way is no flat place") {
  const auto hole = [](std::span<const double> w, tutti::hessian_rows) {
    const double d = w[0] - 2;
    return tutti::evaluation{d * d, {w[0] > 1.5 && w[0] < 1.9 ? NAN : 2 * d}, {}};
  };
  for (const double start : {0.5, 0.7, 1.1, -3.0}) {
    std::vector<double> w{start};
    const auto report = tutti::lbfgs(hole, w, 1e-9, 200, 1e-16, [](tutti::index) {});
    CHECK(std::isfinite(report.gradient_max));
    CHECK(!(w[0] > 1.5 && w[0] < 1.9));
    CHECK((!report.converged() || std::abs(w[0] - 2) < 1e-6));
  }
}

TEST_CASE("values that overflow on the way are stepped back from") {
  const auto wall = [](std::span<const double> w, tutti::hessian_rows) {  // -log(1 - w) - log(1 + w) + 3 w, infinite outside (-1, 1)
    const double x = w[0];
    if (!(x > -1 && x < 1)) return tutti::evaluation{std::numeric_limits<double>::infinity(), {0.0}, {}};
    return tutti::evaluation{-std::log(1 - x) - std::log(1 + x) + 3 * x, {1 / (1 - x) - 1 / (1 + x) + 3}, {}};
  };
  std::vector<double> w{0.9};
  const auto report = tutti::lbfgs(wall, w, 1e-9, 100, 1e-16, [](tutti::index) {});
  CHECK(report.converged());
  CHECK(w[0] == doctest::Approx((1 - std::sqrt(10.0)) / 3).epsilon(1e-8));
}
