#include <tutti/core/error.hpp>

#include <new>
#include <string>
#include <type_traits>

#include <doctest/doctest.h>

TEST_CASE("every type is a tutti::error, and that is a std::runtime_error") {
  static_assert(std::is_base_of_v<std::runtime_error, tutti::error>);
  static_assert(std::is_base_of_v<tutti::error, tutti::invalid_input>);
  static_assert(std::is_base_of_v<tutti::error, tutti::unsupported>);
  static_assert(std::is_base_of_v<tutti::error, tutti::format_error>);
  static_assert(std::is_base_of_v<tutti::error, tutti::device_error>);
  static_assert(std::is_base_of_v<tutti::error, tutti::cancelled>);
  static_assert(std::is_base_of_v<tutti::out_of_memory, tutti::out_of_device_memory>);
  static_assert(!std::is_base_of_v<std::bad_alloc, tutti::error>);
}

TEST_CASE("a lack of memory says what was required and what there was") {
  try {
    throw tutti::out_of_device_memory(1000, 24);
  } catch (const tutti::out_of_memory& e) {
    CHECK(e.required == 1000);
    CHECK(e.available == 24);
    CHECK(std::string(e.what()) == "device memory: 1000 bytes required, 24 available");
  }
}
