#pragma once
// What the neighbours of a query count.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include <tutti/algorithm/check.hpp>
#include <tutti/core/arithmetic.hpp>
#include <tutti/core/view.hpp>

namespace tutti {

/// What a neighbour counts, beside any function of the distance: `double operator()(double distance) const`.
enum class neighbor_weights {
  uniform,   ///< all the same
  distance,  ///< one by the distance; where some are at distance 0, they count one and all others nothing
};

/// neighbor_weights, or a function of the distance with values >= 0.
template <class W>
concept weights_of_neighbors = std::is_same_v<W, neighbor_weights> || requires(const W& w) {
  { w(1.0) } -> std::convertible_to<double>;
};

namespace detail {

/// What the neighbours of query i count, up to a common factor.
///
/// distances   ascending
/// out         as many weights
/// returns     their sum
/// throws      invalid_input if a function's weight is negative or not finite, or all are zero
template <class W>
double weigh_neighbors(std::string_view who, const W& weights, index i, std::span<const double> distances,
                       double* out) {
  double sum = 0;
  for (std::size_t n = 0; n < distances.size(); ++n) {
    double w = 1;
    if constexpr (std::is_same_v<W, neighbor_weights>) {
      // Beside the nearest one: what is inverted may be too small to be.
      const double nearest = distances[0], here = distances[n];
      if (weights == neighbor_weights::distance) w = here == nearest ? 1 : nearest / here;
    } else {
      w = static_cast<double>(weights(distances[n]));
      require(is_finite(w) && w >= 0, who,
              "weights(" + std::to_string(distances[n]) + ") is " + std::to_string(w) + ", expected a number >= 0");
    }
    out[n] = w;
    sum += w;
  }
  require(sum > 0, who, "all neighbours of row " + std::to_string(i) + " have weight 0");
  return sum;
}

}  // namespace detail

}  // namespace tutti
