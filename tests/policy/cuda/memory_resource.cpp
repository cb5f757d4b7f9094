#include <tutti/policy/cuda/memory_resource.hpp>

#include <cstddef>
#include <map>

#include <tutti/core/storage.hpp>
#include <tutti/data/synthetic.hpp>
#include <tutti/linear_model/logistic_regression.hpp>
#include <tutti/naive_bayes/gaussian_nb.hpp>

#include "../../support/check.hpp"
#if defined(TUTTI_TEST_TWIN)
#include "../cuda_twin.hpp"

namespace tutti_test {

namespace {

/// Counts what it hands out, and has no more after a while.
class meter : public tutti::device_memory_resource {
 public:
  explicit meter(int limit = 1 << 30) : allocations_left_(limit) {}

  void* allocate(std::size_t bytes, void* stream) override {
    CHECK(bytes > 0);
    CHECK(stream == expected_stream);
    if (allocations_left_-- == 0) throw tutti::out_of_device_memory(bytes, 0);
    void* const p = tutti::detail::allocate_aligned(bytes);
    blocks_[p] = bytes;
    ++allocations;
    return p;
  }
  void deallocate(void* p, std::size_t bytes, void* stream) noexcept override {
    const bool same = blocks_.count(p) == 1 && blocks_[p] == bytes && stream == expected_stream;
    wrong += same ? 0 : 1;
    blocks_.erase(p);
    tutti::detail::free_aligned(p, bytes);
  }
  bool all_returned() const { return blocks_.empty(); }

  void* expected_stream = nullptr;
  int allocations = 0;
  int wrong = 0;

 private:
  std::map<void*, std::size_t> blocks_;
  int allocations_left_;
};

}  // namespace

TEST_CASE("all device memory comes from the caller's resource, on the caller's stream, and goes back") {
  const auto d = tutti::higgs_like<float>(5000);
  meter resource;
  int stream = 0;
  resource.expected_stream = &stream;
  const auto policy = cuda_twin{}.on(&stream).memory(resource);
  {
    const auto model = tutti::logistic_regression{.max_iter = 3}.fit(policy, d.X, d.y);
    CHECK(model.predict(policy, d.X).size() == 5000);
    CHECK(tutti::gaussian_nb{}.fit(policy, d.X, d.y).predict_proba(policy, d.X).rows() == 5000);
  }
  CHECK(resource.allocations > 10);
  CHECK(resource.all_returned());
  CHECK(resource.wrong == 0);
}

TEST_CASE("memory that runs out at any point is an exception, and all of it goes back") {
  const auto d = tutti::higgs_like<float>(5000);
  int failures = 0;
  for (bool done = false; !done; ++failures) {
    meter resource(failures);
    const auto policy = cuda_twin{}.memory(resource);
    try {
      tutti::logistic_regression{.max_iter = 2}.fit(policy, d.X, d.y);
      done = true;
    } catch (const tutti::out_of_device_memory& e) {
      CHECK(e.required > 0);
    }
    CHECK(resource.all_returned());
    CHECK(resource.wrong == 0);
  }
  CHECK(failures > 5);
}

}  // namespace tutti_test
#endif
