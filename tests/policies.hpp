#pragma once
// The policies that every law and contract test runs on, in one list.

#include <string>

#include <tutti/policy/par.hpp>
#include <tutti/policy/par_simd.hpp>
#include <tutti/policy/seq.hpp>
#include <tutti/policy/simd.hpp>
#if defined(TUTTI_TEST_TWIN)
#include "policy/cuda_twin.hpp"
#endif
#if defined(__CUDACC__)
#include <tutti/policy/cuda.cuh>
#endif

namespace tutti_test {

/// f(policy, name) for each policy.
template <class F>
void for_policies(const F& f) {
  f(tutti::seq, std::string("seq"));
  f(tutti::simd, std::string("simd"));
  f(tutti::par, std::string("par"));
  f(tutti::par_simd, std::string("par_simd"));
#if defined(TUTTI_TEST_TWIN)
  f(cuda_twin{}, std::string("cuda twin"));
#endif
#if defined(__CUDACC__)
  f(tutti::cuda, std::string("cuda"));
#endif
}

/// f(policy, name) for each number of threads that must not matter.
template <class F>
void for_thread_counts(const F& f) {
  for (const int threads : {1, 2, 3, 7}) f(tutti::par_simd.threads(threads), threads);
}

}  // namespace tutti_test
