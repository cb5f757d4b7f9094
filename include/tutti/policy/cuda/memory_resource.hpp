#pragma once
// Where a device policy gets its memory, if the caller wants a say.

#include <cstddef>

namespace tutti {

/// A source of device memory that belongs to the caller: a pool, an arena, a meter.
///
/// Calls come from the thread that called the library, on the stream of the policy. Memory that is deallocated may still
/// be in use by work already on that stream.
class device_memory_resource {
 public:
  virtual ~device_memory_resource() = default;

  /// bytes > 0; aligned to 256 bytes. Throws if there is no memory.
  virtual void* allocate(std::size_t bytes, void* stream) = 0;
  virtual void deallocate(void* p, std::size_t bytes, void* stream) noexcept = 0;
};

}  // namespace tutti
