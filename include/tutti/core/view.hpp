#pragma once
// Views: data as it lies in memory. Rows are samples, columns are features, two strides, never a copy.
//
// `view(x)` accepts anything that can say where its elements are: Eigen matrices of either storage order, Map, Block,
// Transpose; std::vector, std::span, std::array; a pointer with strides. Eigen is recognised by its members, so this
// header needs no Eigen.

#include <concepts>
#include <cstddef>
#include <ranges>
#include <type_traits>

namespace tutti {

/// The type of every size and offset: signed, 64 bits.
using index = std::ptrdiff_t;

/// An n x p matrix somewhere in memory: element (i, j) lies at data[i * row_stride + j * col_stride].
template <class T>
struct matrix_view {
  T* data = nullptr;
  index rows = 0;
  index cols = 0;
  index row_stride = 0;  ///< elements from one row to the next
  index col_stride = 0;  ///< elements from one column to the next

  constexpr T& operator()(index i, index j) const { return data[i * row_stride + j * col_stride]; }

  /// Rows [begin, end) of the same memory.
  constexpr matrix_view middle_rows(index begin, index end) const {
    return {data + begin * row_stride, end - begin, cols, row_stride, col_stride};
  }

  template <class U>
    requires(std::is_same_v<U, const T> && !std::is_const_v<T>)
  constexpr operator matrix_view<U>() const {
    return {data, rows, cols, row_stride, col_stride};
  }
};

/// n elements somewhere in memory: element i lies at data[i * stride].
template <class T>
struct vector_view {
  T* data = nullptr;
  index size = 0;
  index stride = 1;

  constexpr T& operator()(index i) const { return data[i * stride]; }

  template <class U>
    requires(std::is_same_v<U, const T> && !std::is_const_v<T>)
  constexpr operator vector_view<U>() const {
    return {data, size, stride};
  }
};

namespace detail {

template <class M>
concept has_eigen_strides = requires(M& m) {
  *m.data();
  { m.rows() } -> std::convertible_to<index>;
  { m.cols() } -> std::convertible_to<index>;
  { m.rowStride() } -> std::convertible_to<index>;
  { m.colStride() } -> std::convertible_to<index>;
};

template <class M>
concept has_eigen_vector_shape = has_eigen_strides<M> && (std::remove_cvref_t<M>::IsVectorAtCompileTime != 0);

template <class V>
concept is_plain_range = !has_eigen_strides<V> && std::ranges::contiguous_range<V> && std::ranges::sized_range<V>;

}  // namespace detail

/// A view of a matrix that is one already.
template <class T>
constexpr matrix_view<T> view(const matrix_view<T>& m) {
  return m;
}

/// A view of a vector that is one already.
template <class T>
constexpr vector_view<T> view(const vector_view<T>& v) {
  return v;
}

/// A view of an Eigen matrix, Map or Block: anything of Eigen's whose elements lie in memory.
template <detail::has_eigen_strides M>
  requires(!detail::has_eigen_vector_shape<M>)
constexpr auto view(M&& m) {
  using T = std::remove_reference_t<decltype(*m.data())>;
  return matrix_view<T>{m.data(), m.rows(), m.cols(), m.rowStride(), m.colStride()};
}

/// A view of an Eigen vector, a row or a column of an Eigen matrix.
template <detail::has_eigen_vector_shape V>
constexpr auto view(V&& v) {
  using T = std::remove_reference_t<decltype(*v.data())>;
  return vector_view<T>{v.data(), v.size(), v.innerStride()};
}

/// A view of a std::vector, std::span, std::array.
template <detail::is_plain_range V>
constexpr auto view(V&& v) {
  using T = std::remove_reference_t<std::ranges::range_reference_t<V>>;
  return vector_view<T>{std::ranges::data(v), static_cast<index>(std::ranges::size(v)), 1};
}

/// A view of rows x cols elements from `data` on, row after row.
template <class T>
constexpr matrix_view<T> view(T* data, index rows, index cols) {
  return {data, rows, cols, cols, 1};
}

/// A view of rows x cols elements with any two strides, counted in elements.
template <class T>
constexpr matrix_view<T> view(T* data, index rows, index cols, index row_stride, index col_stride) {
  return {data, rows, cols, row_stride, col_stride};
}

namespace detail {

template <class T>
struct is_matrix_view : std::false_type {};
template <class T>
struct is_matrix_view<matrix_view<T>> : std::true_type {
  using element = std::remove_const_t<T>;
};

template <class T>
struct is_vector_view : std::false_type {};
template <class T>
struct is_vector_view<vector_view<T>> : std::true_type {
  using element = std::remove_const_t<T>;
};

template <class M>
using viewed = decltype(view(std::declval<const std::remove_reference_t<M>&>()));

}  // namespace detail

/// Something with rows and columns in memory. An unevaluated expression such as `A * B` is none: write `(A * B).eval()`.
template <class M>
concept matrix_like = requires(const std::remove_reference_t<M>& m) { view(m); } &&
                      detail::is_matrix_view<detail::viewed<M>>::value;

/// Something with elements in memory, one after the other at a fixed stride.
template <class V>
concept vector_like = requires(const std::remove_reference_t<V>& v) { view(v); } &&
                      detail::is_vector_view<detail::viewed<V>>::value;

/// The element type of a matrix_like or vector_like type, without const.
template <class M>
  requires matrix_like<M>
using scalar_of = typename detail::is_matrix_view<detail::viewed<M>>::element;

template <class V>
  requires vector_like<V>
using element_of = typename detail::is_vector_view<detail::viewed<V>>::element;

/// What learners and models compute with: a matrix of float or double. Numbers of another type are converted by their
/// owner, who knows which of the two to ask for.
template <class M>
concept samples_like = matrix_like<M> && (std::is_same_v<scalar_of<M>, float> || std::is_same_v<scalar_of<M>, double>);

/// The weights of samples that all count the same.
struct no_weights {};

/// What a fit takes as sample weights: numbers, or none.
template <class W>
concept weights_like = std::is_same_v<W, no_weights> || vector_like<W>;

}  // namespace tutti
