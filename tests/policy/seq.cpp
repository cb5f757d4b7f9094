#include <tutti/policy/seq.hpp>

#include <type_traits>

#include <doctest/doctest.h>

TEST_CASE("seq is a literal value, and code for another instruction set is another type") {
  using P = std::remove_cvref_t<decltype(tutti::seq)>;
  static_assert(std::is_trivially_copyable_v<P>);
  static_assert(!std::is_same_v<tutti::basic_seq<tutti::isa::avx2>, tutti::basic_seq<tutti::isa::avx512>>);
  constexpr P copy = tutti::seq;
  CHECK(copy.control() == nullptr);
  const tutti::run_control control;
  CHECK(copy.with(control).control() == &control);
  CHECK(copy.control() == nullptr);
}
