# What computes with vectors, once more for instruction sets above the baseline. Where the machine has none of them, the
# tests are compiled and shown as skipped.

include(CheckCXXSourceRuns)

# Without contraction the policies of registers spelled out round their multiply-adds twice and xsimd's once: the tolerances
# between policies have something to bear. The false alarms are of GCC 12 about its own AVX-512 intrinsics.
set(_isa_flags_avx2 -mavx2 -mfma -ffp-contract=off)
set(_isa_flags_avx512 -mavx512f -mavx512cd -mavx512dq -mavx512bw -mavx512vl -mfma
  $<$<CXX_COMPILER_ID:GNU>:-Wno-uninitialized> $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
set(_isa_needs_avx2 "avx2\") && __builtin_cpu_supports(\"fma")
set(_isa_needs_avx512 "avx512bw\") && __builtin_cpu_supports(\"avx512dq\") && __builtin_cpu_supports(\"avx512vl")

foreach(_isa IN ITEMS avx2 avx512)
  check_cxx_source_runs("int main() { return __builtin_cpu_supports(\"${_isa_needs_${_isa}}\") ? 0 : 1; }"
    TUTTI_MACHINE_HAS_${_isa})
endforeach()

# The widest that the machine has; the others where there is time for them.
set(_isas avx2 avx512)
if(NOT TUTTI_TEST_MORE)
  set(_isas avx2)
  if(TUTTI_MACHINE_HAS_avx512)
    set(_isas avx512)
  endif()
endif()

foreach(_isa IN LISTS _isas)
  set(_names core/math policy/policy policy/pack policy/transpose policy/xsimd_register algorithm/gram algorithm/near_vector
    algorithm/glm_pass algorithm/cross algorithm/moments algorithm/multiply algorithm/scores data/synthetic tree/walk
    tree/value_histogram laws/same_bits_everywhere)
  if(TUTTI_TEST_MORE)
    list(APPEND _names laws/gaussian_nb laws/logistic_regression laws/ridge)
  endif()
  foreach(_name IN LISTS _names)
    tutti_test_program(${_isa}/${_name} ${_name}.cpp ${_isa_flags_${_isa}})
    if(NOT TUTTI_MACHINE_HAS_${_isa})
      set_tests_properties(${_isa}/${_name} PROPERTIES DISABLED TRUE)
    endif()
  endforeach()
endforeach()
