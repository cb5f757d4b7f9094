#include <tutti/linear_model/linear_regressor.hpp>

#include <vector>

#include <doctest/doctest.h>

#include <tutti/policy/par.hpp>
#include <tutti/policy/seq.hpp>

TEST_CASE("a model of one target gives numbers and vectors, of several spans and matrices") {
  const tutti::matrix<float> X(3, 2, 2.0f);
  const tutti::linear_regressor<float> one({1.5f, -1}, {4}, 2);
  CHECK(one.coef()[0] == 1.5f);
  CHECK(one.intercept() == 4);
  CHECK(one.predict(tutti::par, X) == std::vector<float>{5, 5, 5});
  const tutti::linear_regressor<float, true> two({1, 0, 0, 3}, {0, 1}, 2);
  CHECK(two.n_features() == 2);
  CHECK(two.coef()(1, 1) == 3);
  const tutti::matrix<float> P = two.predict(tutti::seq, X);
  CHECK(P(2, 0) == 2);
  CHECK(P(2, 1) == 7);
}

TEST_CASE("fields that do not fit together are noticed") {
  using model = tutti::linear_regressor<double>;
  CHECK(std::string(model({1}, {0}, 1).inconsistency()).empty());
  CHECK(!std::string(model({}, {0}, 0).inconsistency()).empty());
  CHECK(!std::string(model({1, 2}, {0, 1}, 1).inconsistency()).empty());
  CHECK(std::string(tutti::linear_regressor<double, true>({1, 2}, {0, 1}, 1).inconsistency()).empty());
}
