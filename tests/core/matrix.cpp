#include <tutti/core/matrix.hpp>

#include <new>
#include <utility>

#include <doctest/doctest.h>

TEST_CASE("a matrix holds its rows one after the other") {
  tutti::matrix<int> m(2, 3, 0);
  m(1, 2) = 5;
  CHECK(m.data()[5] == 5);
  CHECK(m.size() == 6);
  CHECK(m.row(1)[2] == 5);
  const tutti::matrix_view<const int> v = view(std::as_const(m));
  CHECK(&v(1, 2) == &m(1, 2));
  view(m)(0, 0) = 9;
  CHECK(m(0, 0) == 9);
}

TEST_CASE("copies are deep, moves leave nothing behind") {
  tutti::matrix<double> a(3, 2, 1.5);
  tutti::matrix<double> b = a;
  b(0, 0) = 2;
  CHECK(a(0, 0) == 1.5);
  CHECK(!(a == b));
  b = a;
  CHECK(a == b);
  const tutti::matrix<double> c(std::move(b));
  CHECK(c == a);
  CHECK(b.rows() == 0);
  CHECK(b.cols() == 0);
  CHECK(tutti::matrix<double>().size() == 0);
}

TEST_CASE("sizes that no memory can hold throw bad_alloc") {
  constexpr tutti::index one = 1;
  CHECK_THROWS_AS(tutti::matrix<double>(one << 33, one << 28), std::bad_alloc);
  CHECK_THROWS_AS(tutti::matrix<double>(one << 32, one << 32), std::bad_alloc);
  CHECK_THROWS_AS(tutti::matrix<double>(-2, -2), std::bad_alloc);
  CHECK(tutti::matrix<double>(one << 40, 0).size() == 0);
}
