#pragma once
// The device's pack, emulated: its 16 lanes are 16 threads of the host that meet at barriers where the device's shuffle.
//
// What a kernel must not do on a device it must not do here: read what another lane wrote without a sync, add to one
// number from every lane, leave a branch in which some lanes shuffle and others do not.

#include <array>
#include <barrier>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

#include <tutti/core/arithmetic.hpp>
#include <tutti/core/scalar_pack.hpp>
#include <tutti/core/view.hpp>

namespace tutti_test {

using tutti::index;

/// Where the 16 lanes of a group meet.
struct lane_group {
  std::barrier<> barrier{16};
  std::array<double, 16> exchange{};
};

inline thread_local index current_lane = 0;
inline thread_local lane_group* current_group = nullptr;

/// What every lane has.
inline std::array<double, 16> of_all_lanes(double mine) {
  current_group->exchange[std::size_t(current_lane)] = mine;
  current_group->barrier.arrive_and_wait();
  const std::array<double, 16> all = current_group->exchange;
  current_group->barrier.arrive_and_wait();
  return all;
}

template <class T>
struct emulated_pack {
  using value_type = T;
  using part = T;
  using slice = emulated_pack;
  template <class U>
  using rebind = emulated_pack<U>;
  using scalar = tutti::scalar_pack<T>;

  static constexpr int lanes = 16, width = 16, parts = 1, registers = 32;

  struct mask {
    bool m;
    std::uint32_t bits() const {
      const auto truth = of_all_lanes(m);
      std::uint32_t b = 0;
      for (std::size_t l = 0; l < 16; ++l) b |= truth[l] != 0 ? 1u << l : 0u;
      return b;
    }
  };

  T value;

  static index lane() { return current_lane; }
  static index step() { return 16; }
  static bool leader() { return current_lane == 0; }
  static void sync() { current_group->barrier.arrive_and_wait(); }

  static emulated_pack all(T x) { return {x}; }
  static emulated_pack load(const T* p) { return {p[lane()]}; }
  static emulated_pack loadu(const T* p) { return {p[lane()]}; }
  static emulated_pack load_first(const T* p, index count) { return {lane() < count ? p[lane()] : T(0)}; }
  template <class F>
  static emulated_pack generate(const F& f) {
    return {f(lane())};
  }
  static emulated_pack widen(const float* p) { return {static_cast<T>(p[lane()])}; }
  static emulated_pack widen(const double* p) { return {static_cast<T>(p[lane()])}; }
  static void columns4(const T* x, index stride, emulated_pack* column) {
    for (int k = 0; k < 4; ++k) column[k].value = x[lane() * stride + k];
  }
  static void prefetch(const void*) {}

  void store(T* p) const { p[lane()] = value; }
  void storeu(T* p) const { p[lane()] = value; }
  void store_first(T* p, index count) const {
    if (lane() < count) p[lane()] = value;
  }
  void scatter_first(T* p, index stride, index count) const {
    if (lane() < count) p[lane() * stride] = value;
  }
  T lane_sum() const {
    return tree([](T a, T b) { return a + b; });
  }
  T lane_max() const {
    return tree([](T a, T b) { return a < b ? b : a; });
  }

  friend emulated_pack madd(emulated_pack a, emulated_pack b, emulated_pack c) {
    return {std::fma(a.value, b.value, c.value)};
  }
  friend emulated_pack operator+(emulated_pack a, emulated_pack b) { return {a.value + b.value}; }
  friend emulated_pack operator-(emulated_pack a, emulated_pack b) { return {a.value - b.value}; }
  friend emulated_pack operator*(emulated_pack a, emulated_pack b) { return {tutti::detail::product(a.value, b.value)}; }
  friend emulated_pack operator/(emulated_pack a, emulated_pack b) { return {a.value / b.value}; }
  friend emulated_pack min(emulated_pack a, emulated_pack b) { return a.value < b.value ? a : b; }
  friend emulated_pack max(emulated_pack a, emulated_pack b) { return b.value < a.value ? a : b; }
  friend mask operator<(emulated_pack a, emulated_pack b) { return {a.value < b.value}; }
  friend mask operator<=(emulated_pack a, emulated_pack b) { return {a.value <= b.value}; }
  friend emulated_pack select(mask m, emulated_pack a, emulated_pack b) { return m.m ? a : b; }
  friend emulated_pack opaque(emulated_pack x) { return {tutti::detail::unfused(x.value)}; }
  friend emulated_pack round_whole(emulated_pack x) { return {round_whole(scalar{x.value}).value}; }
  friend emulated_pack exp2_whole(emulated_pack x) { return {exp2_whole(scalar{x.value}).value}; }
  friend emulated_pack exponent(emulated_pack x) { return {exponent(scalar{x.value}).value}; }
  friend emulated_pack mantissa(emulated_pack x) { return {mantissa(scalar{x.value}).value}; }

 private:
  /// The four shuffles of the device, each lane joined with the one 8, 4, 2, 1 away.
  template <class F>
  T tree(const F& join) const {
    auto x = of_all_lanes(value);
    for (std::size_t w = 8; w > 0; w /= 2)
      for (std::size_t l = 0; l < w; ++l) x[l] = join(T(x[l]), T(x[l + w]));
    return T(x[0]);
  }
};

/// f() on 16 threads that are the lanes of one group.
template <class F>
void run_lanes(const F& f) {
  lane_group group;
  std::vector<std::thread> threads;
  for (index l = 0; l < 16; ++l)
    threads.emplace_back([&, l] {
      current_lane = l;
      current_group = &group;
      f();
    });
  for (std::thread& t : threads) t.join();
}

}  // namespace tutti_test
