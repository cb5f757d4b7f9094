// The main of the tests that nvcc compiles: skipped where there is no device.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>

#include <cuda_runtime_api.h>
#include <oneapi/tbb/global_control.h>

int main(int argc, char** argv) {
  int devices = 0;
  if (const cudaError_t e = cudaGetDeviceCount(&devices); e != cudaSuccess || devices == 0) {
    std::printf("skipped: there is no CUDA device (%s)\n", cudaGetErrorString(e));
    return 77;
  }
  const tbb::global_control eight_threads(tbb::global_control::max_allowed_parallelism, 8);
  return doctest::Context(argc, argv).run();
}
