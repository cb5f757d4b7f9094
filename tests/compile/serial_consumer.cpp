// A program that uses one thread and no library.
#include "every_learner.hpp"

double serial_consumer(const tutti::matrix<float>& X, const std::vector<float>& y, const std::vector<int>& labels);
double serial_consumer(const tutti::matrix<float>& X, const std::vector<float>& y, const std::vector<int>& labels) {
  return every_learner(tutti::seq, X, y, labels);
}
