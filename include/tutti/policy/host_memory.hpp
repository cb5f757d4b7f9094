#pragma once
// The memory side of a host policy: tasks may touch everything, so nothing is ever copied.

#include <span>
#include <utility>

#include <tutti/core/storage.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/control.hpp>

namespace tutti::detail {

/// What `bring` returns on a host: the caller's own memory.
template <class View>
class borrowed {
 public:
  explicit borrowed(View v) : view_(v) {}
  View view() const { return view_; }

 private:
  View view_;
};

/// Working memory that counts against the caller's limit.
template <class T>
class host_buffer {
 public:
  host_buffer() = default;

  /// throws   std::bad_alloc; out_of_memory past the limit
  host_buffer(const run_control* control, index n) : claim_(control, bytes_of<T>(n)), memory_(n) {}

  T* data() { return memory_.data(); }
  const T* data() const { return memory_.data(); }
  index size() const { return memory_.size(); }

 private:
  memory_claim claim_;
  storage<T> memory_;
};

/// The members of the contract that concern memory, for a policy whose tasks run on the host.
template <class Self>
struct host_memory {
  template <class T>
  using buffer = host_buffer<T>;

  template <class T>
  buffer<T> make_buffer(index n) const {
    return buffer<T>(static_cast<const Self&>(*this).control(), n);
  }

  template <class View>
  borrowed<View> bring(View v) const {
    return borrowed<View>(v);
  }

  template <class T, class F>
  void produce(std::span<T> out, const F& f) const {
    f(out.data());
  }

  template <class T>
  void copy_to_host(vector_view<const T> from, T* to) const {
    for (index i = 0; i < from.size; ++i) to[i] = from(i);
  }

  const Self& host() const { return static_cast<const Self&>(*this); }
};

}  // namespace tutti::detail
