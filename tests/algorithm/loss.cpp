#include <tutti/algorithm/loss.hpp>

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/policy/seq.hpp>

namespace {

using P = tutti::basic_seq<>::pack<double>;

/// The value of a loss at z for class y, and its derivatives by differences.
template <class Loss>
double value(const Loss& loss, std::vector<double> z, int y) {
  const auto k = std::size_t(loss.outputs());
  alignas(64) double scores[8 * 16], residual[8 * 16], curvature[36 * 16], out[16];
  for (std::size_t c = 0; c < k; ++c) P::all(z[c]).store(scores + 16 * c);
  loss.evaluate(scores, P::all(y), P::all(1.0), residual, curvature, tutti::index{16}).store(out);
  return out[3];
}

template <class Loss>
void check_derivatives(const Loss& loss, const std::vector<double>& z, int y) {
  const auto k = std::size_t(loss.outputs());
  alignas(64) double scores[8 * 16], residual[8 * 16], curvature[36 * 16];
  for (std::size_t c = 0; c < k; ++c) P::all(z[c]).store(scores + 16 * c);
  loss.evaluate(scores, P::all(y), P::all(2.0), residual, curvature, tutti::index{16});
  const double h = 1e-4;
  std::size_t pair = 0;
  for (std::size_t a = 0; a < k; ++a) {
    auto up = z, down = z;
    up[a] += h, down[a] -= h;
    CHECK(residual[16 * a] == doctest::Approx(2 * (value(loss, up, y) - value(loss, down, y)) / (2 * h)).epsilon(1e-6));
    for (std::size_t b = a; b < k; ++b, ++pair) {
      auto uu = up, ud = up, du = down, dd = down;
      uu[b] += h, ud[b] -= h, du[b] += h, dd[b] -= h;
      const double second = (value(loss, uu, y) - value(loss, ud, y) - value(loss, du, y) + value(loss, dd, y)) / (4 * h * h);
      CHECK(curvature[16 * pair] == doctest::Approx(2 * second).epsilon(1e-5));
    }
  }
}

}  // namespace

TEST_CASE("the logistic loss is log(1 + e^z) - y z, and its derivatives are its derivatives") {
  for (const double z : {-3.0, -0.1, 0.0, 0.7, 5.0})
    for (const int y : {0, 1}) {
      CHECK(value(tutti::binomial_loss{}, {z}, y) == doctest::Approx(std::log1p(std::exp(z)) - y * z).epsilon(1e-14));
      check_derivatives(tutti::binomial_loss{}, {z}, y);
    }
}

TEST_CASE("the softmax loss is the cross entropy, and its derivatives are its derivatives") {
  const std::vector<double> z{0.3, -1.2, 2.0, 0.0};
  double sum = 0;
  for (const double x : z) sum += std::exp(x);
  for (const int y : {0, 2, 3}) {
    CHECK(value(tutti::softmax_loss{4}, z, y) == doctest::Approx(std::log(sum) - z[std::size_t(y)]).epsilon(1e-14));
    check_derivatives(tutti::softmax_loss{4}, z, y);
  }
}

TEST_CASE("huge scores stay finite") {
  CHECK(value(tutti::binomial_loss{}, {1e4}, 0) == 1e4);
  CHECK(value(tutti::binomial_loss{}, {-1e4}, 0) == 0);
  CHECK(value(tutti::softmax_loss{3}, {1e4, 0, -1e4}, 2) == 2e4);
  CHECK(value(tutti::softmax_loss{3}, {1e4, 0, -1e4}, 0) == 0);
}
