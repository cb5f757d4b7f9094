#include <algorithm>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <vector>

#include <tutti/metrics/regression.hpp>

#include "samples.hpp"

namespace tutti_test {

namespace {

using tutti::invalid_input;

constexpr double powers[] = {-1, 0, 1, 1.5, 2, 3};

/// Half of scikit-learn's deviance of one sample, as its formulas say; positive y and mu.
double deviance(double y, double mu, double power) {
  if (power == 0) return (y - mu) * (y - mu) / 2;
  if (power == 1) return (y > 0 ? y * std::log(y / mu) : 0.0) - y + mu;
  if (power == 2) return std::log(mu / y) + y / mu - 1;
  const double of_y = std::pow(std::max(y, 0.0), 2 - power) / ((1 - power) * (2 - power));
  return of_y - y * std::pow(mu, 1 - power) / (1 - power) + std::pow(mu, 2 - power) / (2 - power);
}

template <class Y, class Z, class W>
double plain_d2(const std::vector<Y>& y, const std::vector<Z>& predicted, const std::vector<W>& w, double power) {
  double sum = 0, total = 0, of_model = 0, of_mean = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    sum += double(w[i]) * double(y[i]);
    total += double(w[i]);
  }
  for (std::size_t i = 0; i < y.size(); ++i) {
    of_model += double(w[i]) * deviance(double(y[i]), double(predicted[i]), power);
    of_mean += double(w[i]) * deviance(double(y[i]), sum / total, power);
  }
  return 1 - of_model / of_mean;
}

}  // namespace

TEST_CASE_TEMPLATE("the deviance explained is a plain loop's", T, float, double) {
  const index n = 10001;
  const auto y = positive_numbers<T>(n, 1), predicted = positive_numbers<T>(n, 2);
  const auto w = random_weights<T>(n);
  for (const double power : powers) {
    CAPTURE(power);
    const double expected = plain_d2(y, predicted, w, power);
    for_policies([&](const auto& policy, const std::string& name) {
      CAPTURE(name);
      CHECK(d2_tweedie_score(policy, y, predicted, power, w) == doctest::Approx(expected).epsilon(1e-12));
      CHECK(d2_tweedie_score(policy, y, predicted, power, w) == d2_tweedie_score(tutti::seq, y, predicted, power, w));
    });
  }
}

TEST_CASE("a weight of k stands for k copies, a sample of weight 0 is absent, in the family's range or not") {
  auto y = positive_numbers<double>(5000, 1), predicted = positive_numbers<double>(5000, 2);
  const auto w = random_weights<double>(5000);
  const auto all_y = copies(y, w), all_predicted = copies(predicted, w);
  for (const double absent : {1.0, -1.0}) {
    CAPTURE(absent);
    for (std::size_t i = 0; i < w.size(); ++i)
      if (w[i] == 0) y[i] = predicted[i] = absent;
    for_policies([&](const auto& policy, const std::string& name) {
      CAPTURE(name);
      const double expected = d2_tweedie_score(policy, all_y, all_predicted, 2);
      CHECK(d2_tweedie_score(policy, y, predicted, 2, w) == doctest::Approx(expected).epsilon(1e-13));
    });
  }
}

TEST_CASE("a perfect prediction explains all of it, the mean nothing") {
  const auto y = positive_numbers<double>(1000, 1);
  double mean = 0;
  for (const double t : y) mean += t / 1000;
  const std::vector<double> means(1000, mean);
  for (const double power : powers) {
    CAPTURE(power);
    for_policies([&](const auto& policy, const std::string& name) {
      CAPTURE(name);
      CHECK(d2_tweedie_score(policy, y, y, power) == 1);
      CHECK(std::abs(d2_tweedie_score(policy, y, means, power)) < 1e-12);
    });
  }
}

TEST_CASE("a prediction beside the target explains at most all of it") {
  for (const double power : powers) {
    CAPTURE(power);
    for (double t = 0.5; t < 3; t += 0.03125) {
      const std::vector<double> y{t, t + 0.5}, beside{std::nextafter(t, 9.0), std::nextafter(t + 0.5, 0.0)};
      CHECK(d2_tweedie_score(tutti::seq, y, beside, power) <= 1);
    }
  }
}

TEST_CASE("a constant target is explained exactly or not at all") {
  for (const double value : {2.0, 0.1, 1e-3}) {
    for (const double power : powers) {
      CAPTURE(value);
      CAPTURE(power);
      for (const std::size_t n : {1u, 3u, 10u, 4097u}) {
        CAPTURE(n);
        const std::vector<double> y(n, value);
        std::vector<double> other = y;
        other.back() = 3;
        for_policies([&](const auto& policy, const std::string& name) {
          CAPTURE(name);
          CHECK(d2_tweedie_score(policy, y, y, power) == 1);
          CHECK(d2_tweedie_score(policy, y, other, power) == 0);
        });
      }
    }
  }
}

TEST_CASE("no events at all are explained by nothing") {
  const std::vector<int> y(5, 0);
  const std::vector<double> predicted(5, 0.5);
  for (const double power : {1.0, 1.5})
    for_policies([&](const auto& policy, const std::string& name) {
      CAPTURE(name);
      CHECK(d2_tweedie_score(policy, y, predicted, power) == 0);
    });
}

TEST_CASE("no number of threads changes a bit of the deviance") {
  const auto y = positive_numbers<float>(50000, 1), predicted = positive_numbers<float>(50000, 2);
  const auto w = positive_numbers<float>(50000, 3);
  for (const double power : {1.0, 1.5}) {
    const double once = d2_tweedie_score(tutti::seq, y, predicted, power, w);
    for_thread_counts([&](const auto& policy, int threads) {
      CAPTURE(threads);
      CHECK(d2_tweedie_score(policy, y, predicted, power, w) == once);
    });
  }
}

TEST_CASE("what deviance cannot be explained, and what is said about it") {
  const std::vector<double> y{1, 2, 3}, predicted{2, 2, 2};
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    check_refusals(y, predicted, "d2_tweedie_score",
                   [&](const auto& a, const auto& b, const auto& w) { d2_tweedie_score(policy, a, b, 1.0, w); });
    for (const double bad : {double(NAN), double(INFINITY)})
      for (const double power : powers) {
        const std::vector<double> numbers{1, 2, bad};
        check_throws<invalid_input>([&] { d2_tweedie_score(policy, numbers, y, power); }, {"y is not finite at row 2"});
        check_throws<invalid_input>([&] { d2_tweedie_score(policy, y, numbers, power); }, {"not finite at row 2"});
      }
  });
}

TEST_CASE("what a family cannot have, and what is said about it") {
  using vector = std::vector<double>;
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    const auto refused = [&](const vector& y, const vector& predicted, double power,
                             std::initializer_list<const char*> words) {
      check_throws<invalid_input>([&] { d2_tweedie_score(policy, y, predicted, power); }, words);
    };
    for (const double power : {0.5, 0.001, 0.999}) refused({1, 2}, {1, 2}, power, {"power", "between 0 and 1", "0."});
    for (const double power : {double(NAN), double(INFINITY)}) refused({1, 2}, {1, 2}, power, {"power must be finite"});
    for (const double power : {1.0, 1.5}) refused({1, -1}, {1, 2}, power, {"y must be >= 0", "row 1"});
    for (const double power : {2.0, 3.0}) refused({1, 0}, {1, 2}, power, {"y must be > 0", "row 1"});
    for (const double power : {1.0, 1.5, 2.0, 3.0})
      for (const double bad : {0.0, -1.0}) refused({1, 2, 3}, {1, 2, bad}, power, {"predictions must be > 0", "row 2"});
  });
}

TEST_CASE("for powers below 0 predictions and their mean are positive, as the family's are") {
  using vector = std::vector<double>;
  for (const double bad : {0.0, -1.0})
    check_throws<invalid_input>(
        [&] {
          d2_tweedie_score(tutti::seq, vector{1, 2, 3}, vector{1, 2, bad}, -1);
        },
        {"predictions must be > 0", "row 2"});
  check_throws<invalid_input>([] { d2_tweedie_score(tutti::seq, vector{-1, -2}, vector{1, 2}, -1); }, {"mean", "y"});
}

}  // namespace tutti_test
