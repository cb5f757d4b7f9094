#pragma once
// The operators new and delete of a test program by functions of its own, which it defines: one file of a program includes
// this.

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace tutti_test {

void* allocate(std::size_t bytes, std::size_t alignment);
void release(void* p);

/// throws   std::bad_alloc
inline void* aligned_block(std::size_t bytes, std::size_t alignment) {
  void* const p =
      std::aligned_alloc(alignment, (std::max<std::size_t>(bytes, 1) + alignment - 1) / alignment * alignment);
  if (p == nullptr) throw std::bad_alloc();
  return p;
}

}  // namespace tutti_test

void* operator new(std::size_t bytes) { return tutti_test::allocate(bytes, alignof(std::max_align_t)); }
void* operator new[](std::size_t bytes) { return tutti_test::allocate(bytes, alignof(std::max_align_t)); }
void* operator new(std::size_t bytes, std::align_val_t a) { return tutti_test::allocate(bytes, static_cast<std::size_t>(a)); }
void* operator new[](std::size_t bytes, std::align_val_t a) { return tutti_test::allocate(bytes, static_cast<std::size_t>(a)); }
void operator delete(void* p) noexcept { tutti_test::release(p); }
void operator delete[](void* p) noexcept { tutti_test::release(p); }
void operator delete(void* p, std::size_t) noexcept { tutti_test::release(p); }
void operator delete[](void* p, std::size_t) noexcept { tutti_test::release(p); }
void operator delete(void* p, std::align_val_t) noexcept { tutti_test::release(p); }
void operator delete[](void* p, std::align_val_t) noexcept { tutti_test::release(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { tutti_test::release(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { tutti_test::release(p); }
