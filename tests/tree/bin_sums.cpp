#include <tutti/tree/bin_sums.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/random.hpp>
#include <tutti/core/view.hpp>
#include <tutti/tree/sample_rows.hpp>

namespace tutti_test {

using tutti::index;

namespace {

using tutti::detail::row_format;

template <class Bin>
constexpr Bin none = std::numeric_limits<Bin>::max();

/// Rows of two features; every seventh value of the second one is missing.
template <class Bin>
struct some_rows {
  row_format<std::int32_t, std::int32_t, Bin> format{2};
  std::vector<std::uint8_t> bytes;
  index count;

  some_rows(index n, index bins) : bytes(std::size_t(n * format.bytes)), count(n) {
    const tutti::random_source source(11);
    for (index i = 0; i < n; ++i) {
      const auto draw = [&](index k) { return index(source.uniform(std::uint64_t(4 * i + k)) * double(bins)); };
      format.set_bin(row(i), 0, Bin(draw(0)));
      format.set_bin(row(i), 1, i % 7 == 3 ? none<Bin> : Bin(draw(1)));
      format.set_target(row(i), std::int32_t(draw(2)));
      format.set_weight(row(i), std::int32_t(1 + draw(3) % 5));
    }
  }

  std::uint8_t* row(index i) { return bytes.data() + i * format.bytes; }
};

template <class Bin>
void check(index n, index bins) {
  CAPTURE(n);
  CAPTURE(bins);
  some_rows<Bin> rows(n, bins);
  const auto add = [&](std::int64_t* sums, const std::uint8_t* row) {
    sums[0] += rows.format.target(row);
    sums[1] += rows.format.weight(row);
  };
  tutti::detail::bin_sums<Bin> sums(2);
  for (const index feature : {0, 1, 0}) {
    std::map<Bin, std::vector<std::int64_t>> expected;
    for (index i = 0; i < n; ++i)
      add(expected.try_emplace(rows.format.bin(rows.row(i), feature), 2).first->second.data(), rows.row(i));
    sums.fill({rows.bytes.data(), n, {}, {}}, rows.format, feature, add);
    CHECK(sums.has_missing() == (expected.count(none<Bin>) > 0));
    if (sums.has_missing()) {
      CHECK(std::vector<std::int64_t>(sums.missing(), sums.missing() + 2) == expected[none<Bin>]);
      expected.erase(none<Bin>);
    }
    REQUIRE(sums.places() == index(expected.size()));
    index place = 0;
    for (const auto& [bin, of_bin] : expected) {
      CHECK(sums.bin(place) == bin);
      CHECK(std::vector<std::int64_t>(sums.of(place), sums.of(place) + 2) == of_bin);
      ++place;
    }
    sums.clear();
    CHECK(sums.places() == 0);
    CHECK_FALSE(sums.has_missing());
  }
}

}  // namespace

TEST_CASE("sums by bins that are bytes") {
  for (const index n : {1, 5, 255, 256, 3000}) check<std::uint8_t>(n, 255);
}

TEST_CASE("sums by bins of four bytes") {
  for (const index n : {1, 5, 255, 256, 3000})
    for (const index bins : {1, 255, 70000, 1 << 30}) check<std::uint32_t>(n, bins);
}

}  // namespace tutti_test
