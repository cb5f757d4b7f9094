// The same jobs on the CUDA policy's twin, beside bare Thrust: its sequential system on the host, for both.

#include <tutti/policy/policy.hpp>

#include <algorithm>

#include <thrust/execution_policy.h>
#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>
#include <thrust/partition.h>
#include <thrust/reduce.h>
#include <thrust/scan.h>
#include <thrust/sort.h>
#include <thrust/system/cpp/execution_policy.h>

#include "policy/cuda_twin.hpp"

#include "jobs.hpp"

namespace tutti_benchmark {
namespace {

struct by_thrust {
  static int threads() { return 1; }

  void for_blocks(index n, const add_twice& f) const {
    const thrust::counting_iterator<index> first(0);
    thrust::for_each(thrust::cpp::par, first, first + n, [f](index i) { f.y[i] += 2 * f.x[i]; });
  }
  std::int64_t reduce_blocks(index n, const add_up& f) const {
    return thrust::reduce(thrust::cpp::par, f.x, f.x + n, std::int64_t{0});
  }
  std::int32_t exclusive_scan(const std::int32_t* in, std::int32_t* out, index n) const {
    thrust::exclusive_scan(thrust::cpp::par, in, in + n, out, 0);
    return out[n - 1] + in[n - 1];
  }
  void sort_pairs(float* keys, std::int32_t* values, index n) const {
    thrust::stable_sort_by_key(thrust::cpp::par, keys, keys + n, values);
  }
  index stable_partition(std::int32_t* values, index n) const {
    return thrust::stable_partition(thrust::cpp::par, values, values + n, is_odd{}) - values;
  }
  void bring_and_fetch(const float* x, float* out, index n) const { std::copy_n(x, n, out); }
};

const bool registered = [] {
  add_jobs([](const auto& f) {
    f("raw_thrust", by_thrust{});
    f("cuda_twin", by_policy{tutti_test::cuda_twin{}});
  });
  return true;
}();

}  // namespace
}  // namespace tutti_benchmark
