#include <tutti/metrics/regression.hpp>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "samples.hpp"

namespace tutti_test {

namespace {

using tutti::invalid_input;

struct plain_scores {
  double mse = 0, mae = 0, r2 = 0;
};

template <class Y, class Z, class W>
plain_scores plainly(const std::vector<Y>& y, const std::vector<Z>& predicted, const std::vector<W>& w) {
  plain_scores s;
  double total = 0, sum = 0, about_mean = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double e = double(y[i]) - double(predicted[i]);
    s.mse += double(w[i]) * e * e;
    s.mae += double(w[i]) * std::abs(e);
    total += double(w[i]);
    sum += double(w[i]) * double(y[i]);
  }
  for (std::size_t i = 0; i < y.size(); ++i) about_mean += double(w[i]) * std::pow(double(y[i]) - sum / total, 2);
  return {s.mse / total, s.mae / total, 1 - s.mse / about_mean};
}

template <class P, class Y, class Z, class W>
void check_errors(const P& policy, const Y& y, const Z& predicted, const W& w, const plain_scores& plain) {
  CHECK(mean_squared_error(policy, y, predicted, w) == doctest::Approx(plain.mse).epsilon(1e-13));
  CHECK(mean_absolute_error(policy, y, predicted, w) == doctest::Approx(plain.mae).epsilon(1e-13));
  CHECK(r2_score(policy, y, predicted, w) == doctest::Approx(plain.r2).epsilon(1e-13));
}

}  // namespace

TEST_CASE_TEMPLATE("errors are a plain loop's", T, float, double, int, std::int8_t) {
  for (const index n : {2, 17, 4096, 10001}) {
    CAPTURE(n);
    std::vector<T> y;
    for (const double x : random_vector<double>(n, 1)) y.push_back(T(10 * x));
    const auto predicted = random_vector<float>(n, 2);
    auto w = random_weights<float>(n);
    w[0] = w[1] = 2;
    const auto plain = plainly(y, predicted, w), unweighted = plainly(y, predicted, std::vector<int>(y.size(), 1));
    for_policies([&](const auto& policy, const std::string& name) {
      CAPTURE(name);
      check_errors(policy, y, predicted, w, plain);
      check_errors(policy, y, predicted, tutti::no_weights{}, unweighted);
      CHECK(mean_squared_error(policy, y, predicted, w) == mean_squared_error(tutti::seq, y, predicted, w));
      CHECK(r2_score(policy, y, predicted, w) == r2_score(tutti::seq, y, predicted, w));
    });
  }
}

TEST_CASE("strided numbers are scored as they are side by side") {
  const auto numbers = positive_numbers<double>(10000, 1);
  const tutti::vector_view<const double> y{numbers.data(), 5000, 2}, predicted{numbers.data() + 9999, 5000, -2};
  std::vector<double> a, b;
  for (index i = 0; i < 5000; ++i) {
    a.push_back(y(i));
    b.push_back(predicted(i));
  }
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    CHECK(mean_squared_error(policy, y, predicted) == mean_squared_error(policy, a, b));
    CHECK(mean_absolute_error(policy, y, predicted) == mean_absolute_error(policy, a, b));
    CHECK(r2_score(policy, y, predicted) == r2_score(policy, a, b));
  });
}

TEST_CASE("a weight of k stands for k copies, a sample of weight 0 is absent") {
  const auto y = positive_numbers<double>(5000, 1), predicted = positive_numbers<double>(5000, 2);
  const auto w = random_weights<double>(5000);
  const auto all_y = copies(y, w), all_predicted = copies(predicted, w);
  const auto plain = plainly(all_y, all_predicted, std::vector<int>(all_y.size(), 1));
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    check_errors(policy, y, predicted, w, plain);
    check_errors(policy, all_y, all_predicted, tutti::no_weights{}, plain);
  });
}

TEST_CASE("a perfect prediction has no error") {
  const auto y = positive_numbers<float>(1000, 1);
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    CHECK(mean_squared_error(policy, y, y) == 0);
    CHECK(mean_absolute_error(policy, y, y) == 0);
    CHECK(r2_score(policy, y, y) == 1);
  });
}

TEST_CASE("no number of threads changes a bit of an error") {
  const auto y = positive_numbers<float>(50000, 1), predicted = positive_numbers<float>(50000, 2);
  const auto w = positive_numbers<float>(50000, 3);
  const double mse = mean_squared_error(tutti::seq, y, predicted, w),
               mae = mean_absolute_error(tutti::seq, y, predicted, w);
  const double r2 = r2_score(tutti::seq, y, predicted, w);
  for_thread_counts([&](const auto& policy, int threads) {
    CAPTURE(threads);
    CHECK(mean_squared_error(policy, y, predicted, w) == mse);
    CHECK(mean_absolute_error(policy, y, predicted, w) == mae);
    CHECK(r2_score(policy, y, predicted, w) == r2);
  });
}

TEST_CASE("what numbers cannot be scored, and what is said about it") {
  const std::vector<double> y{1, 2, 3}, predicted{2, 2, 2};
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    check_refusals(y, predicted, "mean_squared_error",
                   [&](const auto& a, const auto& b, const auto& w) { mean_squared_error(policy, a, b, w); });
    check_refusals(y, predicted, "mean_absolute_error",
                   [&](const auto& a, const auto& b, const auto& w) { mean_absolute_error(policy, a, b, w); });
    for (const double bad : {double(NAN), double(INFINITY)}) {
      const std::vector<double> numbers{1, 2, bad};
      check_throws<invalid_input>([&] { mean_squared_error(policy, numbers, y); }, {"y is not finite at row 2"});
      check_throws<invalid_input>([&] { mean_absolute_error(policy, y, numbers); },
                                  {"the prediction is not finite at row 2"});
      check_throws<invalid_input>([&] { r2_score(policy, y, numbers); }, {"the prediction is not finite at row 2"});
    }
  });
}

TEST_CASE("a message about r2_score names it") {
  const std::vector<double> y{1, 2, 3}, predicted{2, 2, 2};
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    check_refusals(y, predicted, "r2_score",
                   [&](const auto& a, const auto& b, const auto& w) { r2_score(policy, a, b, w); });
  });
}

}  // namespace tutti_test
