#include <tutti/linear_model/logistic_regression.hpp>

#include "laws.hpp"

using tutti::glm_solver;
using tutti::logistic_regression;

// The lines of lbfgs use no fused operation: the same bits on every policy. Newton steps solve with fused products.
constexpr tutti_test::promise exact{
    .same_bits_on_all_policies = true, .tolerance_double = 1e-7, .tolerance_float = 2e-3};
constexpr tutti_test::promise tolerant{
    .same_bits_on_all_policies = false, .tolerance_double = 1e-7, .tolerance_float = 1e-4};

TEST_CASE_TEMPLATE("logistic_regression, two classes, lbfgs", T, float, double) {
  tutti_test::all_laws<T>(logistic_regression{.tol = sizeof(T) == 4 ? 1e-5 : 1e-9, .max_iter = 500}, exact);
}

TEST_CASE_TEMPLATE("logistic_regression, two classes, newton_cholesky", T, float, double) {
  tutti_test::all_laws<T>(
      logistic_regression{.tol = sizeof(T) == 4 ? 1e-6 : 1e-10, .solver = glm_solver::newton_cholesky}, tolerant);
}
