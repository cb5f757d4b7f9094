#pragma once
// simd: one thread, the vectors that xsimd finds for the instruction set of the build.

#include <tutti/policy/host_algorithms.hpp>
#include <tutti/policy/host_memory.hpp>
#include <tutti/policy/pack.hpp>
#include <tutti/policy/policy.hpp>
#include <tutti/policy/serial_loops.hpp>
#include <tutti/policy/xsimd_register.hpp>

namespace tutti {

/// One thread with wide vectors.
///
/// Arch   an architecture of xsimd; the default is the best one that the build's flags allow
template <class Arch = xsimd::default_arch>
class basic_simd : public detail::host_memory<basic_simd<Arch>>,
                   public detail::serial_loops<basic_simd<Arch>>,
                   public detail::host_algorithms<basic_simd<Arch>> {
 public:
  template <class T>
  using pack = tutti::pack<xsimd_register<T, Arch>>;

  /// The same policy under a caller's control, which must outlive the calls.
  constexpr basic_simd with(const run_control& control) const {
    basic_simd copy = *this;
    copy.control_ = &control;
    return copy;
  }
  basic_simd with(const run_control&&) const = delete;

  constexpr const run_control* control() const { return control_; }
  constexpr const basic_simd& inner() const { return *this; }

 private:
  const run_control* control_ = nullptr;
};

inline constexpr basic_simd<> simd{};

}  // namespace tutti
