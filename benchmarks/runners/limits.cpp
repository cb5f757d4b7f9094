// Prints what the machine can do at most, for the harness in benchmarks/peers:
//
//     runner_limits THREADS    bytes a second read from memory, multiply-adds a second in floats

#include <cstdlib>
#include <iostream>

#include "../limits.hpp"

#include <tutti/policy/simd.hpp>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: runner_limits THREADS\n";
    return EXIT_FAILURE;
  }
  const int threads = std::atoi(argv[1]);
  std::cout << tutti_benchmark::read_bandwidth(threads) << ' '
            << tutti_benchmark::multiply_add_rate<tutti::basic_simd<>::pack<float>>(threads) << '\n';
}
