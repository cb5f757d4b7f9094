#include <tutti/algorithm/check.hpp>

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "../policies.hpp"
#include "../support/check.hpp"
#include "../support/shapes.hpp"

namespace tutti_test {

using tutti::invalid_input;

TEST_CASE("shapes are told as they are, and a transposed matrix is recognised") {
  const tutti::matrix<float> X(3, 5, 1.0f);
  const auto v = view(X);
  CHECK_NOTHROW(tutti::detail::require_features("f", v, 5));
  check_throws<invalid_input>([&] { tutti::detail::require_features("f", v, 3); }, {"f: ", "3 x 5", "n x 3", "transposed?"});
  check_throws<invalid_input>([&] { tutti::detail::require_features("f", v, 7); }, {"3 x 5", "n x 7"});
  check_throws<invalid_input>([&] { tutti::detail::require_length("f", "y", 5, v); }, {"y has 5", "expected 3", "transposed?"});
  check_throws<invalid_input>([&] { tutti::detail::require_length("f", "y", 4, v); }, {"y has 4", "expected 3"});
  check_throws<invalid_input>([&] { tutti::detail::require_samples("f", v.middle_rows(0, 0)); }, {"empty", "0 x 5"});
  check_throws<invalid_input>([&] { tutti::detail::require_at_least("f", "alpha", NAN, 0); }, {"alpha", ">="});
}

TEST_CASE_TEMPLATE("the first element that is not finite is found on every policy and layout", T, float, double) {
  for (const auto& [row, col] : {std::array<index, 2>{0, 0}, {4095, 2}, {4096, 0}, {8999, 1}}) {
    auto X = random_matrix<T>(9000, 3);
    X(row, col) = T(NAN);
    X(8999, 2) = T(INFINITY);
    for_layouts(X, [&, row = row, col = col](const auto& v) {
      for_policies([&](const auto& policy, const std::string& name) {
        CAPTURE(name);
        check_throws<invalid_input>([&] { tutti::detail::require_finite(policy, "f", "X", v); },
                                    {"X", ("row " + std::to_string(row) + ", column " + std::to_string(col)).c_str()});
      });
    });
  }
  CHECK_NOTHROW(tutti::detail::require_finite(tutti::par, "f", "X", tutti::matrix_view<const T>(view(random_matrix<T>(9000, 3)))));
}

}  // namespace tutti_test
