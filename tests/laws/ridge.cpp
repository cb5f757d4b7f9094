#include <tutti/linear_model/ridge.hpp>

#include "laws.hpp"

TEST_CASE_TEMPLATE("ridge", T, float, double) {
  tutti_test::all_laws<T>(tutti::ridge{},
                          {.same_bits_on_all_policies = false, .tolerance_double = 1e-9, .tolerance_float = 1e-4});
}
