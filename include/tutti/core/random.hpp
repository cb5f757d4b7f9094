#pragma once
// Random numbers by counting: draw number i of a stream is a function of (seed, stream, i), computed anywhere, in any
// order, with the same bits on a host and on a device.
//
// **Source** Philox4x32-10: Salmon, Moraes, Dror, Shaw, Parallel Random Numbers: As Easy as 1, 2, 3 (SC 2011), section 4.
// Normal: Wichura, Algorithm AS 241, Applied Statistics 37 (1988), PPND16.
// Poisson: inversion below a mean of 10, above it Hoermann, The transformed rejection method for generating Poisson
// random variables, Insurance: Mathematics and Economics 12 (1993), algorithm PTRS.

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <tutti/core/arithmetic.hpp>
#include <tutti/core/math.hpp>
#include <tutti/core/view.hpp>

namespace tutti {

namespace detail {

using philox_counter = std::array<std::uint32_t, 4>;
using philox_key = std::array<std::uint32_t, 2>;

/// Ten rounds of Philox4x32.
constexpr philox_counter philox(philox_counter c, philox_key k) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53} * c[0], b = std::uint64_t{0xCD9E8D57} * c[2];
    c = {static_cast<std::uint32_t>(b >> 32) ^ c[1] ^ k[0], static_cast<std::uint32_t>(b),
         static_cast<std::uint32_t>(a >> 32) ^ c[3] ^ k[1], static_cast<std::uint32_t>(a)};
    k = {k[0] + 0x9E3779B9u, k[1] + 0xBB67AE85u};
  }
  return c;
}

constexpr std::uint64_t join(std::uint32_t high, std::uint32_t low) { return std::uint64_t{high} << 32 | low; }

/// The high half of a 128-bit product, from 32-bit parts: the same text for every compiler.
constexpr std::uint64_t multiply_high(std::uint64_t a, std::uint64_t b) {
  const std::uint64_t a0 = a & 0xffffffff, a1 = a >> 32, b0 = b & 0xffffffff, b1 = b >> 32;
  const std::uint64_t mid = a1 * b0 + (a0 * b0 >> 32), cross = a0 * b1 + (mid & 0xffffffff);
  return a1 * b1 + (mid >> 32) + (cross >> 32);
}

constexpr double square_root(double x) {  // Newton from above; 0 < x, used far from overflow
  double y = x < 1 ? 1 : x;
  for (double next = 0.5 * (y + x / y); next < y; next = 0.5 * (y + x / y)) y = next;
  return y;
}

/// c[0] + x (c[1] + x (...)), each operation rounded.
template <std::size_t N>
constexpr double horner(double x, const double (&c)[N]) {
  double sum = c[N - 1];
  for (std::size_t i = N - 1; i-- > 0;) sum = product(sum, x) + c[i];
  return sum;
}

/// The standard normal quantile of p in (0, 1), about 16 digits.
constexpr double normal_quantile(double p) {
  constexpr double a[] = {3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3,
                          1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
                          3.3430575583588128105e+4, 2.5090809287301226727e+3};
  constexpr double b[] = {1.0,                      4.2313330701600911252e+1, 6.8718700749205790830e+2,
                          5.3941960214247511077e+3, 2.1213794301586595867e+4, 3.9307895800092710610e+4,
                          2.8729085735721942674e+4, 5.2264952788528545610e+3};
  constexpr double c[] = {1.42343711074968357734e0,  4.63033784615654529590e0,  5.76949722146069140550e0,
                          3.64784832476320460504e0,  1.27045825245236838258e0,  2.41780725177450611770e-1,
                          2.27238449892691845833e-2, 7.74545014278341407640e-4};
  constexpr double d[] = {1.0,                       2.05319162663775882187e0,  1.67638483018380384940e0,
                          6.89767334985100004550e-1, 1.48103976427480074590e-1, 1.51986665636164571966e-2,
                          5.47593808499534494600e-4, 1.05075007164441684324e-9};
  constexpr double e[] = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                          2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                          2.71155556874348757815e-5, 2.01033439929228813265e-7};
  constexpr double f[] = {1.0,                       5.99832206555887937690e-1, 1.36929880922735805310e-1,
                          1.48753612908506148525e-2, 7.86869131145613259100e-4, 1.84631831751005468180e-5,
                          1.42151175831644588870e-7, 2.04426310338993978564e-15};
  const double q = p - 0.5;
  if (-0.425 <= q && q <= 0.425) {
    const double r = 0.180625 - product(q, q);
    return product(q, horner(r, a)) / horner(r, b);
  }
  const double r = square_root(-math::log(q < 0 ? p : 1 - p));
  const double x = r <= 5 ? horner(r - 1.6, c) / horner(r - 1.6, d) : horner(r - 5, e) / horner(r - 5, f);
  return q < 0 ? -x : x;
}

/// log(k!) by Stirling's series; exact sums below 10.
constexpr double log_factorial(std::int64_t k) {
  if (k < 10) {
    double fact = 1;
    for (std::int64_t i = 2; i <= k; ++i) fact *= static_cast<double>(i);
    return math::log(fact);
  }
  const double x = static_cast<double>(k), inverse = 1 / x, square = product(inverse, inverse);
  const double series = product(inverse, 1.0 / 12 - product(square, 1.0 / 360 - product(square, 1.0 / 1260)));
  return product(x + 0.5, math::log(x)) - x + 0.91893853320467274178 + series;
}

}  // namespace detail

/// A source of random numbers: any draw of it at any time. Copy it freely; it has no state but its name.
///
///     constexpr tutti::random_source rows{7};
///     const double u = rows.uniform(3);            // draw 3 of stream 0 of seed 7
///     const auto tree = rows.fork(12);             // another source, independent of this one
class random_source {
 public:
  constexpr explicit random_source(std::uint64_t seed, std::uint32_t stream = 0)
      : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}, stream_(stream) {}

  /// The source with another stream number under the same seed.
  constexpr random_source stream(std::uint32_t number) const { return {key_, number}; }

  /// A source whose seed is drawn from this one: for hierarchies such as (seed, tree, node).
  constexpr random_source fork(std::uint64_t name) const {
    const auto w = words(name, 0xffffffff);
    return {{w[0], w[1]}, w[2]};
  }

  /// Four random words; `attempt` tells further words of the same draw apart.
  constexpr detail::philox_counter words(std::uint64_t draw, std::uint32_t attempt = 0) const {
    return detail::philox({static_cast<std::uint32_t>(draw), static_cast<std::uint32_t>(draw >> 32), stream_, attempt},
                          key_);
  }

  /// 64 random bits.
  constexpr std::uint64_t bits(std::uint64_t draw) const {
    const auto w = words(draw);
    return detail::join(w[0], w[1]);
  }

  /// A multiple of 2^-53 in [0, 1), each equally likely.
  constexpr double uniform(std::uint64_t draw) const { return static_cast<double>(bits(draw) >> 11) * 0x1p-53; }

  /// A standard normal number.
  constexpr double normal(std::uint64_t draw) const {
    return detail::normal_quantile((static_cast<double>(bits(draw) >> 12) + 0.5) * 0x1p-52);
  }

  /// A whole number in [0, n), n > 0; the chance of each differs from 1 / n by less than 2^-64.
  constexpr index below(std::uint64_t draw, index n) const {
    return static_cast<index>(detail::multiply_high(bits(draw), static_cast<std::uint64_t>(n)));
  }

  /// A Poisson number of the given mean, 0 <= mean <= 1e9.
  constexpr std::int64_t poisson(std::uint64_t draw, double mean) const {
    return mean < 10 ? poisson_by_inversion(uniform(draw), mean) : poisson_by_rejection(draw, mean);
  }

 private:
  constexpr random_source(detail::philox_key key, std::uint32_t stream) : key_(key), stream_(stream) {}

  static constexpr std::int64_t poisson_by_inversion(double u, double mean) {
    double p = math::exp(-mean), sum = p;
    std::int64_t k = 0;
    while (u >= sum && k < 200) {  // the tail beyond 200 is far below 2^-53
      ++k;
      p = detail::product(p, mean / static_cast<double>(k));
      sum += p;
    }
    return k;
  }

  constexpr std::int64_t poisson_by_rejection(std::uint64_t draw, double mean) const {
    const double b = 0.931 + detail::product(2.53, detail::square_root(mean));
    const double a = -0.059 + detail::product(0.02483, b);
    const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
    const double squeeze = 0.9277 - 3.6224 / (b - 2);
    for (std::uint32_t attempt = 0;; ++attempt) {
      const auto w = words(draw, attempt);
      const double u = (static_cast<double>(detail::join(w[0], w[1]) >> 12) + 0.5) * 0x1p-52 - 0.5;
      const double v = (static_cast<double>(detail::join(w[2], w[3]) >> 12) + 0.5) * 0x1p-52;
      const double us = 0.5 - (u < 0 ? -u : u);
      const double x = detail::product(2 * a / us + b, u) + mean + 0.43;
      if (x < 0) continue;
      const auto k = static_cast<std::int64_t>(x);
      if (us >= 0.07 && v <= squeeze) return k;
      if (us < 0.013 && v > us) continue;
      const double left = math::log(detail::product(v, inverse_alpha) / (a / detail::product(us, us) + b));
      const double right =
          detail::product(static_cast<double>(k), math::log(mean)) - mean - detail::log_factorial(k);
      if (left <= right) return k;
    }
  }

  detail::philox_key key_;
  std::uint32_t stream_;
};

namespace detail {

/// Every order is as likely as any other: Fisher and Yates' shuffle.
template <class Elements>
constexpr void shuffle(Elements& v, const random_source& source) {
  for (std::size_t i = v.size(); i > 1; --i)
    std::swap(v[i - 1], v[static_cast<std::size_t>(source.below(i, static_cast<index>(i)))]);
}

}  // namespace detail

}  // namespace tutti
