#include <tutti/core/eigen.hpp>

#include <utility>
#include <vector>

#include <doctest/doctest.h>

TEST_CASE("results are seen by Eigen in place") {
  tutti::matrix<double> m(2, 3);
  for (int i = 0; i < 6; ++i) m.data()[i] = i;
  const auto map = tutti::as_eigen(m);
  CHECK(map.data() == m.data());
  CHECK(map(1, 0) == 3);
  CHECK(map.sum() == 15);

  const std::vector<float> v{1, 2, 3};
  CHECK(tutti::as_eigen(v).data() == v.data());
  CHECK(tutti::as_eigen(v).squaredNorm() == 14);

  const auto turned = tutti::as_eigen(tutti::view(m.data(), 3, 2, 1, 3));
  CHECK((turned.transpose() - map).norm() == 0);
}

TEST_CASE("what Eigen sees the library takes back") {
  std::vector<double> v{1, 2, 3, 4};
  auto map = tutti::as_eigen(tutti::view(v.data(), 2, 2));
  map(0, 1) = 7;
  CHECK(v[1] == 7);
  CHECK(tutti::view(map).data == v.data());
}

template <class M>
concept seen_by_eigen = requires(M&& m) { tutti::as_eigen(std::forward<M>(m)); };

TEST_CASE("a matrix can be written through, a temporary is refused") {
  tutti::matrix<double> m(2, 2, 0.0);
  tutti::as_eigen(m)(1, 0) = 5;
  CHECK(m(1, 0) == 5);
  static_assert(seen_by_eigen<tutti::matrix<double>&>);
  static_assert(!seen_by_eigen<tutti::matrix<double>>);
}
