// Scalers in their file: what is loaded transforms, and goes on learning, as if it had never been there.

#include <tutti/data/model_file.hpp>

#include <string>

#include <doctest/doctest.h>

#include <tutti/preprocessing/standard_scaler.hpp>

#include "saved_models.hpp"

namespace tutti_test {

namespace {

template <class T>
void check_scaler(const tutti::standard_scaler& learner) {
  const auto X = random_matrix<T>(90, 19);
  auto straight = learner.start<T>(19);
  auto resumed = saved_and_loaded(straight);
  check_same_answers(straight, resumed, X);
  for (const index begin : {0, 30, 60}) {
    const auto rows = tutti::view(X).middle_rows(begin, begin + 30);
    const auto weights = random_weights<T>(30);
    learner.partial_fit(tutti::seq, straight, rows, weights);
    learner.partial_fit(tutti::par_simd, resumed, rows, weights);
    resumed = saved_and_loaded(resumed);
    CHECK(resumed == straight);
    check_same_answers(straight, resumed, X);
  }
}

}  // namespace

TEST_CASE_TEMPLATE("a standard scaler comes back from its file and goes on learning", T, float, double) {
  check_scaler<T>({});
  check_scaler<T>({.with_mean = false});
  check_scaler<T>({.with_std = false});
  check_scaler<T>({.with_mean = false, .with_std = false});
}

TEST_CASE("a scaler of one feature, of a constant one and of very large numbers comes back") {
  for (const double value : {0.0, 3.0, 1e100}) {
    const tutti::matrix<double> X(7, 1, value);
    const auto model = tutti::standard_scaler{}.fit(tutti::seq, X);
    check_same_answers(model, saved_and_loaded(model), X);
  }
}

}  // namespace tutti_test
