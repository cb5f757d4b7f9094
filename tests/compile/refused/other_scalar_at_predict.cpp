// expected: constraints not satisfied|no matching member function
#include <tutti/linear_model/ridge.hpp>
#include <tutti/policy/seq.hpp>

auto f(const tutti::linear_regressor<double>& model, const tutti::matrix<float>& X) { return model.predict(tutti::seq, X); }
