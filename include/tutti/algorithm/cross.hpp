#pragma once
// cross: X'X, X'Y and Y'Y about the means, weighted or not, in one pass over the rows.
//
// **Source** Shifted data: Chan, Golub, LeVeque, Algorithms for Computing the Sample Variance, The American Statistician
// 37 (1983): products are taken about a provisional centre and corrected in double, so nothing cancels.

#include <algorithm>
#include <cstddef>
#include <vector>

#include <tutti/algorithm/gram.hpp>
#include <tutti/algorithm/moments.hpp>
#include <tutti/algorithm/panels.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti {

/// What `cross` returns, for the p columns of X followed by the t columns of Y.
struct cross_products {
  double weight = 0;          ///< sum of the weights; the number of rows without
  std::vector<double> mean;   ///< [p + t] weighted means; zeros if not centred
  matrix<double> products;    ///< [p + t x p + t] sum of w (z - mean)(z - mean)', z = (x, y)
};

namespace detail {

/// One block of rows: columns (X, 1, Y) about a shift, their products with themselves, weighted.
template <class P>
struct cross_kernel {
  using T = typename P::value_type;
  static constexpr index block = 4096;

  matrix_view<const T> X;
  matrix_view<const T> Y;
  const T* weight;  ///< [n] or nullptr
  const T* shift;   ///< [p + t]
  panel_layout layout;
  gram_layout gram;

  constexpr index scratch_bytes() const {
    return ((weight == nullptr ? 1 : 2) * layout.size() + gram.sums() * panel_rows) * static_cast<index>(sizeof(T));
  }

  constexpr void map(index begin, index end, double* slot, std::byte* scratch) const {
    T* const B = reinterpret_cast<T*>(scratch);
    T* const A = weight == nullptr ? B : B + layout.size();
    T* const sums = A + layout.size();
    clear_padding(B);
    clear_padding(A);
    const index pass_rows = layout.panels * panel_rows;
    for (index row = begin; row < end; row += pass_rows) {
      const index rows = std::min(pass_rows, end - row), panels = block_count(rows, panel_rows);
      for (index p = 0; p < panels; ++p) load(row + p * panel_rows, std::min(panel_rows, rows - p * panel_rows), p, B, A);
      add_gram<P>(A, B, layout, gram, panels, row == begin, sums, next_rows(X, row + rows, pass_rows));
    }
    sum_lanes<P>(sums, gram.sums(), slot);
  }

  constexpr void combine(double* left, const double* right) const {
    for (index e = P::lane(); e < gram.sums(); e += P::step()) left[e] += right[e];
  }

 private:
  constexpr index ones_column() const { return X.cols; }

  constexpr void clear_padding(T* columns) const {
    for (index panel = 0; panel < layout.panels; ++panel)
      for (index c = layout.columns; c < layout.strips() * strip_columns; ++c)
        P::all(T(0)).store(columns + layout.at(panel, c));
  }

  constexpr void load(index row, index count, index panel, T* B, T* A) const {
    load_panel<true, P>(X, row, count, shift, layout, panel, B);
    const P ones = ones_first<P>(count);
    ones.store(B + layout.at(panel, ones_column()));
    for (index j = 0; j < Y.cols; ++j) {
      const P y = load_column<true, P>(Y, row, count, j, shift + X.cols);
      y.store(B + layout.at(panel, ones_column() + 1 + j));
    }
    if (weight == nullptr) return;
    const P w = P::load_first(weight + row, count);
    for (index c = 0; c < layout.columns; ++c) {
      const index at = layout.at(panel, c);
      (w * P::load(B + at)).store(A + at);
    }
  }
};

/// The symmetric matrix that the tiles of an upper triangle hold.
inline matrix<double> untile(const double* sums, gram_layout gram, index columns) {
  matrix<double> G(columns, columns);
  gram.for_tiles([&](index i, index j, index tile) {
    for (index r = 0; r < strip_columns; ++r)
      for (index c = 0; c < strip_columns; ++c) {
        const index a = i * strip_columns + r, b = j * strip_columns + c;
        if (a > b || b >= columns) continue;
        G(a, b) = G(b, a) =
            sums[tile * gram_layout::tile_sums + r * strip_columns + c];
      }
  });
  return G;
}

/// Column (and row) c of (X, 1, Y) for column c of (X, Y).
constexpr index skip_ones(index c, index ones) { return c < ones ? c : c + 1; }

/// The products about the means from those about a shift; about zero if the shift is zero and not centred.
template <class T>
cross_products about_means(const matrix<double>& G, index ones, const std::vector<T>& shift, bool centred) {
  const index m = G.rows() - 1;
  cross_products out{G(ones, ones), std::vector<double>(static_cast<std::size_t>(m)), matrix<double>(m, m)};
  for (index a = 0; a < m; ++a) {
    const index ra = skip_ones(a, ones);
    const double offset = centred ? G(ones, ra) / out.weight : 0.0;
    out.mean[static_cast<std::size_t>(a)] = static_cast<double>(shift[static_cast<std::size_t>(a)]) + offset;
    for (index b = 0; b < m; ++b) {
      const index rb = skip_ones(b, ones);
      out.products(a, b) = G(ra, rb) - offset * G(ones, rb);
    }
  }
  return out;
}

/// Means of the first rows: near enough to those of all that nothing cancels, unless the first rows are like no others.
template <class Policy, class T>
std::vector<T> provisional_centre(const Policy& policy, matrix_view<const T> X, matrix_view<const T> Y) {
  constexpr index some = moments_kernel<typename Policy::template pack<T>>::near_rows;
  std::vector<T> centre;
  for (const matrix_view<const T>& m : {X, Y})
    for (const double mean : moments(policy, m.middle_rows(0, std::min(m.rows, some))).mean)
      centre.push_back(static_cast<T>(mean));
  return centre;
}

}  // namespace detail

/// The weighted products of the columns of (X, Y): what least squares and covariances need.
///
/// X         [n x p]  in memory that the policy's tasks may read; n, p >= 1
/// Y         [n x t]  the same; t may be 0
/// weight    [n] or nullptr for ones; not negative, not all zero
/// centred   products about the means if true, about zero if not
/// returns   weights, means, products in double; not finite if an element is not
/// cost      one pass over X, n (p + t)^2 / 2 fused multiply-adds; memory O((p + t)^2) a thread
/// note      the same bits for any number of threads; between instruction sets to rounding (fused or not)
template <execution_policy Policy, class T>
cross_products cross(const Policy& policy, matrix_view<const T> X, matrix_view<const T> Y, const T* weight,
                     bool centred) {
  using kernel_type = detail::cross_kernel<typename Policy::template pack<T>>;
  const index columns = X.cols + 1 + Y.cols;
  const detail::panel_layout layout{columns, detail::panels_at_a_time(columns)};
  const detail::gram_layout gram = detail::make_gram_layout(layout, sizeof(T));
  const std::vector<T> shift = centred ? detail::provisional_centre(policy, X, Y)
                                       : std::vector<T>(static_cast<std::size_t>(X.cols + Y.cols));
  const auto near_shift = policy.bring(view(shift));
  const kernel_type kernel{X, Y, weight, near_shift.view().data, layout, gram};
  const auto sums = policy.template reduce_blocks<double>(X.rows, kernel_type::block, gram.sums(), kernel);
  return detail::about_means(detail::untile(sums.data(), gram, columns), X.cols, shift, centred);
}

}  // namespace tutti
