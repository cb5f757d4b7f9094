// The limits alone, so that a run can print what its shares are shares of.

#include <string>

#include "support.hpp"

namespace tutti_benchmark {
namespace {

/// Shows a rate that is measured elsewhere; the time of the row means nothing.
void show(benchmark::State& state, double rate) {
  for ([[maybe_unused]] auto _ : state) benchmark::ClobberMemory();
  state.counters["per_second"] = rate;
}

void add_read(int threads) {
  add("machine/read/threads:" + std::to_string(threads),
      [=](benchmark::State& state) { show(state, read_bandwidth(threads)); });
}

template <class T, class Policy>
void add_multiply_add(const Policy& policy, const std::string& name) {
  using pack = typename Policy::template pack<T>;
  const int threads = threads_of(policy);
  add("machine/multiply_add/" + name + "/" + type_name<T>() + "/threads:" + std::to_string(threads),
      [=](benchmark::State& state) { show(state, multiply_add_rate<pack>(threads)); });
}

const bool registered = [] {
  const int all = threads_of(tutti::par);
  add_read(1);
  if (all > 1) add_read(all);
  for_policies([](const auto& policy, const std::string& name) {
    add_multiply_add<float>(policy, name);
    add_multiply_add<double>(policy, name);
  });
  return true;
}();

}  // namespace
}  // namespace tutti_benchmark
