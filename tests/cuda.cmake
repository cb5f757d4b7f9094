# The same test files, compiled by nvcc: there `cuda` stands in the list of policies. Without a device the programs say so
# and are shown as skipped.

add_library(tutti_test_main_cuda OBJECT main_cuda.cpp)
target_link_libraries(tutti_test_main_cuda PUBLIC doctest::doctest TBB::tbb CUDA::cudart)
add_custom_target(tests_cuda)

set(_names policy/policy algorithm/cross algorithm/glm_pass algorithm/moments algorithm/multiply laws/logistic_regression)
if(TUTTI_TEST_MORE)
  list(APPEND _names laws/gaussian_nb laws/k_neighbors laws/nearest_centroid laws/linear_regression laws/logistic_regression_multinomial_lbfgs
    laws/logistic_regression_multinomial_newton laws/random_forest laws/ridge laws/standard_scaler)
endif()
foreach(_name IN LISTS _names)
  string(REPLACE "/" "_" _program "test_cuda_${_name}")
  file(CONFIGURE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/cuda/${_name}.cu"
    CONTENT "#include \"${CMAKE_CURRENT_SOURCE_DIR}/${_name}.cpp\"\n")
  add_executable(${_program} "${CMAKE_CURRENT_BINARY_DIR}/cuda/${_name}.cu")
  target_link_libraries(${_program} PRIVATE tutti::par_simd tutti::cuda tutti_test_main_cuda)
  add_test(NAME cuda/${_name} COMMAND ${_program})
  set_tests_properties(cuda/${_name} PROPERTIES TIMEOUT 2700 SKIP_RETURN_CODE 77)
  add_dependencies(tests_cuda ${_program})
endforeach()
