// expected: constraints not satisfied|no matching
#include <tutti/linear_model/ridge.hpp>

auto f(const tutti::matrix<double>& X, const std::vector<double>& y) { return tutti::ridge{}.fit(X, y, y); }
