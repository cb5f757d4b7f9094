// The contract's members on the host policies, beside plain loops of the standard library and bare oneTBB.

#include <tutti/policy/policy.hpp>

#include <algorithm>
#include <functional>
#include <memory>
#include <numeric>
#include <utility>

#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/parallel_reduce.h>
#include <oneapi/tbb/parallel_scan.h>
#include <oneapi/tbb/parallel_sort.h>

#include "jobs.hpp"

namespace tutti_benchmark {
namespace {

using pairs = std::vector<std::pair<float, std::int32_t>>;

pairs zip(const float* keys, const std::int32_t* values, index n) {
  pairs out(static_cast<std::size_t>(n));
  for (index i = 0; i < n; ++i) out[static_cast<std::size_t>(i)] = {keys[i], values[i]};
  return out;
}

void unzip(const pairs& from, float* keys, std::int32_t* values) {
  for (const auto& [key, value] : from) {
    *keys++ = key;
    *values++ = value;
  }
}

struct by_standard_library {
  static int threads() { return 1; }

  void for_blocks(index n, const add_twice& f) const { f(0, n); }
  std::int64_t reduce_blocks(index n, const add_up& f) const { return f(0, n); }
  std::int32_t exclusive_scan(const std::int32_t* in, std::int32_t* out, index n) const {
    std::exclusive_scan(in, in + n, out, std::int32_t{0});
    return out[n - 1] + in[n - 1];
  }
  void sort_pairs(float* keys, std::int32_t* values, index n) const {
    pairs zipped = zip(keys, values, n);
    std::stable_sort(zipped.begin(), zipped.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    unzip(zipped, keys, values);
  }
  index stable_partition(std::int32_t* values, index n) const {
    return std::stable_partition(values, values + n, is_odd{}) - values;
  }
  void bring_and_fetch(const float* x, float* out, index n) const { std::copy_n(x, n, out); }
};

struct by_tbb {
  using range = tbb::blocked_range<index>;

  static int threads() { return threads_of(tutti::par); }

  void for_blocks(index n, const add_twice& f) const {
    tbb::parallel_for(range(0, n), [&](const range& r) { f(r.begin(), r.end()); });
  }
  std::int64_t reduce_blocks(index n, const add_up& f) const {
    return tbb::parallel_reduce(
        range(0, n), std::int64_t{0}, [&](const range& r, std::int64_t sum) { return sum + f(r.begin(), r.end()); },
        std::plus<>());
  }
  std::int32_t exclusive_scan(const std::int32_t* in, std::int32_t* out, index n) const {
    return scan(
        n, [=](index i) { return in[i]; }, [=](index i, std::int32_t before) { out[i] = before; });
  }
  /// Not stable: equal keys are told apart by their values, which is what stable means for values in order.
  void sort_pairs(float* keys, std::int32_t* values, index n) const {
    pairs zipped = zip(keys, values, n);
    tbb::parallel_sort(zipped.begin(), zipped.end());
    unzip(zipped, keys, values);
  }
  /// By a scan: oneTBB has no partition.
  index stable_partition(std::int32_t* values, index n) const {
    const auto odd = [=](index i) { return is_odd{}(values[i]) ? 1 : 0; };
    const std::int32_t total = tbb::parallel_reduce(
        range(0, n), 0,
        [&](const range& r, std::int32_t sum) {
          for (index i = r.begin(); i < r.end(); ++i) sum += odd(i);
          return sum;
        },
        std::plus<>());
    const auto moved = std::make_unique_for_overwrite<std::int32_t[]>(static_cast<std::size_t>(n));
    scan(n, odd, [&](index i, std::int32_t before) {
      moved[static_cast<std::size_t>(odd(i) != 0 ? before : total + i - before)] = values[i];
    });
    bring_and_fetch(moved.get(), values, n);
    return total;
  }
  template <class T>
  void bring_and_fetch(const T* x, T* out, index n) const {
    tbb::parallel_for(range(0, n), [=](const range& r) { std::copy(x + r.begin(), x + r.end(), out + r.begin()); });
  }

 private:
  template <class Value, class Store>
  static std::int32_t scan(index n, const Value& value, const Store& store) {
    return tbb::parallel_scan(
        range(0, n), std::int32_t{0},
        [&](const range& r, std::int32_t sum, bool final) {
          for (index i = r.begin(); i < r.end(); ++i) {
            const std::int32_t here = value(i);
            if (final) store(i, sum);
            sum += here;
          }
          return sum;
        },
        std::plus<>());
  }
};

const bool registered = [] {
  add_jobs([](const auto& f) {
    f("raw_standard", by_standard_library{});
    f("raw_tbb", by_tbb{});
    for_policies([&](const auto& policy, const std::string& name) { f(name, by_policy{policy}); });
  });
  return true;
}();

}  // namespace
}  // namespace tutti_benchmark
