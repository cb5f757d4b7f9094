#include <tutti/policy/host_memory.hpp>

#include <span>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/policy/seq.hpp>

TEST_CASE("a host brings and produces without copying") {
  const std::vector<float> x(100, 1.0f);
  const auto brought = tutti::seq.bring(tutti::view(x));
  CHECK(brought.view().data == x.data());
  std::vector<int> out(3);
  int* given = nullptr;
  tutti::seq.produce(std::span<int>(out), [&](int* p) { given = p; });
  CHECK(given == out.data());
  CHECK(&tutti::seq.host() == &tutti::seq);
}

TEST_CASE("buffers move") {
  auto a = tutti::seq.make_buffer<double>(4);
  double* const where = a.data();
  const auto b = std::move(a);
  CHECK(b.data() == where);
  CHECK(b.size() == 4);
}
