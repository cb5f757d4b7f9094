#pragma once
// par_simd: every core (oneTBB), the vectors that xsimd finds for the instruction set of the build.

#include <tutti/policy/host_algorithms.hpp>
#include <tutti/policy/host_memory.hpp>
#include <tutti/policy/pack.hpp>
#include <tutti/policy/parallel_loops.hpp>
#include <tutti/policy/parallel_options.hpp>
#include <tutti/policy/policy.hpp>
#include <tutti/policy/simd.hpp>
#include <tutti/policy/xsimd_register.hpp>

namespace tutti {

/// Every core with wide vectors: `par_simd`, `par_simd.threads(4)`, `par_simd.on(arena)`.
///
/// Arch   an architecture of xsimd; the default is the best one that the build's flags allow
template <class Arch = xsimd::default_arch>
class basic_par_simd : public detail::host_memory<basic_par_simd<Arch>>,
                       public detail::parallel_loops<basic_par_simd<Arch>>,
                       public detail::host_algorithms<basic_par_simd<Arch>>,
                       public detail::parallel_options<basic_par_simd<Arch>> {
 public:
  template <class T>
  using pack = tutti::pack<xsimd_register<T, Arch>>;

  /// One task of this policy: a single thread under the same control.
  constexpr basic_simd<Arch> inner() const {
    return this->control() == nullptr ? basic_simd<Arch>{} : basic_simd<Arch>{}.with(*this->control());
  }
};

inline constexpr basic_par_simd<> par_simd{};

}  // namespace tutti
