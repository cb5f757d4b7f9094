#include <tutti/neighbors/k_neighbors.hpp>
#include <tutti/neighbors/radius_neighbors.hpp>

#include "../laws/laws.hpp"

namespace {

constexpr tutti_test::promise any_number{.same_bits_on_all_policies = true,
                                         .tolerance_double = 1e-12,
                                         .tolerance_float = 1e-6,
                                         .one_in = 8};
constexpr tutti_test::promise three{.same_bits_on_all_policies = true,
                                    .tolerance_double = 1e-12,
                                    .tolerance_float = 1e-6,
                                    .least_samples = 3,
                                    .one_in = 8};

}  // namespace

TEST_CASE_TEMPLATE("k_neighbors_classifier by manhattan", T, float, double) {
  tutti_test::all_laws<T>(tutti::basic_k_neighbors_classifier<tutti::manhattan>{.n_neighbors = 3}, three, 3);
}

TEST_CASE_TEMPLATE("k_neighbors_regressor by manhattan", T, float, double) {
  tutti_test::all_laws<T>(tutti::basic_k_neighbors_regressor<tutti::manhattan>{.n_neighbors = 3}, three);
}

// The laws ask samples about themselves: each has a neighbour, at distance 0.
TEST_CASE_TEMPLATE("radius_neighbors_classifier", T, float, double) {
  tutti_test::all_laws<T>(tutti::radius_neighbors_classifier{.radius = 1.5, .outlier_label = 40}, any_number, 3);
}

TEST_CASE_TEMPLATE("radius_neighbors_regressor", T, float, double) {
  tutti_test::all_laws<T>(
      tutti::radius_neighbors_regressor{.radius = 1.5, .weights = tutti::neighbor_weights::distance}, any_number);
}
