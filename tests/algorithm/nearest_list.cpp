#include <tutti/algorithm/nearest_list.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/random.hpp>
#include <tutti/core/view.hpp>

namespace tutti_test {

namespace {

using tutti::index;
using tutti::detail::nearest_list;
using tutti::detail::neighbor;

}  // namespace

TEST_CASE("a list holds the first k by distance, then number, in whatever order they come") {
  for (const index k : {1, 2, 7, 100})
    for (const index n : {0, 1, 6, 7, 8, 250, 1000}) {
      CAPTURE(k);
      CAPTURE(n);
      const tutti::random_source random(7);
      std::vector<neighbor> all;
      for (index i = 0; i < n; ++i) all.push_back({double(random.below(std::uint64_t(i), 40)), i});
      for (const bool reversed : {false, true}) {
        std::vector<neighbor> room(std::size_t(nearest_list::room(k)));
        nearest_list list(room.data(), k);
        if (reversed) std::reverse(all.begin(), all.end());
        for (const neighbor& x : all) list.offer(x);
        list.finish();
        std::vector<neighbor> sorted = all;
        std::sort(sorted.begin(), sorted.end());
        REQUIRE(list.size() == std::min(k, n));
        for (index i = 0; i < list.size(); ++i) {
          CHECK(list[i].at == sorted[std::size_t(i)].at);
          CHECK(list[i].sum == sorted[std::size_t(i)].sum);
        }
      }
    }
}

TEST_CASE("a list that is full knows the last that counts") {
  std::vector<neighbor> room(std::size_t(nearest_list::room(2)));
  nearest_list list(room.data(), 2);
  list.offer({5, 0});
  list.shrink();
  CHECK_FALSE(list.is_full());
  list.offer({3, 1});
  list.offer({4, 2});
  list.shrink();
  CHECK(list.is_full());
  CHECK(list.last().sum == 4);
  list.offer({4, 1});  // before the last: the same distance, a smaller number
  list.offer({4, 3});  // behind it
  list.finish();
  CHECK(list.size() == 2);
  CHECK(list[1].at == 1);
}

}  // namespace tutti_test
