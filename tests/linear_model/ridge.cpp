#include <tutti/linear_model/ridge.hpp>

#include <Eigen/Dense>
#include <doctest/doctest.h>

#include <tutti/core/eigen.hpp>
#include <tutti/policy/par.hpp>
#include <tutti/policy/seq.hpp>

#include "../support/check.hpp"

TEST_CASE("coefficients solve the penalised normal equations") {
  const Eigen::MatrixXd X = Eigen::MatrixXd::Random(200, 6);
  const Eigen::VectorXd y = Eigen::VectorXd::Random(200);
  for (const double alpha : {0.0, 0.3, 50.0}) {
    const auto without = tutti::ridge{.alpha = alpha, .fit_intercept = false}.fit(tutti::par, X, y);
    const Eigen::MatrixXd A = X.transpose() * X + alpha * Eigen::MatrixXd::Identity(6, 6);
    const Eigen::VectorXd expected = A.ldlt().solve(X.transpose() * y);
    CHECK((Eigen::Map<const Eigen::VectorXd>(without.coef().data(), 6) - expected).norm() < 1e-12);
    CHECK(without.intercept() == 0);
  }
}

TEST_CASE("the constant is not penalised") {
  const Eigen::MatrixXd X = Eigen::MatrixXd::Random(100, 2);
  const Eigen::VectorXd y = Eigen::VectorXd::Constant(100, 1000);
  const auto model = tutti::ridge{.alpha = 1e9}.fit(tutti::seq, X, y);
  CHECK(model.intercept() == doctest::Approx(1000));
  CHECK(std::abs(model.coef()[0]) < 1e-9);
}

TEST_CASE("several targets are fitted each on its own") {
  const Eigen::MatrixXf X = Eigen::MatrixXf::Random(300, 4), Y = Eigen::MatrixXf::Random(300, 3);
  const auto all = tutti::ridge{}.fit(tutti::par, X, Y);
  CHECK(all.n_targets() == 3);
  const auto P = all.predict(tutti::par, X);
  for (int k = 0; k < 3; ++k) {
    const Eigen::VectorXf y = Y.col(k);
    const auto one = tutti::ridge{}.fit(tutti::par, X, y);
    for (int j = 0; j < 4; ++j) CHECK(all.coef()(k, j) == doctest::Approx(one.coef()[std::size_t(j)]).epsilon(1e-4));
    CHECK(P(7, k) == doctest::Approx(one.predict(tutti::seq, X)[7]).epsilon(1e-4));
  }
  tutti_test::check_throws<tutti::invalid_input>([&] { tutti::ridge{}.fit(tutti::seq, X, Y.topRows(10)); }, {"300", "10"});
}

TEST_CASE("a negative or infinite alpha is refused") {
  const Eigen::MatrixXd X = Eigen::MatrixXd::Random(5, 1);
  const Eigen::VectorXd y = Eigen::VectorXd::Random(5);
  tutti_test::check_throws<tutti::invalid_input>([&] { tutti::ridge{.alpha = -0.5}.fit(tutti::seq, X, y); }, {"alpha", "-0.5"});
  tutti_test::check_throws<tutti::invalid_input>([&] { tutti::ridge{.alpha = INFINITY}.fit(tutti::seq, X, y); }, {"alpha"});
}
