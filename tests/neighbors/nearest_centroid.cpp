#include <tutti/neighbors/nearest_centroid.hpp>

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/policy/par.hpp>
#include <tutti/policy/seq.hpp>

#include "../support/check.hpp"

namespace tutti_test {

namespace {

using tutti::invalid_input;
using tutti::nearest_centroid;

/// Two features: the second says nothing of the class.
tutti::matrix<double> samples() {
  tutti::matrix<double> X(6, 2);
  const double x[] = {0, 1, 1, 2, 2, 3, 10, 1, 11, 2, 12, 3};
  std::copy(x, x + 12, X.data());
  return X;
}

const std::vector<int> classes{4, 4, 4, -9, -9, -9};

}  // namespace

TEST_CASE("the nearest mean decides, ties go to the lowest class") {
  const auto model = nearest_centroid{}.fit(tutti::seq, samples(), classes);
  CHECK(doubles(model.centroids()) == std::vector<double>{11, 2, 1, 2});
  tutti::matrix<double> Q(3, 2, 2.0);
  Q(0, 0) = 5.9;
  Q(1, 0) = 6.1;
  Q(2, 0) = 6;
  CHECK(model.predict(tutti::par, Q) == std::vector{4, -9, -9});
}

TEST_CASE("shrinkage takes features away") {
  // Spreads are 1, so each mean of the first feature moves by t sqrt(1/3 - 1/6) (1 + 1), and stops at that of all, 6.
  const double step = 2 * std::sqrt(1.0 / 3 - 1.0 / 6);
  const auto little = nearest_centroid{.shrink_threshold = 1}.fit(tutti::seq, samples(), classes);
  CHECK(little.centroids()(0, 0) == doctest::Approx(11 - step).epsilon(1e-14));
  CHECK(little.centroids()(1, 0) == doctest::Approx(1 + step).epsilon(1e-14));
  CHECK(little.centroids()(0, 1) == 2);
  const auto all = nearest_centroid{.shrink_threshold = 100}.fit(tutti::seq, samples(), classes);
  CHECK(doubles(all.centroids()) == std::vector<double>{6, 2, 6, 2});
}

TEST_CASE("what cannot be learned is refused") {
  check_throws<invalid_input>([] { nearest_centroid{.shrink_threshold = -1}.fit(tutti::seq, samples(), classes); },
                              {"shrink_threshold", "-1"});
}

}  // namespace tutti_test
