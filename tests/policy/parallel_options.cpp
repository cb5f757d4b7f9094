#include <tutti/policy/parallel_options.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include <doctest/doctest.h>
#include <oneapi/tbb/global_control.h>

#include <tutti/policy/par.hpp>
#include <tutti/policy/par_simd.hpp>

#include "../support/check.hpp"

namespace tutti_test {

using tutti::index;

namespace {

/// Counts the threads that are inside at the same time, and all that ever were.
struct meter {
  std::atomic<int> inside{0}, most{0};
  std::mutex mutex;
  std::set<std::thread::id> seen;
};

struct busy_kernel {
  meter* m;
  void operator()(index, index, std::byte*) const {
    const int now = ++m->inside;
    int most = m->most;
    while (now > most && !m->most.compare_exchange_weak(most, now)) {
    }
    std::this_thread::sleep_for(std::chrono::microseconds(200));
    {
      const std::lock_guard lock(m->mutex);
      m->seen.insert(std::this_thread::get_id());
    }
    --m->inside;
  }
};

}  // namespace

TEST_CASE("threads(n) is the most that run at once") {
  for (const int n : {1, 2, 3, 7}) {
    meter m;
    tutti::par.threads(n).for_blocks(200, 1, busy_kernel{&m});
    CHECK(m.most <= n);
    CHECK(tutti::par.threads(n).max_threads() == n);
    if (n == 1) CHECK(m.seen == std::set{std::this_thread::get_id()});
  }
  CHECK_THROWS_AS(tutti::par.threads(0), tutti::invalid_input);
  check_throws<tutti::invalid_input>([] { static_cast<void>(tutti::par_simd.threads(-3)); }, {"threads", "-3"});
}

TEST_CASE("the caller's arena is where the work happens") {
  tbb::task_arena arena(2);
  meter m;
  tutti::par.on(arena).for_blocks(200, 1, busy_kernel{&m});
  CHECK(m.most <= 2);
  CHECK(tutti::par.on(arena).max_threads() == 2);
}

TEST_CASE("inside an arena of one thread par is one thread") {
  tbb::task_arena alone(1);
  meter m;
  alone.execute([&] { tutti::par.for_blocks(50, 1, busy_kernel{&m}); });
  CHECK(m.seen == std::set{std::this_thread::get_id()});
}

TEST_CASE("outer threads with a budget each keep it, and the application's limit is left alone") {
  const auto limit = tbb::global_control::active_value(tbb::global_control::max_allowed_parallelism);
  std::vector<meter> meters(4);
  std::vector<std::thread> outer;
  for (meter& m : meters) outer.emplace_back([&m] { tutti::par.threads(2).for_blocks(60, 1, busy_kernel{&m}); });
  for (auto& t : outer) t.join();
  for (const meter& m : meters) CHECK(m.most <= 2);
  CHECK(tbb::global_control::active_value(tbb::global_control::max_allowed_parallelism) == limit);
}

TEST_CASE("a budget beyond the application's limit is cut to it") {
  const tbb::global_control two(tbb::global_control::max_allowed_parallelism, 2);
  meter m;
  tutti::par.threads(7).for_blocks(100, 1, busy_kernel{&m});
  CHECK(m.most <= 2);
}

}  // namespace tutti_test
