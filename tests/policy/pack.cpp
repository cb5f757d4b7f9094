// The laws of a pack, for the packs of every policy: each lane computes as its number does.

#include <tutti/policy/pack.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>

#include <doctest/doctest.h>

#include "../policies.hpp"

namespace tutti_test {

using tutti::index;

namespace {

template <class T>
std::array<T, 16> some(int seed) {
  std::array<T, 16> x{};
  for (int l = 0; l < 16; ++l) x[std::size_t(l)] = T(((l * 37 + seed * 101) % 41) - 17) / T(8) + T(seed);
  return x;
}

/// f(pack type, its half-open list of lanes) for the packs of each policy and their slices.
template <class T, class F>
void for_packs(const F& f) {
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    using P = typename std::remove_cvref_t<decltype(policy)>::template pack<T>;
    f(P{});
    f(typename P::slice{});
  });
}

template <class T, class P>
std::array<T, 16> lanes_of(const P& p) {
  std::array<T, 16> out{};
  p.storeu(out.data());
  return out;
}

/// Every lane of a result is g of the lanes of x and y.
template <class T, class P, class G>
void check_lanes(const P& result, const std::array<T, 16>& x, const std::array<T, 16>& y, const G& g) {
  const auto got = lanes_of<T>(result);
  for (std::size_t l = 0; l < std::size_t(P::lanes); ++l) CHECK(got[l] == g(x[l], y[l]));
}

}  // namespace

TEST_CASE_TEMPLATE("arithmetic, comparisons and selection go lane by lane", T, float, double) {
  const auto x = some<T>(1), y = some<T>(2);
  for_packs<T>([&](auto example) {
    using P = decltype(example);
    const P a = P::loadu(x.data()), b = P::loadu(y.data());
    check_lanes<T>(a + b, x, y, [](T u, T v) { return u + v; });
    check_lanes<T>(a - b, x, y, [](T u, T v) { return u - v; });
    check_lanes<T>(a * b, x, y, [](T u, T v) { return tutti::detail::product(u, v); });
    check_lanes<T>(a / b, x, y, [](T u, T v) { return u / v; });
    check_lanes<T>(min(a, b), x, y, [](T u, T v) { return std::min(u, v); });
    check_lanes<T>(max(a, b), x, y, [](T u, T v) { return std::max(u, v); });
    check_lanes<T>(select(a < b, a, P::all(T(9))), x, y, [](T u, T v) { return u < v ? u : T(9); });
    check_lanes<T>(select(a <= b, a, b), x, y, [](T u, T v) { return u <= v ? u : v; });
    check_lanes<T>(opaque(a), x, y, [](T u, T) { return u; });
    check_lanes<T>(round_whole(a), x, y, [](T u, T) { return std::nearbyint(u); });
    std::uint32_t less = 0;
    for (int l = 0; l < P::lanes; ++l) less |= std::uint32_t(x[std::size_t(l)] < y[std::size_t(l)]) << l;
    CHECK((a < b).bits() == less);
  });
}

TEST_CASE_TEMPLATE("madd is a product and a sum to within one rounding", T, float, double) {
  const auto x = some<T>(1), y = some<T>(3);
  for_packs<T>([&](auto example) {
    using P = decltype(example);
    const auto got = lanes_of<T>(madd(P::loadu(x.data()), P::loadu(y.data()), P::all(T(0.1))));
    for (std::size_t l = 0; l < std::size_t(P::lanes); ++l)
      CHECK(got[l] == doctest::Approx(double(x[l]) * double(y[l]) + double(T(0.1))).epsilon(sizeof(T) == 4 ? 1e-6 : 1e-15));
  });
}

TEST_CASE_TEMPLATE("a product is rounded before it is added", T, float, double) {
  // (1 + e)^2 - (1 + 2 e) is 0 if the square is rounded and e^2 if it is fused.
  const T e = sizeof(T) == 4 ? T(0x1p-13) : T(0x1p-30);
  for_packs<T>([&](auto example) {
    using P = decltype(example);
    const P a = opaque(P::all(1 + e));
    const auto got = lanes_of<T>(a * a - P::all(1 + 2 * e));
    CHECK(got[0] == 0);
    CHECK(got[std::size_t(P::lanes) - 1] == 0);
  });
}

TEST_CASE_TEMPLATE("exponents, mantissas and powers of two are exact", T, float, double) {
  std::array<T, 16> x{};
  for (std::size_t l = 0; l < 16; ++l) x[l] = std::ldexp(T(1) + T(l) / 16, int(l) * 15 - 120);
  std::array<T, 16> n{};
  for (std::size_t l = 0; l < 16; ++l) n[l] = T(int(l) * 16 - 126);
  for_packs<T>([&](auto example) {
    using P = decltype(example);
    check_lanes<T>(exponent(P::loadu(x.data())), x, x, [](T u, T) { return T(std::ilogb(u)); });
    check_lanes<T>(mantissa(P::loadu(x.data())), x, x, [](T u, T) { return std::scalbn(u, -std::ilogb(u)); });
    check_lanes<T>(exp2_whole(P::loadu(n.data())), n, n, [](T u, T) { return std::ldexp(T(1), int(u)); });
  });
}

TEST_CASE_TEMPLATE("partial loads and stores touch nothing beyond", T, float, double) {
  const auto x = some<T>(4);
  for_packs<T>([&](auto example) {
    using P = decltype(example);
    for (index count = 0; count <= P::lanes; ++count) {
      const auto loaded = lanes_of<T>(P::load_first(x.data(), count));
      for (index l = 0; l < P::lanes; ++l) CHECK(loaded[std::size_t(l)] == (l < count ? x[std::size_t(l)] : T(0)));
      std::array<T, 64> out{};
      out.fill(T(-1));
      P::loadu(x.data()).store_first(out.data(), count);
      CHECK(std::count(out.begin(), out.end(), T(-1)) == 64 - count + std::count(x.begin(), x.begin() + count, T(-1)));
      out.fill(T(-1));
      P::loadu(x.data()).scatter_first(out.data(), 3, count);
      for (index l = 0; l < count; ++l) CHECK(out[std::size_t(3 * l)] == x[std::size_t(l)]);
      if (count < P::lanes) CHECK(out[std::size_t(3 * count)] == T(-1));
    }
    const auto made = lanes_of<T>(P::generate([](index l) { return T(l * l); }));
    for (index l = 0; l < P::lanes; ++l) CHECK(made[std::size_t(l)] == T(l * l));
  });
}

TEST_CASE_TEMPLATE("the sum of the lanes is always the same tree", T, float, double) {
  std::array<T, 16> x{};
  for (std::size_t l = 0; l < 16; ++l) x[l] = T(std::pow(-3.7, double(l)));
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    using P = typename std::remove_cvref_t<decltype(policy)>::template pack<T>;
    auto s = x;
    for (std::size_t w = 8; w > 0; w /= 2)
      for (std::size_t l = 0; l < w; ++l) s[l] += s[l + w];
    CHECK(P::loadu(x.data()).lane_sum() == s[0]);
  });
}

TEST_CASE_TEMPLATE("columns4 turns rows into columns", T, float, double) {
  std::array<T, 16 * 9> x{};
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = T(i);
  for_packs<T>([&](auto example) {
    using P = decltype(example);
    P column[4];
    P::columns4(x.data() + 2, 9, column);
    for (int k = 0; k < 4; ++k) {
      const auto got = lanes_of<T>(column[k]);
      for (int r = 0; r < P::lanes; ++r) CHECK(got[std::size_t(r)] == x[std::size_t(2 + 9 * r + k)]);
    }
  });
}

TEST_CASE("floats widen to doubles") {
  const auto x = some<float>(5);
  for_packs<double>([&](auto example) {
    using P = decltype(example);
    const auto got = lanes_of<double>(P::widen(x.data()));
    for (std::size_t l = 0; l < std::size_t(P::lanes); ++l) CHECK(got[l] == double(x[l]));
  });
}

TEST_CASE("on a host the lanes of a pack belong to one thread") {
  for_packs<float>([](auto example) {
    using P = decltype(example);
    static_assert(P::lane() == 0 && P::step() == 1 && P::leader());
    static_assert(P::parts * P::width == P::lanes);
    static_assert(std::is_same_v<typename P::template rebind<float>, P>);
  });
}

}  // namespace tutti_test
