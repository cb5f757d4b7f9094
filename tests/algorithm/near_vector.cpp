#include <tutti/algorithm/near_vector.hpp>

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "../policies.hpp"
#include "../support/check.hpp"
#include "../support/shapes.hpp"

namespace tutti_test {

using tutti::detail::near_vector;

TEST_CASE("elements of the right type side by side are not copied on a host") {
  const std::vector<float> v{1, 2, 3};
  const near_vector<tutti::basic_par<>, float> near(tutti::par, tutti::view(v));
  CHECK(near.data() == v.data());
}

TEST_CASE("other types and strides are converted on every policy") {
  std::vector<int> v(20001);
  for (std::size_t i = 0; i < v.size(); ++i) v[i] = int(i) - 7;
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    using P = std::remove_cvref_t<decltype(policy)>;
    const near_vector<P, double> near(policy, tutti::vector_view<const int>{v.data(), 10000, 2});
    CHECK(near.size() == 10000);
    CHECK(near.data()[9999] == 19991);
    CHECK(near.data()[0] == -7);
  });
}

TEST_CASE("weights are added up and checked on every policy") {
  const tutti::matrix<float> X(10000, 1, 1.0f);
  std::vector<short> w(10000, 1);
  w[3] = 5;
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    using near = tutti::detail::near_weights<std::remove_cvref_t<decltype(policy)>, float>;
    CHECK(near(policy, "f", w, view(X)).sum() == 10004);
    const near none(policy, "f", tutti::no_weights{}, view(X));
    CHECK(none.data() == nullptr);
    CHECK(none.sum() == 10000);
    auto bad = w;
    bad[9999] = -1;
    check_throws<tutti::invalid_input>([&] { near(policy, "f", bad, view(X)); }, {"f: ", "negative"});
  });
}

}  // namespace tutti_test
