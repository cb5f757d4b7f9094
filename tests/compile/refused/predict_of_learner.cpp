// expected: no member named
#include <tutti/linear_model/ridge.hpp>
#include <tutti/policy/seq.hpp>

auto f(const tutti::matrix<double>& X) { return tutti::ridge{}.predict(tutti::seq, X); }
