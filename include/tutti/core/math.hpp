#pragma once
// exp, log, log1p, sigmoid, sin: one text for a number, a pack and a device thread, the same bits from each.
//
// The C library's functions differ between systems and are not there for vectors. These use sums, products, divisions
// and exponent bits only, each rounded once, so every policy computes the same. The series are Taylor's, cut where the
// next term is far below half a unit in the last place; the coefficients are plain fractions.
//
// **Error**, the largest over the whole range in units of the last place, measured by tests/core/math.cpp
// (which fails above these): exp 1.1, log 1.1, log1p 1.4, sigmoid 2.6; sin 1.3 units of 1 for |x| <= 1e4.
//
// **Source** Argument reduction: Cody and Waite, Software Manual for the Elementary Functions (1980), chapters 5, 6, 8.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <tutti/core/arithmetic.hpp>
#include <tutti/core/scalar_pack.hpp>

namespace tutti::math {

namespace detail {

template <class T>
inline constexpr bool is_single = sizeof(T) == 4;

/// a0 + x (a1 + x (a2 + ...)), Horner's rule; each product and sum rounds.
template <pack_like V, class A, std::size_t N>
[[gnu::always_inline]] constexpr V polynomial(const V& x, const A (&a)[N]) {
  using T = typename V::value_type;
  V sum = V::all(static_cast<T>(a[N - 1]));
  for (std::size_t i = N - 1; i-- > 0;) sum = sum * x + V::all(static_cast<T>(a[i]));
  return sum;
}

/// ln 2 in two parts; a whole number below 2^11 (2^20) times the first is exact.
template <class T>
inline constexpr T ln2_high = is_single<T> ? T(0.693359375) : T(0x1.62e42feep-1);
template <class T>
inline constexpr T ln2_low = is_single<T> ? T(-2.12194440054690583e-4) : T(1.90821492927058770002e-10);

/// (e^r - 1 - r) / r^2 for |r| <= ln(2) / 2.
template <pack_like V>
[[gnu::always_inline]] constexpr V exp_tail(const V& r) {
  using T = typename V::value_type;
  if constexpr (is_single<T>) {
    constexpr T a[] = {T(1) / 2, T(1) / 6, T(1) / 24, T(1) / 120, T(1) / 720, T(1) / 5040};
    return polynomial(r, a);
  } else {
    constexpr T a[] = {T(1) / 2,       T(1) / 6,        T(1) / 24,        T(1) / 120,
                       T(1) / 720,     T(1) / 5040,     T(1) / 40320,     T(1) / 362880,
                       T(1) / 3628800, T(1) / 39916800, T(1) / 479001600, T(1) / 6227020800};
    return polynomial(r, a);
  }
}

/// 2 (q / 3 + q^2 / 5 + q^3 / 7 + ...): what the logarithm's series adds, q = s^2 <= 0.0295.
template <pack_like V>
[[gnu::always_inline]] constexpr V log_tail(const V& q) {
  using T = typename V::value_type;
  if constexpr (is_single<T>) {
    constexpr T a[] = {T(2) / 3, T(2) / 5, T(2) / 7, T(2) / 9, T(2) / 11};
    return q * polynomial(q, a);
  } else {
    constexpr T a[] = {T(2) / 3,  T(2) / 5,  T(2) / 7,  T(2) / 9,  T(2) / 11,
                       T(2) / 13, T(2) / 15, T(2) / 17, T(2) / 19, T(2) / 21};
    return q * polynomial(q, a);
  }
}

/// log(x) of positive normal x.
template <pack_like V>
[[gnu::always_inline]] constexpr V log_normal(const V& x) {
  using T = typename V::value_type;
  const V one = V::all(T(1)), half = V::all(T(0.5));
  V m = mantissa(x), e = exponent(x);
  const auto large = V::all(T(1.41421356237309504880)) < m;
  m = select(large, m * half, m);
  e = select(large, e + one, e);
  const V f = m - one;  // exact
  const V s = f / (V::all(T(2)) + f);
  const V half_square = half * f * f;
  // 2 atanh(s) = 2 s + s tail, and 2 s = f - (f^2 / 2 - s f^2 / 2): the leading term is exact.
  const V rest = half_square - s * (half_square + log_tail(s * s));
  return e * V::all(ln2_high<T>) + (f - (rest - e * V::all(ln2_low<T>)));
}

}  // namespace detail

/// e^x of each lane; 0 below the range of normal numbers, infinity above, NaN for NaN.
template <pack_like V>
[[gnu::always_inline]] constexpr V exp(const V& x) {
  using T = typename V::value_type;
  constexpr T low = detail::is_single<T> ? T(-87.3365447) : T(-708.396418532264079);
  constexpr T high = detail::is_single<T> ? T(88.7228390) : T(709.782712893383973);
  const V inside = max(V::all(low), min(V::all(high), x));  // in this order NaN comes through
  const V n = round_whole(inside * V::all(T(1.44269504088896340736)));
  const V r = opaque(inside - n * V::all(detail::ln2_high<T>)) - n * V::all(detail::ln2_low<T>);
  const V y = V::all(T(1)) + (r + r * r * detail::exp_tail(r));
  const V half = round_whole(n * V::all(T(0.5)));  // 2^n in two steps: n may be one above the largest exponent
  const V result = y * exp2_whole(half) * exp2_whole(n - half);
  const V above = select(V::all(high) < x, V::all(std::numeric_limits<T>::infinity()), result);
  return select(x < V::all(low), V::all(T(0)), above);
}

/// The natural logarithm of each lane: -infinity for 0, NaN below, infinity and NaN for themselves.
template <pack_like V>
[[gnu::always_inline]] constexpr V log(const V& x) {
  using T = typename V::value_type;
  using limits = std::numeric_limits<T>;
  constexpr int lift = detail::is_single<T> ? 24 : 53;
  constexpr T scale = T(std::int64_t{1} << lift);
  const auto tiny = x < V::all(limits::min());
  const V normal = select(tiny, x * V::all(scale), x);
  const V shift = select(tiny, V::all(T(lift) * T(0.69314718055994530942)), V::all(T(0)));
  const V finite = detail::log_normal(normal) - shift;
  const V positive = select(x <= V::all(limits::max()), finite, x);  // infinity and NaN
  const V zero = select(x <= V::all(T(0)), V::all(-limits::infinity()), positive);
  return select(x < V::all(T(0)), V::all(limits::quiet_NaN()), zero);
}

/// log(1 + x) of each lane, accurate near 0; x > -1.
template <pack_like V>
[[gnu::always_inline]] constexpr V log1p(const V& x) {
  using T = typename V::value_type;
  const V one = V::all(T(1));
  const V u = opaque(one + x);
  return log(u) + (x - opaque(u - one)) / u;  // what the rounding of 1 + x lost, put back
}

/// 1 / (1 + e^-x) of each lane.
template <pack_like V>
[[gnu::always_inline]] constexpr V sigmoid(const V& x) {
  using T = typename V::value_type;
  const V one = V::all(T(1));
  return one / (one + math::exp(V::all(T(0)) - x));
}

/// The sine of each lane, |x| <= 1e4 for the stated error, which is absolute.
template <pack_like V>
[[gnu::always_inline]] constexpr V sin(const V& x) {
  using T = typename V::value_type;
  // pi in three parts, the first two short enough for exact products
  constexpr T a = detail::is_single<T> ? T(3.140625) : T(0x1.921fb544p1);
  constexpr T b = detail::is_single<T> ? T(9.67025756835937500e-4) : T(0x1.0b4611a4p-33);
  constexpr T c = detail::is_single<T> ? T(6.2783294e-7) : T(0x1.3198a2e037073p-68);
  const V n = round_whole(x * V::all(T(0.318309886183790671538)));
  const V r = opaque(opaque(x - n * V::all(a)) - n * V::all(b)) - n * V::all(c);
  const V odd = n - V::all(T(2)) * round_whole(n * V::all(T(0.5)));  // -1, 0 or 1
  constexpr double s[] = {-1.0 / 6,
                          1.0 / 120,
                          -1.0 / 5040,
                          1.0 / 362880,
                          -1.0 / 39916800,
                          1.0 / 6227020800,
                          -1.0 / 1307674368000,
                          1.0 / 355687428096000,
                          -1.0 / 121645100408832000,
                          1.0 / 51090942171709440000.0};
  const V q = r * r;
  const V y = r + r * q * detail::polynomial(q, s);
  return y * (V::all(T(1)) - V::all(T(2)) * odd * odd);
}

// The same for a single number.

template <class T>
  requires std::is_floating_point_v<T>
constexpr T exp(T x) {
  return math::exp(scalar_pack<T>{x}).value;
}
template <class T>
  requires std::is_floating_point_v<T>
constexpr T log(T x) {
  return math::log(scalar_pack<T>{x}).value;
}
template <class T>
  requires std::is_floating_point_v<T>
constexpr T log1p(T x) {
  return math::log1p(scalar_pack<T>{x}).value;
}
template <class T>
  requires std::is_floating_point_v<T>
constexpr T sigmoid(T x) {
  return math::sigmoid(scalar_pack<T>{x}).value;
}
template <class T>
  requires std::is_floating_point_v<T>
constexpr T sin(T x) {
  return math::sin(scalar_pack<T>{x}).value;
}

}  // namespace tutti::math
