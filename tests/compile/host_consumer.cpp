// A program that uses every host policy.
#include <tutti/policy/par.hpp>
#include <tutti/policy/par_simd.hpp>
#include <tutti/policy/simd.hpp>

#include "every_learner.hpp"

double host_consumer(const tutti::matrix<float>& X, const std::vector<float>& y, const std::vector<int>& labels);
double host_consumer(const tutti::matrix<float>& X, const std::vector<float>& y, const std::vector<int>& labels) {
  return every_learner(tutti::seq, X, y, labels) + every_learner(tutti::simd, X, y, labels) +
         every_learner(tutti::par, X, y, labels) + every_learner(tutti::par_simd, X, y, labels);
}
