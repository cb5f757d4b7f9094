#pragma once
// Matrices of the shapes and layouts that tell kernels apart: fewer rows than a panel, odd features, gaps.

#include <cstdint>
#include <vector>

#include <tutti/core/matrix.hpp>
#include <tutti/core/random.hpp>
#include <tutti/core/view.hpp>

namespace tutti_test {

using tutti::index;

/// n x p normal numbers around 3, in T.
template <class T>
tutti::matrix<T> random_matrix(index n, index p, std::uint64_t seed = 1) {
  const tutti::random_source source(seed);
  tutti::matrix<T> X(n, p);
  for (index i = 0; i < n * p; ++i) X.data()[i] = T(3 + source.normal(std::uint64_t(i)));
  return X;
}

template <class T>
std::vector<T> random_vector(index n, std::uint64_t seed = 2) {
  const tutti::matrix<T> m = random_matrix<T>(n, 1, seed);
  return std::vector<T>(m.data(), m.data() + n);
}

/// Whole weights 0, 1, 2, 3.
template <class T>
std::vector<T> random_weights(index n, std::uint64_t seed = 3) {
  const tutti::random_source source(seed);
  std::vector<T> w;
  for (index i = 0; i < n; ++i) w.push_back(T(source.below(std::uint64_t(i), 4)));
  return w;
}

/// f(view) of the same elements row after row, column after column, and with gaps.
template <class T, class F>
void for_layouts(const tutti::matrix<T>& X, const F& f) {
  const index n = X.rows(), p = X.cols();
  f(tutti::matrix_view<const T>(view(X)));
  std::vector<T> columns(std::size_t(n * p)), gaps(std::size_t(n * (2 * p + 3)), T(1e30));
  tutti::matrix_view<T> by_columns{columns.data(), n, p, 1, n}, spread{gaps.data(), n, p, 2 * p + 3, 2};
  for (auto* v : {&by_columns, &spread}) {
    for (index i = 0; i < n; ++i)
      for (index j = 0; j < p; ++j) (*v)(i, j) = X(i, j);
    f(tutti::matrix_view<const T>(*v));
  }
}

/// f(n, p) for the shapes at which kernels change their way.
template <class F>
void for_shapes(const F& f) {
  for (const index n : {1, 15, 16, 17, 300, 4096, 4099})
    for (const index p : {1, 3, 4, 15, 16, 17, 33}) f(n, p);
  f(index{9000}, index{5});
  f(index{600}, index{140});
}

template <class T>
constexpr double close_to = sizeof(T) == 4 ? 2e-6 : 1e-13;

}  // namespace tutti_test
