#pragma once
// cuda: a GPU (CUDA, Thrust). Compile with nvcc; the target tutti::cuda adds the flags that kernels need.

#include <tutti/policy/cuda/basic_cuda.cuh>
#include <tutti/policy/cuda/device_system.cuh>

namespace tutti {

/// The device current in the calling thread, on its own stream, unless told otherwise:
/// `cuda.on(stream)`, `cuda.device(1)`, `cuda.memory(resource)`.
inline constexpr basic_cuda<cuda_detail::device_system> cuda{};

}  // namespace tutti
