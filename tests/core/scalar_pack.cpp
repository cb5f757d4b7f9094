#include <tutti/core/scalar_pack.hpp>

#include <cmath>

#include <doctest/doctest.h>

TEST_CASE_TEMPLATE("a pack of one lane computes as its number does", T, float, double) {
  using P = tutti::scalar_pack<T>;
  const P a{T(1.5)}, b{T(-2.25)};
  CHECK((a + b).value == T(-0.75));
  CHECK((a - b).value == T(3.75));
  CHECK((a * b).value == T(-3.375));
  CHECK((a / P::all(T(3))).value == T(0.5));
  CHECK(min(a, b).value == b.value);
  CHECK(max(a, b).value == a.value);
  CHECK((b < a).bits() == 1);
  CHECK((a <= b).bits() == 0);
  CHECK(select(a < b, a, b).value == b.value);
  CHECK(opaque(a).value == a.value);
}

TEST_CASE_TEMPLATE("exponent and mantissa take a number apart, exp2_whole makes powers", T, float, double) {
  using P = tutti::scalar_pack<T>;
  for (const T x : {T(1), T(1.75), T(1e-30), T(3e37), T(0.999), T(2)}) {
    CHECK(exponent(P{x}).value == T(std::ilogb(x)));
    CHECK(mantissa(P{x}).value == std::scalbn(x, -std::ilogb(x)));
  }
  for (const int n : {-126, -3, 0, 1, 127}) CHECK(exp2_whole(P{T(n)}).value == std::ldexp(T(1), n));
  for (const T x : {T(0.5), T(1.5), T(2.5), T(-0.5), T(1e6), T(-7.3)}) CHECK(round_whole(P{x}).value == std::nearbyint(x));
}
