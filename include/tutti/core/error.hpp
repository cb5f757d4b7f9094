#pragma once
// What the library throws: one small tree of types, each with a message that names what was expected and what came.

#include <cstddef>
#include <stdexcept>
#include <string>

namespace tutti {

/// The base of everything that the library itself throws. Allocation failure stays `std::bad_alloc`.
class error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// An argument or a hyper-parameter is not what the function asks for. Nothing has been changed.
class invalid_input : public error {
 public:
  using error::error;
};

/// A request that is well formed, but that this estimator cannot serve.
class unsupported : public error {
 public:
  using error::error;
};

/// A file is not what it claims to be: malformed, truncated, foreign, or written by a newer version.
class format_error : public error {
 public:
  using error::error;
};

/// The accelerator refused a call.
class device_error : public error {
 public:
  using error::error;
};

/// The memory limit of the call, or the memory of the machine it runs on, is too small.
class out_of_memory : public error {
 public:
  out_of_memory(const std::string& where, std::size_t required_bytes, std::size_t available_bytes)
      : error(where + ": " + std::to_string(required_bytes) + " bytes required, " +
              std::to_string(available_bytes) + " available"),
        required(required_bytes),
        available(available_bytes) {}

  std::size_t required;   ///< bytes that the call asked for
  std::size_t available;  ///< bytes that it could have had
};

/// The same, of an accelerator's memory.
class out_of_device_memory : public out_of_memory {
 public:
  out_of_device_memory(std::size_t required_bytes, std::size_t available_bytes)
      : out_of_memory("device memory", required_bytes, available_bytes) {}
};

/// The caller's stop token asked the call to end before it was done.
class cancelled : public error {
 public:
  cancelled() : error("cancelled by the caller's stop token") {}
};

}  // namespace tutti
