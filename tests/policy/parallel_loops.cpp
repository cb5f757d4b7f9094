#include <tutti/policy/parallel_loops.hpp>

#include <mutex>
#include <set>
#include <new>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/policy/par.hpp>

namespace tutti_test {

using tutti::index;

namespace {

struct collect_threads {
  std::mutex* mutex;
  std::set<std::thread::id>* seen;
  void operator()(index, index, std::byte*) const {
    const std::lock_guard lock(*mutex);
    seen->insert(std::this_thread::get_id());
  }
};

struct allocation_failure {
  void operator()(index begin, index, std::byte*) const {
    if (begin == 37) throw std::bad_alloc();
  }
};

}  // namespace

TEST_CASE("a single block wakes no thread: it runs on the caller's") {
  std::mutex mutex;
  std::set<std::thread::id> seen;
  for (int r = 0; r < 100; ++r) tutti::par.for_blocks(100, 4096, collect_threads{&mutex, &seen});
  CHECK(seen == std::set{std::this_thread::get_id()});
}

TEST_CASE("an allocation that fails inside a task is bad_alloc on the calling thread") {
  CHECK_THROWS_AS(tutti::par.for_blocks(100, 1, allocation_failure{}), std::bad_alloc);
}

}  // namespace tutti_test
