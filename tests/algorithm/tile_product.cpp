#include <tutti/algorithm/tile_product.hpp>

#include <cmath>
#include <cstddef>
#include <string>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/algorithm/distance.hpp>
#include <tutti/core/storage.hpp>
#include <tutti/core/view.hpp>

#include "../policies.hpp"
#include "../support/check.hpp"
#include "../support/shapes.hpp"

namespace tutti_test {

namespace {

using tutti::detail::register_tile;
using tutti::detail::tile_shape;

/// Writes every tile to a matrix.
template <class P>
struct keep_all {
  using T = typename P::value_type;
  tutti::matrix<T>& out;

  void operator()(const register_tile<P>& tile, index row, index lane) const {
    for (int r = 0; r < register_tile<P>::rows; ++r)
      for (int c = 0; c < register_tile<P>::packs; ++c)
        tile.pair[r][c].store_first(out.row(row + r).data() + lane + 16 * c, P::lanes);
  }
};

/// start + the terms of all pairs, by tiles.
template <class P, class Term, class T = typename P::value_type>
tutti::matrix<T> by_tiles(const tutti::matrix<T>& A, const tutti::matrix<T>& B, const Term& term, T first) {
  constexpr index R = register_tile<P>::rows;
  const index p = A.cols();
  tutti::storage<T> rows(A.rows() * p), panels(B.rows() * p);
  tutti::storage<T> held(A.rows() * tile_shape<P>::lanes);
  for (index i = 0; i < A.rows(); ++i)
    for (index j = 0; j < p; ++j) rows[i / R * R * p + j * R + i % R] = A(i, j);
  for (index i = 0; i < B.rows(); ++i)
    for (index j = 0; j < p; ++j) panels[i / 16 * 16 * p + j * 16 + i % 16] = B(i, j);
  tutti::matrix<T> out(A.rows(), B.rows(), T(0));
  keep_all<P> keep{out};
  const tutti::detail::tile_operands<T> of{rows.data(), A.rows(), panels.data(), 0, B.rows(), p, held.data()};
  tutti::detail::tile_product<P>(
      of, term, [=](index) { return P::all(first); }, keep);
  return out;
}

}  // namespace

TEST_CASE_TEMPLATE("tiles of products and of terms are those of plain loops", T, float, double) {
  for_policies([&](const auto& policy, const std::string& name) {
    using P = typename std::remove_cvref_t<decltype(policy)>::template pack<T>;
    CAPTURE(name);
    for (const index p : {1, 2, 8, 127, 128, 129, 300}) {
      CAPTURE(p);
      const auto A = random_matrix<T>(3 * register_tile<P>::rows, p), B = random_matrix<T>(96, p, 5);
      std::vector<double> products, squares, largest;
      for (index i = 0; i < A.rows(); ++i)
        for (index k = 0; k < B.rows(); ++k) {
          long double product = 2, square = 2, most = 2;
          for (index j = 0; j < p; ++j) {
            const long double a = A(i, j), b = B(k, j);
            product += a * b;
            square += (a - b) * (a - b);
            most = std::max(most, std::abs(a - b));
          }
          products.push_back(double(product));
          squares.push_back(double(square));
          largest.push_back(double(most));
        }
      check_close(doubles(by_tiles<P>(A, B, tutti::detail::product_term{}, T(2))), products, close_to<T>);
      check_close(doubles(by_tiles<P>(A, B, tutti::detail::squared_difference_term{}, T(2))), squares, close_to<T>);
      check_close(doubles(by_tiles<P>(A, B, tutti::detail::largest_difference_term{}, T(2))), largest, close_to<T>);
    }
  });
}

}  // namespace tutti_test
