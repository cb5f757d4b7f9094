// expected: constraints not satisfied|no matching member function
#include <tutti/linear_model/ridge.hpp>
#include <tutti/policy/seq.hpp>

auto f(const tutti::matrix<int>& X, const std::vector<double>& y) { return tutti::ridge{}.fit(tutti::seq, X, y); }
