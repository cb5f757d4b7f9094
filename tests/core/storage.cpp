#include <tutti/core/storage.hpp>

#include <cstdint>
#include <limits>
#include <new>
#include <type_traits>
#include <utility>

#include <doctest/doctest.h>

TEST_CASE("memory is aligned to a cache line, large memory to a huge page") {
  for (const tutti::index n : {1, 15, 1000, 100000}) {
    const tutti::storage<float> s(n);
    CHECK(reinterpret_cast<std::uintptr_t>(s.data()) % 64 == 0);
    CHECK(s.size() == n);
  }
  const tutti::storage<double> large(1 << 19);
  CHECK(reinterpret_cast<std::uintptr_t>(large.data()) % (1 << 21) == 0);
}

TEST_CASE("storage moves and never copies") {
  static_assert(!std::is_copy_constructible_v<tutti::storage<int>>);
  tutti::storage<int> a(3);
  a[0] = 7;
  tutti::storage<int> b(std::move(a));
  CHECK(b[0] == 7);
  tutti::storage<int> c;
  c = std::move(b);
  CHECK(c.size() == 3);
  CHECK(c[0] == 7);
}

TEST_CASE("more memory than there is throws bad_alloc") {
#if !defined(__SANITIZE_ADDRESS__)  // whose operator new ends the program where others throw
  CHECK_THROWS_AS(tutti::storage<double>(std::numeric_limits<tutti::index>::max() / 16), std::bad_alloc);
#endif
  CHECK_THROWS_AS(tutti::storage<double>(tutti::index{1} << 61), std::bad_alloc);  // whose size in bytes wraps around
  CHECK_THROWS_AS(tutti::storage<char>(-1), std::bad_alloc);
  CHECK_THROWS_AS(tutti::detail::allocate_aligned(std::numeric_limits<std::size_t>::max() - 5), std::bad_alloc);
}
