#pragma once
// What the caller of a long job wants to say about it: stop, tell me how far you are, and take no more memory than this.

#include <atomic>
#include <cstddef>
#include <functional>
#include <limits>
#include <stop_token>
#include <utility>

#include <tutti/core/error.hpp>
#include <tutti/core/view.hpp>

namespace tutti {

/// A caller's wishes for the calls that are given it: `ridge{}.fit(par.with(control), X, y)`.
///
/// The caller owns it and keeps it alive during the call. Calls that share one share its memory limit too.
struct run_control {
  /// Asked for between blocks of work; a stop ends the call with `cancelled`.
  std::stop_token stop{};
  /// Called on the calling thread after each step of the work: (steps done, steps in all at the most).
  std::function<void(index done, index total)> progress{};
  /// Bytes that the working arrays of a call may take together; results and caller's data do not count.
  std::size_t memory_limit = std::numeric_limits<std::size_t>::max();
  /// Bytes taken right now. Kept by the library.
  mutable std::atomic<std::size_t> memory_in_use{0};
};

namespace detail {

/// Bytes that count against a run_control as long as this lives.
class memory_claim {
 public:
  memory_claim() = default;

  /// throws   out_of_memory if the limit would be passed
  memory_claim(const run_control* control, std::size_t bytes) : control_(control), bytes_(bytes) {
    if (control_ == nullptr) return;
    const std::size_t before = control_->memory_in_use.fetch_add(bytes_);
    if (before > control_->memory_limit || bytes_ > control_->memory_limit - before) {
      control_->memory_in_use.fetch_sub(bytes_);
      const std::size_t left = before > control_->memory_limit ? 0 : control_->memory_limit - before;
      throw out_of_memory("memory limit of the call", bytes_, left);
    }
  }

  memory_claim(memory_claim&& other) noexcept : control_(other.control_), bytes_(other.bytes_) {
    other.control_ = nullptr;
  }
  memory_claim& operator=(memory_claim&& other) noexcept {
    std::swap(control_, other.control_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~memory_claim() {
    if (control_ != nullptr) control_->memory_in_use.fetch_sub(bytes_);
  }

 private:
  const run_control* control_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace detail

}  // namespace tutti
