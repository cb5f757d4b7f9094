#pragma once
// matrix<T>: what functions return when there is more than one column. Row after row, its own memory.

#include <algorithm>
#include <limits>
#include <new>
#include <span>
#include <utility>

#include <tutti/core/storage.hpp>
#include <tutti/core/view.hpp>

namespace tutti {

/// An n x p matrix that owns its elements, in row-major order.
///
/// It is a matrix_like: what one model returns, the next may take. `as_eigen(m)` (core/eigen.hpp) sees it as an
/// Eigen::Map.
template <class T>
class matrix {
 public:
  matrix() = default;

  /// Uninitialised.
  ///
  /// throws   std::bad_alloc, also if rows or cols is negative
  matrix(index rows, index cols) : elements_(elements(rows, cols)), rows_(rows), cols_(cols) {}

  matrix(index rows, index cols, T value) : matrix(rows, cols) { std::fill(elements_.begin(), elements_.end(), value); }

  matrix(matrix&& other) noexcept
      : elements_(std::move(other.elements_)),
        rows_(std::exchange(other.rows_, 0)),
        cols_(std::exchange(other.cols_, 0)) {}
  matrix& operator=(matrix&& other) noexcept {
    std::swap(elements_, other.elements_);
    std::swap(rows_, other.rows_);
    std::swap(cols_, other.cols_);
    return *this;
  }
  matrix(const matrix& other) : matrix(other.rows_, other.cols_) {
    std::copy(other.elements_.begin(), other.elements_.end(), elements_.begin());
  }
  matrix& operator=(const matrix& other) { return *this = matrix(other); }

  index rows() const { return rows_; }
  index cols() const { return cols_; }
  index size() const { return rows_ * cols_; }
  T* data() { return elements_.data(); }
  const T* data() const { return elements_.data(); }

  T& operator()(index i, index j) { return elements_[i * cols_ + j]; }
  const T& operator()(index i, index j) const { return elements_[i * cols_ + j]; }

  std::span<T> row(index i) { return {data() + i * cols_, static_cast<std::size_t>(cols_)}; }
  std::span<const T> row(index i) const { return {data() + i * cols_, static_cast<std::size_t>(cols_)}; }

  friend bool operator==(const matrix& a, const matrix& b) {
    return a.rows_ == b.rows_ && a.cols_ == b.cols_ &&
           std::equal(a.elements_.begin(), a.elements_.end(), b.elements_.begin());
  }

 private:
  static index elements(index rows, index cols) {
    if (rows < 0 || cols < 0 || (cols > 0 && rows > std::numeric_limits<index>::max() / cols)) throw std::bad_alloc();
    return rows * cols;
  }

  storage<T> elements_;
  index rows_ = 0;
  index cols_ = 0;
};

template <class T>
matrix_view<const T> view(const matrix<T>& m) {
  return {m.data(), m.rows(), m.cols(), m.cols(), 1};
}
template <class T>
matrix_view<T> view(matrix<T>& m) {
  return {m.data(), m.rows(), m.cols(), m.cols(), 1};
}

}  // namespace tutti
