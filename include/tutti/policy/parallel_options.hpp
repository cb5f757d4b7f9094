#pragma once
// What a caller may tell a parallel policy: how many threads, whose arena, under which control.

#include <algorithm>
#include <cstddef>
#include <string>

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>

#include <tutti/core/error.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/control.hpp>

namespace tutti::detail {

template <class Self>
class parallel_options {
 public:
  /// The same policy with at most n threads, the caller's among them.
  ///
  /// throws   invalid_input if n < 1
  constexpr Self threads(int n) const {
    if (n < 1) throw invalid_input("threads(n): expected n >= 1, got " + std::to_string(n));
    Self copy = self();
    copy.threads_ = n;
    copy.arena_ = nullptr;
    return copy;
  }

  /// The same policy on the caller's arena, which must outlive the calls.
  constexpr Self on(tbb::task_arena& arena) const {
    Self copy = self();
    copy.arena_ = &arena;
    copy.threads_ = 0;
    return copy;
  }

  /// The same policy under a caller's control, which must outlive the calls.
  constexpr Self with(const run_control& control) const {
    Self copy = self();
    copy.control_ = &control;
    return copy;
  }
  Self with(const run_control&&) const = delete;

  constexpr const run_control* control() const { return control_; }

  /// The number of threads that a call of this policy may use.
  index max_threads() const {
    if (arena_ != nullptr) return arena_->max_concurrency();
    return threads_ > 0 ? allowed_threads() : tbb::this_task_arena::max_concurrency();
  }

  /// Runs f where the policy's threads are.
  template <class F>
  void in_arena(const F& f) const {
    if (arena_ != nullptr) {
      arena_->execute(f);
    } else if (threads_ > 0) {
      tbb::task_arena(allowed_threads()).execute(f);
    } else {
      f();
    }
  }

 private:
  /// oneTBB warns on the terminal when an arena asks for more threads than the application lets it have.
  int allowed_threads() const {
    const std::size_t allowed = tbb::global_control::active_value(tbb::global_control::max_allowed_parallelism);
    return static_cast<int>(std::min(allowed, static_cast<std::size_t>(threads_)));
  }

  constexpr const Self& self() const { return static_cast<const Self&>(*this); }

  const run_control* control_ = nullptr;
  tbb::task_arena* arena_ = nullptr;
  int threads_ = 0;
};

}  // namespace tutti::detail
