#include <tutti/algorithm/select_nth.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/random.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/simd.hpp>

namespace tutti_test {

using tutti::index;

TEST_CASE("what is selected is what sorting puts there, whatever the order and however many are equal") {
  using lanes = decltype(tutti::simd)::pack<float>;
  for (const char* kind : {"random", "few values", "one value", "ascending", "descending", "organ pipe", "two runs"})
    for (const index count : {1, 2, 47, 48, 49, 50, 200, 1023, 1024, 5000, 40'000}) {
      CAPTURE(kind);
      CAPTURE(count);
      const std::string name = kind;
      const tutti::random_source random(3);
      std::vector<int> all;
      for (index i = 0; i < count; ++i) {
        const int place = int(i), last = int(count);
        if (name == "random") all.push_back(int(random.below(std::uint64_t(i), 1'000'000)));
        if (name == "few values") all.push_back(int(random.below(std::uint64_t(i), 3)));
        if (name == "one value") all.push_back(7);
        if (name == "ascending") all.push_back(place);
        if (name == "descending") all.push_back(-place);
        if (name == "organ pipe") all.push_back(std::min(place, last - place));
        if (name == "two runs") all.push_back(2 * place < last ? place : place - last);
      }
      std::vector<int> sorted = all;
      std::sort(sorted.begin(), sorted.end());
      for (const index k : {index{0}, count / 3, count / 2, count * 15 / 16, count - 1}) {
        std::vector<tutti::detail::keyed_place<float>> places;
        for (index i = 0; i < count; ++i) places.push_back({float(all[std::size_t(i)]), std::int32_t(i)});
        tutti::detail::select_nth<lanes>(places.data(), count, k);
        std::vector<int> items;
        for (const auto& x : places) {
          items.push_back(int(x.key));
          if (all[std::size_t(x.at)] != int(x.key)) FAIL("a key lost its place");
        }
        const int at = items[std::size_t(k)];
        CHECK(at == sorted[std::size_t(k)]);
        CHECK(std::all_of(items.begin(), items.begin() + k, [=](int x) { return x <= at; }));
        CHECK(std::all_of(items.begin() + k, items.end(), [=](int x) { return x >= at; }));
        std::sort(items.begin(), items.end());
        CHECK(items == sorted);
      }
    }
}

}  // namespace tutti_test
