#include <tutti/policy/serial_loops.hpp>

#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/policy/seq.hpp>
#include <tutti/policy/simd.hpp>

namespace {

struct order_kernel {
  std::vector<tutti::index>* begins;
  std::thread::id caller;
  void operator()(tutti::index begin, tutti::index, std::byte*) const {
    CHECK(std::this_thread::get_id() == caller);
    begins->push_back(begin);
  }
};

}  // namespace

TEST_CASE("blocks run one after the other on the calling thread") {
  std::vector<tutti::index> begins;
  tutti::seq.for_blocks(10, 4, order_kernel{&begins, std::this_thread::get_id()});
  tutti::simd.for_blocks(9, 3, order_kernel{&begins, std::this_thread::get_id()});
  CHECK(begins == std::vector<tutti::index>{0, 4, 8, 0, 3, 6});
}
