#include <tutti/policy/ordered_bits.hpp>

#include <cstdint>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

using tutti::detail::from_ordered_bits;
using tutti::detail::ordered_bits;

TEST_CASE_TEMPLATE("bits are in the order of the keys and lead back to them", K, float, double, std::int8_t, std::uint16_t,
                   std::int32_t, std::uint64_t, std::int64_t) {
  using limits = std::numeric_limits<K>;
  std::vector<K> keys{limits::lowest(), limits::lowest() / 2};
  if constexpr (std::is_signed_v<K>) keys.insert(keys.end(), {K(-100), K(-1)});
  if constexpr (std::is_floating_point_v<K>) keys.insert(keys.end(), {-limits::min(), -limits::denorm_min(), K(0), limits::denorm_min()});
  keys.insert(keys.end(), {K(1), K(100), limits::max()});
  for (std::size_t i = 0; i < keys.size(); ++i) {
    CHECK(from_ordered_bits<K>(ordered_bits(keys[i])) == keys[i]);
    if (i > 0 && keys[i - 1] < keys[i]) CHECK(ordered_bits(keys[i - 1]) < ordered_bits(keys[i]));
  }
}

TEST_CASE("the zeros are one key") { CHECK(ordered_bits(-0.0f) == ordered_bits(0.0f)); }
