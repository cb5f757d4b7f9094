#include <tutti/naive_bayes/gaussian_nb.hpp>

#include "incremental.hpp"

constexpr tutti_test::promise promised{
    .same_bits_on_all_policies = true, .tolerance_double = 1e-12, .tolerance_float = 1e-5};

TEST_CASE_TEMPLATE("gaussian_nb", T, float, double) { tutti_test::all_laws<T>(tutti::gaussian_nb{}, promised, 3); }

TEST_CASE_TEMPLATE("gaussian_nb in batches", T, float, double) {
  tutti_test::incremental_laws<T>(tutti::gaussian_nb{}, promised, 4);
}
