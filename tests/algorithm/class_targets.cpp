#include <tutti/algorithm/class_targets.hpp>

#include <vector>

#include <doctest/doctest.h>

#include "../policies.hpp"
#include "../support/check.hpp"

namespace tutti_test {

using tutti::class_weights;
using targets = tutti::detail::class_targets<float, int>;

namespace {

const std::vector<int> labels{5, -2, 5, 5, 30, -2};
const tutti::matrix<float> X(6, 1, 0.0f);

template <class P, class W>
targets make(const P& policy, const W& weights, const class_weights& wanted = {}) {
  return targets(policy, "f", tutti::vector_view<const int>(tutti::view(labels)), weights, view(X), wanted);
}

std::vector<double> all(const tutti::vector_view<const float>& v) {
  std::vector<double> out;
  for (tutti::index i = 0; i < v.size; ++i) out.push_back(double(v(i)));
  return out;
}

}  // namespace

TEST_CASE("labels become places, weights the product of both kinds") {
  for_policies([](const auto& policy, const std::string& name) {
    CAPTURE(name);
    const auto plain = make(policy, tutti::no_weights{});
    CHECK(plain.classes().labels() == std::vector<int>{-2, 5, 30});
    CHECK(all(plain.codes()) == std::vector<double>{1, 0, 1, 1, 2, 0});
    CHECK(plain.weights().size == 0);
    CHECK(plain.total_weight() == 6);

    const std::vector<int> counts{1, 2, 0, 1, 3, 1};
    const auto weighted = make(policy, counts, {{-2, 10.0}});
    CHECK(all(weighted.weights()) == std::vector<double>{1, 20, 0, 1, 3, 10});
    CHECK(weighted.total_weight() == 35);
    const auto balanced = make(policy, counts, tutti::balanced);
    CHECK(balanced.total_weight() == doctest::Approx(8));
    CHECK(all(balanced.weights())[0] == doctest::Approx(8.0 / (3 * 2)));
  });
}

TEST_CASE("a class whose samples all weigh nothing is no class") {
  const std::vector<float> w{1, 1, 1, 1, 0, 1};
  const auto t = make(tutti::par, w);
  CHECK(t.classes().labels() == std::vector<int>{-2, 5});
  CHECK(all(t.codes())[4] == 0);
  CHECK(all(t.weights())[4] == 0);
}

TEST_CASE("class weights that leave nothing are refused") {
  check_throws<tutti::invalid_input>([] { make(tutti::seq, tutti::no_weights{}, {{-2, 0.0}, {5, 0.0}, {30, 0.0}}); },
                                     {"no sample any weight"});
}

}  // namespace tutti_test
