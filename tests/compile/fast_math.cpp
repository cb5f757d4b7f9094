// Bad input is refused also in a build whose flags say that there is no NaN: compiled with -Ofast.
#include <tutti/linear_model/linear_regression.hpp>
#include <tutti/linear_model/logistic_regression.hpp>
#include <tutti/linear_model/ridge.hpp>
#include <tutti/naive_bayes/gaussian_nb.hpp>
#include <tutti/preprocessing/standard_scaler.hpp>

#include "../laws/laws.hpp"

static_assert(__FAST_MATH__, "this test is about -ffast-math");

TEST_CASE_TEMPLATE("what is not finite is refused", T, float, double) {
  using tutti_test::law_bad_input_is_refused;
  SUBCASE("standard_scaler") { law_bad_input_is_refused<T>(tutti::standard_scaler{}, 5, 2); }
  SUBCASE("linear_regression") { law_bad_input_is_refused<T>(tutti::linear_regression{}, 5, 2); }
  SUBCASE("ridge") { law_bad_input_is_refused<T>(tutti::ridge{}, 5, 2); }
  SUBCASE("logistic_regression") { law_bad_input_is_refused<T>(tutti::logistic_regression{}, 5, 3); }
  SUBCASE("logistic_regression, newton_cholesky") {
    law_bad_input_is_refused<T>(tutti::logistic_regression{.solver = tutti::glm_solver::newton_cholesky}, 5, 2);
  }
  SUBCASE("gaussian_nb") { law_bad_input_is_refused<T>(tutti::gaussian_nb{}, 5, 3); }
}
