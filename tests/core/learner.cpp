#include <tutti/core/learner.hpp>

#include <vector>

#include <doctest/doctest.h>

#include <tutti/linear_model/logistic_regression.hpp>
#include <tutti/linear_model/ridge.hpp>
#include <tutti/naive_bayes/gaussian_nb.hpp>
#include <tutti/preprocessing/standard_scaler.hpp>

#include "../policies.hpp"

using X = tutti::matrix<float>;
using tutti::matrix;
using one_thread = tutti::basic_seq<>;

TEST_CASE("learners are aggregates, models are what the concepts say") {
  static_assert(tutti::learner<tutti::ridge> && tutti::learner<tutti::logistic_regression>);
  static_assert(tutti::supervised_learner<tutti::ridge, one_thread, X, std::vector<float>>);
  static_assert(tutti::supervised_learner<tutti::gaussian_nb, one_thread, X, std::vector<int>>);
  static_assert(tutti::unsupervised_learner<tutti::standard_scaler, one_thread, X>);
  static_assert(tutti::predictor<tutti::ridge_model<float>, one_thread, X>);
  static_assert(!tutti::classifier<tutti::ridge_model<float>, one_thread, X>);
  static_assert(tutti::classifier<tutti::logistic_regression_model<float, int>, one_thread, X>);
  static_assert(tutti::transformer<tutti::standard_scaler_model<float>, one_thread, X>);
  static_assert(tutti::persistent<tutti::gaussian_nb_model<double, char>>);
}

TEST_CASE("a model cannot be had without fitting, and predicts for its own scalar type only") {
  static_assert(!std::is_default_constructible_v<tutti::ridge_model<float>>);
  static_assert(!std::is_default_constructible_v<tutti::logistic_regression_model<float, int>>);
  static_assert(!tutti::predictor<tutti::ridge_model<float>, one_thread, matrix<double>>);
  static_assert(!tutti::supervised_learner<tutti::gaussian_nb, one_thread, X, std::vector<float>>, "labels are not numbers");
}

TEST_CASE("predicting needs a const model only") {
  const X x(20, 2, 1.0f);
  const std::vector<float> y(20, 3.0f);
  const auto model = tutti::ridge{}.fit(tutti::seq, x, y);
  static_assert(std::is_const_v<decltype(model)>);
  CHECK(model.predict(tutti::par, x).front() == doctest::Approx(3));
}
