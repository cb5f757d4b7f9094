#pragma once
// basic_cuda<System>: the contract of a policy on a device, in terms of a few things that a System does.
//
// The System of this folder is a CUDA device (device_system.cuh). The tests have another one, a plain loop on the host
// with Thrust's sequential system: this file, and so the whole policy but for the launch and the pack, runs there too.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <thrust/partition.h>
#include <thrust/scan.h>
#include <thrust/sort.h>

#include <tutti/core/error.hpp>
#include <tutti/core/storage.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/control.hpp>
#include <tutti/policy/cuda/memory_resource.hpp>
#include <tutti/policy/ordered_bits.hpp>
#include <tutti/policy/policy.hpp>
#include <tutti/policy/seq.hpp>

namespace tutti {

namespace cuda_detail {

/// Device memory that counts against the caller's limit and goes back to the caller's resource.
template <class System, class T>
class device_buffer {
 public:
  device_buffer() = default;
  device_buffer(const System& system, const run_control* control, index n)
      : claim_(control, detail::bytes_of<T>(n)), system_(system), size_(n) {
    if (n > 0) data_ = static_cast<T*>(system_.allocate(detail::bytes_of<T>(n)));
  }
  device_buffer(device_buffer&& other) noexcept
      : claim_(std::move(other.claim_)),
        system_(other.system_),
        data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)) {}
  device_buffer& operator=(device_buffer&& other) noexcept {
    std::swap(claim_, other.claim_);
    std::swap(system_, other.system_);
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~device_buffer() {
    if (data_ != nullptr) system_.deallocate(data_, detail::bytes_of<T>(size_));
  }

  T* data() { return data_; }
  const T* data() const { return data_; }
  index size() const { return size_; }

 private:
  detail::memory_claim claim_;
  System system_;
  T* data_ = nullptr;
  index size_ = 0;
};

/// What `bring` returns: the caller's memory if the device reads it, a copy on the device if not.
template <class View, class Buffer>
class brought {
 public:
  brought(View v, Buffer copy) : view_(v), copy_(std::move(copy)) {}
  View view() const { return view_; }

 private:
  View view_;
  Buffer copy_;
};

/// Thrust's temporary memory from the System.
template <class System>
struct thrust_memory {
  using value_type = char;

  System system;

  char* allocate(std::ptrdiff_t bytes) { return static_cast<char*>(system.allocate(static_cast<std::size_t>(bytes))); }
  void deallocate(char* p, std::size_t bytes) { system.deallocate(p, bytes); }
};

/// Group g of threads takes blocks g, g + groups, ... of a loop.
template <class P, class F>
struct block_loop {
  F f;
  index n;
  index block;
  index groups;
  std::byte* scratch;
  index scratch_stride;

  constexpr void operator()(index g) const {
    for (index begin = g * block; begin < n; begin += groups * block) {
      f(begin, std::min(n, begin + block), scratch + g * scratch_stride);
      P::sync();
    }
  }
};

/// The same for leaves of a reduction, each into its own slot.
template <class P, class V, class Kernel>
struct leaf_loop {
  Kernel kernel;
  index n;
  index block;
  index first;
  index leaves;
  index groups;
  index width;
  V* slots;
  std::byte* scratch;
  index scratch_stride;

  constexpr void operator()(index g) const {
    for (index i = g; i < leaves; i += groups) {
      V* const slot = slots + i * width;
      for (index e = P::lane(); e < width; e += P::step()) slot[e] = V{};
      P::sync();
      const index begin = (first + i) * block;
      kernel.map(begin, std::min(n, begin + block), slot, scratch + g * scratch_stride);
      P::sync();
    }
  }
};

/// One level of the reduction tree: slot 2 s k takes slot 2 s k + s.
template <class V, class Kernel>
struct join_level {
  Kernel kernel;
  index width;
  index distance;
  V* slots;

  constexpr void operator()(index k) const {
    V* const left = slots + 2 * distance * k * width;
    kernel.combine(left, left + distance * width);
  }
};

/// Keys to ordered bits, or back.
template <class P, class K, bool Back>
struct key_transform {
  K* keys;
  detail::key_bits<K>* bits;
  index n;

  constexpr void operator()(index g) const {
    for (index i = g * P::lanes + P::lane(); i < std::min(n, (g + 1) * P::lanes); i += P::step()) {
      if constexpr (Back)
        keys[i] = detail::from_ordered_bits<K>(bits[i]);
      else
        bits[i] = detail::ordered_bits(keys[i]);
    }
  }
};

}  // namespace cuda_detail

/// A device as an execution policy. Stream, device and memory belong to the caller.
template <class System>
class basic_cuda {
 public:
  template <class T>
  using pack = typename System::template pack<T>;
  template <class T>
  using buffer = cuda_detail::device_buffer<System, T>;

  constexpr basic_cuda() = default;
  constexpr explicit basic_cuda(System system) : system_(system) {}

  /// The same policy on the caller's stream.
  constexpr basic_cuda on(typename System::stream_type stream) const {
    basic_cuda copy = *this;
    copy.system_.stream = stream;
    return copy;
  }
  /// The same policy on the device of this number; by default it is the one current in the calling thread.
  constexpr basic_cuda device(int number) const {
    basic_cuda copy = *this;
    copy.system_.device = number;
    return copy;
  }
  /// The same policy with memory from the caller's resource, which must outlive the calls.
  constexpr basic_cuda memory(device_memory_resource& resource) const {
    basic_cuda copy = *this;
    copy.system_.resource = &resource;
    return copy;
  }
  /// The same policy under a caller's control, which must outlive the calls.
  constexpr basic_cuda with(const run_control& control) const {
    basic_cuda copy = *this;
    copy.control_ = &control;
    return copy;
  }
  basic_cuda with(const run_control&&) const = delete;

  constexpr const run_control* control() const { return control_; }
  constexpr const basic_cuda& inner() const { return *this; }
  /// The policy for what stays in host memory: one thread, under the same control.
  constexpr basic_seq<> host() const { return control_ == nullptr ? seq : seq.with(*control_); }

  template <class F>
  void for_blocks(index n, index block, const F& f) const {
    check_stop(*this);
    const index blocks = detail::block_count(n, block), stride = round_up(detail::scratch_bytes(f));
    if (blocks == 0) return;
    const index groups = groups_for(blocks, stride);
    auto scratch = make_buffer<std::byte>(groups * stride);
    system_.launch(groups, cuda_detail::block_loop<pack<float>, F>{f, n, block, groups, scratch.data(), stride});
  }

  template <class V, class Kernel>
  std::vector<V> reduce_blocks(index n, index block, index width, const Kernel& kernel) const {
    check_stop(*this);
    std::vector<V> out(static_cast<std::size_t>(width));
    const index leaves = detail::block_count(n, block);
    if (leaves == 0) return out;
    const index batch = leaves_at_a_time(leaves, width * static_cast<index>(sizeof(V)));
    const index batches = detail::block_count(leaves, batch);
    auto slots = make_buffer<V>(std::min(batch, leaves) * width), joined = make_buffer<V>(batches * width);
    for (index b = 0; b < batches; ++b) {
      check_stop(*this);
      const index first = b * batch, count = std::min(batch, leaves - first);
      map_leaves(n, block, first, count, width, kernel, slots.data());
      join(count, width, kernel, slots.data());
      system_.copy(joined.data() + b * width, slots.data(), static_cast<std::size_t>(width) * sizeof(V));
    }
    join(batches, width, kernel, joined.data());
    system_.copy(out.data(), joined.data(), out.size() * sizeof(V));
    system_.synchronise();
    return out;
  }

  template <class T>
  T exclusive_scan(const T* in, T* out, index n) const {
    if (n == 0) return T{};
    T last_in{}, last_out{};
    system_.copy(&last_in, in + n - 1, sizeof(T));
    system_.synchronise();
    [[maybe_unused]] const auto here = system_.make_current();
    cuda_detail::thrust_memory<System> memory{system_};
    thrust::exclusive_scan(system_.execution(memory), in, in + n, out, T{});
    system_.copy(&last_out, out + n - 1, sizeof(T));
    system_.synchronise();
    return static_cast<T>(last_in + last_out);
  }

  /// On unsigned bits: Thrust's sequential system puts negative whole numbers last (CCCL 3.0).
  template <class K, class V>
  void sort_pairs(K* keys, V* values, index n) const {
    using P = pack<float>;
    auto bits = make_buffer<detail::key_bits<K>>(n);
    const index groups = detail::block_count(n, P::lanes);
    system_.launch(groups, cuda_detail::key_transform<P, K, false>{keys, bits.data(), n});
    [[maybe_unused]] const auto here = system_.make_current();
    cuda_detail::thrust_memory<System> memory{system_};
    thrust::stable_sort_by_key(system_.execution(memory), bits.data(), bits.data() + n, values);
    system_.launch(groups, cuda_detail::key_transform<P, K, true>{keys, bits.data(), n});
  }

  template <class T, class Predicate>
  index stable_partition(T* values, index n, const Predicate& pred) const {
    [[maybe_unused]] const auto here = system_.make_current();
    cuda_detail::thrust_memory<System> memory{system_};
    return thrust::stable_partition(system_.execution(memory), values, values + n, pred) - values;
  }

  template <class T>
  buffer<T> make_buffer(index n) const {
    return buffer<T>(system_, control_, n);
  }

  /// Nothing if the device reads the memory already, an upload if not.
  template <class T>
  auto bring(matrix_view<const T> m) const {
    using view_type = matrix_view<const T>;
    using result = cuda_detail::brought<view_type, buffer<T>>;
    if (m.rows == 0 || m.cols == 0 || system_.reads(m.data)) return result(m, buffer<T>());
    buffer<T> copy = make_buffer<T>(m.rows * m.cols);
    const bool by_rows = m.col_stride == 1 && m.row_stride == m.cols;
    const bool by_columns = m.row_stride == 1 && m.col_stride == m.rows;
    if (by_rows || by_columns) {
      upload(copy, m.data);
      const view_type there{copy.data(), m.rows, m.cols, m.row_stride, m.col_stride};
      return result(there, std::move(copy));
    }
    storage<T> packed(m.rows * m.cols);
    for (index i = 0; i < m.rows; ++i)
      for (index j = 0; j < m.cols; ++j) packed[i * m.cols + j] = m(i, j);
    upload(copy, packed.data());
    const view_type there{copy.data(), m.rows, m.cols, m.cols, 1};
    return result(there, std::move(copy));
  }

  template <class T>
  auto bring(vector_view<const T> v) const {
    using view_type = vector_view<const T>;
    using result = cuda_detail::brought<view_type, buffer<T>>;
    if (v.size == 0 || system_.reads(v.data)) return result(v, buffer<T>());
    buffer<T> copy = make_buffer<T>(v.size);
    if (v.stride == 1) {
      upload(copy, v.data);
    } else {
      storage<T> packed(v.size);
      for (index i = 0; i < v.size; ++i) packed[i] = v(i);
      upload(copy, packed.data());
    }
    const view_type there{copy.data(), v.size, 1};
    return result(there, std::move(copy));
  }

  template <class T, class F>
  void produce(std::span<T> out, const F& f) const {
    if (out.empty() || system_.reads(out.data())) {
      f(out.data());
      system_.synchronise();
      return;
    }
    buffer<T> made = make_buffer<T>(static_cast<index>(out.size()));
    f(made.data());
    system_.copy(out.data(), made.data(), out.size() * sizeof(T));
    system_.synchronise();
  }

  template <class T>
  void copy_to_host(vector_view<const T> from, T* to) const {
    if (!system_.reads(from.data)) {
      for (index i = 0; i < from.size; ++i) to[i] = from(i);
    } else if (from.stride == 1) {
      system_.copy(to, from.data, static_cast<std::size_t>(from.size) * sizeof(T));
      system_.synchronise();
    } else {
      for (index i = 0; i < from.size; ++i) system_.copy(to + i, from.data + i * from.stride, sizeof(T));
      system_.synchronise();
    }
  }

 private:
  static constexpr index workspace_bytes = index{1} << 28;  // for slots and for scratch, each
  static constexpr index most_groups = 1 << 14;

  static constexpr index round_up(index bytes) { return (bytes + 255) / 256 * 256; }

  static constexpr index groups_for(index blocks, index scratch_stride) {
    const index fit = scratch_stride == 0 ? most_groups : std::max<index>(1, workspace_bytes / scratch_stride);
    return std::min({blocks, most_groups, fit});
  }

  /// A power of two, so that a batch is a whole subtree of the reduction.
  static constexpr index leaves_at_a_time(index leaves, index slot_bytes) {
    index batch = 1;
    while (batch < leaves && 2 * batch * slot_bytes <= workspace_bytes) batch *= 2;
    return batch;
  }

  template <class T>
  void upload(buffer<T>& to, const T* from) const {
    system_.copy(to.data(), from, static_cast<std::size_t>(to.size()) * sizeof(T));
    system_.synchronise();
  }

  template <class V, class Kernel>
  void map_leaves(index n, index block, index first, index leaves, index width, const Kernel& kernel, V* slots) const {
    const index stride = round_up(detail::scratch_bytes(kernel)), groups = groups_for(leaves, stride);
    auto scratch = make_buffer<std::byte>(groups * stride);
    using loop = cuda_detail::leaf_loop<pack<float>, V, Kernel>;
    system_.launch(groups, loop{kernel, n, block, first, leaves, groups, width, slots, scratch.data(), stride});
  }

  template <class V, class Kernel>
  void join(index count, index width, const Kernel& kernel, V* slots) const {
    for (index distance = 1; distance < count; distance *= 2) {
      const index pairs = (count - distance - 1) / (2 * distance) + 1;
      system_.launch(pairs, cuda_detail::join_level<V, Kernel>{kernel, width, distance, slots});
    }
  }

  System system_{};
  const run_control* control_ = nullptr;
};

}  // namespace tutti
