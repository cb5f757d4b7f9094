#pragma once
// The loops of a policy with every core, on oneTBB.
//
// The number of threads decides only who computes a block, never what is computed: blocks are the algorithm's, and
// results are joined in a tree that their number alone determines.

#include <algorithm>
#include <cstddef>
#include <vector>

#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include <tutti/core/storage.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/host_memory.hpp>
#include <tutti/policy/policy.hpp>
#include <tutti/policy/reduction_tree.hpp>

#if defined(__SANITIZE_THREAD__)
extern "C" void __tsan_acquire(void*);
extern "C" void __tsan_release(void*);
#endif

namespace tutti::detail {

/// Tells the thread sanitizer of the hand-over of work to tasks and back, which it cannot see: distributions build
/// oneTBB without instrumentation. In any other build it is nothing.
class hand_over {
 public:
#if defined(__SANITIZE_THREAD__)
  hand_over() { __tsan_release(&there_); }
  ~hand_over() { __tsan_acquire(&back_); }
  hand_over(const hand_over&) = delete;
  hand_over& operator=(const hand_over&) = delete;

  /// Lives as long as a task's work, also if that throws.
  class task {
   public:
    explicit task(const hand_over& hand) : hand_(hand) { __tsan_acquire(&hand_.there_); }
    task(const task&) = delete;
    task& operator=(const task&) = delete;
    ~task() { __tsan_release(&hand_.back_); }

   private:
    const hand_over& hand_;
  };

 private:
  mutable char there_ = 0, back_ = 0;
#else
  struct task {
    explicit task(const hand_over&) {}
  };
#endif
};

/// Private memory for each thread of an arena, taken when a thread first asks. Two threads may have the same place in the
/// arena, one after the other.
template <class T>
class thread_slots {
 public:
  thread_slots(const run_control* control, index size)
      : control_(control), size_(size), slots_(static_cast<std::size_t>(tbb::this_task_arena::max_concurrency())) {}

  /// The calling thread's, for one task.
  class lease {
   public:
    explicit lease(thread_slots& slots) : slot_(slots.here()), data_(slots.size_ == 0 ? nullptr : slots.filled(slot_)) {}
    lease(const lease&) = delete;
    lease& operator=(const lease&) = delete;
#if defined(__SANITIZE_THREAD__)
    ~lease() { __tsan_release(&slot_); }  // to who has the place next: another part of oneTBB that cannot be seen
#endif

    T* data() const { return data_; }

   private:
    host_buffer<T>& slot_;
    T* data_;
  };

 private:
  host_buffer<T>& here() {
    auto& slot = slots_[static_cast<std::size_t>(tbb::this_task_arena::current_thread_index())];
#if defined(__SANITIZE_THREAD__)
    __tsan_acquire(&slot);
#endif
    return slot;
  }

  T* filled(host_buffer<T>& slot) const {
    if (slot.size() == 0) slot = host_buffer<T>(control_, size_);
    return slot.data();
  }

  const run_control* control_;
  index size_;
  std::vector<host_buffer<T>> slots_;
};

/// A function f(i, scratch) without its type: oneTBB's templates are compiled once for all kernels.
class task_function {
 public:
  template <class F>
  explicit task_function(const F& f)
      : f_(&f), call_([](const void* g, index i, std::byte* scratch) { (*static_cast<const F*>(g))(i, scratch); }) {}

  void operator()(index i, std::byte* scratch) const { call_(f_, i, scratch); }

 private:
  const void* f_;
  void (*call_)(const void*, index, std::byte*);
};

template <class Self>
struct parallel_loops {
  template <class F>
  void for_blocks(index n, index block, const F& f) const {
    const index blocks = block_count(n, block);
    const auto task = [&](index b, std::byte* scratch) { f(b * block, std::min(n, (b + 1) * block), scratch); };
    for_tasks(blocks, scratch_bytes(f), task_function(task));
  }

  template <class V, class Kernel>
  std::vector<V> reduce_blocks(index n, index block, index width, const Kernel& kernel) const {
    const index leaves = block_count(n, block);
    std::vector<V> out(static_cast<std::size_t>(width));
    if (leaves == 0) return out;
    const index run = leaves_per_task(leaves, 16 * self().max_threads()), runs = block_count(leaves, run);
    host_buffer<V> slots(self().control(), runs * width);
    const index levels = tree_levels(run), kernel_bytes = round_up(scratch_bytes(kernel));
    const index spare_bytes = levels * width * static_cast<index>(sizeof(V));
    const auto task = [&](index r, std::byte* scratch) {
      const auto leaf = [&](index i, V* slot) {
        check_stop(self());
        kernel.map(i * block, std::min(n, (i + 1) * block), slot, scratch);
      };
      V* const spare = reinterpret_cast<V*>(scratch + kernel_bytes);
      reduce_range(r * run, std::min(leaves, (r + 1) * run), width, kernel, leaf, slots.data() + r * width, spare);
    };
    for_tasks(runs, kernel_bytes + spare_bytes, task_function(task));
    host_buffer<V> spare(self().control(), tree_levels(runs) * width);
    const auto joined = [&](index r, V* slot) { std::copy_n(slots.data() + r * width, width, slot); };
    reduce_range(index{0}, runs, width, kernel, joined, out.data(), spare.data());
    return out;
  }

 private:
  const Self& self() const { return static_cast<const Self&>(*this); }

  static constexpr index round_up(index bytes) {
    constexpr index line = static_cast<index>(cache_line);
    return (bytes + line - 1) / line * line;
  }

  /// f(i, scratch) for i < count, on the threads of the policy; on the caller's alone if there is one piece of work.
  void for_tasks(index count, index bytes, const task_function& f) const {
    if (count <= 1) {
      host_buffer<std::byte> scratch(self().control(), bytes);
      check_stop(self());
      if (count == 1) f(index{0}, scratch.data());
      return;
    }
    self().in_arena([&] {
      thread_slots<std::byte> scratch(self().control(), bytes);
      const hand_over hand;
      using range = tbb::blocked_range<index>;
      tbb::this_task_arena::isolate([&] {
        tbb::parallel_for(range(0, count), [&](const range& r) {
          [[maybe_unused]] const hand_over::task here(hand);
          const typename thread_slots<std::byte>::lease room(scratch);
          for (index i = r.begin(); i < r.end(); ++i) {
            check_stop(self());
            f(i, room.data());
          }
        });
      });
    });
  }
};

}  // namespace tutti::detail
