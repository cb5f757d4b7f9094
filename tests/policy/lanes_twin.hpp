#pragma once
// The twin of the CUDA policy with 16 threads for the 16 lanes of a pack: whole learners run as kernels on a device do.

#include "cuda/simt_emulation.hpp"
#include "cuda_twin.hpp"

namespace tutti_test {

struct lanes_system : twin_system {
  template <class T>
  using pack = emulated_pack<T>;

  template <class F>
  void launch(tutti::index groups, const F& f) const {
    run_lanes([&] {
      for (tutti::index g = 0; g < groups; ++g) f(g);
    });
  }
};

using lanes_twin = tutti::basic_cuda<lanes_system>;

}  // namespace tutti_test
