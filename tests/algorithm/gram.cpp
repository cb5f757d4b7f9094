#include <tutti/algorithm/gram.hpp>

#include <set>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "../policies.hpp"
#include "../support/check.hpp"
#include "../support/shapes.hpp"

namespace tutti_test {

using tutti::detail::gram_layout;
using tutti::detail::panel_layout;

TEST_CASE("tiles cover the upper triangle once, in the order of their numbers, for any group") {
  for (const index strips : {1, 2, 5, 13})
    for (index group = 1; group <= strips; ++group) {
      const gram_layout gram{strips, group};
      std::set<std::pair<index, index>> seen;
      index next = 0;
      gram.for_tiles([&](index i, index j, index tile) {
        CHECK(i <= j);
        CHECK(tile == next++);
        seen.emplace(i, j);
      });
      CHECK(index(seen.size()) == gram.tiles());
    }
}

TEST_CASE_TEMPLATE("lane-wise sums of A'B add up over passes", T, float, double) {
  const panel_layout layout{9, 3};
  const gram_layout gram = tutti::detail::make_gram_layout(layout, sizeof(T));
  const auto a = random_vector<T>(layout.size(), 1), b = random_vector<T>(layout.size(), 2);
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    using P = typename std::remove_cvref_t<decltype(policy)>::template pack<T>;
    tutti::storage<T> A(layout.size()), B(layout.size()), sums(gram.sums() * 16);
    std::copy(a.begin(), a.end(), A.begin());
    std::copy(b.begin(), b.end(), B.begin());
    tutti::detail::add_gram<P>(A.data(), B.data(), layout, gram, 3, true, sums.data(), {});
    tutti::detail::add_gram<P>(A.data(), B.data(), layout, gram, 2, false, sums.data(), {});
    gram.for_tiles([&](index i, index j, index tile) {
      for (index r = 0; r < 4; ++r)
        for (index c = 0; c < 4; ++c)
          for (index l = 0; l < 16; ++l) {
            double expected = 0;
            for (const index panel : {0, 1, 2, 0, 1})
              expected += double(A[layout.at(panel, 4 * i + r) + l]) * double(B[layout.at(panel, 4 * j + c) + l]);
            const double got = double(sums[(tile * 16 + r * 4 + c) * 16 + l]);
            if (!(std::abs(got - expected) <= 1e-5 * std::abs(expected))) FAIL("tile " << tile << ": " << got << ", expected " << expected);
          }
    });
  });
}

TEST_CASE_TEMPLATE("lanes are added in the tree of lane_sum, for any number of packs", T, float, double) {
  for (const index count : {1, 15, 16, 37}) {
    const auto x = random_vector<T>(count * 16);
    std::vector<double> expected;
    for (index e = 0; e < count; ++e) {
      double lane[16];
      for (index l = 0; l < 16; ++l) lane[l] = double(x[std::size_t(e * 16 + l)]);
      for (index w = 8; w > 0; w /= 2)
        for (index l = 0; l < w; ++l) lane[l] += lane[l + w];
      expected.push_back(lane[0]);
    }
    for_policies([&](const auto& policy, const std::string& name) {
      CAPTURE(name);
      using P = typename std::remove_cvref_t<decltype(policy)>::template pack<T>;
      tutti::storage<T> packs(count * 16);
      std::copy(x.begin(), x.end(), packs.begin());
      std::vector<double> out(std::size_t(count), 0.0);
      tutti::detail::sum_lanes<P>(packs.data(), count, out.data());
      CHECK(out == expected);
    });
  }
}

}  // namespace tutti_test
