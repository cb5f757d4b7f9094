// expected: constraints not satisfied|no matching member function
#include <Eigen/Core>

#include <tutti/linear_model/ridge.hpp>
#include <tutti/policy/seq.hpp>

// An expression has no memory: taking it would be a hidden copy.
auto f(const Eigen::MatrixXd& X, const Eigen::VectorXd& y) { return tutti::ridge{}.fit(tutti::seq, 2 * X, y); }
