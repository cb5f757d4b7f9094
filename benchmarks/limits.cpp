#include "limits.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <thread>
#include <utility>
#include <vector>

#include <unistd.h>

#include <tutti/core/storage.hpp>
#include <tutti/policy/simd.hpp>

namespace tutti_benchmark {

using tutti::index;

namespace {

constexpr index gibibyte = index{1} << 30;

/// 1 GiB, or four times the last cache if that is more; a quarter of the memory at the most.
index far_larger_than_caches() {
  index bytes = gibibyte;
#if defined(_SC_LEVEL3_CACHE_SIZE)
  bytes = std::max<index>(bytes, 4 * sysconf(_SC_LEVEL3_CACHE_SIZE));
#endif
  const index memory = index{sysconf(_SC_PHYS_PAGES)} * sysconf(_SC_PAGESIZE);
  return std::min(bytes, memory / 4);
}

/// A number that needs every element of [p, p + n), n a multiple of 32.
template <bool Ahead>
[[gnu::noinline]] float read_all(const float* p, index n) {
  using P = tutti::basic_simd<>::pack<float>;  // 64 bytes, in the widest registers of the build
  P even = P::all(0), odd = P::all(0);
  for (const float* const end = p + n; p < end; p += 2 * P::lanes) {
    if constexpr (Ahead) {
      P::prefetch(p + 1024);
      P::prefetch(p + 1024 + P::lanes);
    }
    even = even + P::load(p);
    odd = odd + P::load(p + P::lanes);
  }
  return (even + odd).lane_sum();
}

/// The caller's threads read their parts of an array `passes` times; bytes a second.
double measure(int threads, index bytes) {
  constexpr index line = 32;  // floats that read_all takes at a time
  const index part = std::max<index>(line, bytes / index{sizeof(float)} / threads / line * line);
  tutti::storage<float> array(part * threads);
  run_on_threads(threads, [&](int t) { std::fill_n(array.data() + t * part, part, 1.0f); });
  const index passes = std::max<index>(1, gibibyte / (part * threads * index{sizeof(float)}));
  double seconds = std::numeric_limits<double>::infinity();
  for (const auto& read : {read_all<false>, read_all<true>})
    seconds = std::min(seconds, shortest_run([&] {
                         run_on_threads(threads, [&](int t) {
                           for (index pass = 0; pass < passes; ++pass) {
                             volatile float sink = read(array.data() + t * part, part);
                             static_cast<void>(sink);
                           }
                         });
                       }));
  return static_cast<double>(passes * part * threads * index{sizeof(float)}) / seconds;
}

}  // namespace

void run_on_threads(int threads, const std::function<void(int)>& f) {
  std::vector<std::jthread> others;
  for (int t = 1; t < threads; ++t) others.emplace_back(f, t);
  f(0);
}

double shortest_run(const std::function<void()>& f) {
  using clock = std::chrono::steady_clock;
  double shortest = std::numeric_limits<double>::infinity();
  for (int run = 0; run < 9; ++run) {
    const auto begin = clock::now();
    f();
    shortest = std::min(shortest, std::chrono::duration<double>(clock::now() - begin).count());
  }
  return shortest;
}

double reread_bandwidth(int threads, index bytes) {
  static std::map<std::pair<int, index>, double> known;
  const auto found = known.find({threads, bytes});
  if (found != known.end()) return found->second;
  return known[{threads, bytes}] = measure(threads, bytes);
}

double read_bandwidth(int threads) {
  static const index bytes = far_larger_than_caches();
  return reread_bandwidth(threads, bytes);
}

}  // namespace tutti_benchmark
