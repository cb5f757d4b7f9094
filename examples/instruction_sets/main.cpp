// One program for every machine: the same code compiled for three instruction sets, the best one chosen at run time.
//
// The flags belong to the files, see CMakeLists.txt. Kernels are templates over the policy, and the policy's type names the
// instruction set: the linker cannot mix them up. Of what takes no policy (functions of std::vector, say) it keeps the first
// definition it meets, so the file without flags comes first.

#include <chrono>
#include <cstdio>

#include <tutti/data/synthetic.hpp>

#include "fit.hpp"

namespace {

void run(const char* name, bool available, label_list (*predict)(const tutti::matrix<float>&, const label_list&),
         const tutti::labelled_data<float>& d, const label_list& expected) {
  if (!available) {
    std::printf("%-9s not on this machine\n", name);
    return;
  }
  const auto begin = std::chrono::steady_clock::now();
  const bool same = predict(d.X, d.y) == expected;
  const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - begin;
  std::printf("%-9s %7.2f ms, %s\n", name, time.count(), same ? "the same labels" : "OTHER LABELS");
}

}  // namespace

int main() {
  const auto d = tutti::higgs_like<float>(500'000);
  const label_list expected = predict_baseline(d.X, d.y);
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool avx512 = __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  run("baseline", true, predict_baseline, d, expected);
  run("avx2", avx2, predict_avx2, d, expected);
  run("avx512", avx512, predict_avx512, d, expected);
}
