// Arrays of more than 2^32 elements: every offset is formed in 64 bits. The pages are the system's zeros, but for a few.
// Needs 40 GB of address space and minutes, so it runs only if TUTTI_TEST_LARGE is set.

#include <sys/mman.h>

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

#include <tutti/core/view.hpp>
#include <tutti/preprocessing/standard_scaler.hpp>

#include "../policies.hpp"
#include "../support/check.hpp"

namespace tutti_test {

using tutti::index;

namespace {

const struct asked_for {
  asked_for() {
    if (std::getenv("TUTTI_TEST_LARGE") != nullptr) return;
    std::puts("skipped: TUTTI_TEST_LARGE is not set");
    std::exit(77);
  }
} is_asked_for;

constexpr index n = (index{1} << 29) + 4099, p = 8;  // 2^32 elements and some

/// Zeros that take no memory until they are written.
class zeros {
 public:
  zeros() : memory_(::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)) {
    REQUIRE(memory_ != MAP_FAILED);
  }
  zeros(const zeros&) = delete;
  zeros& operator=(const zeros&) = delete;
  ~zeros() { ::munmap(memory_, bytes); }

  float* data() { return static_cast<float*>(memory_); }

 private:
  static constexpr std::size_t bytes = std::size_t(n * p) * sizeof(float);
  void* memory_;
};

}  // namespace

TEST_CASE("moments see the last rows, in either storage order") {
  zeros memory;
  for (const bool rows_first : {true, false}) {
    const tutti::matrix_view<float> X{memory.data(), n, p, rows_first ? p : 1, rows_first ? 1 : n};
    X(n - 1, p - 1) = 1000;
    X(n - 2, 0) = 500;
    const auto model = tutti::standard_scaler{}.fit(tutti::par_simd, X);
    CHECK(model.mean()[p - 1] == doctest::Approx(1000.0 / double(n)));
    CHECK(model.mean()[0] == doctest::Approx(500.0 / double(n)));
    CHECK(model.mean()[1] == 0);
    X(n - 1, p - 1) = 0;
    X(n - 2, 0) = 0;
  }
}

TEST_CASE("the row of a bad value far away is named") {
  zeros memory;
  const tutti::matrix_view<float> X{memory.data(), n, p, p, 1};
  X(n - 3, 2) = NAN;
  check_throws<tutti::invalid_input>([&] { tutti::standard_scaler{}.fit(tutti::par_simd, X); },
                                     {"row 536875008", "column 2"});
}

}  // namespace tutti_test
