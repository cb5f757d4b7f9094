#pragma once
// What the pages of docs/ and the README speak of without declaring it.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <tutti/core/matrix.hpp>

extern const tutti::matrix<double> X;        // [n x p] training samples
extern const tutti::matrix<double> X_new;    // [m x p] samples to predict
extern const std::vector<double> y;          // [n] targets
extern const std::vector<double> y_new;      // [m]
extern const tutti::matrix<double> Y;        // [n x k] several targets
extern const std::vector<int> labels;        // [n] classes
extern const std::vector<int> labels_new;    // [m]
extern const std::vector<double> weights;    // [n] sample weights
