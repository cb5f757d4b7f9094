#include <tutti/algorithm/label_output.hpp>

#include <vector>

#include <doctest/doctest.h>

#include "../policies.hpp"

TEST_CASE("labels come back in the caller's type, bool too") {
  const tutti::class_set<bool> truths({true, false});
  const tutti::class_set<char> letters({'x', 'a'});
  tutti_test::for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    const std::vector<bool> flags = tutti::detail::produce_labels(policy, truths, 2, [](const bool* names, bool* out) {
      out[0] = names[1];
      out[1] = names[0];
    });
    CHECK(flags == std::vector<bool>{true, false});
    const std::vector<char> text = tutti::detail::produce_labels(policy, letters, 1, [](const char* names, char* out) { *out = names[0]; });
    CHECK(text == std::vector<char>{'a'});
  });
}
