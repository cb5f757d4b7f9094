#pragma once
// Memory for large arrays: aligned to a cache line, and to huge pages where the array is large enough to fill one
// (docs/measuring.md shows what that is worth).

#include <cstddef>
#include <limits>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>
#if defined(__linux__)
#include <sys/mman.h>
#endif

#include <tutti/core/view.hpp>

namespace tutti {

namespace detail {

inline constexpr std::size_t cache_line = 64;
inline constexpr std::size_t huge_page = std::size_t{1} << 21;

/// Size of n elements.
///
/// throws   std::bad_alloc if no memory can hold them
template <class T>
constexpr std::size_t bytes_of(index n) {
  if (n < 0 || n > std::numeric_limits<index>::max() / static_cast<index>(sizeof(T))) throw std::bad_alloc();
  return static_cast<std::size_t>(n) * sizeof(T);
}

/// Uninitialised memory. Arrays of a huge page and more are aligned to one and ask the system for them.
///
/// throws   std::bad_alloc
inline void* allocate_aligned(std::size_t bytes) {
  const std::size_t alignment = bytes >= huge_page ? huge_page : cache_line;
  if (bytes > std::size_t(-1) - alignment) throw std::bad_alloc();
  const std::size_t padded = (bytes + alignment - 1) / alignment * alignment;
  void* const p = ::operator new(padded == 0 ? alignment : padded, std::align_val_t{alignment});
#if defined(__linux__)
  // Advice only: where the system has no huge pages to give, ordinary ones serve.
  if (alignment == huge_page) static_cast<void>(::madvise(p, padded, MADV_HUGEPAGE));
#endif
  return p;
}

inline void free_aligned(void* p, std::size_t bytes) noexcept {
  ::operator delete(p, std::align_val_t{bytes >= huge_page ? huge_page : cache_line});
}

}  // namespace detail

namespace detail {

/// For a std::vector in memory as storage has it; what resize adds is not initialised.
template <class T>
struct storage_allocator {
  using value_type = T;

  storage_allocator() = default;
  template <class U>
  constexpr storage_allocator(const storage_allocator<U>&) noexcept {}

  T* allocate(std::size_t n) { return static_cast<T*>(allocate_aligned(bytes_of<T>(static_cast<index>(n)))); }
  void deallocate(T* p, std::size_t n) noexcept { free_aligned(p, n * sizeof(T)); }

  template <class U>
  void construct(U* p) noexcept {
    ::new (static_cast<void*>(p)) U;
  }
  template <class U, class... Args>
  void construct(U* p, Args&&... args) {
    ::new (static_cast<void*>(p)) U(std::forward<Args>(args)...);
  }

  friend bool operator==(const storage_allocator&, const storage_allocator&) = default;
};

/// A vector that can be copied where storage cannot.
template <class T>
using storage_vector = std::vector<T, storage_allocator<T>>;

}  // namespace detail

/// n elements of uninitialised memory, aligned to 64 bytes. Moves, never copies.
template <class T>
class storage {
  static_assert(std::is_trivially_copyable_v<T>, "storage holds plain numbers");

 public:
  storage() = default;

  /// throws   std::bad_alloc
  explicit storage(index n)
      : data_(static_cast<T*>(detail::allocate_aligned(detail::bytes_of<T>(n)))), size_(n) {}

  storage(storage&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

  storage& operator=(storage&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }

  ~storage() {
    if (data_ != nullptr) detail::free_aligned(data_, detail::bytes_of<T>(size_));
  }

  T* data() { return data_; }
  const T* data() const { return data_; }
  index size() const { return size_; }
  T& operator[](index i) { return data_[i]; }
  const T& operator[](index i) const { return data_[i]; }
  T* begin() { return data_; }
  T* end() { return data_ + size_; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }

 private:
  T* data_ = nullptr;
  index size_ = 0;
};

}  // namespace tutti
