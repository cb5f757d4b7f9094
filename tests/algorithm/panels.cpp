#include <tutti/algorithm/panels.hpp>

#include <vector>

#include <doctest/doctest.h>

#include "../policies.hpp"
#include "../support/shapes.hpp"

namespace tutti_test {

using tutti::detail::panel_layout;

TEST_CASE("every element of a run of panels has a place of its own") {
  const panel_layout layout{10, 5};
  std::vector<int> used(std::size_t(layout.size()), 0);
  for (index panel = 0; panel < 5; ++panel)
    for (index c = 0; c < layout.strips() * 4; ++c)
      for (index l = 0; l < 16; ++l) ++used.at(std::size_t(layout.at(panel, c) + l));
  for (const int u : used) CHECK(u <= 1);
  CHECK(layout.strips() == 3);
  CHECK(layout.strip_stride() % 16 == 0);
}

TEST_CASE_TEMPLATE("a panel holds 16 rows column by column, centred, whatever the layout and the rest", T, float, double) {
  for (const index p : {1, 3, 4, 5, 6, 7, 8, 21}) {
    const auto X = random_matrix<T>(40, p);
    const auto shift = random_vector<T>(p);
    for_layouts(X, [&](const auto& v) {
      for_policies([&](const auto& policy, const std::string& name) {
        CAPTURE(name);
        using P = typename std::remove_cvref_t<decltype(policy)>::template pack<T>;
        const panel_layout layout{p, 2};
        tutti::storage<T> plain(layout.size()), centred(layout.size());
        for (const auto& [row, count] : {std::array<index, 2>{0, 16}, {24, 16}, {32, 8}, {39, 1}}) {
          tutti::detail::load_panel<false, P>(v, row, count, nullptr, layout, 1, plain.data());
          tutti::detail::load_panel<true, P>(v, row, count, shift.data(), layout, 1, centred.data());
          int wrong = 0;
          for (index c = 0; c < p; ++c)
            for (index l = 0; l < 16; ++l) {
              const T x = l < count ? X(row + l, c) : T(0);
              wrong += plain[layout.at(1, c) + l] != x;
              wrong += centred[layout.at(1, c) + l] != (l < count ? x - shift[std::size_t(c)] : T(0));
            }
          CHECK(wrong == 0);
        }
      });
    });
  }
}

TEST_CASE("the lanes that are there are ones") {
  using P = tutti::basic_seq<>::pack<float>;
  for (index count = 0; count <= 16; ++count) {
    float lane[16];
    tutti::detail::ones_first<P>(count).storeu(lane);
    for (index l = 0; l < 16; ++l) CHECK(lane[l] == (l < count ? 1.0f : 0.0f));
  }
}

}  // namespace tutti_test
