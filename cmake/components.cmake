# One target a component: tutti::tutti needs nothing, each other adds one dependency and the headers that use it.

file(GLOB_RECURSE _tutti_headers CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}/include"
  "${PROJECT_SOURCE_DIR}/include/tutti/*.hpp" "${PROJECT_SOURCE_DIR}/include/tutti/*.cuh")

set(TUTTI_COMPONENTS tutti eigen simd par par_simd cuda)
set(_tutti_headers_eigen tutti/core/eigen.hpp)
set(_tutti_headers_simd tutti/policy/simd.hpp tutti/policy/xsimd_register.hpp)
set(_tutti_headers_par tutti/policy/par.hpp tutti/policy/parallel_loops.hpp tutti/policy/parallel_options.hpp)
set(_tutti_headers_par_simd tutti/policy/par_simd.hpp)
set(_tutti_headers_cuda ${_tutti_headers})
list(FILTER _tutti_headers_cuda INCLUDE REGEX "\\.cuh$|/policy/cuda/")
set(_tutti_headers_tutti ${_tutti_headers})
foreach(_c IN ITEMS eigen simd par par_simd cuda)
  list(REMOVE_ITEM _tutti_headers_tutti ${_tutti_headers_${_c}})
endforeach()

set(_tutti_links_tutti "")
set(_tutti_links_eigen tutti::tutti Eigen3::Eigen)
set(_tutti_links_simd tutti::tutti tutti::dependency_xsimd)
set(_tutti_links_par tutti::tutti TBB::tbb)
set(_tutti_links_par_simd tutti::par tutti::simd)
set(_tutti_links_cuda tutti::tutti CUDA::cudart CCCL::CCCL)

foreach(_c IN LISTS TUTTI_COMPONENTS)
  tutti_find_dependency(${_c})
  if(PROJECT_IS_TOP_LEVEL)
    message(STATUS "tutti::${_c}: ${TUTTI_FOUND_${_c}}")
  endif()
  add_library(tutti_${_c} INTERFACE)
  add_library(tutti::${_c} ALIAS tutti_${_c})
  set_target_properties(tutti_${_c} PROPERTIES EXPORT_NAME ${_c})
  list(TRANSFORM _tutti_headers_${_c} PREPEND "${PROJECT_SOURCE_DIR}/include/" OUTPUT_VARIABLE _files)
  target_sources(tutti_${_c} INTERFACE FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/include" FILES ${_files})
  target_link_libraries(tutti_${_c} INTERFACE ${_tutti_links_${_c}})
endforeach()
target_compile_features(tutti_tutti INTERFACE cxx_std_20)

# Kernels are constexpr functions that run on the device as they are; loops are unrolled by GCC's pragma.
target_compile_options(tutti_cuda INTERFACE
  "$<$<COMPILE_LANGUAGE:CUDA>:--expt-relaxed-constexpr;-diag-suppress=1675>")
