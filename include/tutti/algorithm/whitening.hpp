#pragma once
// whitening: a W with |W (x - y)| the Mahalanobis distance of x and y, and how far its products may be off.
//
// **Source** Golub and Van Loan, Matrix Computations (2013), 3.1 (triangular systems) and 4.2 (Cholesky factors).
// Bounds: Higham, Accuracy and Stability of Numerical Algorithms (2002), sections 3.1, 8.1; docs/nearest-neighbors.md.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/cholesky.hpp>
#include <tutti/algorithm/samples.hpp>
#include <tutti/core/arithmetic.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/seq.hpp>

namespace tutti::detail {

/// The inverse W of a Cholesky factor L of a covariance, lower triangular as L is.
struct whitening {
  std::vector<double> columns;    ///< [p x p padded to lanes] element (j, i) is W_ij
  std::vector<double> deviation;  ///< [p] lengths of the rows of L: spreads of the features

  index features() const { return static_cast<index>(deviation.size()); }

  friend bool operator==(const whitening&, const whitening&) = default;
};

/// f(i, rows i, i + 1, ... of W d), for i = 0, 16, 32, ...; each row is added up from its first column to its last.
///
/// D   the policy's pack<double>
/// d   d(j) is element j
template <class D, class Difference, class F>
constexpr void for_whitened(const double* columns, index p, const Difference& d, const F& f) {
  const index stride = padded_features(p);
  for (index i = 0; i < p; i += feature_lanes) {
    D rows = D::all(0);
    for (index j = 0; j < std::min(p, i + feature_lanes); ++j)
      rows = rows + D::loadu(columns + j * stride + i) * D::all(d(j));
    f(i, rows);
  }
}

/// |W d|^2: the same bits on every policy.
template <class D, class Difference>
constexpr double whitened_square(const double* columns, index p, const Difference& d) {
  D sum = D::all(0);
  for_whitened<D>(columns, p, d, [&](index, const D& rows) { sum = sum + rows * rows; });
  return sum.lane_sum();
}

/// throws   invalid_input unless V is square, finite, symmetric to 1e-9 and has a positive diagonal
template <class T>
void require_covariance(std::string_view who, const matrix_view<const T>& V) {
  const index p = V.rows;
  require(p > 0 && V.cols == p, who,
          "the covariance is " + shape_text(V.rows, V.cols) + ", expected p x p for p features");
  require_finite(seq, who, "the covariance", V);
  for (index i = 0; i < p; ++i)
    require(V(i, i) > 0, who,
            "the covariance of feature " + std::to_string(i) + " with itself is " + std::to_string(V(i, i)) +
                ", expected a number above 0: a feature that does not vary has no spread");
  for (index i = 0; i < p; ++i)
    for (index j = 0; j < i; ++j) {
      const double a = static_cast<double>(V(i, j)), b = static_cast<double>(V(j, i));
      const double size = std::sqrt(static_cast<double>(V(i, i))) * std::sqrt(static_cast<double>(V(j, j)));
      if (std::abs(a - b) <= 1e-9 * size) continue;
      require(false, who,
              "the covariance is not symmetric: " + std::to_string(a) + " at row " + std::to_string(i) + ", column " +
                  std::to_string(j) + ", but " + std::to_string(b) + " at row " + std::to_string(j) + ", column " +
                  std::to_string(i));
    }
}

/// W of a covariance.
///
/// V        [p x p]  symmetric, positive definite; its lower triangle counts
/// throws   invalid_input if V is none
/// cost     p^3 / 3 products
template <class T>
whitening whitening_of(std::string_view who, const matrix_view<const T>& V) {
  using D = basic_seq<>::pack<double>;
  require_covariance(who, V);
  const index p = V.rows, stride = padded_features(p);
  matrix<double> L(p, p);
  for (index i = 0; i < p; ++i)
    for (index j = 0; j < p; ++j) L(i, j) = static_cast<double>(V(i, j));
  const double noise = 4 * static_cast<double>(p) * std::numeric_limits<double>::epsilon();
  const bool is_definite = cholesky<D>(L, noise);
  whitening out{std::vector<double>(static_cast<std::size_t>(p * stride)), {}};
  for (index j = 0; is_definite && j < p; ++j) {
    double* const w = out.columns.data() + j * stride;
    for (index i = j; i < p; ++i)
      w[i] = ((i == j ? 1.0 : 0.0) - dot<D>(L.row(i).data() + j, w + j, i - j)) / L(i, i);
    out.deviation.push_back(std::sqrt(dot<D>(L.row(j).data(), L.row(j).data(), j + 1)));
  }
  require(is_definite && all_finite(out.columns) && all_finite(out.deviation), who,
          "the covariance is not positive definite, to rounding: expected one of features none of which follows from "
          "the others");
  return out;
}

/// What the products with W multiply errors by: |rounding of W d| <= gamma(p + 1) times this times |W d|.
///
/// cost   p^2
inline double whitening_condition(const whitening& of) {
  const index p = of.features(), stride = padded_features(p);
  double sum = 0;
  for (index j = 0; j < p; ++j)
    for (index i = j; i < p; ++i) {
      const double w = of.columns[static_cast<std::size_t>(j * stride + i)] * of.deviation[static_cast<std::size_t>(j)];
      sum += product(w, w);
    }
  return std::sqrt(static_cast<double>(p) * sum);
}

}  // namespace tutti::detail
