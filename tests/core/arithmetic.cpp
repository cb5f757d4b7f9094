#include <tutti/core/arithmetic.hpp>

#include <initializer_list>
#include <limits>

#include <doctest/doctest.h>

TEST_CASE_TEMPLATE("is_finite tells infinities and NaN from numbers by their bits", T, float, double) {
  using limits = std::numeric_limits<T>;
  for (const T x : {T(0), T(-0.0), T(1), limits::max(), limits::lowest(), limits::min(), limits::denorm_min()})
    CHECK(tutti::is_finite(x));
  CHECK(!tutti::is_finite(limits::infinity()));
  CHECK(!tutti::is_finite(-limits::infinity()));
  CHECK(!tutti::is_finite(limits::quiet_NaN()));
  CHECK(!tutti::is_finite(-limits::quiet_NaN()));
  CHECK(!tutti::is_finite(limits::signaling_NaN()));
  static_assert(tutti::is_finite(T(1)) && !tutti::is_finite(limits::infinity()));
}

TEST_CASE_TEMPLATE("is_nan tells NaN from everything else by its bits", T, float, double) {
  using limits = std::numeric_limits<T>;
  for (const T x : {T(0), T(-1), limits::max(), limits::denorm_min(), limits::infinity(), -limits::infinity()})
    CHECK(!tutti::is_nan(x));
  for (const T x : {limits::quiet_NaN(), -limits::quiet_NaN(), limits::signaling_NaN()}) CHECK(tutti::is_nan(x));
}

TEST_CASE("a product is rounded before it is added") {
  // 1 + e squared is 1 + 2e + e^2: rounded, e^2 is lost; in a fused multiply-add it would not be.
  const volatile double near_one = 1 + 0x1p-30;
  const double x = near_one;
  CHECK(tutti::detail::product(x, x) - (1 + 0x1p-29) == 0);
  const volatile float near_one_f = 1 + 0x1p-13f;
  const float y = near_one_f;
  CHECK(tutti::detail::product(y, y) - (1 + 0x1p-12f) == 0);
}
