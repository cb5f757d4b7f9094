#include <tutti/core/random.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <set>
#include <vector>

#include <doctest/doctest.h>

using tutti::random_source;
using tutti::detail::philox;
using tutti::detail::philox_counter;

// Random123's published answers for philox4x32-10 (kat_vectors), checked when this file is compiled.
static_assert(philox({0, 0, 0, 0}, {0, 0}) == philox_counter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
static_assert(philox({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}) ==
              philox_counter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
static_assert(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
              philox_counter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});

namespace {

struct moments {
  double mean, variance;
};

template <class F>
moments moments_of(int n, const F& f) {
  double sum = 0, squares = 0;
  for (int i = 0; i < n; ++i) {
    const double x = f(std::uint64_t(i));
    sum += x;
    squares += x * x;
  }
  return {sum / n, squares / n - (sum / n) * (sum / n)};
}

}  // namespace

TEST_CASE("the same published answers come out at run time") {
  philox_counter counter{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344};
  CHECK(philox(counter, {0xa4093822, 0x299f31d0}) ==
        philox_counter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("draws depend on seed, stream, number and nothing else") {
  const random_source a(7), b(8), c = a.stream(1);
  CHECK(a.bits(3) == random_source(7).bits(3));
  CHECK(a.bits(3) != a.bits(4));
  CHECK(a.bits(3) != b.bits(3));
  CHECK(a.bits(3) != c.bits(3));
  CHECK(random_source(7, 1).bits(3) == c.bits(3));
  CHECK(a.bits(std::uint64_t{1} << 40) != a.bits(0));
  std::set<std::uint64_t> seen;
  for (std::uint64_t name = 0; name < 100; ++name) seen.insert(a.fork(name).bits(0));
  CHECK(seen.size() == 100);
}

TEST_CASE("uniform numbers are in [0, 1) and even") {
  const random_source s(1);
  std::array<int, 10> bin{};
  const auto m = moments_of(100000, [&](std::uint64_t i) {
    const double u = s.uniform(i);
    CHECK_MESSAGE((u >= 0 && u < 1), u);
    ++bin[std::size_t(u * 10)];
    return u;
  });
  CHECK(m.mean == doctest::Approx(0.5).epsilon(0.005));
  CHECK(m.variance == doctest::Approx(1.0 / 12).epsilon(0.01));
  for (const int count : bin) CHECK(std::abs(count - 10000) < 400);
}

TEST_CASE("normal quantiles agree with known ones") {
  using tutti::detail::normal_quantile;
  CHECK(normal_quantile(0.5) == 0);
  CHECK(normal_quantile(0.975) == doctest::Approx(1.959963984540054).epsilon(1e-14));
  CHECK(normal_quantile(1e-10) == doctest::Approx(-6.361340902404056).epsilon(1e-14));
  CHECK(normal_quantile(1e-300) == doctest::Approx(-37.0470962993612).epsilon(1e-13));
  CHECK(normal_quantile(0.25) == -normal_quantile(0.75));
}

TEST_CASE("normal numbers have mean 0, variance 1 and finite tails") {
  const random_source s(2);
  const auto m = moments_of(200000, [&](std::uint64_t i) { return s.normal(i); });
  CHECK(std::abs(m.mean) < 0.01);
  CHECK(m.variance == doctest::Approx(1).epsilon(0.01));
}

TEST_CASE("below is even over any range") {
  const random_source s(3);
  std::array<int, 7> count{};
  for (std::uint64_t i = 0; i < 70000; ++i) ++count[std::size_t(s.below(i, 7))];
  for (const int c : count) CHECK(std::abs(c - 10000) < 400);
  CHECK(s.below(0, 1) == 0);
  const tutti::index large = tutti::index{1} << 62;
  for (std::uint64_t i = 0; i < 100; ++i) CHECK(s.below(i, large) < large);
}

TEST_CASE("multiply_high is the high half of a product") {
  using tutti::detail::multiply_high;
  CHECK(multiply_high(~std::uint64_t{0}, ~std::uint64_t{0}) == ~std::uint64_t{0} - 1);
  CHECK(multiply_high(std::uint64_t{1} << 63, 6) == 3);
  CHECK(multiply_high(0x123456789abcdef0, 0xfedcba9876543210) == 0x121fa00ad77d7422);
}

TEST_CASE("Poisson numbers have the mean and the variance of their law") {
  const random_source s(4);
  CHECK(s.poisson(0, 0) == 0);
  for (const double mean : {0.3, 4.0, 9.99, 10.0, 37.0, 1000.0, 1e6}) {
    CAPTURE(mean);
    const auto m = moments_of(50000, [&](std::uint64_t i) { return double(s.poisson(i, mean)); });
    CHECK(m.mean == doctest::Approx(mean).epsilon(0.02));
    CHECK(m.variance == doctest::Approx(mean).epsilon(0.04));
  }
}

TEST_CASE("Poisson frequencies agree with the law's probabilities") {
  const random_source s(5);
  for (const double mean : {2.0, 12.0}) {
    std::vector<double> frequency(40);
    for (std::uint64_t i = 0; i < 100000; ++i) {
      const auto k = s.poisson(i, mean);
      if (k < 40) frequency[std::size_t(k)] += 1e-5;
    }
    double p = std::exp(-mean);
    for (int k = 0; k < 40; ++k, p *= mean / k) CHECK(std::abs(frequency[std::size_t(k)] - p) < 0.006);
  }
}

TEST_CASE("log factorials agree with the C library's lgamma") {
  for (const int k : {0, 1, 2, 5, 9, 10, 11, 100, 100000})
    CHECK(tutti::detail::log_factorial(k) == doctest::Approx(std::lgamma(k + 1.0)).epsilon(1e-10));
}

TEST_CASE("draws are constant expressions") {
  static_assert(random_source(7).uniform(3) < 1);
  static_assert(random_source(7).below(3, 5) < 5);
}
