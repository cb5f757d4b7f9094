#include <tutti/core/view.hpp>

#include <array>
#include <list>
#include <span>
#include <vector>

#include <Eigen/Core>
#include <doctest/doctest.h>

#include <tutti/core/matrix.hpp>

using tutti::matrix_like;
using tutti::vector_like;
using tutti::view;

namespace {

template <class V>
void check_points_at(const tutti::matrix_view<V>& v, const auto& m) {
  CHECK(v.rows == m.rows());
  CHECK(v.cols == m.cols());
  for (tutti::index i = 0; i < v.rows; ++i)
    for (tutti::index j = 0; j < v.cols; ++j) CHECK(&v(i, j) == &m(i, j));
}

}  // namespace

TEST_CASE("a view of an Eigen matrix of either order points at its elements") {
  Eigen::MatrixXd by_columns = Eigen::MatrixXd::Random(5, 3);
  Eigen::Matrix<float, -1, -1, Eigen::RowMajor> by_rows = Eigen::MatrixXf::Random(4, 6);
  check_points_at(view(by_columns), by_columns);
  check_points_at(view(by_rows), by_rows);
}

TEST_CASE("blocks, maps, transposes and arrays of Eigen are seen in place") {
  Eigen::MatrixXd m = Eigen::MatrixXd::Random(7, 5);
  const auto block = m.block(1, 2, 4, 3);
  const auto v = view(block);
  CHECK(&v(0, 0) == &m(1, 2));
  CHECK(&v(3, 2) == &m(4, 4));
  const auto t = view(m.transpose());
  CHECK(t.rows == 5);
  CHECK(&t(2, 6) == &m(6, 2));
  std::vector<double> memory(12);
  const Eigen::Map<const Eigen::MatrixXd> map(memory.data(), 3, 4);
  CHECK(&view(map)(2, 1) == memory.data() + 5);
  Eigen::ArrayXXf a = Eigen::ArrayXXf::Random(2, 2);
  CHECK(&view(a)(1, 0) == &a(1, 0));
}

TEST_CASE("a view of an Eigen vector, row or column knows its stride") {
  Eigen::VectorXd x = Eigen::VectorXd::Random(9);
  CHECK(view(x).size == 9);
  CHECK(&view(x)(4) == &x(4));
  Eigen::MatrixXd m = Eigen::MatrixXd::Random(4, 3);
  const auto row = view(m.row(2));
  CHECK(row.size == 3);
  CHECK(row.stride == 4);
  CHECK(&row(1) == &m(2, 1));
}

TEST_CASE("a view of standard containers is contiguous") {
  const std::vector<int> v{1, 2, 3};
  std::array<float, 4> a{};
  CHECK(view(v).data == v.data());
  CHECK(view(v).size == 3);
  CHECK(view(v).stride == 1);
  CHECK(view(a).size == 4);
  CHECK(view(std::span<const int>(v).subspan(1))(0) == 2);
}

TEST_CASE("a pointer with strides reaches any layout, backwards and repeated too") {
  const double x[] = {0, 1, 2, 3, 4, 5};
  CHECK(view(x, 2, 3)(1, 0) == 3);
  CHECK(view(x, 3, 2, 1, 3)(2, 1) == 5);
  CHECK(view(x + 5, 6, 1, -1, 1)(2, 0) == 3);
  CHECK(view(x, 1000, 3, 0, 1)(999, 2) == 2);
  CHECK(view(x, 3, 2).middle_rows(1, 3)(0, 1) == 3);
}

TEST_CASE("a mutable view becomes a const one, not the other way") {
  static_assert(std::is_convertible_v<tutti::matrix_view<float>, tutti::matrix_view<const float>>);
  static_assert(!std::is_convertible_v<tutti::matrix_view<const float>, tutti::matrix_view<float>>);
  static_assert(std::is_convertible_v<tutti::vector_view<float>, tutti::vector_view<const float>>);
  static_assert(!std::is_convertible_v<tutti::vector_view<const float>, tutti::vector_view<float>>);
}

TEST_CASE("the concepts tell matrices, vectors and expressions apart") {
  static_assert(matrix_like<Eigen::MatrixXd> && !vector_like<Eigen::MatrixXd>);
  static_assert(vector_like<Eigen::VectorXf> && !matrix_like<Eigen::VectorXf>);
  static_assert(matrix_like<tutti::matrix<float>>);
  static_assert(vector_like<std::vector<int>> && vector_like<std::span<const double>>);
  static_assert(!vector_like<std::vector<bool>>, "its elements have no addresses");
  static_assert(!vector_like<std::list<int>>);
  using product = decltype(std::declval<Eigen::MatrixXd&>() * std::declval<Eigen::MatrixXd&>());
  static_assert(!matrix_like<product>, "an expression would have to be copied");
  static_assert(std::is_same_v<tutti::scalar_of<const Eigen::MatrixXf&>, float>);
  static_assert(std::is_same_v<tutti::element_of<std::vector<short>>, short>);
  static_assert(tutti::weights_like<tutti::no_weights> && tutti::weights_like<std::vector<double>>);
  static_assert(!tutti::weights_like<double>);
}
