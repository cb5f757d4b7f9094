#include <tutti/policy/isa.hpp>

#include <type_traits>

#include <doctest/doctest.h>

#include <tutti/policy/seq.hpp>

TEST_CASE("the native instruction set is that of the build's flags, and seq carries it") {
#if defined(__AVX512BW__) && defined(__AVX512DQ__)
  static_assert(std::is_same_v<tutti::isa::native, tutti::isa::avx512>);
#elif !defined(__AVX__)
  static_assert(std::is_same_v<tutti::isa::native, tutti::isa::baseline>);
#endif
  static_assert(std::is_same_v<std::remove_cvref_t<decltype(tutti::seq)>, tutti::basic_seq<tutti::isa::native>>);
  const bool apart = !std::is_same_v<tutti::basic_seq<tutti::isa::avx2>, tutti::basic_seq<tutti::isa::avx2_fma>>;
  CHECK(apart);
}
