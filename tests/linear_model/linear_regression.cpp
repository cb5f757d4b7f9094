#include <tutti/linear_model/linear_regression.hpp>

#include <Eigen/Dense>
#include <doctest/doctest.h>

#include <tutti/policy/par.hpp>
#include <tutti/policy/seq.hpp>

TEST_CASE("a line through points is found, with any weights and types of target") {
  Eigen::MatrixXd X(4, 1);
  X << 1, 2, 3, 4;
  const std::vector<int> y{5, 7, 9, 11};
  const auto model = tutti::linear_regression{}.fit(tutti::seq, X, y, std::vector<short>{1, 0, 2, 5});
  CHECK(model.coef()[0] == doctest::Approx(2));
  CHECK(model.intercept() == doctest::Approx(3));
  CHECK(model.rank() == 1);
}

TEST_CASE("dependent features: the shortest solution, and the rank says so") {
  Eigen::MatrixXd X = Eigen::MatrixXd::Random(50, 3);
  X.col(2) = X.col(0);
  const Eigen::VectorXd y = 4 * X.col(0) - X.col(1);
  const auto model = tutti::linear_regression{}.fit(tutti::par, X, y);
  CHECK(model.rank() == 2);
  CHECK(model.coef()[0] == doctest::Approx(2));
  CHECK(model.coef()[2] == doctest::Approx(2));
  CHECK(model.coef()[1] == doctest::Approx(-1));
}

TEST_CASE("fewer samples than features are fitted exactly") {
  const Eigen::MatrixXd X = Eigen::MatrixXd::Random(5, 20);
  const Eigen::VectorXd y = Eigen::VectorXd::Random(5);
  const auto model = tutti::linear_regression{}.fit(tutti::par, X, y);
  CHECK(model.rank() == 4);  // of the centred features
  const auto fitted = model.predict(tutti::seq, X);
  for (int i = 0; i < 5; ++i) CHECK(fitted[std::size_t(i)] == doctest::Approx(y(i)).epsilon(1e-9));
}
