#include <tutti/policy/par_simd.hpp>

#include "fit.hpp"

label_list predict_avx512(const tutti::matrix<float>& X, const label_list& y) { return predict_with(tutti::par_simd, X, y); }
