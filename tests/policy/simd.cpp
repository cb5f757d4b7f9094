#include <tutti/policy/simd.hpp>

#include <type_traits>

#include <doctest/doctest.h>

TEST_CASE("simd is a literal value, and code for another instruction set is another type") {
  using P = std::remove_cvref_t<decltype(tutti::simd)>;
  static_assert(std::is_trivially_copyable_v<P>);
  static_assert(!std::is_same_v<tutti::basic_simd<xsimd::sse2>, tutti::basic_simd<xsimd::avx>>);
  constexpr P copy = tutti::simd;
  CHECK(copy.control() == nullptr);
  const tutti::run_control control;
  CHECK(copy.with(control).control() == &control);
  CHECK(copy.control() == nullptr);
}
