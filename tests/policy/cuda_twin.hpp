#pragma once
// The twin of the CUDA policy: the same source over a System that is a plain loop on the host and Thrust's sequential
// system, so that it runs where there is no GPU. Host memory counts as foreign: everything is brought and fetched.

#include <cstddef>
#include <cstring>

#include <thrust/system/cpp/execution_policy.h>

#include <tutti/core/storage.hpp>
#include <tutti/policy/cuda/basic_cuda.cuh>
#include <tutti/policy/seq.hpp>

namespace tutti_test {

struct twin_system {
  template <class T>
  using pack = tutti::basic_seq<>::pack<T>;
  using stream_type = void*;

  void* stream = nullptr;
  int device = -1;
  tutti::device_memory_resource* resource = nullptr;

  void* allocate(std::size_t bytes) const {
    return resource != nullptr ? resource->allocate(bytes, stream) : tutti::detail::allocate_aligned(bytes);
  }
  void deallocate(void* p, std::size_t bytes) const noexcept {
    if (resource != nullptr)
      resource->deallocate(p, bytes, stream);
    else
      tutti::detail::free_aligned(p, bytes);
  }
  void copy(void* to, const void* from, std::size_t bytes) const {
    if (bytes > 0) std::memcpy(to, from, bytes);
  }
  void synchronise() const {}
  int make_current() const { return device; }
  bool reads(const void*) const { return false; }

  template <class F>
  void launch(tutti::index groups, const F& f) const {
    for (tutti::index g = 0; g < groups; ++g) f(g);
  }
  template <class Memory>
  auto execution(Memory& memory) const {
    return thrust::cpp::par(memory);
  }
};

using cuda_twin = tutti::basic_cuda<twin_system>;

}  // namespace tutti_test
