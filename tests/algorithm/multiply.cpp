#include <tutti/algorithm/multiply.hpp>

#include <cmath>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include "../policies.hpp"
#include "../support/check.hpp"
#include "../support/shapes.hpp"

namespace tutti_test {

TEST_CASE_TEMPLATE("X W' + b agrees with plain loops, the same bits on every policy and layout", T, float, double) {
  for_shapes([&](index n, index p) {
    CAPTURE(n);
    CAPTURE(p);
    const auto X = random_matrix<T>(n, p);
    for (const index t : {index{1}, index{3}}) {
      const auto W = random_vector<T>(t * p, 7), b = random_vector<T>(t, 8);
      std::vector<double> expected;
      for (index i = 0; i < n; ++i)
        for (index k = 0; k < t; ++k) {
          long double z = static_cast<long double>(b[std::size_t(k)]);
          for (index j = 0; j < p; ++j) z += static_cast<long double>(X(i, j)) * static_cast<long double>(W[std::size_t(k * p + j)]);
          expected.push_back(double(z));
        }
      std::vector<T> first;
      for_layouts(X, [&](const auto& v) {
        for_policies([&](const auto& policy, const std::string& name) {
          CAPTURE(name);
          std::vector<T> out(std::size_t(n * t), T(-1));
          policy.produce(std::span<T>(out), [&](T* to) {
            tutti::multiply(policy, v, std::span<const T>(W), std::span<const T>(b), to);
          });
          if (first.empty()) first = out;
          CHECK(out == first);
          check_close(doubles(out), expected, close_to<T>);
        });
      });
    }
  });
}

TEST_CASE_TEMPLATE("X'R agrees with plain loops, the same bits on every policy and layout", T, float, double) {
  for_shapes([&](index n, index p) {
    CAPTURE(n);
    CAPTURE(p);
    const auto X = random_matrix<T>(n, p), R = random_matrix<T>(n, 2, 9);
    std::vector<double> expected;
    for (index k = 0; k < 2; ++k)
      for (index j = 0; j < p; ++j) {
        long double sum = 0;
        for (index i = 0; i < n; ++i) sum += static_cast<long double>(X(i, j)) * static_cast<long double>(R(i, k));
        expected.push_back(double(sum));
      }
    std::vector<double> first;
    for_layouts(X, [&](const auto& v) {
      for_policies([&](const auto& policy, const std::string& name) {
        CAPTURE(name);
        const auto out = tutti::multiply_transposed(policy, v, tutti::matrix_view<const T>(view(R)));
        if (first.empty()) first = out;
        CHECK(out == first);
        check_close(out, expected, close_to<T>);
      });
    });
  });
}

TEST_CASE("a product that is not finite is refused, naming the element or the overflow") {
  auto X = random_matrix<float>(100, 3);
  const std::vector<float> W{1, 1, 1}, b{0};
  std::vector<float> out(100);
  const auto run = [&] {
    tutti::multiply(tutti::par, tutti::matrix_view<const float>(view(X)), std::span(W), std::span(b), out.data());
  };
  X(70, 2) = NAN;
  check_throws<tutti::invalid_input>(run, {"row 70", "column 2"});
  X(70, 2) = 3e38f;
  X(70, 1) = 3e38f;
  check_throws<tutti::invalid_input>(run, {"overflow"});
}

}  // namespace tutti_test
