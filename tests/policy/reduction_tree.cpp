#include <tutti/policy/reduction_tree.hpp>

#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace tutti_test {

using tutti::index;
using tutti::detail::leaves_per_task;
using tutti::detail::tree_levels;

namespace {

/// Joins names into an expression that shows the shape of the tree.
struct name_kernel {
  void combine(std::string* left, const std::string* right) const { *left = "(" + *left + *right + ")"; }
};

std::string shape(index first, index last) {
  std::string out;
  std::vector<std::string> spare(64);
  tutti::detail::reduce_range(first, last, 1, name_kernel{}, [](index i, std::string* slot) { *slot = std::to_string(i); },
                              &out, spare.data());
  return out;
}

}  // namespace

TEST_CASE("the tree splits at the largest power of two below its length") {
  CHECK(shape(0, 1) == "0");
  CHECK(shape(0, 2) == "(01)");
  CHECK(shape(0, 3) == "((01)2)");
  CHECK(shape(0, 5) == "(((01)(23))4)");
  CHECK(shape(0, 7) == "(((01)(23))((45)6))");
}

TEST_CASE("an aligned run of a power of two is a subtree of every longer tree") {
  for (index n = 9; n < 40; ++n) {
    CHECK(shape(0, n).find(shape(0, 8)) != std::string::npos);
    CHECK(shape(0, n).find(shape(4, 8)) != std::string::npos);
  }
}

TEST_CASE("spare slots are enough for the deepest branch, and tasks take powers of two") {
  CHECK(tree_levels(1) == 0);
  CHECK(tree_levels(2) == 1);
  CHECK(tree_levels(3) == 2);
  CHECK(tree_levels(1024) == 10);
  CHECK(tree_levels(1025) == 11);
  CHECK(leaves_per_task(10, 16) == 1);
  CHECK(leaves_per_task(100, 16) == 4);
  CHECK(leaves_per_task(1024, 32) == 32);
}

}  // namespace tutti_test
