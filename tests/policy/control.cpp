#include <tutti/policy/control.hpp>

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

using tutti::run_control;
using tutti::detail::memory_claim;

TEST_CASE("claims add up, move, and are given back") {
  const run_control control{.memory_limit = 100};
  {
    const memory_claim first(&control, 60);
    CHECK(control.memory_in_use == 60);
    CHECK_THROWS_AS(memory_claim(&control, 41), tutti::out_of_memory);
    CHECK(control.memory_in_use == 60);
    memory_claim second(&control, 40);
    const memory_claim moved = std::move(second);
    CHECK(control.memory_in_use == 100);
  }
  CHECK(control.memory_in_use == 0);
}

TEST_CASE("without a limit everything fits") {
  const run_control control;
  const memory_claim large(&control, std::size_t{1} << 60);
  CHECK(control.memory_in_use == std::size_t{1} << 60);
}

TEST_CASE("many threads may claim at once and never pass the limit together") {
  const run_control control{.memory_limit = 10};
  std::vector<std::thread> threads;
  std::atomic<int> held = 0, most = 0;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 2000; ++i) {
        try {
          const memory_claim claim(&control, 4);
          if (++held > most) most = held.load();
          --held;
        } catch (const tutti::out_of_memory&) {
        }
      }
    });
  for (auto& t : threads) t.join();
  CHECK(most <= 2);
  CHECK(control.memory_in_use == 0);
}
