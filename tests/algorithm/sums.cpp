#include <tutti/algorithm/sums.hpp>

#include <array>
#include <vector>

#include <doctest/doctest.h>

#include "../policies.hpp"
#include "../support/shapes.hpp"

namespace tutti_test {

namespace {

struct terms {
  const double* x;
  constexpr std::array<double, 3> operator()(index i) const { return {x[i], x[i] * x[i], 1.0}; }
};

}  // namespace

TEST_CASE("sums agree with a plain loop, the same bits on every policy") {
  for (const index n : {0, 1, 15, 4096, 10001}) {
    CAPTURE(n);
    const auto x = random_vector<double>(n);
    double sum = 0, squares = 0;
    for (const double v : x) sum += v, squares += v * v;
    std::array<double, 3> first{};
    for_policies([&](const auto& policy, const std::string& name) {
      CAPTURE(name);
      const auto near = policy.bring(tutti::view(x));
      const auto s = tutti::sums<3>(policy, n, terms{near.view().data});
      if (name == "seq") first = s;
      CHECK(s == first);
      CHECK(s[0] == doctest::Approx(sum).epsilon(1e-13));
      CHECK(s[1] == doctest::Approx(squares).epsilon(1e-13));
      CHECK(s[2] == double(n));
    });
  }
}

}  // namespace tutti_test
