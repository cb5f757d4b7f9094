#include <tutti/policy/par.hpp>

#include <type_traits>

#include <doctest/doctest.h>

TEST_CASE("par is a literal value, and code for another instruction set is another type") {
  using P = std::remove_cvref_t<decltype(tutti::par)>;
  static_assert(std::is_trivially_copyable_v<P>);
  static_assert(!std::is_same_v<tutti::basic_par<tutti::isa::avx2>, tutti::basic_par<tutti::isa::avx512>>);
  constexpr P copy = tutti::par;
  CHECK(copy.control() == nullptr);
  const tutti::run_control control;
  CHECK(copy.with(control).control() == &control);
  CHECK(copy.control() == nullptr);
}
