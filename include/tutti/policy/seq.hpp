#pragma once
// seq: one thread, 16-byte vectors of the platform's baseline, no library.

#include <tutti/policy/gnu_register.hpp>
#include <tutti/policy/host_algorithms.hpp>
#include <tutti/policy/host_memory.hpp>
#include <tutti/policy/isa.hpp>
#include <tutti/policy/pack.hpp>
#include <tutti/policy/policy.hpp>
#include <tutti/policy/serial_loops.hpp>

namespace tutti {

/// One thread. The reference that every other policy is compared with.
template <class Isa = isa::native>
class basic_seq : public detail::host_memory<basic_seq<Isa>>,
                  public detail::serial_loops<basic_seq<Isa>>,
                  public detail::host_algorithms<basic_seq<Isa>> {
 public:
  template <class T>
  using pack = tutti::pack<gnu_register<T, Isa>>;

  /// The same policy under a caller's control, which must outlive the calls.
  constexpr basic_seq with(const run_control& control) const {
    basic_seq copy = *this;
    copy.control_ = &control;
    return copy;
  }
  basic_seq with(const run_control&&) const = delete;

  constexpr const run_control* control() const { return control_; }
  constexpr const basic_seq& inner() const { return *this; }

 private:
  const run_control* control_ = nullptr;
};

inline constexpr basic_seq<> seq{};

}  // namespace tutti
