#include <tutti/algorithm/host_matrix.hpp>

#include <string>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/error.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/control.hpp>
#include <tutti/policy/seq.hpp>

#include "../policies.hpp"

namespace tutti_test {

using tutti::index;

TEST_CASE("a matrix in host memory has the elements of the caller's, however these lie") {
  std::vector<float> memory(200);
  for (std::size_t i = 0; i < memory.size(); ++i) memory[i] = float(i);
  const tutti::matrix_view<const float> views[] = {
      {memory.data(), 7, 5, 5, 1}, {memory.data(), 7, 5, 1, 7},         {memory.data() + 3, 6, 4, 20, 3},
      {memory.data(), 0, 5, 5, 1}, {memory.data() + 199, 7, 5, -10, -2}};
  for (const auto& m : views)
    for_policies([&](const auto& policy, const std::string& name) {
      CAPTURE(name);
      const tutti::detail::host_matrix<std::remove_cvref_t<decltype(policy)>, float> here(policy, m);
      REQUIRE(here.view().rows == m.rows);
      REQUIRE(here.view().cols == m.cols);
      for (index i = 0; i < m.rows; ++i)
        for (index j = 0; j < m.cols; ++j) CHECK(here.view()(i, j) == m(i, j));
    });
  const tutti::detail::host_matrix<tutti::basic_seq<>, float> same(tutti::seq, views[1]);
  CHECK(same.view().data == memory.data());
#if defined(TUTTI_TEST_TWIN)
  const tutti::run_control little{.memory_limit = 139};
  const auto copy = [&](const auto& policy) { tutti::detail::host_matrix<cuda_twin, float>(policy, views[0]); };
  CHECK_THROWS_AS(copy(cuda_twin{}.with(little)), tutti::out_of_memory);
#endif
}

}  // namespace tutti_test
