#include <tutti/preprocessing/standard_scaler.hpp>

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/policy/par.hpp>
#include <tutti/policy/seq.hpp>

#include "../support/check.hpp"
#include "../support/shapes.hpp"

namespace tutti_test {

using tutti::standard_scaler;

TEST_CASE("features come out with mean 0 and deviation 1, and go back") {
  const auto X = random_matrix<double>(500, 3);
  const auto model = standard_scaler{}.fit(tutti::par, X);
  const auto Z = model.transform(tutti::par, X);
  const auto after = standard_scaler{}.fit(tutti::seq, Z);
  for (const double m : after.mean()) CHECK(std::abs(m) < 1e-14);
  for (const double v : after.variance()) CHECK(v == doctest::Approx(1).epsilon(1e-13));
  check_close(doubles(model.inverse_transform(tutti::seq, Z)), doubles(X), 1e-14);
}

TEST_CASE("mean and deviation can be left alone") {
  tutti::matrix<float> X(2, 1);
  X(0, 0) = 1, X(1, 0) = 5;
  const auto centred = standard_scaler{.with_std = false}.fit(tutti::seq, X).transform(tutti::seq, X);
  CHECK(centred(0, 0) == -2);
  const auto scaled = standard_scaler{.with_mean = false}.fit(tutti::seq, X).transform(tutti::seq, X);
  CHECK(scaled(1, 0) == 2.5f);
}

TEST_CASE_TEMPLATE("a constant feature is divided by one, however large it is", T, float, double) {
  tutti::matrix<T> X(1000, 2);
  for (index i = 0; i < 1000; ++i) X(i, 0) = T(0.1) * T(1e6), X(i, 1) = T(i);
  const auto model = standard_scaler{}.fit(tutti::seq, X);
  CHECK(model.scale()[0] == 1);
  CHECK(model.scale()[1] > 100);
  CHECK(std::abs(double(model.transform(tutti::seq, X)(5, 0))) <= 1e-6 * 1e5);
}

TEST_CASE("before the first batch nothing is changed") {
  const auto model = standard_scaler{}.start<float>(2);
  tutti::matrix<float> X(1, 2, 3.0f);
  CHECK(model.transform(tutti::seq, X)(0, 1) == 3);
  CHECK(model.n_samples_seen() == 0);
  check_throws<tutti::invalid_input>([] { standard_scaler{}.start<float>(0); }, {"n_features", "0"});
}

TEST_CASE("models of different features do not merge") {
  const standard_scaler s;
  check_throws<tutti::invalid_input>([&] { s.merge(s.start<float>(2), s.start<float>(3)); }, {"different features"});
}

TEST_CASE("states and batches that overflow only together are refused") {
  const standard_scaler s;
  const tutti::matrix<double> low(2, 1, -9e153), high(2, 1, 9e153);
  auto a = s.start<double>(1), b = a;
  s.partial_fit(tutti::seq, a, low);
  s.partial_fit(tutti::seq, b, high);
  const auto before = a;
  check_throws<tutti::invalid_input>([&] { s.merge(a, b); }, {"overflow"});
  check_throws<tutti::invalid_input>([&] { s.partial_fit(tutti::seq, a, high); }, {"overflow"});
  CHECK(a == before);
}

}  // namespace tutti_test
