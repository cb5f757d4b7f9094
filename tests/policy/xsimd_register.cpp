#include <tutti/policy/xsimd_register.hpp>

#include <cmath>
#include <type_traits>

#include <doctest/doctest.h>

namespace {

/// (1 + e)^2 - 1 - 2 e is e^2 where a multiply-add is fused, and 0 where it is not.
template <class T>
T squared_rest(T e) {
  using R = tutti::xsimd_register<T>;
  alignas(64) T out[16] = {};
  const auto x = R::all(1 + e);
  R::store(out, R::madd(x, x, R::all(-1 - 2 * e)));
  return out[0];
}

}  // namespace

TEST_CASE_TEMPLATE("a register is as wide as the architecture's", T, float, double) {
  using R = tutti::xsimd_register<T>;
  static_assert(sizeof(typename R::type) == R::width * sizeof(T));
  static_assert(R::width == int(xsimd::batch<T>::size));
  static_assert(!std::is_same_v<tutti::xsimd_register<T, xsimd::sse2>, tutti::xsimd_register<T, xsimd::avx>>);
}

TEST_CASE("madd is fused where the machine can: xsimd 8.1 does not on AVX-512") {
#if defined(__FMA__)
  CHECK(squared_rest(0x1p-13f) == 0x1p-26f);
  CHECK(squared_rest(0x1p-30) == 0x1p-60);
#else
  CHECK(squared_rest(0x1p-13f) == 0);
  CHECK(squared_rest(0x1p-30) == 0);
#endif
}
