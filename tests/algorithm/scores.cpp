#include <tutti/algorithm/scores.hpp>

#include <cmath>
#include <numeric>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include "../policies.hpp"
#include "../support/check.hpp"
#include "../support/shapes.hpp"

namespace tutti_test {

namespace {

/// Runs a Finish over the scores X W' + b of three classes, or one.
template <class T, class Policy, class Out, class MakeFinish>
void finish_scores(const Policy& policy, const tutti::matrix<T>& X, const std::vector<T>& W, const std::vector<T>& b,
                   std::vector<Out>& out, const MakeFinish& make) {
  const auto near_X = policy.bring(tutti::matrix_view<const T>(view(X)));
  const auto near_W = policy.bring(tutti::view(W)), near_b = policy.bring(tutti::view(b));
  policy.produce(std::span<Out>(out), [&](Out* to) {
    const tutti::detail::linear_score<T> score{near_W.view().data, near_b.view().data, X.cols()};
    tutti::detail::score_samples(policy, "test", near_X.view(), index(b.size()), score, make(to));
  });
}

}  // namespace

TEST_CASE_TEMPLATE("probabilities are the softmax, add up to one and survive huge scores", T, float, double) {
  auto X = random_matrix<T>(50, 2);
  X(7, 0) = T(5000);
  const std::vector<T> W{T(1), T(-1), T(0.5), T(0), T(-1), T(1)}, b{T(0), T(1), T(-1)};
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    std::vector<T> p(150), logs(150);
    finish_scores<T>(policy, X, W, b, p, [](T* to) { return tutti::detail::store_probabilities<T>{to, 3}; });
    finish_scores<T>(policy, X, W, b, logs, [](T* to) { return tutti::detail::store_probabilities<T>{to, 3, true}; });
    for (index i = 0; i < 50; ++i) {
      double z[3], sum = 0;
      for (std::size_t k = 0; k < 3; ++k) z[k] = double(b[k]) + double(X(i, 0)) * double(W[2 * k]) + double(X(i, 1)) * double(W[2 * k + 1]);
      const double top = std::max({z[0], z[1], z[2]});
      for (double& x : z) sum += std::exp(x - top);
      for (std::size_t k = 0; k < 3; ++k) {
        const auto at = std::size_t(3 * i) + k;
        CHECK(double(p[at]) == doctest::Approx(std::exp(z[k] - top) / sum).epsilon(sizeof(T) == 4 ? 1e-5 : 1e-13));
        CHECK(double(logs[at]) == doctest::Approx(z[k] - top - std::log(sum)).epsilon(sizeof(T) == 4 ? 1e-5 : 1e-13));
      }
    }
  });
}

TEST_CASE("one score makes two probabilities, each accurate in its tail") {
  tutti::matrix<double> X(3, 1);
  X(0, 0) = 0, X(1, 0) = 40, X(2, 0) = -700;
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    std::vector<double> p(6), logs(6);
    finish_scores<double>(policy, X, {1.0}, {0.0}, p, [](double* to) { return tutti::detail::store_probabilities<double>{to, 1}; });
    finish_scores<double>(policy, X, {1.0}, {0.0}, logs, [](double* to) { return tutti::detail::store_probabilities<double>{to, 1, true}; });
    CHECK(p[0] == 0.5);
    CHECK(p[1] == 0.5);
    CHECK(p[2] == doctest::Approx(std::exp(-40.0)).epsilon(1e-13));
    CHECK(p[5] == doctest::Approx(std::exp(-700.0)).epsilon(1e-12));
    CHECK(logs[2] == doctest::Approx(-40.0));
    CHECK(logs[3] == doctest::Approx(-std::exp(-40.0)).epsilon(1e-13));
    CHECK(logs[5] == doctest::Approx(-700.0));
  });
}

TEST_CASE("the label of the largest score is stored, of the lowest class among equals") {
  tutti::matrix<float> X(4, 1);
  X(0, 0) = 0, X(1, 0) = 1, X(2, 0) = -1, X(3, 0) = 2;
  const std::vector<short> classes{-3, 5, 900};
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    const auto near_classes = policy.bring(tutti::view(classes));
    std::vector<short> labels(4);
    finish_scores<float>(policy, X, {0, 1, 2}, {0, 0, 0}, labels,
                         [&](short* to) { return tutti::detail::store_labels<float, short>{near_classes.view().data, to, 3}; });
    CHECK(labels == std::vector<short>{-3, 900, -3, 900});
    finish_scores<float>(policy, X, {1}, {0}, labels,
                         [&](short* to) { return tutti::detail::store_labels<float, short>{near_classes.view().data, to, 1}; });
    CHECK(labels == std::vector<short>{-3, 5, -3, 5});
  });
}

TEST_CASE("terms are added in four fixed sums") {
  using V = tutti::scalar_pack<double>;
  for (index p = 0; p < 10; ++p) {
    double sum[4] = {0.5, 0, 0, 0};
    for (index c = 0; c < p; ++c) sum[c % 4] += 0.1 * double(c);
    const V got = tutti::detail::sum_terms<V>(p, V{0.5}, [](index c) { return V{0.1 * double(c)}; });
    CHECK(got.value == (sum[0] + sum[1]) + (sum[2] + sum[3]));
  }
}

}  // namespace tutti_test
