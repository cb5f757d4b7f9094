#include <tutti/linear_model/linear_regression.hpp>

#include "laws.hpp"

TEST_CASE_TEMPLATE("linear_regression", T, float, double) {
  tutti_test::all_laws<T>(tutti::linear_regression{},
                          {.same_bits_on_all_policies = false, .tolerance_double = 1e-9, .tolerance_float = 1e-4});
}
