#include <tutti/linear_model/least_squares.hpp>

#include <doctest/doctest.h>

#include <tutti/policy/seq.hpp>

TEST_CASE("what counts as rounding grows with the number of features and with the type's") {
  CHECK(tutti::detail::rank_tolerance<double>(1) == doctest::Approx(16 * 2.22e-16).epsilon(0.01));
  CHECK(tutti::detail::rank_tolerance<float>(100) == doctest::Approx(100 * 1.19e-7).epsilon(0.01));
}

TEST_CASE("coefficients and constant follow from means and products") {
  using D = tutti::basic_seq<>::pack<double>;
  tutti::cross_products c{10, {2.0, 7.0}, tutti::matrix<double>(2, 2)};  // one feature, one target
  c.products(0, 0) = 5, c.products(1, 1) = 20, c.products(0, 1) = c.products(1, 0) = 15;
  const auto plain = tutti::detail::solve_least_squares<D, double, false>(c, 1, 0.0);
  CHECK(plain.coef()[0] == doctest::Approx(3));
  CHECK(plain.intercept() == doctest::Approx(1));
  const auto shrunk = tutti::detail::solve_least_squares<D, double, false>(c, 1, 10.0);
  CHECK(shrunk.coef()[0] == doctest::Approx(1));
  CHECK(shrunk.intercept() == doctest::Approx(5));
}
