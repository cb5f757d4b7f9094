#include <tutti/linear_model/linear_classifier.hpp>

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/policy/par.hpp>
#include <tutti/policy/seq.hpp>

using model = tutti::linear_classifier<double, int>;

TEST_CASE("two classes have one row of coefficients, three have three") {
  const model two(tutti::class_set<int>({8, -8}), {2, 0}, {-1}, {});
  tutti::matrix<double> X(2, 2, 0.0);
  X(1, 0) = 1;
  CHECK(two.n_outputs() == 1);
  CHECK(two.predict(tutti::par, X) == std::vector<int>{-8, 8});
  CHECK(two.decision_function(tutti::seq, X)(1, 0) == 1);
  const auto p = two.predict_proba(tutti::seq, X);
  CHECK(p(0, 0) + p(0, 1) == doctest::Approx(1));
  CHECK(two.predict_log_proba(tutti::seq, X)(0, 0) == doctest::Approx(std::log(p(0, 0))));

  const model three(tutti::class_set<int>({1, 2, 3}), {0, 0, 1, 0, 0, 1}, {0, 0, 0}, {});
  CHECK(three.n_outputs() == 3);
  CHECK(three.predict(tutti::par, X) == std::vector<int>{1, 2});
  CHECK(three.decision_function(tutti::seq, X).cols() == 3);
}

TEST_CASE("a decision of exactly zero is the lower class") {
  const model two(tutti::class_set<int>({0, 1}), {1}, {0}, {});
  const tutti::matrix<double> X(1, 1, 0.0);
  CHECK(two.predict(tutti::seq, X).front() == 0);
}

TEST_CASE("fields that do not fit together are noticed") {
  const tutti::class_set<int> classes({0, 1, 2});
  CHECK(std::string(model(classes, {1, 2, 3}, {0, 0, 0}, {}).inconsistency()).empty());
  CHECK(!std::string(model(classes, {1, 2, 3, 4}, {0, 0, 0}, {}).inconsistency()).empty());
  CHECK(!std::string(model(classes, {1}, {0}, {}).inconsistency()).empty());
  CHECK(!std::string(model(tutti::class_set<int>({4}), {1}, {0}, {}).inconsistency()).empty());
}
