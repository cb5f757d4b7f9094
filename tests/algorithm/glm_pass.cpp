#include <tutti/algorithm/glm_pass.hpp>

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include "../policies.hpp"
#include "../support/check.hpp"
#include "../support/shapes.hpp"

namespace tutti_test {

namespace {

/// Loss, gradient and Hessian of the softmax over k classes by plain loops; k == 1 is the logistic loss.
template <class T>
tutti::glm_sums plain_pass(const tutti::glm_data<T>& d, const std::vector<double>& coef, index k) {
  const index q = d.columns(), p = d.X.cols;
  tutti::glm_sums out{0, std::vector<double>(std::size_t(k * q), 0.0), tutti::matrix<double>(k * q, k * q, 0.0)};
  for (index i = 0; i < d.X.rows; ++i) {
    const auto x = [&](index c) { return c < p ? double(d.X(i, c)) : 1.0; };
    const double w = d.weight == nullptr ? 1.0 : double(d.weight[i]);
    std::vector<double> e(std::size_t(k == 1 ? 2 : k), 1.0);
    double sum = k == 1 ? 1 : 0;
    for (index a = 0; a < k; ++a) {
      double z = 0;
      for (index c = 0; c < q; ++c) z += coef[std::size_t(a * q + c)] * x(c);
      sum += e[std::size_t(a)] = std::exp(z);
    }
    const index y = index(d.target[i]);
    out.loss -= w * std::log((k == 1 ? (y == 1 ? e[0] : 1.0) : e[std::size_t(y)]) / sum);
    for (index a = 0; a < k; ++a) {
      const double pa = e[std::size_t(a)] / sum, hit = k == 1 ? double(y) : double(y == a);
      for (index c = 0; c < q; ++c) out.gradient[std::size_t(a * q + c)] += w * (pa - hit) * x(c);
      for (index b = 0; b < k; ++b) {
        const double h = w * pa * (double(a == b) - e[std::size_t(b)] / sum);
        for (index c = 0; c < q; ++c)
          for (index r = 0; r < q; ++r) out.hessian(a * q + c, b * q + r) += h * x(c) * x(r);
      }
    }
  }
  return out;
}

template <class T>
void check_pass(index n, index p, index k, bool intercept, bool weighted) {
  CAPTURE(n);
  CAPTURE(p);
  CAPTURE(k);
  const auto X = random_matrix<T>(n, p);
  std::vector<T> y;
  for (index i = 0; i < n; ++i) y.push_back(T((i * 5) % (k == 1 ? 2 : k)));
  const auto w = random_weights<T>(n);
  const T* const weight = weighted ? w.data() : nullptr;
  const index q = p + (intercept ? 1 : 0);
  std::vector<double> coef;
  for (const double c : random_vector<double>(k * q, 4)) coef.push_back(double(T((c - 3) * 0.2)));
  const auto expected = plain_pass<T>({view(X), y.data(), weight, intercept}, coef, k);
  tutti::glm_sums first;
  for_layouts(X, [&](const auto& v) {
    for_policies([&](const auto& policy, const std::string& name) {
      CAPTURE(name);
      const tutti::glm_data<T> data{v, y.data(), weight, intercept};
      const auto pass = [&](tutti::hessian_rows hessian) {
        return k == 1 ? tutti::glm_pass(policy, data, tutti::binomial_loss{}, std::span<const double>(coef), hessian)
                      : tutti::glm_pass(policy, data, tutti::softmax_loss{k}, std::span<const double>(coef), hessian);
      };
      const auto with = pass(tutti::hessian_rows::all), without = pass(tutti::hessian_rows::none);
      if (first.gradient.empty()) first = without;
      CHECK(without.loss == first.loss);
      CHECK(without.gradient == first.gradient);
      CHECK(with.loss == first.loss);
      CHECK(with.gradient == first.gradient);
      CHECK(without.hessian.size() == 0);
      check_close({with.loss}, {expected.loss}, 5 * close_to<T>);
      check_close(with.gradient, expected.gradient, 10 * close_to<T>);
      check_close(doubles(with.hessian), doubles(expected.hessian), 10 * close_to<T>);
    });
  });
}

}  // namespace

TEST_CASE_TEMPLATE("one output: loss, gradient and Hessian agree with plain loops", T, float, double) {
  for (const auto& [n, p] : {std::array<index, 2>{1, 1}, {17, 3}, {500, 4}, {4099, 7}, {300, 35}}) {
    check_pass<T>(n, p, 1, true, false);
    check_pass<T>(n, p, 1, false, true);
  }
}

TEST_CASE_TEMPLATE("several outputs: loss, gradient and Hessian agree with plain loops", T, float, double) {
  check_pass<T>(100, 3, 3, true, true);
  check_pass<T>(4200, 5, 4, false, false);
  check_pass<T>(90, 17, 2, true, false);
}

namespace {

/// The estimate that `sample` gives, beside the Hessian of the rows that it should come from.
template <class T>
void check_sample(index n, index p, index k) {
  CAPTURE(n);
  CAPTURE(p);
  const index size = k * (p + 1), every = std::clamp<index>(n / (64 * size), 1, 16), run = p + 1 <= 32 ? 128 : 512;
  const auto X = random_matrix<T>(n, p);
  std::vector<T> y, counted(std::size_t(n), T(0));
  double rows = 0;
  for (index i = 0; i < n; ++i) {
    y.push_back(T((i * 5) % (k == 1 ? 2 : k)));
    if (i / run % every == 0) rows += counted[std::size_t(i)] = 1;
  }
  std::vector<double> coef;
  for (const double c : random_vector<double>(size, 4)) coef.push_back(double(T((c - 3) * 0.2)));
  auto expected = plain_pass<T>({view(X), y.data(), counted.data(), true}, coef, k).hessian;
  for (index i = 0; i < size; ++i)
    for (double& h : expected.row(i)) h *= double(n) / rows;
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    const tutti::glm_data<T> data{view(X), y.data(), nullptr, true};
    const auto pass = [&](tutti::hessian_rows hessian) {
      return k == 1 ? tutti::glm_pass(policy, data, tutti::binomial_loss{}, std::span<const double>(coef), hessian)
                    : tutti::glm_pass(policy, data, tutti::softmax_loss{k}, std::span<const double>(coef), hessian);
    };
    const auto sampled = pass(tutti::hessian_rows::sample), without = pass(tutti::hessian_rows::none);
    CHECK(sampled.loss == without.loss);
    CHECK(sampled.gradient == without.gradient);
    check_close(doubles(sampled.hessian), doubles(expected), 10 * close_to<T>);
  });
}

}  // namespace

TEST_CASE_TEMPLATE("the Hessian of a sample is that of its rows, in proportion", T, float, double) {
  check_sample<T>(300, 3, 1);     // few: all of them
  check_sample<T>(1500, 4, 1);    // one run in four, the last cut short
  check_sample<T>(9001, 3, 1);    // one in sixteen, the last row in none
  check_sample<T>(35000, 33, 1);  // longer runs: every second block has none
  check_sample<T>(4200, 2, 3);
}

TEST_CASE("linear predictors far from zero neither overflow nor lose the loss") {
  tutti::matrix<float> X(4, 1);
  for (index i = 0; i < 4; ++i) X(i, 0) = i % 2 == 0 ? 1000.0f : -1000.0f;
  const std::vector<float> y{1, 0, 0, 1};
  const std::vector<double> coef{5.0};
  const tutti::glm_data<float> data{view(X), y.data(), nullptr, false};
  const auto s = tutti::glm_pass(tutti::simd, data, tutti::binomial_loss{}, std::span<const double>(coef), tutti::hessian_rows::all);
  CHECK(s.loss == 10000);
  CHECK(s.gradient[0] == 2000);
  CHECK(s.hessian(0, 0) == 0);
}

}  // namespace tutti_test
