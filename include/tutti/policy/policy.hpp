#pragma once
// The contract of an execution policy: one concept, and the few helpers that every policy shares.
//
// A policy says where loops run, with which vectors, and which memory they may touch. It is a small copyable value;
// algorithms take it first and call its members. docs/adding-a-policy.md explains each member; tests/policy/policy.cpp
// runs the same laws on every policy.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include <tutti/core/error.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/control.hpp>

namespace tutti {

namespace detail {

/// What a kernel of for_blocks looks like: rows [begin, end) and private memory of scratch_bytes(), or no such member.
struct example_block_kernel {
  constexpr void operator()(index, index, std::byte*) const {}
};

/// What a kernel of reduce_blocks looks like: map fills a zeroed slot, combine adds the right slot to the left.
struct example_reduction {
  constexpr void map(index, index, double*, std::byte*) const {}
  constexpr void combine(double*, const double*) const {}
};

struct example_predicate {
  constexpr bool operator()(std::int32_t) const { return true; }
};

struct example_fill {
  constexpr void operator()(float*) const {}
};

/// Private memory that a kernel asks for, one piece for each task that runs at the same time.
template <class Kernel>
constexpr index scratch_bytes(const Kernel& kernel) {
  if constexpr (requires { kernel.scratch_bytes(); })
    return kernel.scratch_bytes();
  else
    return 0;
}

constexpr index block_count(index n, index block) { return (n + block - 1) / block; }

/// Where the fixed reduction tree over `count` leaves splits: the largest power of two below count.
constexpr index left_leaves(index count) {
  index left = 1;
  while (2 * left < count) left *= 2;
  return left;
}

}  // namespace detail

/// Everything that an algorithm may ask of a policy.
///
/// for_blocks(n, block, f)            f(begin, end, scratch) for each block of [0, n), in any order
/// reduce_blocks<V>(n, block, w, k)   k.map fills w zeroed values a block, k.combine joins neighbours in a fixed tree
/// exclusive_scan(in, out, n)         out[i] = in[0] + ... + in[i - 1]; returns the whole sum
/// sort_pairs(keys, values, n)        by key, stable
/// stable_partition(values, n, pred)  those with pred first, order kept; returns how many
/// bring(view)                        the same elements where tasks may read them; `.view()`
/// produce(span, f)                   f(p) writes size elements where tasks may write; then they are in the span
/// copy_to_host(view, out)            the elements of a vector, wherever it lies, to host memory
/// make_buffer<T>(n)                  working memory of the tasks, uninitialised
/// inner()                            the policy inside one task
/// host()                             the policy for data in host memory: itself, unless it is a device's
/// pack<T>                            the vector that kernels compute with
template <class P>
concept execution_policy =
    std::copyable<P> &&
    requires(const P& p, index n, float* x, std::int32_t* i, std::vector<float>& v, matrix_view<const float> m) {
      requires P::template pack<float>::lanes == P::template pack<double>::lanes;
      p.for_blocks(n, n, detail::example_block_kernel{});
      { p.template reduce_blocks<double>(n, n, n, detail::example_reduction{}) } -> std::same_as<std::vector<double>>;
      { p.exclusive_scan(i, i, n) } -> std::same_as<std::int32_t>;
      p.sort_pairs(x, i, n);
      { p.stable_partition(i, n, detail::example_predicate{}) } -> std::same_as<index>;
      { p.bring(m).view() } -> std::convertible_to<matrix_view<const float>>;
      p.produce(std::span<float>(v), detail::example_fill{});
      p.copy_to_host(vector_view<const float>{}, x);
      { p.template make_buffer<float>(n).data() } -> std::same_as<float*>;
      p.inner();
      p.host();
      { p.control() } -> std::same_as<const run_control*>;
    };

/// A policy whose tasks run on the host: what it is given, they may read.
template <class P>
concept host_policy = execution_policy<P> && requires(const P& p) {
  { p.host() } -> std::same_as<const P&>;
};

/// Ends the call with `cancelled` if its caller has asked for that.
template <class P>
void check_stop(const P& policy) {
  const run_control* const control = policy.control();
  if (control != nullptr && control->stop.stop_requested()) throw cancelled();
}

/// Tells the caller how far the work is; on the calling thread only.
template <class P>
void report_progress(const P& policy, index done, index total) {
  const run_control* const control = policy.control();
  if (control != nullptr && control->progress) control->progress(done, total);
}

}  // namespace tutti
