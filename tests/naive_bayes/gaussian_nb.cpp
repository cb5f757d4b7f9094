#include <tutti/naive_bayes/gaussian_nb.hpp>

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/policy/par.hpp>
#include <tutti/policy/seq.hpp>

#include "../support/check.hpp"

namespace tutti_test {

using tutti::gaussian_nb;

namespace {

enum class fruit : char { apple, pear };

/// Apples weigh 1, 2, 3, pears 8 and 10.
const tutti::matrix<double>& weights_of_fruit() {
  static const tutti::matrix<double> X = [] {
    tutti::matrix<double> m(5, 1);
    const double grams[] = {1, 2, 3, 8, 10};
    for (int i = 0; i < 5; ++i) m(i, 0) = grams[i];
    return m;
  }();
  return X;
}

const std::vector<fruit> kinds{fruit::apple, fruit::apple, fruit::apple, fruit::pear, fruit::pear};

}  // namespace

TEST_CASE("class means, variances and probabilities are those of the textbook") {
  const auto model = gaussian_nb{.var_smoothing = 0}.fit(tutti::seq, weights_of_fruit(), kinds);
  CHECK(model.mean()(0, 0) == 2);
  CHECK(model.mean()(1, 0) == 9);
  CHECK(model.variance()(0, 0) == doctest::Approx(2.0 / 3));
  CHECK(model.variance()(1, 0) == 1);
  const auto density = [](double x, double mean, double variance) {
    return std::exp(-(x - mean) * (x - mean) / (2 * variance)) / std::sqrt(2 * 3.14159265358979 * variance);
  };
  tutti::matrix<double> x(1, 1, 5.0);
  const double apple = 0.6 * density(5, 2, 2.0 / 3), pear = 0.4 * density(5, 9, 1);
  CHECK(model.predict_proba(tutti::seq, x)(0, 1) == doctest::Approx(pear / (apple + pear)).epsilon(1e-12));
  CHECK(model.predict_joint_log_proba(tutti::seq, x)(0, 0) == doctest::Approx(std::log(apple)).epsilon(1e-12));
  CHECK(model.predict(tutti::par, x).front() == fruit::apple);
}

TEST_CASE("given priors replace the classes' frequencies") {
  tutti::matrix<double> x(1, 1, 5.4);
  const auto with = [&](std::vector<double> priors) {
    return gaussian_nb{.priors = std::move(priors)}.fit(tutti::seq, weights_of_fruit(), kinds).predict(tutti::seq, x).front();
  };
  CHECK(with({0.5, 0.5}) == fruit::pear);  // 5.4 is 4.2 deviations from the apples, 3.6 from the pears
  CHECK(with({0.999, 0.001}) == fruit::apple);
  CHECK(with({1, 0}) == fruit::apple);
  check_throws<tutti::invalid_input>([&] { with({0.5, 0.6}); }, {"priors add up", "1.1"});
  check_throws<tutti::invalid_input>([&] { with({1.0}); }, {"1 priors for 2 classes"});
  check_throws<tutti::invalid_input>([&] { with({-0.5, 1.5}); }, {"prior"});
}

TEST_CASE("a class that was never seen has no probability, whatever the order of batches") {
  auto model = gaussian_nb{}.start<double>(1, std::vector{3, 1, 2});
  const std::vector<int> ones(5, 1), threes(5, 3);
  gaussian_nb{}.partial_fit(tutti::seq, model, weights_of_fruit(), ones);
  CHECK(model.predict(tutti::seq, weights_of_fruit()) == ones);
  const auto p = model.predict_proba(tutti::seq, weights_of_fruit());
  CHECK(p(0, 0) == 1);
  CHECK(p(0, 1) == 0);
  gaussian_nb{}.partial_fit(tutti::seq, model, weights_of_fruit(), threes);
  CHECK(model.predict_proba(tutti::seq, weights_of_fruit())(2, 2) == doctest::Approx(0.5));
  CHECK(model.classes() == std::vector<int>{1, 2, 3});
}

TEST_CASE("smoothing is a part of the largest variance of all samples") {
  const auto model = gaussian_nb{.var_smoothing = 0.5}.fit(tutti::seq, weights_of_fruit(), kinds);
  CHECK(model.smoothing() == doctest::Approx(0.5 * 12.56));  // variance of 1, 2, 3, 8, 10
  check_throws<tutti::invalid_input>([] { gaussian_nb{.var_smoothing = -1}.fit(tutti::seq, weights_of_fruit(), kinds); },
                                     {"var_smoothing", "-1"});
}

TEST_CASE("starting needs two classes and a feature") {
  check_throws<tutti::invalid_input>([] { gaussian_nb{}.start<float>(1, std::vector{4, 4}); }, {"one class", "4"});
  check_throws<tutti::invalid_input>([] { gaussian_nb{}.start<float>(0, std::vector{1, 2}); }, {"n_features"});
  const gaussian_nb nb;
  check_throws<tutti::invalid_input>(
      [&] { nb.merge(nb.start<float>(1, std::vector{1, 2}), nb.start<float>(1, std::vector{1, 3})); }, {"different classes"});
}

TEST_CASE("states that overflow only together are refused") {
  const gaussian_nb nb;
  const std::vector<int> y{1, 2};
  const tutti::matrix<double> low(2, 1, -9e153), high(2, 1, 9e153);
  auto a = nb.start<double>(1, y), b = a;
  nb.partial_fit(tutti::seq, a, low, y);
  nb.partial_fit(tutti::seq, b, high, y);
  check_throws<tutti::invalid_input>([&] { nb.merge(a, b); }, {"overflow"});
}

}  // namespace tutti_test
