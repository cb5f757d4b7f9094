#include <tutti/linear_model/logistic_regression.hpp>

#include "laws.hpp"

using tutti::glm_solver;
using tutti::logistic_regression;

constexpr tutti_test::promise exact{
    .same_bits_on_all_policies = true, .tolerance_double = 1e-7, .tolerance_float = 2e-3};

TEST_CASE_TEMPLATE("logistic_regression, four classes, lbfgs", T, float, double) {
  tutti_test::all_laws<T>(logistic_regression{.tol = sizeof(T) == 4 ? 1e-5 : 1e-9, .max_iter = 500}, exact, 4);
}
