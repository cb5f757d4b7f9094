#pragma once
// par: every core (oneTBB), 16-byte vectors of the platform's baseline.

#include <tutti/policy/gnu_register.hpp>
#include <tutti/policy/host_algorithms.hpp>
#include <tutti/policy/host_memory.hpp>
#include <tutti/policy/isa.hpp>
#include <tutti/policy/pack.hpp>
#include <tutti/policy/parallel_loops.hpp>
#include <tutti/policy/parallel_options.hpp>
#include <tutti/policy/policy.hpp>
#include <tutti/policy/seq.hpp>

namespace tutti {

/// Every core of the arena it is called in, unless told otherwise: `par.threads(4)`, `par.on(arena)`.
template <class Isa = isa::native>
class basic_par : public detail::host_memory<basic_par<Isa>>,
                  public detail::parallel_loops<basic_par<Isa>>,
                  public detail::host_algorithms<basic_par<Isa>>,
                  public detail::parallel_options<basic_par<Isa>> {
 public:
  template <class T>
  using pack = tutti::pack<gnu_register<T, Isa>>;

  /// One task of this policy: a single thread under the same control.
  constexpr basic_seq<Isa> inner() const {
    return this->control() == nullptr ? basic_seq<Isa>{} : basic_seq<Isa>{}.with(*this->control());
  }
};

inline constexpr basic_par<> par{};

}  // namespace tutti
