#pragma once
// One job for each member of the contract of a policy, the same for a policy, a plain loop, oneTBB and Thrust.
//
// Whatever does the job has a member of its name, so that what the contract costs can be read off a pair of rows:
// `for_blocks/par/n:1000` beside `for_blocks/raw_tbb/n:1000`.

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include <tutti/core/random.hpp>
#include <tutti/policy/policy.hpp>

#include "../support.hpp"

namespace tutti_benchmark {

/// y += 2 x
struct add_twice {
  const float* x;
  float* y;

  constexpr void operator()(index begin, index end, std::byte* = nullptr) const {
    for (index i = begin; i < end; ++i) y[i] += 2 * x[i];
  }
};

/// The sum of whole numbers, which compilers turn into vectors for everyone.
struct add_up {
  const std::int32_t* x;

  constexpr std::int64_t operator()(index begin, index end) const {
    std::int64_t sum = 0;
    for (index i = begin; i < end; ++i) sum += x[i];
    return sum;
  }
  constexpr void map(index begin, index end, std::int64_t* slot, std::byte*) const { *slot = (*this)(begin, end); }
  constexpr void combine(std::int64_t* left, const std::int64_t* right) const { *left += *right; }
};

struct is_odd {
  constexpr bool operator()(std::int32_t x) const { return (x & 1) != 0; }
};

/// The jobs by means of a policy.
template <class Policy>
struct by_policy {
  Policy policy;

  int threads() const { return threads_of(policy); }
  /// Blocks as algorithms have them, smaller where there would be one only.
  static constexpr index block(index n) { return n < 100'000 ? 64 : 4096; }

  void for_blocks(index n, const add_twice& f) const { policy.for_blocks(n, block(n), f); }
  std::int64_t reduce_blocks(index n, const add_up& f) const {
    return policy.template reduce_blocks<std::int64_t>(n, block(n), 1, f)[0];
  }
  std::int32_t exclusive_scan(const std::int32_t* in, std::int32_t* out, index n) const {
    return policy.exclusive_scan(in, out, n);
  }
  void sort_pairs(float* keys, std::int32_t* values, index n) const { policy.sort_pairs(keys, values, n); }
  index stable_partition(std::int32_t* values, index n) const { return policy.stable_partition(values, n, is_odd{}); }
  void bring_and_fetch(const float* x, float* out, index n) const {
    const auto there = policy.bring(tutti::vector_view<const float>{x, n, 1});
    policy.copy_to_host(there.view(), out);
  }
};

template <class Policy>
by_policy(Policy) -> by_policy<Policy>;

/// n numbers of which nobody knows the order.
inline std::vector<std::int32_t> whole_numbers(index n) {
  const tutti::random_source source(1);
  std::vector<std::int32_t> out;
  for (index i = 0; i < n; ++i) {
    const auto drawn = source.below(static_cast<std::uint64_t>(i), 1000);
    out.push_back(static_cast<std::int32_t>(drawn));
  }
  return out;
}

inline std::vector<float> numbers(index n) {
  const tutti::random_source source(2);
  std::vector<float> out;
  for (index i = 0; i < n; ++i) out.push_back(static_cast<float>(source.normal(static_cast<std::uint64_t>(i))));
  return out;
}

/// Registers run(state, by, n) for each contender; f(who, by) is what for_each calls for each of them.
template <class ForEach, class Run>
void add_job(const std::string& job, index n, const ForEach& for_each, const Run& run) {
  for_each([&](const std::string& who, const auto& by) {
    add(
        job + "/" + who + "/n:" + std::to_string(n), [=](benchmark::State& state) { run(state, by, n); },
        n < 100'000 ? benchmark::kMicrosecond : benchmark::kMillisecond);
  });
}

inline constexpr auto run_for_blocks = [](benchmark::State& state, const auto& by, index n) {
  const std::vector<float> x(static_cast<std::size_t>(n), 1.0f);
  std::vector<float> y = x;
  repeat(state, [&] {
    by.for_blocks(n, add_twice{x.data(), y.data()});
    return y.data();
  });
};

inline constexpr auto run_reduce_blocks = [](benchmark::State& state, const auto& by, index n) {
  const std::vector<std::int32_t> x = whole_numbers(n);
  const double seconds = repeat(state, [&] { return by.reduce_blocks(n, add_up{x.data()}); });
  if (n >= 1'000'000) report_read(state, by.threads(), n * index{sizeof(std::int32_t)}, seconds);
};

inline constexpr auto run_exclusive_scan = [](benchmark::State& state, const auto& by, index n) {
  const std::vector<std::int32_t> x = whole_numbers(n);
  std::vector<std::int32_t> out(x.size());
  repeat(state, [&] { return by.exclusive_scan(x.data(), out.data(), n); });
};

inline constexpr auto run_sort_pairs = [](benchmark::State& state, const auto& by, index n) {
  const std::vector<float> unsorted = numbers(n);
  std::vector<float> keys;
  std::vector<std::int32_t> values(unsorted.size());
  const auto restore = [&] {
    keys = unsorted;
    std::iota(values.begin(), values.end(), 0);
  };
  repeat(state, restore, [&] { by.sort_pairs(keys.data(), values.data(), n); });
};

inline constexpr auto run_stable_partition = [](benchmark::State& state, const auto& by, index n) {
  const std::vector<std::int32_t> mixed = whole_numbers(n);
  std::vector<std::int32_t> values;
  repeat(
      state, [&] { values = mixed; }, [&] { by.stable_partition(values.data(), n); });
};

inline constexpr auto run_bring_and_fetch = [](benchmark::State& state, const auto& by, index n) {
  const std::vector<float> x(static_cast<std::size_t>(n), 1.0f);
  std::vector<float> out(x.size());
  repeat(state, [&] {
    by.bring_and_fetch(x.data(), out.data(), n);
    return out.data();
  });
};

/// Registers all jobs: few elements show what a call costs, many what an element costs.
template <class ForEach>
void add_jobs(const ForEach& for_each) {
  for (const index n : {1'000, 16'000'000}) {
    add_job("for_blocks", n, for_each, run_for_blocks);
    add_job("reduce_blocks", n, for_each, run_reduce_blocks);
  }
  for (const index n : {1'000, 4'000'000}) {
    add_job("exclusive_scan", n, for_each, run_exclusive_scan);
    add_job("sort_pairs", n, for_each, run_sort_pairs);
    add_job("stable_partition", n, for_each, run_stable_partition);
    add_job("bring_and_fetch", n, for_each, run_bring_and_fetch);
  }
}

}  // namespace tutti_benchmark
