#pragma once
// cholesky: symmetric systems of the normal equations, with a rank that is found, not assumed.
//
// **Source** Golub and Van Loan, Matrix Computations (2013), 4.2.5 (by rows) and 4.2.8 (diagonal pivoting).
// The pseudo-inverse from a factor of full column rank: Courrieu, Fast Computation of Moore-Penrose Inverse Matrices,
// Neural Information Processing - Letters and Reviews 8 (2005).

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <tutti/core/arithmetic.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>

namespace tutti {

namespace detail {

/// a . b over n numbers, in the 16 lanes of D, each operation rounded.
template <class D>
double dot(const double* a, const double* b, index n) {
  D sum = D::all(0);
  index i = 0;
  for (; i + D::lanes <= n; i += D::lanes) sum = sum + D::loadu(a + i) * D::loadu(b + i);
  if (i < n) sum = sum + D::load_first(a + i, n - i) * D::load_first(b + i, n - i);
  return sum.lane_sum();
}

/// Scales that make the diagonal of a symmetric matrix one; zero where it is not positive.
inline std::vector<double> unit_scales(const matrix<double>& A) {
  std::vector<double> scale(static_cast<std::size_t>(A.rows()));
  for (index i = 0; i < A.rows(); ++i) scale[static_cast<std::size_t>(i)] = A(i, i) > 0 ? 1 / std::sqrt(A(i, i)) : 0.0;
  return scale;
}

}  // namespace detail

/// Replaces the lower triangle of A by its Cholesky factor L, A = L L'.
///
/// A           [p x p]  symmetric; the upper triangle is not read
/// tolerance   a pivot counts as zero if it is not above this part of its diagonal element
/// returns     false if a pivot counts as zero; A is then half done
/// cost        p^3 / 6 products
template <class D>
bool cholesky(matrix<double>& A, double tolerance) {
  for (index i = 0; i < A.rows(); ++i) {
    double* const row = A.row(i).data();
    const double diagonal = row[i];
    for (index j = 0; j < i; ++j) row[j] = (row[j] - detail::dot<D>(row, A.row(j).data(), j)) / A(j, j);
    const double pivot = diagonal - detail::dot<D>(row, row, i);
    if (!(pivot > tolerance * diagonal)) return false;
    row[i] = std::sqrt(pivot);
  }
  return true;
}

/// Solves L L' x = b in place.
///
/// L   [p x p]  as `cholesky` leaves it
/// b   [p]      becomes x
template <class D>
void cholesky_solve(const matrix<double>& L, std::span<double> b) {
  const index p = L.rows();
  for (index i = 0; i < p; ++i) {
    double& x = b[static_cast<std::size_t>(i)];
    x = (x - detail::dot<D>(L.row(i).data(), b.data(), i)) / L(i, i);
  }
  for (index i = p; i-- > 0;) {
    const double x = b[static_cast<std::size_t>(i)] /= L(i, i);
    for (index j = 0; j < i; ++j) b[static_cast<std::size_t>(j)] -= detail::product(L(i, j), x);
  }
}

namespace detail {

/// The columns of a pivoted Cholesky factor of A (unit diagonal), as rows: [rank x p].
template <class D>
matrix<double> pivoted_factor(const matrix<double>& A, double tolerance) {
  const index p = A.rows();
  std::vector<double> left(static_cast<std::size_t>(p));
  for (index i = 0; i < p; ++i) left[static_cast<std::size_t>(i)] = A(i, i);
  matrix<double> columns(p, p);  // column r of the factor is row r here
  matrix<double> so_far(p, p);   // row i: what the columns hold for feature i
  index rank = 0;
  for (; rank < p; ++rank) {
    const index pivot = std::max_element(left.begin(), left.end()) - left.begin();
    if (!(left[static_cast<std::size_t>(pivot)] > tolerance)) break;
    const double root = std::sqrt(left[static_cast<std::size_t>(pivot)]);
    for (index i = 0; i < p; ++i) {
      double x = (A(i, pivot) - dot<D>(so_far.row(i).data(), so_far.row(pivot).data(), rank)) / root;
      if (left[static_cast<std::size_t>(i)] < 0) x = 0;  // chosen before
      if (i == pivot) x = root;
      columns(rank, i) = x;
    }
    for (index i = 0; i < p; ++i) {
      so_far(i, rank) = columns(rank, i);
      double& rest = left[static_cast<std::size_t>(i)];
      if (rest >= 0) rest = std::max(0.0, rest - product(columns(rank, i), columns(rank, i)));
    }
    left[static_cast<std::size_t>(pivot)] = -1;
  }
  matrix<double> out(rank, p);
  std::copy_n(columns.data(), rank * p, out.data());
  return out;
}

}  // namespace detail

/// The shortest x that minimises |A x - b|, for A symmetric and positive semi-definite, and the rank of A.
///
/// A           [p x p]
/// B           [t x p]  right-hand sides, row after row; become the solutions
/// tolerance   what is left of a feature, as a part of it, must be above this to count for the rank
/// returns     the rank; p if A is regular, and then x is its only solution
/// cost        p^3 / 6 products if A is regular, a few times as much if not
template <class D>
index solve_symmetric(const matrix<double>& A, matrix<double>& B, double tolerance) {
  const index p = A.rows();
  matrix<double> L = A;
  if (cholesky<D>(L, tolerance)) {
    for (index k = 0; k < B.rows(); ++k) cholesky_solve<D>(L, B.row(k));
    return p;
  }
  // A = S C S with a unit diagonal in C decides the rank, whatever the units of the features; the shortest solution is
  // that of A itself. With A = F'F, F of full row rank: x = F' (F F')^-1 (F F')^-1 F b.
  const std::vector<double> scale = detail::unit_scales(A);
  matrix<double> C(p, p);
  for (index i = 0; i < p; ++i)
    for (index j = 0; j < p; ++j)
      C(i, j) = A(i, j) * (scale[static_cast<std::size_t>(i)] * scale[static_cast<std::size_t>(j)]);
  matrix<double> F = detail::pivoted_factor<D>(C, tolerance);
  const index rank = F.rows();
  for (index r = 0; r < rank; ++r)
    for (index j = 0; j < p; ++j) {
      const double s = scale[static_cast<std::size_t>(j)];
      F(r, j) = s > 0 ? F(r, j) / s : 0.0;
    }
  matrix<double> M(rank, rank);
  for (index i = 0; i < rank; ++i)
    for (index j = 0; j < rank; ++j) M(i, j) = detail::dot<D>(F.row(i).data(), F.row(j).data(), p);
  cholesky<D>(M, 0.0);
  for (index k = 0; k < B.rows(); ++k) {
    std::vector<double> y(static_cast<std::size_t>(rank));
    for (index r = 0; r < rank; ++r) y[static_cast<std::size_t>(r)] = detail::dot<D>(F.row(r).data(), B.row(k).data(), p);
    cholesky_solve<D>(M, y);
    cholesky_solve<D>(M, y);
    for (index j = 0; j < p; ++j) {
      double x = 0;
      for (index r = 0; r < rank; ++r) x += detail::product(F(r, j), y[static_cast<std::size_t>(r)]);
      B(k, j) = x;
    }
  }
  return rank;
}

}  // namespace tutti
