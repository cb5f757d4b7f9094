#include <tutti/algorithm/encode_labels.hpp>

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/policy/par.hpp>
#include <tutti/policy/seq.hpp>

#include "../support/check.hpp"

namespace tutti_test {

using tutti::class_set;
using tutti::index;
using tutti::detail::encode_labels;
using tutti::detail::find_classes;

namespace {

template <class L>
void check_codes(const std::vector<L>& names) {
  std::vector<L> y;
  for (std::size_t i = 0; i < 50001; ++i) y.push_back(names[(i * 7919) % names.size()]);
  const class_set<L> expected(names);
  const tutti::vector_view<const L> v = tutti::view(y);
  CHECK(find_classes(tutti::seq, v).labels() == expected.labels());
  CHECK(find_classes(tutti::par, v).labels() == expected.labels());
  std::vector<std::int32_t> codes(y.size());
  encode_labels(tutti::par, "f", v, tutti::vector_view<const float>{}, expected, codes.data());
  int wrong = 0;
  for (std::size_t i = 0; i < y.size(); ++i) wrong += expected[codes[i]] != y[i];
  CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("classes are found and labels become their places, near and far apart, signed and not") {
  check_codes<int>({3, -1, 7});
  check_codes<int>({0, 1 << 30, -(1 << 30)});
  check_codes<std::int64_t>({std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(), 0});
  check_codes<std::uint64_t>({0, std::numeric_limits<std::uint64_t>::max(), 5});
  check_codes<std::int8_t>({-128, 127});
}

TEST_CASE("an unknown label is refused with its row, unless the sample weighs nothing") {
  std::vector<int> y(40000, 1);
  y[30001] = 9;
  y[35000] = 8;
  std::vector<int> codes(y.size());
  const class_set<int> classes({0, 1});
  const tutti::vector_view<const int> v = tutti::view(std::as_const(y));
  check_throws<tutti::invalid_input>(
      [&] { encode_labels(tutti::par, "f", v, tutti::vector_view<const float>{}, classes, codes.data()); },
      {"f: label 9 at row 30001"});
  std::vector<float> w(y.size(), 1.0f);
  w[30001] = w[35000] = 0;
  encode_labels(tutti::par, "f", v, tutti::vector_view<const float>(tutti::view(std::as_const(w))), classes, codes.data());
  CHECK(codes[30001] == 0);
  CHECK(codes[30000] == 1);
}

TEST_CASE("class weights become factors") {
  const class_set<int> classes({-1, 4});
  const std::vector<double> totals{30, 10};
  using tutti::detail::class_factors;
  CHECK(class_factors("f", {}, classes, totals) == std::vector<double>{1, 1});
  CHECK(class_factors("f", tutti::balanced, classes, totals) == std::vector<double>{40.0 / 60, 2});
  CHECK(class_factors("f", {{4, 2.5}}, classes, totals) == std::vector<double>{1, 2.5});
  check_throws<tutti::invalid_input>([&] { class_factors("f", {{5, 1.0}}, classes, totals); }, {"5", "no label"});
  const class_set<unsigned char> small({1, 4});  // 257 would wrap around to 1
  check_throws<tutti::invalid_input>([&] { class_factors("f", {{257, 5.0}}, small, totals); }, {"257", "no label"});
  check_throws<tutti::invalid_input>([&] { class_factors("f", {{4, -1.0}}, classes, totals); }, {"class_weight of 4"});
}

}  // namespace tutti_test
