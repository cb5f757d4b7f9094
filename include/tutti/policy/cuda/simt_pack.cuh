#pragma once
// simt_pack<T>: the pack of a CUDA device. Its 16 lanes are 16 neighbouring threads, one number each.
//
// The text of a kernel is the same as on a host: `load` reads p[lane], so a pack is 64 bytes side by side, `lane_sum`
// is four shuffles in the same fixed tree, and what a host kernel keeps in private memory the 16 threads keep together.

#include <cstdint>

#include <tutti/core/view.hpp>

namespace tutti::cuda_detail {

inline constexpr int group_threads = 16;  ///< threads that are the lanes of one pack

/// Operations of float and double that round once and are never fused.
template <class T>
struct device_arithmetic;
template <>
struct device_arithmetic<float> {
  static __device__ float multiply(float a, float b) { return __fmul_rn(a, b); }
  static __device__ float fused(float a, float b, float c) { return __fmaf_rn(a, b, c); }
  static __device__ float round(float x) { return rintf(x); }
};
template <>
struct device_arithmetic<double> {
  static __device__ double multiply(double a, double b) { return __dmul_rn(a, b); }
  static __device__ double fused(double a, double b, double c) { return __fma_rn(a, b, c); }
  static __device__ double round(double x) { return rint(x); }
};

template <class T>
struct simt_pack {
  using value_type = T;
  using part = T;
  using slice = simt_pack;
  template <class U>
  using rebind = simt_pack<U>;

  static constexpr int lanes = group_threads;
  static constexpr int width = group_threads;
  static constexpr int parts = 1;
  static constexpr int registers = 32;

  struct mask {
    bool m;
    /// The truth values of all lanes.
    __device__ std::uint32_t bits() const {
      return __ballot_sync(members(), m) >> (threadIdx.x % 32 / group_threads * group_threads) & 0xffffu;
    }
  };

  T value;

  static __device__ index lane() { return threadIdx.x % group_threads; }
  static __device__ index step() { return group_threads; }
  static __device__ bool leader() { return lane() == 0; }
  /// The threads of this pack within their warp.
  static __device__ unsigned members() { return 0xffffu << (threadIdx.x % 32 / group_threads * group_threads); }
  static __device__ void sync() { __syncwarp(members()); }

  static __device__ simt_pack all(T x) { return {x}; }
  static __device__ simt_pack load(const T* p) { return {p[lane()]}; }
  static __device__ simt_pack loadu(const T* p) { return {p[lane()]}; }
  static __device__ simt_pack load_first(const T* p, index count) { return {lane() < count ? p[lane()] : T(0)}; }
  template <class F>
  static __device__ simt_pack generate(const F& f) {
    return {f(lane())};
  }
  static __device__ simt_pack widen(const float* p) { return {static_cast<T>(p[lane()])}; }
  static __device__ simt_pack widen(const double* p) { return {static_cast<T>(p[lane()])}; }
  static __device__ void columns4(const T* x, index stride, simt_pack* column) {
    for (int k = 0; k < 4; ++k) column[k].value = x[lane() * stride + k];
  }
  static __device__ void prefetch(const void*) {}

  __device__ void store(T* p) const { p[lane()] = value; }
  __device__ void storeu(T* p) const { p[lane()] = value; }
  __device__ void store_first(T* p, index count) const {
    if (lane() < count) p[lane()] = value;
  }
  __device__ void scatter_first(T* p, index stride, index count) const {
    if (lane() < count) p[lane() * stride] = value;
  }
  __device__ T lane_sum() const {
    T sum = value;
    for (int w = group_threads / 2; w > 0; w /= 2) sum += __shfl_xor_sync(members(), sum, w, group_threads);
    return sum;
  }
  __device__ T lane_max() const {
    T largest = value;
    for (int w = group_threads / 2; w > 0; w /= 2) {
      const T other = __shfl_xor_sync(members(), largest, w, group_threads);
      largest = largest < other ? other : largest;
    }
    return largest;
  }

  friend __device__ simt_pack madd(const simt_pack& a, const simt_pack& b, const simt_pack& c) {
    return {device_arithmetic<T>::fused(a.value, b.value, c.value)};
  }
  friend __device__ simt_pack operator+(const simt_pack& a, const simt_pack& b) { return {a.value + b.value}; }
  friend __device__ simt_pack operator-(const simt_pack& a, const simt_pack& b) { return {a.value - b.value}; }
  friend __device__ simt_pack operator*(const simt_pack& a, const simt_pack& b) {
    return {device_arithmetic<T>::multiply(a.value, b.value)};
  }
  friend __device__ simt_pack operator/(const simt_pack& a, const simt_pack& b) { return {a.value / b.value}; }
  friend __device__ simt_pack min(const simt_pack& a, const simt_pack& b) { return a.value < b.value ? a : b; }
  friend __device__ simt_pack max(const simt_pack& a, const simt_pack& b) { return b.value < a.value ? a : b; }
  friend __device__ mask operator<(const simt_pack& a, const simt_pack& b) { return {a.value < b.value}; }
  friend __device__ mask operator<=(const simt_pack& a, const simt_pack& b) { return {a.value <= b.value}; }
  friend __device__ simt_pack select(const mask& m, const simt_pack& a, const simt_pack& b) { return m.m ? a : b; }
  friend __device__ simt_pack opaque(const simt_pack& x) { return x; }
  friend __device__ simt_pack round_whole(const simt_pack& x) { return {device_arithmetic<T>::round(x.value)}; }
  friend __device__ simt_pack exp2_whole(const simt_pack& n) { return {scalbn(T(1), static_cast<int>(n.value))}; }
  friend __device__ simt_pack exponent(const simt_pack& x) { return {static_cast<T>(ilogb(x.value))}; }
  friend __device__ simt_pack mantissa(const simt_pack& x) { return {scalbn(x.value, -ilogb(x.value))}; }
};

}  // namespace tutti::cuda_detail
