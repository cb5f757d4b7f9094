# What the tests, examples and benchmarks of this tree share. Nothing here reaches a consumer.

foreach(_c IN ITEMS eigen simd par par_simd)
  if(NOT TUTTI_FOUND_${_c})
    message(FATAL_ERROR "The tests, examples and benchmarks need tutti::${_c}. On Debian: "
      "apt-get install libeigen3-dev libtbb-dev libxsimd-dev")
  endif()
endforeach()

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_EXTENSIONS OFF)

add_library(tutti_warnings INTERFACE)
target_compile_options(tutti_warnings INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall;-Wextra;-Wpedantic;-Wconversion;-Wshadow;-Werror>)

# For programs that are run where they are built.
add_library(tutti_native INTERFACE)
if(TUTTI_NATIVE)
  target_compile_options(tutti_native INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-march=native>)
endif()

set(TUTTI_HAVE_NVCC FALSE)
if(NOT TUTTI_CUDA STREQUAL "OFF" AND TUTTI_FOUND_cuda)
  include(CheckLanguage)
  check_language(CUDA)
  if(CMAKE_CUDA_COMPILER)
    if(NOT DEFINED CMAKE_CUDA_ARCHITECTURES)
      set(CMAKE_CUDA_ARCHITECTURES 90)  # not "native": that needs a device
    endif()
    enable_language(CUDA)
    # CMake knows C++20 for nvcc from 3.25.2 on; Debian 12 has 3.25.1.
    if(NOT DEFINED CMAKE_CUDA20_STANDARD_COMPILE_OPTION)
      set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION "-std=c++20")
      set(CMAKE_CUDA20_EXTENSION_COMPILE_OPTION "-std=c++20")
      list(APPEND CMAKE_CUDA_COMPILE_FEATURES cuda_std_20)
    endif()
    set(TUTTI_HAVE_NVCC TRUE)
  endif()
endif()
if(TUTTI_CUDA STREQUAL "ON" AND NOT TUTTI_HAVE_NVCC)
  message(FATAL_ERROR "TUTTI_CUDA is ON, but there is no CUDA compiler (set CUDACXX) or toolkit 12.9")
endif()
message(STATUS "nvcc: ${TUTTI_HAVE_NVCC}")
