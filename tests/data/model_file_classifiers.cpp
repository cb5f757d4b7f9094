// Every classifier in its file, for each scalar type and kind of label.

#include <tutti/data/model_file.hpp>

#include <doctest/doctest.h>

#include <tutti/linear_model/logistic_regression.hpp>

#include "saved_models.hpp"

namespace tutti_test {

namespace {

/// Logistic regression of k classes, there and back.
template <class T, class L>
void check_logistic_regression(index k) {
  CAPTURE(k);
  const auto X = random_matrix<T>(80, 5);
  const auto model = tutti::logistic_regression{}.fit(tutti::seq, X, labels_for<L>(X, k));
  const auto loaded = saved_and_loaded(model);
  CHECK(loaded.classes().size() == static_cast<std::size_t>(k));
  CHECK(doubles(loaded.coef()) == doubles(model.coef()));
  CHECK(loaded.report() == model.report());
  check_same_answers(model, loaded, X);
}

}  // namespace

TEST_CASE_TEMPLATE("a binary logistic regression comes back from its file", T, float, double) {
  check_logistic_regression<T, int>(2);
  check_logistic_regression<T, long long>(2);
  check_logistic_regression<T, species>(2);
  check_logistic_regression<T, unsigned char>(2);
}

TEST_CASE_TEMPLATE("a multinomial logistic regression comes back from its file", T, float, double) {
  check_logistic_regression<T, int>(3);
  check_logistic_regression<T, long long>(3);
  check_logistic_regression<T, species>(3);
  check_logistic_regression<T, unsigned char>(3);
}

}  // namespace tutti_test
