#include <tutti/data/safetensors.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/error.hpp>
#include <tutti/core/random.hpp>

#include "files.hpp"
#include "printing.hpp"
#include "signed_file.hpp"

namespace tutti_test {

namespace {

using tutti::format_error;
using tutti::index;
using tutti::detail::deserialise;
using tutti::detail::fnv_hash;
using tutti::detail::serialise;
using tutti::detail::tensor;
using tutti::detail::tensor_file;

/// What is said about the bytes of a file, after its name.
std::string complaint(std::string_view bytes) {
  return after("some.file", ": ", message_of<format_error>([&] { deserialise(bytes, "some.file"); }));
}

tensor_file small_file() {
  tensor_file file;
  file.metadata = {{"kind", "test"}, {"a \"word\" \\ in quotes", "{}[],:"}};
  file.tensors.emplace("numbers", tensor{"F32", {2, 1}, bytes_in(std::vector<float>{1.5f, -2})});
  file.tensors.emplace("letters", tensor{"U8", {3}, "abc"});
  return file;
}

void check_same(const tensor_file& a, const tensor_file& b) {
  CHECK(a.metadata == b.metadata);
  CHECK(a.tensors.size() == b.tensors.size());
  for (const auto& entry : a.tensors) {
    CAPTURE(entry.first);
    const tensor& other = b.tensors.at(entry.first);
    CHECK(entry.second.type == other.type);
    CHECK(entry.second.shape == other.shape);
    CHECK(entry.second.bytes == other.bytes);
  }
}

}  // namespace

TEST_CASE("the checksum is FNV-1a of 64 bits") {
  const auto hash = [](std::string_view text) {
    fnv_hash h;
    h.add(text);
    return h.text();
  };
  CHECK(hash("") == "cbf29ce484222325");
  CHECK(hash("a") == "af63dc4c8601ec8c");
  CHECK(hash("foobar") == "85944171f73967e8");
}

TEST_CASE("a file is a length, a JSON header and the arrays' bytes") {
  tensor_file file;
  file.metadata = {{"kind", "tests"}};
  file.tensors.emplace("z", tensor{"F64", {1, 2}, bytes_in(std::vector<double>{1, 2})});
  file.tensors.emplace("a", tensor{"U8", {3}, "abc"});
  file.tensors.emplace("one", tensor{"I32", {}, std::string("\x07\0\0\0", 4)});
  const std::string out = serialise(file);
  std::uint64_t length = 0;
  std::memcpy(&length, out.data(), 8);
  CHECK(std::string(out.substr(8, length)) == "{\"__metadata__\":{\"checksum\":\"" + out.substr(8 + 29, 16) +
                                                  "\",\"kind\":\"tests\"},"
                                                  "\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]},"
                                                  "\"one\":{\"dtype\":\"I32\",\"shape\":[],\"data_offsets\":[3,7]},"
                                                  "\"z\":{\"dtype\":\"F64\",\"shape\":[1,2],\"data_offsets\":[7,23]}}" +
                                                  std::string(7, ' '));
  CHECK(out.substr(8 + length) == "abc" + std::string("\x07\0\0\0", 4) + bytes_in(std::vector<double>{1, 2}));
}

TEST_CASE("the checksum is that of header and data with zeros in its own place") {
  const std::string out = serialise(small_file());
  fnv_hash hash;
  hash.add(out.substr(8, 29) + std::string(16, '0') + out.substr(8 + 29 + 16));
  CHECK(out.substr(8 + 29, 16) == hash.text());
}

TEST_CASE("the data begin at a multiple of 8 bytes, whatever the names") {
  for (std::size_t n = 0; n < 20; ++n) {
    tensor_file file;
    file.tensors.emplace(std::string(n, 'x'), tensor{"U8", {1}, "*"});
    const std::string out = serialise(file);
    CHECK(out.size() % 8 == 1);
    CHECK(out.find('*') == out.size() - 1);
    check_same(deserialise(out, "file"), file);
  }
}

TEST_CASE("what is written is read back") {
  check_same(deserialise(serialise(small_file()), "file"), small_file());
  check_same(deserialise(serialise({}), "file"), {});
  tensor_file file;
  for (const char* const type :
       {"F64", "I64", "U64", "F32", "I32", "U32", "F16", "BF16", "I16", "U16", "I8", "U8", "BOOL"})
    file.tensors.emplace(type, tensor{type, {2, 3}, std::string(6 * tutti::detail::type_size(type), 'x')});
  file.tensors.emplace("none", tensor{"F32", {0}, {}});
  file.tensors.emplace("no rows", tensor{"F32", {0, 5}, {}});
  file.tensors.emplace("no columns", tensor{"F32", {5, 0}, {}});
  file.tensors.emplace("single", tensor{"F64", {}, std::string(8, '\0')});
  file.tensors.emplace("", tensor{"F64", {1, 1, 1}, std::string(8, '\xff')});
  check_same(deserialise(serialise(file), "file"), file);
  CHECK(file.tensors.at("no columns").elements() == 0);
  CHECK(file.tensors.at("single").elements() == 1);
  CHECK(file.tensors.at("U16").elements() == 6);
}

TEST_CASE("the same contents give the same bytes") { CHECK(serialise(small_file()) == serialise(small_file())); }

TEST_CASE("blanks between the words of a header do not matter") {
  const std::string spaced =
      "\n} , \"x\" :\t{ \"shape\" : [ 1 , 2 ] ,\n\"data_offsets\":[ 0,2 ],\r\"dtype\": \"U8\" } }  ";
  const tensor_file file = deserialise(signed_file(spaced, "ab"), "file");
  CHECK(file.tensors.at("x").shape == std::vector<index>{1, 2});
  CHECK(file.tensors.at("x").bytes == "ab");
}

TEST_CASE("a file cut anywhere is refused by name") {
  const std::string whole = serialise(small_file());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    const std::string message =
        message_of<format_error>([&] { deserialise(std::string_view(whole).substr(0, size), "cut.file"); });
    CHECK(message.starts_with("cut.file: "));
  }
  CHECK(complaint(std::string_view(whole).substr(0, 7)) == "too short for a model file");
  CHECK(complaint(std::string_view(whole).substr(0, 50)) ==
        "truncated, or no model file: the header is longer than the file");
  CHECK(complaint(std::string_view(whole).substr(0, whole.size() - 1)) ==
        "\"numbers\": its bytes lie outside the file");
  CHECK(complaint(whole + "x") == "truncated, or bytes that belong to no array");
}

TEST_CASE("a file with any one bit turned over is refused by name") {
  const std::string whole = serialise(small_file());
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      CAPTURE(at);
      CAPTURE(bit);
      std::string turned = whole;
      turned[at] = static_cast<char>(turned[at] ^ 1 << bit);
      const std::string message = message_of<format_error>([&] { deserialise(turned, "turned.file"); });
      CHECK(message.starts_with("turned.file: "));
    }
  std::string damaged = whole;
  damaged.back() = '!';
  CHECK(complaint(damaged) == "damaged: its checksum is wrong");
}

TEST_CASE("bytes that mean nothing are refused, whatever their number") {
  const tutti::random_source source(1);
  for (std::uint64_t n = 0; n < 600; ++n) {
    std::string noise;
    for (std::uint64_t i = 0; i < n; ++i) noise.push_back(static_cast<char>(source.fork(n).bits(i)));
    if (n >= 8 && n % 2 == 0) noise.replace(0, 8, bytes_in(std::vector<std::uint64_t>{n - 8}));
    CHECK_THROWS_AS(deserialise(noise, "noise"), format_error);
  }
}

TEST_CASE("a header length beyond the file is refused without being believed") {
  for (const std::uint64_t length :
       {std::uint64_t{1}, std::uint64_t{1} << 40, std::uint64_t{1} << 63, ~std::uint64_t{0}})
    CHECK(complaint(bytes_in(std::vector<std::uint64_t>{length})) ==
          "truncated, or no model file: the header is longer than the file");
  CHECK(complaint(std::string(8, '\0')) == "header, byte 8: expected {");
}

TEST_CASE("files of others are refused") {
  CHECK(complaint("\x93NUMPY\x01" + std::string("\0v\0", 3) +
                  "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }") ==
        "truncated, or no model file: the header is longer than the file");
  CHECK(complaint("a,b\n1,2\n3,4\n") == "truncated, or no model file: the header is longer than the file");
  const auto foreign = [](const std::string& header, const std::string& data) {
    return complaint(bytes_in(std::vector<std::uint64_t>{header.size()}) + header + data);
  };
  CHECK(foreign("{}", "") == "not written by tutti");
  CHECK(foreign("{\"w\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", "x") == "not written by tutti");
  CHECK(foreign("{\"__metadata__\":{\"format\":\"pt\"}}", "") == "not written by tutti");
  CHECK(foreign("{ \"__metadata__\":{\"checksum\":\"0000000000000000\"}}", "") == "not written by tutti");
  CHECK(foreign("{\"__metadata__\":{\"checksum\":\"0\"}}", "") == "damaged: its checksum is wrong");
}

}  // namespace tutti_test
