// Kernels, compiled for a device by clang, which names the host's functions that a kernel calls. nvcc leaves such calls
// out without a word. No CUDA is needed: what simt_pack uses of it is declared here. Trees are not here: clang 14 breaks
// down on the parts of them that are for hosts.

extern "C" __device__ double sqrt(double);

#include <cmath>
#include <cstddef>
#include <vector>

struct three {
  unsigned x, y, z;
};
extern const __device__ three threadIdx;
__device__ unsigned __ballot_sync(unsigned, int);
template <class T>
__device__ T __shfl_xor_sync(unsigned, T, int, int);
__device__ void __syncwarp(unsigned);
__device__ float __fmul_rn(float, float);
__device__ float __fmaf_rn(float, float, float);
__device__ double __dmul_rn(double, double);
__device__ double __fma_rn(double, double, double);
extern "C" __device__ float rintf(float);
extern "C" __device__ double rint(double);
__device__ float scalbn(float, int);
extern "C" __device__ double scalbn(double, int);
__device__ int ilogb(float);
extern "C" __device__ int ilogb(double);

#include <tutti/policy/cuda/simt_pack.cuh>
#include <tutti/policy/host_memory.hpp>
#include <tutti/policy/seq.hpp>

#include <tutti/linear_model/linear_regression.hpp>
#include <tutti/linear_model/logistic_regression.hpp>
#include <tutti/linear_model/ridge.hpp>
#include <tutti/metrics/classification.hpp>
#include <tutti/metrics/ranking.hpp>
#include <tutti/metrics/regression.hpp>
#include <tutti/naive_bayes/gaussian_nb.hpp>
#include <tutti/neighbors/k_neighbors.hpp>
#include <tutti/neighbors/local_outlier_factor.hpp>
#include <tutti/neighbors/nearest_centroid.hpp>
#include <tutti/neighbors/nearest_neighbors.hpp>
#include <tutti/preprocessing/standard_scaler.hpp>

namespace tutti_test {

using tutti::index;

template <class F>
__global__ void run_blocks(F f, std::byte* scratch) {
  f(index{0}, index{1}, scratch);
}
template <class V, class Kernel>
__global__ void run_reduction(Kernel kernel, V* slots, std::byte* scratch) {
  kernel.map(index{0}, index{1}, slots, scratch);
  kernel.combine(slots, slots + 1);
}
template <class T, class Predicate>
__global__ void run_predicate(Predicate pred, T* values) {
  if (pred(*values)) *values = T{};
}

/// A policy of a device that takes kernels and does nothing.
struct kernels_only : tutti::detail::host_memory<kernels_only> {
  template <class T>
  using pack = tutti::cuda_detail::simt_pack<T>;

  template <class F>
  void for_blocks(index, index, const F&) const {
    compiled(&run_blocks<F>);
  }
  template <class V, class Kernel>
  std::vector<V> reduce_blocks(index, index, index width, const Kernel&) const {
    compiled(&run_reduction<V, Kernel>);
    return std::vector<V>(static_cast<std::size_t>(width));
  }
  template <class T>
  T exclusive_scan(const T*, T*, index) const {
    return T{};
  }
  template <class K, class V>
  void sort_pairs(K*, V*, index) const {}
  template <class T, class Predicate>
  index stable_partition(T*, index, const Predicate&) const {
    compiled(&run_predicate<T, Predicate>);
    return 0;
  }
  const kernels_only& inner() const { return *this; }
  tutti::basic_seq<> host() const { return {}; }
  const tutti::run_control* control() const { return nullptr; }

 private:
  template <class F>
  static void compiled(const F& f) {
    static const volatile void* kept = nullptr;
    kept = reinterpret_cast<const void*>(f);
  }
};

static_assert(tutti::execution_policy<kernels_only> && !tutti::host_policy<kernels_only>);

template <class... Metrics>
void search_by(const auto& X) {
  const kernels_only policy;
  (tutti::basic_nearest_neighbors<Metrics>{}.fit(policy, X).kneighbors(policy), ...);
}

template <class T>
void every_kernel(const tutti::matrix<T>& X, const std::vector<T>& y, const std::vector<int>& labels) {
  const kernels_only policy;
  const auto scaled = tutti::standard_scaler{}.fit(policy, X).transform(policy, X);
  const auto predicted = tutti::linear_regression{}.fit(policy, scaled, y).predict(policy, scaled);
  tutti::ridge{}.fit(policy, scaled, y).predict(policy, scaled);
  tutti::r2_score(policy, y, predicted);
  const auto logit = tutti::logistic_regression{}.fit(policy, scaled, labels);
  tutti::accuracy_score(policy, labels, logit.predict(policy, scaled));
  const auto bayes = tutti::gaussian_nb{}.fit(policy, scaled, labels);
  tutti::log_loss(policy, labels, bayes.predict_proba(policy, scaled), bayes.classes());
  tutti::nearest_centroid{}.fit(policy, X, labels).predict(policy, X);
  tutti::k_neighbors_classifier{}.fit(policy, X, labels).predict(policy, X);
  tutti::k_neighbors_regressor{}.fit(policy, X, y).predict(policy, X);
  tutti::local_outlier_factor{}.fit(policy, X).predict(policy, X);
  search_by<tutti::euclidean, tutti::squared_euclidean, tutti::manhattan, tutti::chebyshev, tutti::minkowski,
            tutti::hamming, tutti::cosine, tutti::inner_product>(X);
}

template void every_kernel(const tutti::matrix<float>&, const std::vector<float>&, const std::vector<int>&);
template void every_kernel(const tutti::matrix<double>&, const std::vector<double>&, const std::vector<int>&);

}  // namespace tutti_test
