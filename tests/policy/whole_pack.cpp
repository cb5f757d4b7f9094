// The laws of packs of whole numbers, for the packs of every host policy: each lane computes as its number does.

#include <tutti/policy/pack.hpp>

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>

#include <doctest/doctest.h>

#include "../policies.hpp"

namespace tutti_test {

namespace {

using whole = std::int32_t;
using lanes16 = std::array<whole, 16>;

/// Numbers of either sign, some of them equal, some at the ends of the range.
lanes16 some(int seed) {
  lanes16 x{};
  for (int l = 0; l < 16; ++l) x[std::size_t(l)] = (l * 37 + seed * 101) % 7 - 3;
  x[std::size_t(seed)] = std::int32_t(0x80000000);
  x[std::size_t(seed + 1)] = 0x7fffffff;
  return x;
}

/// f(pack type) for the packs of each host policy and their slices.
template <class F>
void for_packs(const F& f) {
  const auto one = [&](const auto& policy, const char* name) {
    CAPTURE(std::string(name));
    using P = typename std::remove_cvref_t<decltype(policy)>::template pack<float>::template rebind<whole>;
    f(P{});
    f(typename P::slice{});
  };
  one(tutti::seq, "seq");
  one(tutti::simd, "simd");
  one(tutti::par, "par");
  one(tutti::par_simd, "par_simd");
}

/// Every lane l of a result is g(l).
template <class P, class G>
void check_lanes(const P& result, const G& g) {
  std::array<typename P::value_type, 16> got{};
  result.storeu(got.data());
  for (std::size_t l = 0; l < std::size_t(P::lanes); ++l) CHECK(got[l] == g(l));
}

std::uint32_t bits(whole x) { return static_cast<std::uint32_t>(x); }
whole wrapped(std::uint32_t x) { return static_cast<whole>(x); }

}  // namespace

TEST_CASE("whole numbers: a pack of them is the pack of floats rebound, and 16 lanes") {
  using P = tutti::basic_simd<>::pack<float>;
  static_assert(std::is_same_v<P::rebind<whole>, tutti::basic_simd<>::pack<whole>>);
  static_assert(P::rebind<whole>::lanes == 16 && P::rebind<whole>::width == P::width);
  static_assert(!tutti::basic_seq<>::pack<whole>::gathers);
}

TEST_CASE("whole numbers: sums wrap around, bits and comparisons go lane by lane") {
  const lanes16 x = some(1), y = some(2);
  for_packs([&](auto example) {
    using P = decltype(example);
    const P a = P::loadu(x.data()), b = P::loadu(y.data());
    check_lanes(P::all(-7), [](std::size_t) { return -7; });
    check_lanes(a + b, [&](std::size_t l) { return wrapped(bits(x[l]) + bits(y[l])); });
    check_lanes(a - b, [&](std::size_t l) { return wrapped(bits(x[l]) - bits(y[l])); });
    check_lanes(a & b, [&](std::size_t l) { return x[l] & y[l]; });
    check_lanes(a | b, [&](std::size_t l) { return x[l] | y[l]; });
    check_lanes(a.template shifted_right<8>(), [&](std::size_t l) { return wrapped(bits(x[l]) >> 8); });
    check_lanes(a.template shifted_right<31>(), [&](std::size_t l) { return x[l] < 0 ? 1 : 0; });
    check_lanes(select(a < b, a, P::all(9)), [&](std::size_t l) { return x[l] < y[l] ? x[l] : 9; });
    check_lanes(select(a == b, a, P::all(9)), [&](std::size_t l) { return x[l] == y[l] ? x[l] : 9; });
    check_lanes(P::all(16777217).to_float(), [](std::size_t) { return 16777216.0f; });
    check_lanes(a.to_float(), [&](std::size_t l) { return static_cast<float>(x[l]); });
    std::uint32_t less = 0;
    for (int l = 0; l < P::lanes; ++l) less |= std::uint32_t(x[std::size_t(l)] < y[std::size_t(l)]) << l;
    CHECK((a < b).bits() == less);
  });
}

TEST_CASE("whole numbers: any is true as soon as one lane is") {
  for_packs([](auto example) {
    using P = decltype(example);
    for (int one = 0; one < P::lanes; ++one) {
      lanes16 x{};
      x[std::size_t(one)] = -1;
      CHECK(any(P::loadu(x.data()) < P::all(0)));
      CHECK_FALSE(any(P::loadu(x.data()) == P::all(1)));
    }
  });
}

TEST_CASE("whole numbers: aligned memory and memory at any address") {
  alignas(64) std::array<whole, 33> memory{};
  for (std::size_t i = 0; i < memory.size(); ++i) memory[i] = whole(i);
  for_packs([&](auto example) {
    using P = decltype(example);
    check_lanes(P::load(memory.data() + 16), [](std::size_t l) { return whole(l + 16); });
    check_lanes(P::loadu(memory.data() + 17), [](std::size_t l) { return whole(l + 17); });
    alignas(64) std::array<whole, 33> out{};
    P::loadu(memory.data() + 1).store(out.data());
    P::loadu(memory.data() + 1).storeu(out.data() + 17);
    for (std::size_t l = 0; l < std::size_t(P::lanes); ++l) {
      CHECK(out[l] == whole(l + 1));
      CHECK(out[l + 17] == whole(l + 1));
    }
    CHECK(out[16] == 0);
  });
}

TEST_CASE("whole numbers: store_if puts the chosen lanes side by side") {
  for_packs([](auto example) {
    using P = decltype(example);
    for (std::uint32_t chosen = 0; chosen < 65536; chosen += 257) {
      lanes16 x{};
      for (std::size_t l = 0; l < 16; ++l) x[l] = (chosen >> l & 1) != 0 ? -whole(l) - 1 : whole(l) + 1;
      std::array<whole, 18> out{};
      out[std::size_t(P::lanes) + 1] = 77;
      const int count = P::loadu(x.data()).store_if(out.data() + 1, P::loadu(x.data()) < P::all(0));
      std::size_t at = 1;
      for (std::size_t l = 0; l < std::size_t(P::lanes); ++l)
        if (x[l] < 0) CHECK(out[at++] == x[l]);
      CHECK(count == int(at) - 1);
      CHECK((out[0] == 0 && out[std::size_t(P::lanes) + 1] == 77));
    }
  });
}

TEST_CASE("whole numbers: bytes widen without a sign") {
  std::array<std::uint8_t, 17> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = std::uint8_t(255 - 13 * i);
  for_packs([&](auto example) {
    using P = decltype(example);
    check_lanes(P::from_bytes(bytes.data() + 1), [&](std::size_t l) { return whole(bytes[l + 1]); });
  });
}

TEST_CASE("whole numbers: gathers read words by their index, and words at any byte") {
  std::array<whole, 100> words{};
  std::array<float, 100> floats{};
  for (std::size_t i = 0; i < words.size(); ++i) {
    words[i] = whole(i * 0x01234567u);
    floats[i] = float(i) / 3;
  }
  lanes16 at{};
  for (std::size_t l = 0; l < 16; ++l) at[l] = whole(l * 29 % 97) - 20;
  for_packs([&](auto example) {
    using P = decltype(example);
    using F = typename P::template rebind<float>;
    const P where = P::loadu(at.data());
    check_lanes(P::gather(words.data() + 20, where), [&](std::size_t l) { return words[std::size_t(at[l] + 20)]; });
    check_lanes(F::gather(floats.data() + 20, where), [&](std::size_t l) { return floats[std::size_t(at[l] + 20)]; });
    check_lanes(P::gather_bytes(words.data() + 20, where), [&](std::size_t l) {
      whole x = 0;
      std::memcpy(&x, reinterpret_cast<const char*>(words.data() + 20) + at[l], sizeof x);
      return x;
    });
  });
}

}  // namespace tutti_test
