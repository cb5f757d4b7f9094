#include <tutti/core/labels.hpp>

#include <cstdint>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

using tutti::class_set;

namespace {

enum class colour : std::uint8_t { red = 3, green = 200, blue = 7 };

template <class L>
void check_finds_all(const std::vector<L>& classes) {
  const class_set<L> set(classes);
  for (tutti::index i = 0; i < set.size(); ++i) CHECK(set.find(set[i]) == i);
  for (tutti::index i = 1; i < set.size(); ++i) CHECK(set[i - 1] < set[i]);
}

}  // namespace

TEST_CASE("classes are sorted and distinct whatever comes in") {
  const class_set<int> set({40, -5, 0, 40, -5});
  CHECK(set.labels() == std::vector<int>{-5, 0, 40});
  CHECK(set.find(0) == 1);
  CHECK(set.find(1) == -1);
  CHECK(set.find(-6) == -1);
  CHECK(set.find(41) == -1);
}

TEST_CASE("labels of any integral or enum type are found, far apart or close") {
  check_finds_all<int>({1, 2, 3});
  check_finds_all<std::int64_t>({std::numeric_limits<std::int64_t>::min(), 0, std::numeric_limits<std::int64_t>::max()});
  check_finds_all<std::uint64_t>({0, std::numeric_limits<std::uint64_t>::max()});
  check_finds_all<std::int8_t>({-128, 127, 0});
  check_finds_all<char>({'a', 'z', 'A'});
  check_finds_all<colour>({colour::red, colour::green, colour::blue});
  check_finds_all<bool>({true, false});
  check_finds_all<short>({-30000, 30000});
}

TEST_CASE("a label beside a far one is not mistaken for it") {
  const class_set<std::int64_t> far({-1, 1LL << 40});
  CHECK(far.find((1LL << 40) + 1) == -1);
  CHECK(far.find(0) == -1);
  const class_set<std::uint64_t> wraps({5});
  CHECK(wraps.find(4) == -1);
  CHECK(wraps.find(std::numeric_limits<std::uint64_t>::max()) == -1);
}

TEST_CASE("labels read as the numbers they are") {
  CHECK(tutti::detail::label_text(-7) == "-7");
  CHECK(tutti::detail::label_text(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
  CHECK(tutti::detail::label_text(colour::green) == "200");
  static_assert(tutti::label<colour> && tutti::label<char> && !tutti::label<float>);
}

TEST_CASE("class weights are uniform, balanced or given") {
  CHECK(tutti::class_weights{}.is_uniform());
  const tutti::class_weights balanced = tutti::balanced;
  CHECK(balanced.is_balanced());
  CHECK(!balanced.is_uniform());
  const tutti::class_weights given = {{0, 1.0}, {1, 5.0}};
  CHECK(!given.is_uniform());
  CHECK(given.given().size() == 2);
  CHECK(given.given()[1].second == 5.0);
}
