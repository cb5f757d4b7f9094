#pragma once
// A CUDA device: memory, copies, launches. What basic_cuda asks of its System.

#include <cstddef>
#include <string>

#include <cuda_runtime_api.h>
#include <thrust/system/cuda/execution_policy.h>

#include <tutti/core/error.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/cuda/memory_resource.hpp>
#include <tutti/policy/cuda/simt_pack.cuh>

namespace tutti::cuda_detail {

inline void require_success(cudaError_t status, const char* what) {
  if (status != cudaSuccess) throw device_error(std::string(what) + ": " + cudaGetErrorString(status));
}

/// Makes a device current in this thread for as long as it lives.
class device_guard {
 public:
  explicit device_guard(int device) {
    if (device < 0) return;
    require_success(cudaGetDevice(&before_), "cudaGetDevice");
    require_success(cudaSetDevice(device), "cudaSetDevice");
  }
  device_guard(const device_guard&) = delete;
  device_guard& operator=(const device_guard&) = delete;
  ~device_guard() {
    if (before_ >= 0) static_cast<void>(cudaSetDevice(before_));
  }

 private:
  int before_ = -1;
};

/// f(g) by group g of 16 threads.
template <class F>
__global__ void run_groups(F f, index groups) {
  const index g = (static_cast<index>(blockIdx.x) * blockDim.x + threadIdx.x) / group_threads;
  if (g < groups) f(g);
}

struct device_system {
  template <class T>
  using pack = simt_pack<T>;
  using stream_type = cudaStream_t;

  cudaStream_t stream = nullptr;  ///< null: the stream of the calling thread, never the legacy one
  int device = -1;                ///< -1: the one current in the calling thread
  device_memory_resource* resource = nullptr;

  cudaStream_t queue() const { return stream == nullptr ? cudaStreamPerThread : stream; }

  /// throws   out_of_device_memory
  void* allocate(std::size_t bytes) const {
    const device_guard guard(device);
    if (resource != nullptr) return resource->allocate(bytes, queue());
    void* p = nullptr;
    const cudaError_t status = cudaMallocAsync(&p, bytes, queue());
    if (status == cudaErrorMemoryAllocation) {
      static_cast<void>(cudaGetLastError());
      std::size_t available = 0, total = 0;
      require_success(cudaMemGetInfo(&available, &total), "cudaMemGetInfo");
      throw out_of_device_memory(bytes, available);
    }
    require_success(status, "cudaMallocAsync");
    return p;
  }

  /// The stream of the calling thread is that of its current device.
  void deallocate(void* p, std::size_t bytes) const noexcept {
    if (resource != nullptr) return resource->deallocate(p, bytes, queue());
    int before = -1;
    if (device >= 0 && cudaGetDevice(&before) == cudaSuccess) static_cast<void>(cudaSetDevice(device));
    static_cast<void>(cudaFreeAsync(p, queue()));
    if (before >= 0) static_cast<void>(cudaSetDevice(before));
  }

  /// Calls of this thread go to the device for as long as the result lives.
  device_guard make_current() const { return device_guard(device); }

  /// Between any two memories, in the order of the stream.
  void copy(void* to, const void* from, std::size_t bytes) const {
    const device_guard guard(device);
    if (bytes > 0) require_success(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDefault, queue()), "cudaMemcpyAsync");
  }

  void synchronise() const {
    const device_guard guard(device);
    require_success(cudaStreamSynchronize(queue()), "cudaStreamSynchronize");
  }

  /// Whether kernels may read this address.
  bool reads(const void* p) const {
    cudaPointerAttributes attributes{};
    require_success(cudaPointerGetAttributes(&attributes, p), "cudaPointerGetAttributes");
    return attributes.type == cudaMemoryTypeDevice || attributes.type == cudaMemoryTypeManaged;
  }

  template <class F>
  void launch(index groups, const F& f) const {
    constexpr int threads = 128;
    if (groups == 0) return;
    const device_guard guard(device);
    const auto grid = static_cast<unsigned>((groups * group_threads + threads - 1) / threads);
    run_groups<<<grid, threads, 0, queue()>>>(f, groups);
    require_success(cudaGetLastError(), "kernel launch");
  }

  template <class Memory>
  auto execution(Memory& memory) const {
    return thrust::cuda::par_nosync(memory).on(queue());
  }
};

}  // namespace tutti::cuda_detail
