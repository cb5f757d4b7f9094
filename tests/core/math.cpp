#include <tutti/core/math.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "../policies.hpp"

namespace {

/// The distance of got from want in units of the last place of want, but at least of the smallest normal number.
template <class T>
double ulps(T got, long double want) {
  int exponent = 0;
  std::frexp(static_cast<T>(want), &exponent);
  exponent = std::max(exponent, std::numeric_limits<T>::min_exponent);
  const long double unit = std::ldexp(1.0L, exponent - std::numeric_limits<T>::digits);
  return double(std::fabs(static_cast<long double>(got) - want) / unit);
}

/// Numbers from low to high, evenly spaced, or in ratio if they have one sign and span decades.
template <class T>
std::vector<T> grid(double low, double high, bool ratio = false) {
  std::vector<T> x;
  for (int i = 0; i < 48000; ++i) {
    const double u = (i + 0.5) / 48000;
    x.push_back(T(ratio ? std::exp(std::log(low) + u * (std::log(high) - std::log(low))) : low + u * (high - low)));
  }
  return x;
}

template <class T, class F, class Reference>
double worst_ulps(const std::vector<T>& x, const F& f, const Reference& reference) {
  double worst = 0;
  for (const T v : x) worst = std::max(worst, ulps(f(v), reference(static_cast<long double>(v))));
  return worst;
}

/// Packs of every policy give the bits of the single number.
template <class T, class F>
void check_packs_agree(const std::vector<T>& x, const F& f) {
  tutti_test::for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    using P = typename std::remove_cvref_t<decltype(policy)>::template pack<T>;
    int different = 0;
    for (std::size_t i = 0; i + 16 <= x.size(); i += 16) {
      alignas(64) T y[16];
      f(P::loadu(x.data() + i)).store(y);
      for (std::size_t l = 0; l < 16; ++l) {
        const T one = f(tutti::scalar_pack<T>{x[i + l]}).value;
        different += std::memcmp(&one, &y[l], sizeof(T)) != 0;
      }
    }
    CHECK(different == 0);
  });
}

const auto exp_of = [](const auto& x) { return tutti::math::exp(x); };
const auto log_of = [](const auto& x) { return tutti::math::log(x); };
const auto log1p_of = [](const auto& x) { return tutti::math::log1p(x); };
const auto sigmoid_of = [](const auto& x) { return tutti::math::sigmoid(x); };
const auto sin_of = [](const auto& x) { return tutti::math::sin(x); };

}  // namespace

TEST_CASE_TEMPLATE("exp is within 1.1 units of the last place", T, float, double) {
  const double range = sizeof(T) == 4 ? 87 : 708;
  for (const auto& x : {grid<T>(-range, range + 0.7), grid<T>(-1, 1)}) {
    CHECK(worst_ulps(x, exp_of, [](long double v) { return std::exp(v); }) < 1.1);
    check_packs_agree(x, exp_of);
  }
}

TEST_CASE_TEMPLATE("log is within 1.1 units of the last place", T, float, double) {
  const T tiny = std::numeric_limits<T>::denorm_min();
  for (const auto& x : {grid<T>(double(tiny), 1e30, true), grid<T>(0.5, 2)}) {
    CHECK(worst_ulps(x, log_of, [](long double v) { return std::log(v); }) < 1.1);
    check_packs_agree(x, log_of);
  }
}

TEST_CASE_TEMPLATE("log1p is within 1.4 units of the last place", T, float, double) {
  for (const auto& x : {grid<T>(1e-20, 1, true), grid<T>(-0.99, 3)}) {
    CHECK(worst_ulps(x, log1p_of, [](long double v) { return std::log1p(v); }) < 1.4);
    check_packs_agree(x, log1p_of);
  }
}

TEST_CASE_TEMPLATE("sigmoid is within 2.6 units of the last place", T, float, double) {
  const auto x = grid<T>(-80, 40);
  CHECK(worst_ulps(x, sigmoid_of, [](long double v) { return 1 / (1 + std::exp(-v)); }) < 2.6);
  check_packs_agree(x, sigmoid_of);
}

TEST_CASE_TEMPLATE("sin is within 1.3 units of the last place of 1", T, float, double) {
  const auto x = grid<T>(-10000, 10000);
  double worst = 0;
  for (const T v : x)
    worst = std::max(worst, double(std::fabs(std::sin(static_cast<long double>(v)) - tutti::math::sin(v))));
  CHECK(worst < 1.3 * double(std::numeric_limits<T>::epsilon()));
  check_packs_agree(x, sin_of);
}

TEST_CASE_TEMPLATE("the ends of the ranges are what they should be", T, float, double) {
  using limits = std::numeric_limits<T>;
  const T inf = limits::infinity(), nan = limits::quiet_NaN();
  CHECK(tutti::math::exp(T(0)) == 1);
  CHECK(tutti::math::exp(inf) == inf);
  CHECK(tutti::math::exp(-inf) == 0);
  CHECK(tutti::math::exp(T(1000)) == inf);
  CHECK(tutti::math::exp(T(-1000)) == 0);
  CHECK(std::isnan(tutti::math::exp(nan)));
  CHECK(std::isfinite(tutti::math::exp(std::nextafter(std::log(limits::max()), T(0)))));
  CHECK(tutti::math::log(T(1)) == 0);
  CHECK(tutti::math::log(T(0)) == -inf);
  CHECK(tutti::math::log(inf) == inf);
  CHECK(std::isnan(tutti::math::log(T(-1))));
  CHECK(std::isnan(tutti::math::log(nan)));
  CHECK(tutti::math::log1p(T(0)) == 0);
  CHECK(tutti::math::sigmoid(T(0)) == T(0.5));
  CHECK(tutti::math::sigmoid(T(1000)) == 1);
  CHECK(tutti::math::sigmoid(T(-1000)) == 0);
}

TEST_CASE("the functions are constant expressions") {
  static_assert(tutti::math::exp(0.0) == 1.0);
  static_assert(tutti::math::log(1.0f) == 0.0f);
  static_assert(tutti::math::sigmoid(0.0) == 0.5);
}
