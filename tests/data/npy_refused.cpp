// npy files that are refused: what read_npy says about them.

#include <tutti/data/npy.hpp>

#include <cstddef>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/error.hpp>
#include <tutti/core/matrix.hpp>

#include "files.hpp"
#include "npy_files.hpp"

namespace tutti_test {

namespace {

using numbers = std::vector<double>;

}  // namespace

TEST_CASE("types that no number has are not supported") {
  for (const std::string type : {">f8", "<f2", "<c8", "|b1", "<U4", "|S3", "|O", "float64"}) {
    CHECK(npy_complaint<double>(npy_bytes(npy_header(type, "(1,)"), std::string(16, '\0'))) ==
          "elements of type " + type + " are not supported");
  }
  CHECK(npy_complaint<double>(npy_bytes("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }", "")) ==
        "npy header, character 10: expected a string");
}

TEST_CASE("a file cut anywhere is refused") {
  for (const int version : {1, 2}) {
    const std::string file = npy_bytes(npy_header("<f8", "(2, 2)"), bytes_in(numbers{1, 2, 3, 4}), version);
    for (std::size_t size = 0; size < file.size(); ++size) {
      CAPTURE(size);
      CHECK_THROWS_AS(read_npy_bytes<double>(file.substr(0, size)), tutti::format_error);
    }
    CHECK_NOTHROW(read_npy_bytes<double>(file));
  }
}

TEST_CASE("a file with bytes to spare is refused, however few") {
  const std::string file = npy_bytes(npy_header("<f8", "(2,)"), bytes_in(numbers{1, 2}));
  CHECK(npy_complaint<double>(file + bytes_in(numbers{3})) == "24 bytes of data for 2 elements of <f8");
  CHECK(npy_complaint<double>(file + "x") == "17 bytes of data for 2 elements of <f8");
}

TEST_CASE("a file that is none of NumPy's is refused") {
  const std::string file = npy_bytes(npy_header("<f8", "(1,)"), bytes_in(numbers{1}));
  for (std::size_t i = 0; i < 6; ++i) {
    std::string wrong = file;
    wrong[i] = 'x';
    CHECK(npy_complaint<double>(wrong) == "not an npy file");
  }
  CHECK(npy_complaint<double>("") == "not an npy file");
  CHECK(npy_complaint<double>("PK\x03\x04 a zip archive, as numpy.savez writes") == "not an npy file");
}

TEST_CASE("a file that is not there is named") {
  const temporary_folder folder;
  const auto path = folder.path() / "absent.npy";
  CHECK(message_of<tutti::format_error>([&] { tutti::read_npy<float>(path); }) == path.string() + ": cannot be opened");
}

TEST_CASE("a header that is no such dictionary is refused with the place") {
  const auto refused = [](const std::string& text) {
    const std::string message = npy_complaint<double>(npy_bytes(text, bytes_in(numbers{1, 2})));
    const std::string start = "npy header, character ";
    return message.starts_with(start) ? message.substr(start.size()) : message;
  };
  CHECK(refused("") == "0: expected {");
  CHECK(refused("['descr']") == "0: expected {");
  CHECK(refused("{}") == "2: descr, fortran_order or shape is missing");
  CHECK(refused("{'descr': '<f8', 'shape': (2,)}") == "31: descr, fortran_order or shape is missing");
  CHECK(refused("{'descr': '<f8', 'order': True}") == "25: unknown key \"order\"");
  CHECK(refused("{'descr' '<f8'}") == "9: expected :");
  CHECK(refused("{'descr': '<f8}") == "10: a string is not closed");
  CHECK(refused("{descr: '<f8'}") == "1: expected a string");
  CHECK(refused("{'descr': '<f8' 'shape': (2,)}") == "16: expected , or }");
  CHECK(refused("{'fortran_order': 1}") == "18: expected True or False");
  CHECK(refused("{'fortran_order': Tru") == "18: expected True or False");
  CHECK(refused("{'shape': 2}") == "10: expected (");
  CHECK(refused("{'shape': (2").starts_with("12: expected "));
  CHECK(refused("{'shape': (-2,)}") == "11: expected a size");
  CHECK(refused("{'shape': (2.0,)}").starts_with("12: expected "));
  CHECK(refused("{'shape': (2,,)}") == "13: expected a size");
}

TEST_CASE("sizes without a comma between them are no shape") {
  CHECK_THROWS_AS(read_npy_bytes<double>(npy_bytes(npy_header("<f8", "(1 2)"), bytes_in(numbers{1, 2}))),
                  tutti::format_error);
}

TEST_CASE("nothing may follow the dictionary") {
  CHECK_THROWS_AS(read_npy_bytes<double>(npy_bytes(npy_header("<f8", "(2,)") + "{}", bytes_in(numbers{1, 2}))),
                  tutti::format_error);
}

TEST_CASE("one or two dimensions are read, others not") {
  CHECK(npy_complaint<double>(npy_bytes(npy_header("<f8", "()"), bytes_in(numbers{1}))) ==
        "0 dimensions, expected 1 or 2");
  CHECK(npy_complaint<double>(npy_bytes(npy_header("<f8", "(1, 1, 1)"), bytes_in(numbers{1}))) ==
        "3 dimensions, expected 1 or 2");
}

TEST_CASE("shapes larger than the file are refused, overflowing ones too") {
  const std::string data = bytes_in(numbers{1, 2});
  for (const std::string shape :
       {"(3,)", "(1, 3)", "(3, 1)", "(4611686018427387905, 4)", "(2, 4611686018427387905)", "(4294967296, 4294967296)",
        "(2305843009213693954,)", "(9223372036854775807, 9223372036854775807)", "(9223372036854775807,)",
        "(9223372036854775808,)", "(18446744073709551618,)", "(1, 18446744073709551618)"}) {
    CAPTURE(shape);
    CHECK_THROWS_AS(read_npy_bytes<double>(npy_bytes(npy_header("<f8", shape), data)), tutti::format_error);
    CHECK_THROWS_AS(read_npy_bytes<double>(npy_bytes(npy_header("<f8", shape, true), data)), tutti::format_error);
  }
}

TEST_CASE("a shape of very many empty rows is read at once") {
  const auto X = read_npy_bytes<double>(npy_bytes(npy_header("<f8", "(4611686018427387904, 0)"), ""));
  CHECK(X.rows() == 4611686018427387904);
  CHECK(X.size() == 0);
}

TEST_CASE("a file that cannot be written is named") {
  const temporary_folder folder;
  const auto path = folder.path() / "absent" / "x.npy";
  CHECK(message_of<tutti::invalid_input>([&] { tutti::write_npy(path, tutti::matrix<float>(1, 1, 0.f)); }) ==
        "write_npy: " + path.string() + " cannot be written");
}

}  // namespace tutti_test
