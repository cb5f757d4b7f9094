#pragma once
// Seeded data sets: the same bytes on every platform, compiler and instruction set.
//
// Draw number i of each stream belongs to element i, so any row can be made without the ones before it.
//
// **Source** friedman1: Friedman, Multivariate Adaptive Regression Splines, The Annals of Statistics 19 (1991), 4.3.
// make_classification after Guyon, Design of experiments for the NIPS 2003 variable selection benchmark (2003):
// clusters on the corners of a hypercube, redundant features as mixtures of the informative ones.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <tutti/core/arithmetic.hpp>
#include <tutti/core/error.hpp>
#include <tutti/core/math.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/core/random.hpp>
#include <tutti/core/view.hpp>

namespace tutti {

/// Samples with labels 0, 1, 2, ...
template <class T>
struct labelled_data {
  matrix<T> X;
  std::vector<std::int32_t> y;
};

/// Samples with numbers to predict.
template <class T>
struct regression_data {
  matrix<T> X;
  std::vector<T> y;
};

namespace detail {

/// n x p independent standard normal numbers.
template <class T>
matrix<T> normal_matrix(index n, index p, const random_source& source) {
  matrix<T> X(n, p);
  for (index i = 0; i < n * p; ++i) X.data()[i] = static_cast<T>(source.normal(static_cast<std::uint64_t>(i)));
  return X;
}

inline void require_size(const char* who, index n, index p, index least_p) {
  if (n < 1 || p < least_p)
    throw invalid_input(std::string(who) + ": expected n >= 1 and at least " + std::to_string(least_p) +
                        " features, got n = " + std::to_string(n) + ", p = " + std::to_string(p));
}

}  // namespace detail

/// Two classes in 28 normal features, whose interactions no linear model fits well; like the HIGGS data in size and kind.
///
/// n         >= 1 samples
/// returns   X [n x 28], y in {0, 1}
/// throws    invalid_input if n < 1
/// cost      about 20 ns a number
template <class T = float>
labelled_data<T> higgs_like(index n, std::uint64_t seed = 0) {
  detail::require_size("higgs_like", n, 28, 28);
  const random_source source(seed);
  const random_source coin = source.stream(1);
  labelled_data<T> out{detail::normal_matrix<T>(n, 28, source), std::vector<std::int32_t>(static_cast<std::size_t>(n))};
  using detail::product;
  for (index i = 0; i < n; ++i) {
    const auto x = [&](index j) { return static_cast<double>(out.X(i, j)); };
    double s = product(x(0), x(1)) + (x(2) < 0 ? -x(2) : x(2));
    if (x(4) > 0) s -= product(0.8, x(3));
    s += product(0.6, math::sin(2 * x(5))) + product(0.5, x(6)) - product(0.4, product(x(7), x(7))) + 0.4;
    const double p = math::sigmoid(product(1.2, s));
    out.y[static_cast<std::size_t>(i)] = coin.uniform(static_cast<std::uint64_t>(i)) < p ? 1 : 0;
  }
  return out;
}

/// What make_classification makes.
struct classification_shape {
  index n_features = 20;    ///< >= n_informative + n_redundant; the rest is noise
  index n_informative = 2;  ///< >= 1; dimensions of the hypercube, 2^n_informative >= n_classes
  index n_redundant = 2;    ///< >= 0; random mixtures of the informative ones
  index n_classes = 2;      ///< >= 2; one normal cluster each
  double class_sep = 1.0;   ///< half the side of the hypercube; larger: easier
  double flip_y = 0.01;     ///< in [0, 1]; part of the labels that are drawn anew
};

/// Classes as normal clusters on corners of a hypercube, with redundant and noisy features.
///
/// n         >= 1 samples; sample i is of class i mod n_classes before labels are flipped
/// returns   X [n x n_features]: informative, then redundant, then noise; y in {0, ..., n_classes - 1}
/// throws    invalid_input if the shape is impossible
template <class T = float>
labelled_data<T> make_classification(index n, const classification_shape& shape = {}, std::uint64_t seed = 0) {
  const index p = shape.n_features, a = shape.n_informative, b = shape.n_redundant, k = shape.n_classes;
  detail::require_size("make_classification", n, p, std::max<index>(1, a + b));
  if (a < 1 || b < 0 || k < 2 || (a < 62 && k > (index{1} << a)))
    throw invalid_input("make_classification: " + std::to_string(k) + " classes need at least 2 and at most 2^" +
                        std::to_string(a) + " corners");
  if (!(shape.flip_y >= 0 && shape.flip_y <= 1)) throw invalid_input("make_classification: flip_y must be in [0, 1]");
  const random_source source(seed), mixing = source.stream(1), coin = source.stream(2), redrawn = source.stream(3);
  labelled_data<T> out{matrix<T>(n, p), std::vector<std::int32_t>(static_cast<std::size_t>(n))};
  using detail::product;
  for (index i = 0; i < n; ++i) {
    const auto at = static_cast<std::uint64_t>(i);
    const index c = i % k;
    const auto normal = [&](index j) { return source.normal(at * static_cast<std::uint64_t>(p) + static_cast<std::uint64_t>(j)); };
    for (index j = 0; j < p; ++j) out.X(i, j) = static_cast<T>(normal(j));
    std::vector<double> z(static_cast<std::size_t>(a));
    for (index j = 0; j < a; ++j) {
      // Corner of class c: the bits of its number in Gray's code, so that neighbouring classes share an edge.
      const bool up = j < 62 && (((c ^ (c >> 1)) >> j) & 1) != 0;
      z[static_cast<std::size_t>(j)] = normal(j) + (up ? shape.class_sep : -shape.class_sep);
      out.X(i, j) = static_cast<T>(z[static_cast<std::size_t>(j)]);
    }
    for (index r = 0; r < b; ++r) {
      double mix = 0;
      for (index j = 0; j < a; ++j)
        mix += product(2 * mixing.uniform(static_cast<std::uint64_t>(r * a + j)) - 1, z[static_cast<std::size_t>(j)]);
      out.X(i, a + r) = static_cast<T>(mix);
    }
    const bool flipped = coin.uniform(at) < shape.flip_y;
    out.y[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(flipped ? redrawn.below(at, k) : c);
  }
  return out;
}

/// A smooth function of five uniform features with noise; further features mean nothing.
///
/// y = 10 sin(pi x0 x1) + 20 (x2 - 1/2)^2 + 10 x3 + 5 x4 + noise N(0, 1)
///
/// n_features   >= 5, uniform in [0, 1)
/// returns      X [n x n_features], y
/// throws       invalid_input if n < 1 or n_features < 5
template <class T = float>
regression_data<T> friedman1(index n, index n_features = 10, double noise = 1.0, std::uint64_t seed = 0) {
  detail::require_size("friedman1", n, n_features, 5);
  const random_source source(seed), errors = source.stream(1);
  regression_data<T> out{matrix<T>(n, n_features), std::vector<T>(static_cast<std::size_t>(n))};
  using detail::product;
  for (index i = 0; i < n * n_features; ++i)
    out.X.data()[i] = static_cast<T>(source.uniform(static_cast<std::uint64_t>(i)));
  for (index i = 0; i < n; ++i) {
    const auto x = [&](index j) { return static_cast<double>(out.X(i, j)); };
    const double bend = x(2) - 0.5;
    const double y = product(10.0, math::sin(product(3.14159265358979323846, product(x(0), x(1))))) +
                     product(20.0, product(bend, bend)) + product(10.0, x(3)) + product(5.0, x(4)) +
                     product(noise, errors.normal(static_cast<std::uint64_t>(i)));
    out.y[static_cast<std::size_t>(i)] = static_cast<T>(y);
  }
  return out;
}

/// Round normal clusters around uniform centres in [-10, 10)^p.
///
/// n         >= 1 samples; sample i is of cluster i mod centers
/// returns   X [n x n_features], y the cluster of each sample
/// throws    invalid_input if n, n_features or centers < 1
template <class T = float>
labelled_data<T> blobs(index n, index n_features = 2, index centers = 3, double cluster_std = 1.0,
                       std::uint64_t seed = 0) {
  detail::require_size("blobs", n, n_features, 1);
  if (centers < 1) throw invalid_input("blobs: centers must be >= 1, got " + std::to_string(centers));
  const random_source source(seed), place = source.stream(1);
  labelled_data<T> out{matrix<T>(n, n_features), std::vector<std::int32_t>(static_cast<std::size_t>(n))};
  for (index i = 0; i < n; ++i) {
    const index c = i % centers;
    for (index j = 0; j < n_features; ++j) {
      const double centre = detail::product(20.0, place.uniform(static_cast<std::uint64_t>(c * n_features + j))) - 10;
      const double away = source.normal(static_cast<std::uint64_t>(i * n_features + j));
      out.X(i, j) = static_cast<T>(centre + detail::product(cluster_std, away));
    }
    out.y[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(c);
  }
  return out;
}

}  // namespace tutti
