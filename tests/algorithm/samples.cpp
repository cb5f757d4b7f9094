#include <tutti/algorithm/samples.hpp>

#include <vector>

#include <doctest/doctest.h>

#include "../policies.hpp"
#include "../support/shapes.hpp"

namespace tutti_test {

TEST_CASE_TEMPLATE("four samples are read 16 features at a time from any layout, the last ones repeated", T, float, double) {
  for (const index p : {1, 5, 16, 20, 32}) {
    const auto X = random_matrix<T>(11, p);
    for_layouts(X, [&](const auto& v) {
      for_policies([&](const auto& policy, const std::string& name) {
        CAPTURE(name);
        using P = typename std::remove_cvref_t<decltype(policy)>::template pack<T>;
        for (index i = 0; i < 11; i += 4)
          for (index j = 0; j < p; j += 16) {
            const index count = std::min<index>(4, 11 - i);
            P x[4];
            tutti::detail::read_samples(v, i, count, j, x);
            for (index r = 0; r < 4; ++r) {
              T lane[16];
              x[r].storeu(lane);
              for (index l = 0; l < 16 && j + l < p; ++l) CHECK(lane[l] == X(i + std::min(r, count - 1), j + l));
            }
          }
      });
    });
  }
}

TEST_CASE("a sample is written without touching its neighbours") {
  using P = tutti::basic_seq<>::pack<float>;
  std::vector<float> out(60, -1.0f);
  tutti::detail::write_sample(P::all(2), out.data(), index{20}, 1, 16);
  for (std::size_t i = 0; i < out.size(); ++i) CHECK(out[i] == (i >= 36 && i < 40 ? 2.0f : -1.0f));
}

}  // namespace tutti_test
