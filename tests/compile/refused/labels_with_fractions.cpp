// expected: constraints not satisfied|no matching member function
#include <tutti/naive_bayes/gaussian_nb.hpp>
#include <tutti/policy/seq.hpp>

auto f(const tutti::matrix<double>& X, const std::vector<double>& y) { return tutti::gaussian_nb{}.fit(tutti::seq, X, y); }
