#include <tutti/neighbors/nearest_centroid.hpp>

#include "laws.hpp"

TEST_CASE_TEMPLATE("nearest_centroid", T, float, double) {
  tutti_test::all_laws<T>(tutti::nearest_centroid{.shrink_threshold = 0.2},
                          {.same_bits_on_all_policies = true, .tolerance_double = 1e-12, .tolerance_float = 1e-5}, 3);
}
