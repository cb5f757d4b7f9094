// A consumer with `-I include` and Eigen alone.
#include <cmath>
#include <cstdio>

#include <Eigen/Core>

#include <tutti/linear_model/linear_regression.hpp>
#include <tutti/policy/seq.hpp>

int main() {
  Eigen::MatrixXd X(5, 1);
  X << 1, 2, 3, 4, 5;
  const Eigen::VectorXd y = (2 * X).array() + 1;
  const auto model = tutti::linear_regression{}.fit(tutti::seq, X, y);
  std::printf("y = %.3f x + %.3f\n", model.coef()[0], model.intercept());
  return model.rank() == 1 && std::abs(model.coef()[0] - 2) < 1e-12 && std::abs(model.intercept() - 1) < 1e-12 ? 0 : 1;
}
