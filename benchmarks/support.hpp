#pragma once
// What the benchmarks share: registration over the host policies, and the shares of the machine's limits.
//
// A name is a path of facts: `ridge/fit/par_simd/float/n:1000000/p:50`. Counters:
//
//     bytes_per_second      of the data that the job must read, counted once
//     share_of_read         of the bandwidth from memory; above 1 where data stay in the last cache between iterations
//     share_of_reread       of the bandwidth at which an array of that size is read again and again
//     share_of_arithmetic   of the multiply-adds that the policy's pack can do on the policy's threads

#include <chrono>
#include <string>
#include <type_traits>

#include <benchmark/benchmark.h>

#include <tutti/core/view.hpp>
#include <tutti/policy/par.hpp>
#include <tutti/policy/par_simd.hpp>
#include <tutti/policy/seq.hpp>
#include <tutti/policy/simd.hpp>

#include "limits.hpp"

namespace tutti_benchmark {

using tutti::index;

/// f(policy, name) for each host policy.
template <class F>
void for_policies(const F& f) {
  f(tutti::seq, std::string("seq"));
  f(tutti::simd, std::string("simd"));
  f(tutti::par, std::string("par"));
  f(tutti::par_simd, std::string("par_simd"));
}

using clock = std::chrono::steady_clock;

inline double seconds_since(clock::time_point begin) {
  return std::chrono::duration<double>(clock::now() - begin).count();
}

template <class T>
constexpr const char* type_name() {
  return std::is_same_v<T, float> ? "float" : "double";
}

/// The threads that a call of the policy may use.
template <class Policy>
int threads_of(const Policy& policy) {
  if constexpr (requires { policy.max_threads(); })
    return static_cast<int>(policy.max_threads());
  else
    return 1;
}

/// Registers `name` to run job(state), timed by the clock on the wall.
template <class Job>
void add(const std::string& name, const Job& job, benchmark::TimeUnit unit = benchmark::kMillisecond) {
  benchmark::RegisterBenchmark(name.c_str(), job)->UseRealTime()->Unit(unit);
}

/// Registers `job/policy/facts` to run f(state, policy), for each host policy.
template <class F>
void add_for_policies(const std::string& job, const std::string& facts, const F& f,
                      benchmark::TimeUnit unit = benchmark::kMillisecond) {
  for_policies([&](const auto& policy, const std::string& name) {
    add(
        job + "/" + name + "/" + facts, [=](benchmark::State& state) { f(state, policy); }, unit);
  });
}

/// `float/n:100/p:28`
template <class T>
std::string shape(index n, index p) {
  return std::string(type_name<T>()) + "/n:" + std::to_string(n) + "/p:" + std::to_string(p);
}

/// Times calls of f, after one that finds everything cold.
///
/// returns   seconds a call
template <class F>
double repeat(benchmark::State& state, const F& f) {
  f();
  const auto begin = clock::now();
  for ([[maybe_unused]] auto _ : state) {
    auto result = f();
    benchmark::DoNotOptimize(result);
  }
  return seconds_since(begin) / static_cast<double>(state.iterations());
}

/// The same with a call of `prepare` before each that is not timed.
template <class Prepare, class F>
double repeat(benchmark::State& state, const Prepare& prepare, const F& f) {
  double seconds = 0;
  for ([[maybe_unused]] auto _ : state) {
    state.PauseTiming();
    prepare();
    state.ResumeTiming();
    const auto begin = clock::now();
    f();
    seconds += seconds_since(begin);
  }
  return seconds / static_cast<double>(state.iterations());
}

/// Reports what a call of `seconds` reads of memory: an array of so many bytes.
inline void report_read(benchmark::State& state, int threads, index bytes, double seconds) {
  const double rate = static_cast<double>(bytes) / seconds;
  state.counters["bytes_per_second"] = rate;
  state.counters["share_of_read"] = rate / read_bandwidth(threads);
  state.counters["share_of_reread"] = rate / reread_bandwidth(threads, bytes);
}

/// Reports arithmetic, counted as the algorithm needs it, not as it is padded.
template <class T, class Policy>
void report_arithmetic(benchmark::State& state, const Policy& policy, double multiply_adds, double seconds) {
  using pack = typename Policy::template pack<T>;
  state.counters["share_of_arithmetic"] = multiply_adds / seconds / multiply_add_rate<pack>(threads_of(policy));
}

}  // namespace tutti_benchmark
