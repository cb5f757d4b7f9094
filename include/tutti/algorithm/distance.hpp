#pragma once
// Metrics: what "near" means. A metric of terms is a sum over the features, and one text of it serves single pairs in
// double and tiles of many pairs in registers.
//
// **Source** Deza, Deza, Encyclopedia of Distances (2016), sections 5.1 and 17.1. Mahalanobis, On the generalised
// distance in statistics, Proceedings of the National Institute of Sciences of India 2 (1936). Error bounds: Higham,
// Accuracy and Stability of Numerical Algorithms (2002), section 3.1.

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/samples.hpp>
#include <tutti/algorithm/whitening.hpp>
#include <tutti/core/arithmetic.hpp>
#include <tutti/core/math.hpp>
#include <tutti/core/scalar_pack.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/seq.hpp>

namespace tutti {

namespace detail {

/// |x| of each lane.
template <class V>
[[gnu::always_inline]] constexpr V magnitude(const V& x) {
  return max(x, V::all(0) - x);
}

// Terms. `add` rounds as written, the same on every policy; `add_fast`, where there is one, may fuse and is for
// filters. `error` bounds the relative error of one term, in units of rounding.

/// Terms that are added up.
struct added_terms {
  template <class V>
  [[gnu::always_inline]] constexpr V join(const V& a, const V& b) const {
    return a + b;
  }
  template <class V>
  constexpr typename V::value_type join_lanes(const V& x) const {
    return x.lane_sum();
  }
};

struct squared_difference_term : added_terms {
  static constexpr double error = 3;

  template <class V>
  [[gnu::always_inline]] constexpr V add(const V& sum, const V& x, const V& y) const {
    const V d = x - y;
    return sum + d * d;
  }
  template <class V>
  [[gnu::always_inline]] constexpr V add_fast(const V& sum, const V& x, const V& y) const {
    const V d = x - y;
    return madd(d, d, sum);
  }
};

struct absolute_difference_term : added_terms {
  static constexpr double error = 1;

  template <class V>
  [[gnu::always_inline]] constexpr V add(const V& sum, const V& x, const V& y) const {
    return sum + magnitude(x - y);
  }
};

struct largest_difference_term {
  static constexpr double error = 1;

  template <class V>
  [[gnu::always_inline]] constexpr V add(const V& sum, const V& x, const V& y) const {
    return max(sum, magnitude(x - y));
  }
  template <class V>
  [[gnu::always_inline]] constexpr V join(const V& a, const V& b) const {
    return max(a, b);
  }
  template <class V>
  constexpr typename V::value_type join_lanes(const V& x) const {
    return x.lane_max();
  }
};

/// 1 where features differ.
struct unequal_term : added_terms {
  static constexpr double error = 0;

  template <class V>
  [[gnu::always_inline]] constexpr V add(const V& sum, const V& x, const V& y) const {
    const V zero = V::all(0), one = V::all(1);
    return sum + select(x < y, one, select(y < x, one, zero));
  }
};

/// |x - y|^power.
struct power_term : added_terms {
  double power;
  double error;  ///< of a logarithm, which is at most 745, times the power, and of the exponential

  explicit constexpr power_term(double p) : power(p), error(4 * 745 * p + 16) {}

  template <class V>
  [[gnu::always_inline]] constexpr V add(const V& sum, const V& x, const V& y) const {
    using T = typename V::value_type;
    return sum + math::exp(V::all(static_cast<T>(power)) * math::log(magnitude(x - y)));
  }
};

/// What makes a bound out of a number that a few roundings may have made too small.
inline constexpr double outward = 1 + 0x1p-48;

}  // namespace detail

/// The square root of the sum of squared differences.
struct euclidean {
  static constexpr const char* name = "euclidean";
  constexpr auto term() const { return detail::squared_difference_term{}; }
  template <class D>  // because to some compilers a root is never a constant expression
  constexpr D distance(D sum, index) const {
    return std::sqrt(sum);
  }
  constexpr double sum_within(double distance, index) const { return distance * distance * detail::outward; }
};

/// The sum of squared differences.
struct squared_euclidean {
  static constexpr const char* name = "squared_euclidean";
  constexpr auto term() const { return detail::squared_difference_term{}; }
  constexpr double distance(double sum, index) const { return sum; }
  constexpr double sum_within(double distance, index) const { return distance; }
};

/// The sum of absolute differences.
struct manhattan {
  static constexpr const char* name = "manhattan";
  constexpr auto term() const { return detail::absolute_difference_term{}; }
  constexpr double distance(double sum, index) const { return sum; }
  constexpr double sum_within(double distance, index) const { return distance; }
};

/// The largest absolute difference.
struct chebyshev {
  static constexpr const char* name = "chebyshev";
  constexpr auto term() const { return detail::largest_difference_term{}; }
  constexpr double distance(double sum, index) const { return sum; }
  constexpr double sum_within(double distance, index) const { return distance; }
};

/// (sum of |difference|^p)^(1/p). For p = 1, 2 and infinity `manhattan`, `euclidean` and `chebyshev` are the fast ones.
struct minkowski {
  static constexpr const char* name = "minkowski";
  double p = 2;  ///< >= 1, finite

  template <class Visitor>
  void fields(Visitor&& visit) {
    visit("p", p);
  }
  constexpr auto term() const { return detail::power_term(p); }
  constexpr double distance(double sum, index) const {
    using V = scalar_pack<double>;
    return math::exp(V{1 / p} * math::log(V{sum})).value;
  }
  constexpr double sum_within(double distance, index) const {
    using V = scalar_pack<double>;
    return math::exp(V{p} * math::log(V{distance})).value * (1 + p * 1e-12);
  }
  /// throws   invalid_input if p < 1
  void check(std::string_view who, index) const { detail::require_at_least(who, "p of minkowski", p, 1); }

  friend bool operator==(const minkowski&, const minkowski&) = default;
};

/// The share of the features that differ.
struct hamming {
  static constexpr const char* name = "hamming";
  constexpr auto term() const { return detail::unequal_term{}; }
  constexpr double distance(double sum, index features) const { return sum / static_cast<double>(features); }
  constexpr double sum_within(double distance, index features) const {
    return distance * static_cast<double>(features) * detail::outward;
  }
};

/// One less the cosine of the angle between two samples; a sample of zeros is at 1 from all.
struct cosine {
  static constexpr const char* name = "cosine";
};

/// Less the inner product: the nearest are those with the largest. No distance: it may be negative.
struct inner_product {
  static constexpr const char* name = "inner_product";
};

/// The angle between two places on a sphere, features being latitude and longitude in radians.
struct haversine {
  static constexpr const char* name = "haversine";

  template <class T>
  double operator()(vector_view<const T> a, vector_view<const T> b) const {
    const double north = std::sin((static_cast<double>(a(0)) - static_cast<double>(b(0))) / 2);
    const double east = std::sin((static_cast<double>(a(1)) - static_cast<double>(b(1))) / 2);
    const double parallels = std::cos(static_cast<double>(a(0))) * std::cos(static_cast<double>(b(0)));
    const double square = detail::product(north, north) + detail::product(parallels, detail::product(east, east));
    return 2 * std::asin(std::sqrt(std::min(1.0, square)));  // rounding may take antipodes beyond 1
  }
  /// throws   invalid_input unless there are two features
  void check(std::string_view who, index features) const {
    detail::require(features == 2, who,
                    "haversine is for two features, latitude and longitude; X has " + std::to_string(features));
  }
};

/// The square root of (x - y)' V^-1 (x - y), V the covariance of the features: distance in spreads, whatever the units
/// of the features, and less of it where features vary together.
class mahalanobis {
 public:
  static constexpr const char* name = "mahalanobis";

  /// Of no features: for a file to fill.
  mahalanobis() = default;

  /// covariance   [p x p]  symmetric, positive definite; copied; the lower triangle counts
  /// throws       invalid_input if it is not p x p, not finite, not symmetric to 1e-9, or not positive definite
  /// cost         p^3 / 3 products
  template <samples_like M>
  explicit mahalanobis(const M& covariance)
      : whitening_(detail::whitening_of("mahalanobis", matrix_view<const scalar_of<M>>(view(covariance)))) {}

  /// What makes a Euclidean distance of it: |W (x - y)|, W'W = V^-1.
  const detail::whitening& whitening() const { return whitening_; }

  template <class T>
  double operator()(vector_view<const T> a, vector_view<const T> b) const {
    using D = basic_seq<>::pack<double>;
    return std::sqrt(detail::whitened_square<D>(whitening_.columns.data(), whitening_.features(), [&](index j) {
      return static_cast<double>(a(j)) - static_cast<double>(b(j));
    }));
  }

  template <class Visitor>
  void fields(Visitor&& visit) {
    visit("whitening", whitening_.columns, whitening_.features());
    visit("deviation", whitening_.deviation);
  }
  /// throws   invalid_input unless there are as many features as the covariance has
  void check(std::string_view who, index features) const {
    const index p = whitening_.features();
    detail::require(p == features && static_cast<index>(whitening_.columns.size()) == p * detail::padded_features(p),
                    who,
                    "the covariance of mahalanobis is " + detail::shape_text(p, p) + ", expected " +
                        detail::shape_text(features, features) + " as X has " + std::to_string(features) +
                        " features");
  }

  friend bool operator==(const mahalanobis&, const mahalanobis&) = default;

 private:
  detail::whitening whitening_;
};

/// A metric that is a sum over the features: `term()` adds a feature, `distance(sum, features)` is what a sum stands
/// for, `sum_within(distance, features)` a sum that none within the distance is above.
template <class M>
concept metric_of_terms = requires(const M& m, double x, index features) {
  m.term();
  { m.distance(x, features) } -> std::convertible_to<double>;
  { m.sum_within(x, features) } -> std::convertible_to<double>;
};

/// A function of two samples, anybody's.
template <class M, class T>
concept metric_of_pairs = requires(const M& m, vector_view<const T> a) {
  { m(a, a) } -> std::convertible_to<double>;
};

/// What nearest neighbours of samples in T may be found by.
template <class M, class T>
concept metric = std::copyable<M> && (metric_of_terms<M> || metric_of_pairs<M, T> || std::is_same_v<M, cosine> ||
                                      std::is_same_v<M, inner_product>);

/// A metric that a file can name.
template <class M>
concept named_metric = std::default_initializable<M> && requires {
  { M::name } -> std::convertible_to<const char*>;
};

namespace detail {

/// "model by metric", in memory that lasts.
template <class Model, class Metric>
struct kind_text {
  char text[96] = {};

  constexpr kind_text() {
    char* to = text;
    for (const char* part : {Model::model_name, " by ", Metric::name})
      for (; *part != 0; ++part) *to++ = *part;
  }
};

/// What a file of a model is: Model::model_name by the metric; nothing where the metric has no name.
template <class Model, class Metric>
inline constexpr const char* kind_by = nullptr;
template <class Model, named_metric Metric>
inline constexpr kind_text<Model, Metric> kind_text_of{};
template <class Model, named_metric Metric>
inline constexpr const char* kind_by<Model, Metric> = kind_text_of<Model, Metric>.text;

/// Whether two metrics of a type are the same, as far as they can say.
template <class M>
constexpr bool same_metric(const M& a, const M& b) {
  if constexpr (std::equality_comparable<M>)
    return a == b;
  else
    return true;
}

/// What a metric asks of its parameters and of the number of features.
template <class M>
void check_metric(const M& metric, std::string_view who, index features) {
  if constexpr (requires { metric.check(who, features); }) metric.check(who, features);
}

/// The sum of a term over the features of two samples, in double: the same bits on every policy.
///
/// P      the policy's pack<T>
/// a, b   [p] side by side
template <class P, class Term, class T = typename P::value_type>
constexpr double sum_of_terms(const Term& term, const T* a, const T* b, index p) {
  using D = typename P::template rebind<double>;
  constexpr index lanes = D::lanes;
  D sum = D::all(0);
  index j = 0;
  for (; j + lanes <= p; j += lanes) sum = term.add(sum, D::widen(a + j), D::widen(b + j));
  if (j < p) {
    const auto rest = [j, p](const T* x) {
      return D::generate([=](index l) { return j + l < p ? static_cast<double>(x[j + l]) : 0.0; });
    };
    sum = term.add(sum, rest(a), rest(b));
  }
  return term.join_lanes(sum);
}

}  // namespace detail

}  // namespace tutti
