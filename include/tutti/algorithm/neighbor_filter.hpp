#pragma once
// Filters: what a tile of pairs computes instead of distances, and how far that may be from them.
//
// A tile's numbers, the keys, are sums in T in whatever order and fused or not. The distance that decides is a sum in
// double, always rounded the same way. A filter knows beforehand by how much the two can differ, so that everything
// that could be among the nearest is kept, and the few that are kept are decided in double. docs/nearest-neighbors.md
// derives the bounds.
//
// **Source** Higham, Accuracy and Stability of Numerical Algorithms (2002), section 3.1 (sums and products).

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <type_traits>

#include <tutti/algorithm/distance.hpp>
#include <tutti/algorithm/tile_product.hpp>
#include <tutti/algorithm/whitening.hpp>
#include <tutti/core/arithmetic.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/ordered_bits.hpp>
#include <tutti/policy/seq.hpp>

namespace tutti::detail {

/// Half a unit in the last place of one.
template <class T>
inline constexpr double rounding = std::numeric_limits<T>::epsilon() / 2;

/// The smallest number of T that is not below x; x is not NaN.
template <class T>
constexpr T rounded_up(double x) {
  const T near = static_cast<T>(x);
  if (static_cast<double>(near) >= x) return near;
  return from_ordered_bits<T>(static_cast<key_bits<T>>(ordered_bits(near) + 1));
}

/// How the keys of a query lie about sums: |sum - offset - key| <= slack + relative |sum|.
struct key_bounds {
  double offset = 0;
  double slack = 0;     ///< infinite: the keys say nothing
  double relative = 0;  ///< below 0.12; where it is not 0, keys are not negative and the offset is 0

  constexpr bool say_nothing() const { return !is_finite(slack); }

  /// The largest key of what is not behind something with this key.
  constexpr double above_key(double key) const { return (key + slack) * (1 + 2.3 * relative) + slack; }
  /// The largest key of what is not behind this sum.
  constexpr double above_sum(double sum) const { return sum - offset + slack + relative * sum; }
};

/// Of keys that say nothing.
inline constexpr key_bounds no_bounds{0, std::numeric_limits<double>::infinity(), 0};

/// What a relative error of `roundings` roundings in T may grow to.
template <class T>
constexpr double accumulated(double roundings) {
  return roundings * rounding<T> / (1 - roundings * rounding<T>);
}

/// Roundings of a sum of p terms in double, as sum_of_terms adds them up.
constexpr double exact_roundings(index p) { return static_cast<double>(p / 16 + 12); }

/// What underflow may take from a key, be it flushed to zero or not.
template <class T>
constexpr double underflow(index p) {
  return 4 * static_cast<double>(p) * static_cast<double>(std::numeric_limits<T>::min());
}

/// Samples that are searched, where the policy's tasks may read them.
template <class T>
struct searched_samples {
  const T* rows;  ///< [n x p]
  index count;
  index features;
  const T* panels;  ///< [lanes / 16 x p x 16] what the tiles read
  index lanes;      ///< a multiple of 32
  const T* start;   ///< [lanes] what the keys begin with; infinite behind the last sample
  const T* centre;  ///< [p] what was subtracted
  double longest;   ///< the panels' longest sample is not longer
};

/// |x - y|^2 by products: key = |y|^2 - 2 x.y, both less the centre.
template <class Metric>
struct centred_filter {
  static constexpr bool is_centred = true;
  Metric metric;

  using tile_term = product_term;
  constexpr tile_term term() const { return {}; }

  /// A sample as the panels have it.
  template <class T>
  constexpr T packed(T x, T centre, double) const {
    return x - centre;
  }
  template <class T>
  constexpr double scale(const T*, index) const {
    return 1;
  }
  /// What the keys of a sample begin with.
  constexpr double start(double square) const { return square; }

  /// The tile's row of a query; out[j * stride] for feature j.
  template <class T>
  constexpr key_bounds load(const searched_samples<T>& of, const T* x, T* out, index stride) const {
    double square = 0;
    for (index j = 0; j < of.features; ++j) {
      const T centred = x[j] - of.centre[j];
      square += product(static_cast<double>(centred), static_cast<double>(centred));
      out[j * stride] = -2 * centred;
    }
    const double q = std::sqrt(square), b = of.longest, both = (q + b) * (q + b);
    const double size = b * (b + 2 * q);
    if (!(size < static_cast<double>(std::numeric_limits<T>::max()) / 16)) return no_bounds;
    const double p = static_cast<double>(of.features),
                 doubles = accumulated<double>(2 * exact_roundings(of.features) + p);
    return {square,
            1.001 * (accumulated<T>(tile_roundings(of.features)) * size + (2.01 * rounding<T> + doubles) * both) +
                underflow<T>(of.features),
            0};
  }

  template <class P, class T = typename P::value_type>
  constexpr double sum(const T* x, const T* y, index p) const {
    return sum_of_terms<P>(metric.term(), x, y, p);
  }
  constexpr double distance(double sum, index p) const { return metric.distance(sum, p); }
  constexpr double sum_within(double distance, index p) const { return metric.sum_within(distance, p); }
};

/// Any other sum of terms: the keys are those sums.
template <class Metric>
struct term_filter {
  static constexpr bool is_centred = false;
  Metric metric;

  using tile_term = decltype(std::declval<const Metric&>().term());
  constexpr tile_term term() const { return metric.term(); }

  template <class T>
  constexpr T packed(T x, T, double) const {
    return x;
  }
  template <class T>
  constexpr double scale(const T*, index) const {
    return 1;
  }
  constexpr double start(double) const { return 0; }

  template <class T>
  constexpr key_bounds load(const searched_samples<T>& of, const T* x, T* out, index stride) const {
    for (index j = 0; j < of.features; ++j) out[j * stride] = x[j];
    const double error = metric.term().error;
    const double relative =
        accumulated<T>(tile_roundings(of.features) + error) + accumulated<double>(exact_roundings(of.features) + error);
    if (!(relative < 0.1 && relative > 0)) return no_bounds;
    return {0, underflow<T>(of.features), 1.2 * relative};
  }

  template <class P, class T = typename P::value_type>
  constexpr double sum(const T* x, const T* y, index p) const {
    return sum_of_terms<P>(metric.term(), x, y, p);
  }
  constexpr double distance(double sum, index p) const { return metric.distance(sum, p); }
  constexpr double sum_within(double distance, index p) const { return metric.sum_within(distance, p); }
};

/// x y as a term of sum_of_terms.
struct exact_product_term : added_terms {
  template <class V>
  [[gnu::always_inline]] constexpr V add(const V& sum, const V& x, const V& y) const {
    return sum + x * y;
  }
};

/// Less the inner product: key = -x.y.
struct inner_filter {
  static constexpr bool is_centred = false;
  tutti::inner_product metric;  // not the function of this name

  using tile_term = product_term;
  constexpr tile_term term() const { return {}; }

  template <class T>
  constexpr T packed(T x, T, double) const {
    return x;
  }
  template <class T>
  constexpr double scale(const T*, index) const {
    return 1;
  }
  constexpr double start(double) const { return 0; }

  template <class T>
  constexpr key_bounds load(const searched_samples<T>& of, const T* x, T* out, index stride) const {
    double square = 0;
    for (index j = 0; j < of.features; ++j) {
      square += product(static_cast<double>(x[j]), static_cast<double>(x[j]));
      out[j * stride] = -x[j];
    }
    const double size = std::sqrt(square) * of.longest;
    if (!(size < static_cast<double>(std::numeric_limits<T>::max()) / 16)) return no_bounds;
    const double error =
        accumulated<T>(tile_roundings(of.features)) + accumulated<double>(exact_roundings(of.features));
    return {0, 1.001 * error * size + underflow<T>(of.features), 0};
  }

  template <class P, class T = typename P::value_type>
  constexpr double sum(const T* x, const T* y, index p) const {
    return -sum_of_terms<P>(exact_product_term{}, x, y, p);
  }
  constexpr double distance(double sum, index) const { return sum; }
  constexpr double sum_within(double distance, index) const { return distance; }
};

/// One less the cosine: key = -x.y of samples of length one.
struct cosine_filter {
  static constexpr bool is_centred = false;
  cosine metric;

  using tile_term = product_term;
  constexpr tile_term term() const { return {}; }

  template <class T>
  constexpr T packed(T x, T, double scale) const {
    return static_cast<T>(static_cast<double>(x) * scale);
  }
  /// One by the length of a sample; 0 of zeros.
  template <class T>
  constexpr double scale(const T* x, index p) const {
    double square = 0;
    for (index j = 0; j < p; ++j) square += product(static_cast<double>(x[j]), static_cast<double>(x[j]));
    if (!is_finite(square)) return square - square;  // NaN: pack_samples looks for the culprit
    return square > 0 ? 1 / std::sqrt(square) : 0;
  }
  constexpr double start(double) const { return 0; }

  template <class T>
  constexpr key_bounds load(const searched_samples<T>& of, const T* x, T* out, index stride) const {
    const double to_one = scale(x, of.features);
    for (index j = 0; j < of.features; ++j) out[j * stride] = static_cast<T>(-(static_cast<double>(x[j]) * to_one));
    const double doubles = accumulated<double>(4 * static_cast<double>(of.features) + 40);
    const double error = accumulated<T>(tile_roundings(of.features)) + 2.01 * rounding<T> + doubles;
    return {1, 1.01 * error + underflow<T>(of.features), 0};
  }

  template <class P, class T = typename P::value_type>
  constexpr double sum(const T* x, const T* y, index p) const {
    const exact_product_term term;
    const double xx = sum_of_terms<P>(term, x, x, p), yy = sum_of_terms<P>(term, y, y, p);
    if (!(xx > 0 && yy > 0)) return 1;
    return std::clamp(1 - sum_of_terms<P>(term, x, y, p) / (std::sqrt(xx) * std::sqrt(yy)), 0.0, 2.0);
  }
  constexpr double distance(double sum, index) const { return sum; }
  constexpr double sum_within(double distance, index) const { return distance; }
};

/// |W (x - y)|^2 by products: key = |y'|^2 - 2 x'.y' of x' = W (x - c).
struct whitened_filter {
  static constexpr bool is_centred = true;
  static constexpr bool is_of_host = true;  ///< `columns` are in the metric's memory
  const double* columns;  ///< of the metric's whitening, which must outlive the filter
  double condition;       ///< whitening_condition

  explicit whitened_filter(const mahalanobis& metric)
      : columns(metric.whitening().columns.data()), condition(whitening_condition(metric.whitening())) {}

  using tile_term = product_term;
  constexpr tile_term term() const { return {}; }

  constexpr double start(double square) const { return square; }

  /// f(i, x'_i) for a sample.
  template <class D, class T, class F>
  constexpr void for_packed(const T* x, const T* centre, index p, const F& f) const {
    for_whitened<D>(
        columns, p, [=](index j) { return static_cast<double>(x[j]) - static_cast<double>(centre[j]); },
        [&](index i, const D& rows) {
          alignas(64) double row[D::lanes];
          rows.store(row);
          for (index l = 0; l < std::min(p - i, index{D::lanes}); ++l) f(i + l, static_cast<T>(row[l]));
        });
  }

  template <class T>
  constexpr key_bounds load(const searched_samples<T>& of, const T* x, T* out, index stride) const {
    const index p = of.features;
    double square = 0;
    for_packed<basic_seq<>::pack<double>>(x, of.centre, p, [&](index i, T y) {
      square += product(static_cast<double>(y), static_cast<double>(y));
      out[i * stride] = -2 * y;
    });
    const double q = std::sqrt(square), b = of.longest, both = (q + b) * (q + b);
    const double size = b * (b + 2 * q);
    const double products = 2 * condition * accumulated<double>(static_cast<double>(p) + 1);
    if (!(size < static_cast<double>(std::numeric_limits<T>::max()) / 16 && products < 1e-3)) return no_bounds;
    const double doubles = accumulated<double>(2 * exact_roundings(p) + static_cast<double>(p));
    return {square,
            1.001 * (accumulated<T>(tile_roundings(p)) * size +
                     (2.03 * (rounding<T> + 2 * products) + doubles) * both) +
                underflow<T>(p * p),
            0};
  }

  template <class P, class T = typename P::value_type>
  constexpr double sum(const T* x, const T* y, index p) const {
    return whitened_square<typename P::template rebind<double>>(
        columns, p, [=](index j) { return static_cast<double>(x[j]) - static_cast<double>(y[j]); });
  }
  double distance(double sum, index p) const { return euclidean{}.distance(sum, p); }
  double sum_within(double distance, index p) const { return euclidean{}.sum_within(distance, p); }
};

/// Whether a packed feature is made of all features of a sample.
template <class Filter>
concept packs_whole = std::is_same_v<Filter, whitened_filter>;

/// A function of two samples: nothing is known of it, so there are no keys.
template <class Metric>
struct pair_filter {
  static constexpr bool is_centred = false;
  Metric metric;

  template <class T>
  constexpr key_bounds load(const searched_samples<T>&, const T*, T*, index) const {
    return no_bounds;
  }

  template <class P, class T = typename P::value_type>
  constexpr double sum(const T* x, const T* y, index p) const {
    return static_cast<double>(metric(vector_view<const T>{x, p, 1}, vector_view<const T>{y, p, 1}));
  }
  constexpr double distance(double sum, index) const { return sum; }
  constexpr double sum_within(double distance, index) const { return distance; }
};

/// Whether tiles can filter by the metric.
template <class Filter>
concept has_tiles = requires(const Filter& f) { f.term(); };

/// Whether devices can.
template <class Filter>
concept is_for_devices = has_tiles<Filter> && !requires { Filter::is_of_host; };

/// The filter of a metric.
template <class Metric>
constexpr auto filter_of(const Metric& metric) {
  if constexpr (std::is_same_v<Metric, cosine>)
    return cosine_filter{metric};
  else if constexpr (std::is_same_v<Metric, tutti::inner_product>)
    return inner_filter{metric};
  else if constexpr (std::is_same_v<Metric, mahalanobis>)
    return whitened_filter(metric);
  else if constexpr (!metric_of_terms<Metric>)
    return pair_filter<Metric>{metric};
  else if constexpr (std::is_same_v<decltype(metric.term()), squared_difference_term>)
    return centred_filter<Metric>{metric};
  else
    return term_filter<Metric>{metric};
}

}  // namespace tutti::detail
