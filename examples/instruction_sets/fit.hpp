#pragma once
// One function, compiled once for each instruction set.

#include <vector>

#include <tutti/core/matrix.hpp>
#include <tutti/naive_bayes/gaussian_nb.hpp>

using label_list = std::vector<int>;

label_list predict_baseline(const tutti::matrix<float>& X, const label_list& y);
label_list predict_avx2(const tutti::matrix<float>& X, const label_list& y);
label_list predict_avx512(const tutti::matrix<float>& X, const label_list& y);

/// The policy's type names the instruction set, so each file that calls this has a function of its own.
template <class Policy>
label_list predict_with(const Policy& policy, const tutti::matrix<float>& X, const label_list& y) {
  const auto model = tutti::gaussian_nb{}.fit(policy, X, y);
  return model.predict(policy, X);
}
