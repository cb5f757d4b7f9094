#include <tutti/policy/gnu_register.hpp>

#include <cstdint>
#include <type_traits>

#include <doctest/doctest.h>

TEST_CASE_TEMPLATE("a register of the baseline is 16 bytes, whatever the build's flags", T, float, double) {
  using R = tutti::gnu_register<T>;
  static_assert(sizeof(typename R::type) == 16);
  static_assert(R::width == 16 / sizeof(T));
  static_assert(std::is_same_v<typename R::template rebind<T>, R>);
  alignas(16) T x[4] = {T(1), T(-2), T(3), T(-4)};
  alignas(16) T y[4] = {};
  R::store(y, R::max(R::load(x), R::all(T(0))));
  CHECK(y[0] == 1);
  CHECK(y[1] == 0);
  CHECK(R::bits(R::less(R::load(x), R::all(T(0)))) == (sizeof(T) == 4 ? 10u : 2u));
}

TEST_CASE("the instruction set is part of the type") {
  static_assert(!std::is_same_v<tutti::gnu_register<float, tutti::isa::baseline>, tutti::gnu_register<float, tutti::isa::avx512>>);
}
