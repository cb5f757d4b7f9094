#include <tutti/core/version.hpp>

#include <string>

#include <doctest/doctest.h>

TEST_CASE("CMake reads the version from the header") {
  const std::string header = std::to_string(tutti::version_major) + "." + std::to_string(tutti::version_minor) + "." +
                             std::to_string(tutti::version_patch);
  CHECK(header == TUTTI_CMAKE_VERSION);
}
