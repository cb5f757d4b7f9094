#include <tutti/neighbors/k_neighbors.hpp>

#include "laws.hpp"

namespace {

constexpr tutti_test::promise same{.same_bits_on_all_policies = true,
                                   .tolerance_double = 1e-12,
                                   .tolerance_float = 1e-6,
                                   .least_samples = 3,
                                   .one_in = 16};

}  // namespace

TEST_CASE_TEMPLATE("k_neighbors_classifier", T, float, double) {
  tutti_test::all_laws<T>(tutti::k_neighbors_classifier{.n_neighbors = 3}, same, 3);
}

TEST_CASE_TEMPLATE("k_neighbors_regressor", T, float, double) {
  tutti_test::all_laws<T>(
      tutti::k_neighbors_regressor{.n_neighbors = 3, .weights = tutti::neighbor_weights::distance}, same);
}
