#pragma once
// What the machine can do at most, measured in the same run as what is compared with it: reading memory, multiply-adds.

#include <functional>
#include <map>

#include <tutti/core/view.hpp>

namespace tutti_benchmark {

/// Bytes a second at which `threads` threads read an array far larger than the caches: the best of several passes.
/// Measured when first asked for.
double read_bandwidth(int threads);

/// The same for an array of this many bytes that is read again and again: what is left of it in the caches counts.
double reread_bandwidth(int threads, tutti::index bytes);

/// f(0), ..., f(threads - 1) at the same time.
void run_on_threads(int threads, const std::function<void(int)>& f);

/// The shortest of a few runs of f, in seconds.
double shortest_run(const std::function<void()>& f);

/// Chains of multiply-adds that nothing but the unit that computes them holds up.
///
/// V         the slice of a pack, which is one register
/// returns   steps * 12 * V::lanes multiply-adds, in a number that needs all of them
template <class V>
[[gnu::noinline]] typename V::value_type chain_multiply_adds(tutti::index steps) {
  using T = typename V::value_type;
  constexpr int chains = 12;  // two units with a latency of five need ten, and all stay in 16 registers
  const V factor = V::all(T(0.999)), term = V::all(T(0.001));
  V x[chains];
#pragma GCC unroll 12
  for (int c = 0; c < chains; ++c) x[c] = V::all(T(0.01) * T(c + 1));  // 1 would stay 1, and be computed by no one
  for (tutti::index i = 0; i < steps; ++i) {
#pragma GCC unroll 12
    for (int c = 0; c < chains; ++c) x[c] = madd(x[c], factor, term);
  }
#pragma GCC unroll 12
  for (int c = 1; c < chains; ++c) x[0] = x[0] + x[c];
  return x[0].lane_sum();
}

/// Multiply-adds of single numbers a second with this pack on this many threads. Measured when first asked for.
template <class Pack>
double multiply_add_rate(int threads) {
  using V = typename Pack::slice;
  static std::map<int, double> known;
  const auto found = known.find(threads);
  if (found != known.end()) return found->second;
  constexpr tutti::index steps = 4'000'000;
  const double seconds = shortest_run([&] {
    run_on_threads(threads, [&](int) {
      volatile typename V::value_type sink = chain_multiply_adds<V>(steps);
      static_cast<void>(sink);
    });
  });
  return known[threads] = static_cast<double>(steps * 12 * V::lanes * threads) / seconds;
}

}  // namespace tutti_benchmark
