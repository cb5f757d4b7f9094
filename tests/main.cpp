// The main of every test: all the threads that a law asks for, even where the machine has fewer cores.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <oneapi/tbb/global_control.h>

int main(int argc, char** argv) {
  const tbb::global_control eight_threads(tbb::global_control::max_allowed_parallelism, 8);
  return doctest::Context(argc, argv).run();
}
