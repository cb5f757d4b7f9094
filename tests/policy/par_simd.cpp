#include <tutti/policy/par_simd.hpp>

#include <type_traits>

#include <doctest/doctest.h>

TEST_CASE("par_simd is a literal value, and code for another instruction set is another type") {
  using P = std::remove_cvref_t<decltype(tutti::par_simd)>;
  static_assert(std::is_trivially_copyable_v<P>);
  static_assert(!std::is_same_v<tutti::basic_par_simd<xsimd::sse2>, tutti::basic_par_simd<xsimd::avx>>);
  constexpr P copy = tutti::par_simd;
  CHECK(copy.control() == nullptr);
  const tutti::run_control control;
  CHECK(copy.with(control).control() == &control);
  CHECK(copy.control() == nullptr);
}
