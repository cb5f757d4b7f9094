#include <tutti/algorithm/cross.hpp>

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "../policies.hpp"
#include "../support/check.hpp"
#include "../support/shapes.hpp"

namespace tutti_test {

namespace {

/// Means and products of (X, Y) by plain loops in long double.
template <class T>
tutti::cross_products plain_cross(tutti::matrix_view<const T> X, tutti::matrix_view<const T> Y, const T* w, bool centred) {
  const index p = X.cols, m = p + Y.cols;
  const auto z = [&](index i, index j) { return static_cast<long double>(j < p ? X(i, j) : Y(i, j - p)); };
  const auto weight = [&](index i) { return w == nullptr ? 1.0L : static_cast<long double>(w[i]); };
  long double total = 0;
  std::vector<long double> mean(std::size_t(m), 0.0L);
  for (index i = 0; i < X.rows; ++i) {
    total += weight(i);
    for (index j = 0; j < m; ++j) mean[std::size_t(j)] += weight(i) * z(i, j);
  }
  for (auto& x : mean) x = centred ? x / total : 0;
  tutti::cross_products out{double(total), doubles(mean), tutti::matrix<double>(m, m)};
  for (index a = 0; a < m; ++a)
    for (index b = 0; b < m; ++b) {
      long double sum = 0;
      for (index i = 0; i < X.rows; ++i)
        sum += weight(i) * (z(i, a) - mean[std::size_t(a)]) * (z(i, b) - mean[std::size_t(b)]);
      out.products(a, b) = double(sum);
    }
  return out;
}

}  // namespace

TEST_CASE_TEMPLATE("products agree with plain loops on every policy, shape and layout", T, float, double) {
  for (const auto& shape : {std::array<index, 3>{1, 1, 1}, {15, 3, 0}, {16, 4, 2}, {700, 5, 1}, {4099, 7, 1}, {530, 33, 3}, {300, 130, 1}}) {
    const index n = shape[0], p = shape[1], t = shape[2];
    CAPTURE(n);
    CAPTURE(p);
    const auto X = random_matrix<T>(n, p), Y = random_matrix<T>(n, t, 5);
    auto w = random_weights<T>(n);
    w[0] = T(2);
    for (const T* const weight : {static_cast<const T*>(nullptr), static_cast<const T*>(w.data())})
      for (const bool centred : {true, false}) {
        const auto expected = plain_cross<T>(view(X), view(Y), weight, centred);
        for_layouts(X, [&](const auto& v) {
          for_policies([&](const auto& policy, const std::string& name) {
            CAPTURE(name);
            const auto got = tutti::cross(policy, v, tutti::matrix_view<const T>(view(Y)), weight, centred);
            CHECK(got.weight == expected.weight);
            check_close(got.mean, expected.mean, 1e-6);
            if (n > 1 || !centred) check_close(doubles(got.products), doubles(expected.products), 10 * close_to<T>);
          });
        });
      }
  }
}

TEST_CASE("columns far from zero do not cancel") {
  tutti::matrix<float> X(20000, 2);
  for (index i = 0; i < X.rows(); ++i) X(i, 0) = float(10000 + i % 3), X(i, 1) = float(5000 - 2 * (i % 3));
  const tutti::matrix<float> none(20000, 0);
  const auto c = tutti::cross(tutti::par_simd, tutti::matrix_view<const float>(view(X)),
                              tutti::matrix_view<const float>(view(none)), static_cast<const float*>(nullptr), true);
  CHECK(c.products(0, 0) / 20000 == doctest::Approx(2.0 / 3).epsilon(1e-4));
  CHECK(c.products(0, 1) == doctest::Approx(-2 * c.products(0, 0)).epsilon(1e-9));
}

TEST_CASE("an element that is not finite shows in the products") {
  auto X = random_matrix<double>(5000, 3);
  X(4321, 1) = INFINITY;
  const tutti::matrix<double> none(5000, 0);
  const auto c = tutti::cross(tutti::par, tutti::matrix_view<const double>(view(X)),
                              tutti::matrix_view<const double>(view(none)), static_cast<const double*>(nullptr), true);
  CHECK(!std::isfinite(c.products(1, 1)));
  CHECK(std::isfinite(c.products(0, 2)));
}

}  // namespace tutti_test
