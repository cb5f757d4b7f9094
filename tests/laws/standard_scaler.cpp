#include <tutti/preprocessing/standard_scaler.hpp>

#include "incremental.hpp"

constexpr tutti_test::promise promised{
    .same_bits_on_all_policies = true, .tolerance_double = 1e-12, .tolerance_float = 1e-5};

TEST_CASE_TEMPLATE("standard_scaler", T, float, double) { tutti_test::all_laws<T>(tutti::standard_scaler{}, promised); }

TEST_CASE_TEMPLATE("standard_scaler in batches", T, float, double) {
  tutti_test::incremental_laws<T>(tutti::standard_scaler{}, promised);
}
