// expected: no matching function|deleted|no matching constructor
#include <tutti/linear_model/ridge.hpp>

tutti::linear_regressor<double> model;  // only fit and load make models
