#include <tutti/algorithm/solver.hpp>

#include <vector>

#include <doctest/doctest.h>

TEST_CASE("a report has converged only if it says so") {
  tutti::solver_report report;
  CHECK(report.converged());
  for (const auto status : {tutti::solver_status::max_iter, tutti::solver_status::precision, tutti::solver_status::separation}) {
    report.status = status;
    CHECK(!report.converged());
  }
}

TEST_CASE("vector helpers compute what they say") {
  const std::vector<double> a{1, -5, 2}, b{2, 0, 1};
  CHECK(tutti::detail::largest(a) == 5);
  CHECK(tutti::detail::inner_product(a, b) == 4);
  CHECK(tutti::detail::along(a, 2, b) == std::vector<double>{5, -5, 4});
}
