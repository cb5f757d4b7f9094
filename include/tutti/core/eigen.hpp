#pragma once
// What the library returns, seen as Eigen sees matrices: no copy. The other way needs no header: every function takes
// Eigen's matrices as they are.

#include <span>
#include <type_traits>
#include <vector>

#include <Eigen/Core>

#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>

namespace tutti {

/// A view as an Eigen::Map with both strides.
template <class T>
auto as_eigen(const matrix_view<T>& m) {
  using plain = Eigen::Matrix<std::remove_const_t<T>, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using target = std::conditional_t<std::is_const_v<T>, const plain, plain>;
  using strides = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
  return Eigen::Map<target, Eigen::Unaligned, strides>(m.data, m.rows, m.cols, strides(m.row_stride, m.col_stride));
}

/// A matrix as an Eigen::Map, row-major. Of a temporary there is none: it would not outlive the line.
template <class T>
auto as_eigen(const matrix<T>& m) {
  using plain = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  return Eigen::Map<const plain>(m.data(), m.rows(), m.cols());
}
template <class T>
auto as_eigen(matrix<T>& m) {
  using plain = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  return Eigen::Map<plain>(m.data(), m.rows(), m.cols());
}
template <class T>
void as_eigen(const matrix<T>&& m) = delete;

/// Elements side by side as an Eigen::Map of a column vector.
template <class T>
auto as_eigen(std::span<const T> v) {
  return Eigen::Map<const Eigen::Matrix<T, Eigen::Dynamic, 1>>(v.data(), static_cast<Eigen::Index>(v.size()));
}
template <class T>
auto as_eigen(const std::vector<T>& v) {
  return as_eigen(std::span<const T>(v));
}

}  // namespace tutti
