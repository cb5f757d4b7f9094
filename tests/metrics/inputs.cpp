#include <tutti/metrics/inputs.hpp>

#include <cmath>
#include <string>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include "../policies.hpp"
#include "../support/check.hpp"

namespace tutti_test {

using tutti::invalid_input;
using tutti::detail::near_numbers;
using tutti::detail::weight_at;

TEST_CASE("there is something to score, and a prediction for each") {
  using tutti::detail::require_pairs;
  require_pairs("f", 3, 3);
  check_throws<invalid_input>([] { require_pairs("f", 0, 0); }, {"f: y is empty"});
  check_throws<invalid_input>([] { require_pairs("f", 3, 2); }, {"f: y has 3 elements, the predictions 2"});
}

TEST_CASE("rows_only is a column of so many rows") {
  constexpr auto rows = tutti::detail::rows_only(5);
  CHECK(rows.rows == 5);
  CHECK(rows.cols == 1);
}

TEST_CASE("no weights are ones") {
  const float w[] = {0.5f, 3};
  CHECK(weight_at<float>{w}(0) == 0.5);
  CHECK(weight_at<float>{w}(1) == 3);
  CHECK(weight_at<float>{nullptr}(1) == 1);
}

TEST_CASE("numbers of any type and stride become doubles on every policy") {
  std::vector<short> numbers(20001);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = short(int(i) - 10000);
  const std::vector<double> own{1, 2, 3};
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    using near = near_numbers<std::remove_cvref_t<decltype(policy)>>;
    const near strided(policy, "f", "y", tutti::vector_view<const short>{numbers.data() + 20000, 10001, -2});
    REQUIRE(strided.size() == 10001);
    CHECK(strided.data()[0] == 10000);
    CHECK(strided.data()[1] == 9998);
    CHECK(strided.data()[10000] == -10000);
    CHECK(near(policy, "f", "y", own).data()[2] == 3);
  });
}

TEST_CASE("doubles side by side are not copied on a host") {
  const std::vector<double> v{1, 2, 3};
  CHECK(near_numbers<tutti::basic_par<>>(tutti::par, "f", "y", v).data() == v.data());
}

TEST_CASE_TEMPLATE("numbers that are not finite are refused by name and row", T, float, double) {
  for (const T bad : {T(NAN), T(INFINITY), -T(INFINITY)}) {
    std::vector<T> v(10000, T(1));
    v[5000] = v[9000] = bad;
    for_policies([&](const auto& policy, const std::string& name) {
      CAPTURE(name);
      using near = near_numbers<std::remove_cvref_t<decltype(policy)>>;
      check_throws<invalid_input>([&] { near(policy, "f", "the target", v); },
                                  {"f: the target is not finite at row 5000"});
    });
  }
}

}  // namespace tutti_test
