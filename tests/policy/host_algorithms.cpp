// Scan, sort and partition at the borders of their blocks; policy.cpp has the laws for every policy.

#include <tutti/policy/host_algorithms.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/policy/par.hpp>
#include <tutti/policy/seq.hpp>

namespace {

struct negative {
  bool operator()(float x) const { return x < 0; }
};

}  // namespace

TEST_CASE("blocks of every length around the border give the same answer") {
  for (const tutti::index n : {tutti::detail::sort_block - 1, tutti::detail::sort_block, tutti::detail::sort_block + 1}) {
    std::vector<float> keys;
    std::vector<std::uint16_t> values;
    for (tutti::index i = 0; i < n; ++i) {
      keys.push_back(float((i * 7919) % 257) - 128);
      values.push_back(std::uint16_t(i));
    }
    auto keys_par = keys, partitioned = keys;
    auto values_par = values;
    tutti::seq.sort_pairs(keys.data(), values.data(), n);
    tutti::par.sort_pairs(keys_par.data(), values_par.data(), n);
    CHECK(keys == keys_par);
    CHECK(values == values_par);
    CHECK(std::is_sorted(keys.begin(), keys.end()));
    const tutti::index below = tutti::par.stable_partition(partitioned.data(), n, negative{});
    CHECK(std::all_of(partitioned.begin(), partitioned.begin() + below, negative{}));
    CHECK(std::none_of(partitioned.begin() + below, partitioned.end(), negative{}));
  }
}

TEST_CASE("keys that are all the same stay where they are") {
  std::vector<int> keys(50000, 3), values(50000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = int(i);
  tutti::par.sort_pairs(keys.data(), values.data(), 50000);
  CHECK(std::is_sorted(values.begin(), values.end()));
}
