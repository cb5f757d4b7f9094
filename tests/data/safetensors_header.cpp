// Headers that are wrong in files whose checksum is right: what the reader says, and that it never believes them.

#include <tutti/data/safetensors.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/error.hpp>
#include <tutti/core/random.hpp>

#include "files.hpp"
#include "signed_file.hpp"

namespace tutti_test {

namespace {

using tutti::format_error;
using tutti::detail::deserialise;

/// What is said about a header, after the file's name.
std::string complaint(const std::string& header_end, const std::string& data = "") {
  return after("some.file", ": ",
               message_of<format_error>([&] { deserialise(signed_file(header_end, data), "some.file"); }));
}

/// The same, without the place in the header.
std::string words(const std::string& header_end) {
  const std::string message = complaint(header_end);
  return message.starts_with("header, byte ") ? message.substr(message.find(": ") + 2) : message;
}

/// What is said about one array "x" of eight bytes.
std::string of_array(const std::string& type, const std::string& shape, const std::string& offsets) {
  const std::string header =
      "},\"x\":{\"dtype\":\"" + type + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}}";
  const std::string message = complaint(header, "12345678");
  return message.starts_with("\"x\": ") ? message.substr(5) : message;
}

/// An array of letters: bytes [begin, end) of the data.
struct letters {
  const char* name;
  int begin;
  int end;
};

/// The end of a header of these arrays.
std::string arrays(const std::vector<letters>& all) {
  std::string out = "}";
  for (const auto& [name, begin, end] : all) {
    const std::string size = std::to_string(end - begin), from = std::to_string(begin), to = std::to_string(end);
    out += std::string(",\"") + name + "\":{\"dtype\":\"U8\",\"shape\":[" + size + "],\"data_offsets\":[" + from + "," +
           to + "]}";
  }
  return out + "}";
}

}  // namespace

TEST_CASE("what these tests sign is what the reader takes") {
  CHECK(complaint("}}") == "nothing was thrown");
  CHECK(of_array("F64", "[1]", "[0,8]") == "nothing was thrown");
  CHECK(complaint(arrays({{"a", 0, 2}, {"b", 2, 3}}), "abc") == "nothing was thrown");
}

TEST_CASE("names that are repeated are refused") {
  CHECK(words(arrays({{"a", 0, 1}, {"b", 1, 2}, {"a", 2, 3}})) == "\"a\" is repeated");
  CHECK(words(",\"kind\":\"x\",\"kind\":\"x\"}}") == "\"kind\" is repeated");
  CHECK(words(",\"checksum\":\"0000000000000000\"}}") == "\"checksum\" is repeated");
}

TEST_CASE("types that are unknown are refused") {
  for (const std::string type : {"F128", "f64", "C64", "F8_E4M3", "", "F64 "})
    CHECK(of_array(type, "[1]", "[0,8]") == "unknown type \"" + type + "\"");
  CHECK(complaint("},\"x\":{\"shape\":[8],\"data_offsets\":[0,8]}}", "12345678") == "\"x\": unknown type \"\"");
}

TEST_CASE("offsets outside the data, or in the wrong order, are refused") {
  for (const char* const offsets : {"[0,9]", "[1,9]", "[8,0]", "[9,9]", "[9,17]", "[0,9223372036854775807]",
                                    "[9223372036854775807,9223372036854775807]", "[]", "[0]", "[0,4,8]"})
    CHECK(of_array("F64", "[1]", offsets) == "its bytes lie outside the file");
  CHECK(complaint("},\"x\":{\"dtype\":\"U8\",\"shape\":[8]}}", "12345678") == "\"x\": its bytes lie outside the file");
}

TEST_CASE("a shape that its bytes do not fill is refused, however large") {
  CHECK(of_array("F64", "[2]", "[0,8]") == "its shape is larger than the file");
  CHECK(of_array("F32", "[1]", "[0,8]") == "its shape and its bytes disagree");
  CHECK(of_array("F64", "[]", "[0,7]") == "its shape and its bytes disagree");
  CHECK(of_array("F64", "[0]", "[0,8]") == "its shape and its bytes disagree");
  CHECK(of_array("U8", "[9223372036854775807]", "[0,8]") == "its shape is larger than the file");
  CHECK(of_array("U8", "[4294967296,4294967296]", "[0,8]") == "its shape is larger than the file");
  CHECK(of_array("F64", "[2305843009213693953]", "[0,8]") == "its shape is larger than the file");
  CHECK(of_array("U8", "[8,9223372036854775807]", "[0,8]") == "its shape is larger than the file");
  CHECK(of_array("U8", "[0,9223372036854775807,2]", "[0,0]") == "truncated, or bytes that belong to no array");
}

TEST_CASE("bytes that belong to no array, or to two, are refused") {
  const std::string wrong = "truncated, or bytes that belong to no array";
  CHECK(complaint("}}", "x") == wrong);
  CHECK(complaint(arrays({{"a", 0, 2}}), "abc") == wrong);
  CHECK(complaint(arrays({{"a", 1, 3}}), "abc") == wrong);
  CHECK(complaint(arrays({{"a", 0, 1}, {"b", 2, 3}}), "abc") == wrong);
  CHECK(complaint(arrays({{"a", 0, 2}, {"b", 1, 3}}), "abc") != "nothing was thrown");
}

TEST_CASE("bytes that belong to no array are seen even if others belong to two") {
  CHECK(complaint(arrays({{"a", 0, 2}, {"b", 0, 2}}), "abcd") != "nothing was thrown");
  CHECK(complaint(arrays({{"a", 2, 4}, {"b", 1, 3}}), "abcd") != "nothing was thrown");
}

TEST_CASE("JSON that no such file has is refused with its place") {
  CHECK(complaint("}}x") == "header, byte 56: something follows the header");
  CHECK(words("}") == "expected }");
  CHECK(words("") == "expected }");
  CHECK(words(",}}") == "expected \"");
  CHECK(words("},}") == "expected \"");
  CHECK(words(",\"kind\"}}") == "expected :");
  CHECK(words(",\"kind\":1}}") == "expected \"");
  CHECK(words(",\"kind\":null}}") == "expected \"");
  CHECK(words(",\"kind\":{}}}") == "expected \"");
  CHECK(words(",\"kind\":\"x") == "a string is not closed");
  CHECK(words(",\"kind\":\"x\\") == "an escape that tutti does not write");
  CHECK(words(",\"kind\":\"\\n\"}}") == "an escape that tutti does not write");
  CHECK(words(",\"kind\":\"\\u0041\"}}") == "an escape that tutti does not write");
  CHECK(words("},\"x\":3}") == "expected {");
  CHECK(words("},\"x\":[]}") == "expected {");
  CHECK(words("},\"x\":{\"type\":\"U8\"}}") == "unknown key \"type\"");
  CHECK(words("},\"x\":{\"dtype\":8}}") == "expected \"");
  CHECK(words("},\"x\":{\"shape\":8}}") == "expected [");
  for (const char* const list : {"[1.5]", "[1 2]", "[1,2", "[1"})
    CHECK(words(std::string("},\"x\":{\"shape\":") + list) == "expected ]");
  for (const char* const list : {"[-1]", "[,1]", "[1,]", "[x]", "[\"1\"]", "[9223372036854775808]", "[[1]]", "["})
    CHECK(words(std::string("},\"x\":{\"shape\":") + list + "}}") == "expected a whole number");
}

TEST_CASE("deep nesting is refused where it begins") {
  CHECK(words("},\"x\":" + std::string(1000000, '[')) == "expected {");
  CHECK(words("},\"x\":{\"shape\":" + std::string(1000000, '[')) == "expected a whole number");
  CHECK(words("},\"x\":" + std::string(1000000, '{')) == "expected \"");
}

TEST_CASE("a reader of headers with any few bytes changed gives arrays no larger than the file, or says why not") {
  const std::string header =
      ",\"kind\":\"test\"},\"first\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},"
      "\"second\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[2,10]}}";
  const std::string likely = "0123456789,:[]{}\"\\ ";
  int taken = 0, refused = 0;
  for (std::uint64_t round = 0; round < 20000; ++round) {
    const tutti::random_source source = tutti::random_source(round);
    std::string changed = header;
    for (std::uint64_t k = 0; k < 1 + round % 3; ++k) {
      const auto at = static_cast<std::size_t>(source.below(3 * k, static_cast<tutti::index>(changed.size())));
      const auto with = static_cast<std::size_t>(source.below(3 * k + 1, static_cast<tutti::index>(likely.size())));
      if (source.below(3 * k + 2, 3) == 0)
        changed.insert(at, 1, likely[with]);
      else
        changed[at] = likely[with];
    }
    try {
      const auto file = deserialise(signed_file(changed, "0123456789"), "changed.file");
      std::size_t bytes = 0;
      for (const auto& [name, t] : file.tensors) {
        bytes += t.bytes.size();
        CHECK(static_cast<std::size_t>(t.elements()) * tutti::detail::type_size(t.type) == t.bytes.size());
      }
      CHECK(bytes == 10);
      ++taken;
    } catch (const format_error& e) {
      CHECK(std::string(e.what()).starts_with("changed.file: "));
      ++refused;
    }
  }
  CHECK(taken > 100);
  CHECK(refused > 100);
}

}  // namespace tutti_test
