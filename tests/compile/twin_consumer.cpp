// A program that uses the CUDA policy's source, on the host.
#include "../policy/cuda_twin.hpp"
#include "every_learner.hpp"

double twin_consumer(const tutti::matrix<float>& X, const std::vector<float>& y, const std::vector<int>& labels);
double twin_consumer(const tutti::matrix<float>& X, const std::vector<float>& y, const std::vector<int>& labels) {
  std::vector<int> keys = labels, values = labels;
  tutti_test::cuda_twin{}.sort_pairs(keys.data(), values.data(), tutti::index(keys.size()));
  return every_learner(tutti_test::cuda_twin{}, X, y, labels);
}
