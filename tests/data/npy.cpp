#include <tutti/data/npy.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/error.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>

#include "../support/check.hpp"
#include "files.hpp"
#include "npy_files.hpp"
#include "printing.hpp"

namespace tutti_test {

namespace {

using numbers = std::vector<double>;

/// Whether a T takes a file of one From.
template <class T, class From>
void check_takes(const std::string& type, From value) {
  CAPTURE(type);
  const tutti::matrix<T> X = read_npy_bytes<T>(npy_bytes(npy_header(type, "(1,)"), bytes_in(std::vector<From>{value})));
  CHECK(X(0, 0) == static_cast<T>(value));
  CHECK(static_cast<From>(X(0, 0)) == value);
}

template <class T, class From>
void check_refuses(const std::string& type, const std::string& wanted) {
  CHECK(npy_complaint<T>(npy_bytes(npy_header(type, "(1,)"), bytes_in(std::vector<From>{1}))) ==
        "holds " + type + ", which " + wanted + " cannot hold without loss");
}

template <class T>
tutti::matrix<T> some_matrix(tutti::index rows, tutti::index cols) {
  tutti::matrix<T> X(rows, cols);
  for (tutti::index i = 0; i < X.size(); ++i) X.data()[i] = static_cast<T>(std::is_signed_v<T> ? 7 - 3 * i : 3 * i);
  return X;
}

}  // namespace

TEST_CASE_TEMPLATE("what is written is read back", T, float, double, std::int8_t, std::int16_t, std::int32_t,
                   std::int64_t, std::uint8_t, std::uint16_t, std::uint32_t, std::uint64_t) {
  const temporary_folder folder;
  const auto path = folder.path() / "x.npy";
  for (const tutti::index cols : {1, 3}) {
    const auto X = some_matrix<T>(5, cols);
    tutti::write_npy(path, X);
    CHECK(tutti::read_npy<T>(path) == X);
  }
}

TEST_CASE("the largest and the smallest numbers come back") {
  const temporary_folder folder;
  const auto path = folder.path() / "x.npy";
  const auto check = [&](auto x) {
    using limits = std::numeric_limits<decltype(x)>;
    const std::vector v{limits::lowest(), limits::min(), limits::max()};
    tutti::write_npy(path, tutti::view(v.data(), 1, 3));
    CHECK(bytes_in(std::vector(v)) == bytes_of(path).substr(bytes_of(path).size() - v.size() * sizeof x));
    CHECK(std::equal(v.begin(), v.end(), tutti::read_npy<decltype(x)>(path).data()));
  };
  check(0.0f);
  check(0.0);
  check(std::int64_t{});
  check(std::uint64_t{});
}

TEST_CASE("the bytes written are NumPy's") {
  // numpy 2.4.6: numpy.save(f, numpy.arange(6, dtype='f4').reshape(2, 3))
  const std::string start("\x93NUMPY\x01\x00\x76\x00", 10);
  const std::string dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
  const std::string numpys = start + dictionary + std::string(117 - dictionary.size(), ' ') + '\n' +
                             bytes_in(std::vector<float>{0, 1, 2, 3, 4, 5});
  const temporary_folder folder;
  const std::vector<float> v{0, 1, 2, 3, 4, 5};
  tutti::write_npy(folder.path() / "x.npy", tutti::view(v.data(), 2, 3));
  CHECK(bytes_of(folder.path() / "x.npy") == numpys);
  CHECK(doubles(read_npy_bytes<float>(numpys)) == numbers{0, 1, 2, 3, 4, 5});
}

TEST_CASE("the data begin at a multiple of 64 bytes, whatever the shape") {
  const temporary_folder folder;
  for (const tutti::index rows : {1, 10, 1000, 1000000}) {
    tutti::write_npy(folder.path() / "x.npy", tutti::matrix<std::uint8_t>(rows, 1, std::uint8_t{1}));
    const std::string file = bytes_of(folder.path() / "x.npy");
    const std::size_t begin = file.size() - static_cast<std::size_t>(rows);
    CHECK(begin % 64 == 0);
    CHECK(file[begin - 1] == '\n');
  }
}

TEST_CASE("strided and column-major matrices are written row after row") {
  const temporary_folder folder;
  const auto path = folder.path() / "x.npy";
  const numbers v{0, 1, 2, 3, 4, 5, 6, 7};
  tutti::write_npy(path, tutti::view(v.data(), 2, 4, 1, 2));
  CHECK(doubles(tutti::read_npy<double>(path)) == numbers{0, 2, 4, 6, 1, 3, 5, 7});
  tutti::write_npy(path, tutti::view(v.data() + 1, 2, 2, 4, 2));
  CHECK(doubles(tutti::read_npy<double>(path)) == numbers{1, 3, 5, 7});
}

TEST_CASE("an array in Fortran's order is turned") {
  const std::string data = bytes_in(std::vector<std::int32_t>{1, 4, 2, 5, 3, 6});
  const auto X = read_npy_bytes<std::int32_t>(npy_bytes(npy_header("<i4", "(2, 3)", true), data));
  CHECK(X.rows() == 2);
  CHECK(X.cols() == 3);
  CHECK(doubles(X) == numbers{1, 2, 3, 4, 5, 6});
}

TEST_CASE("one dimension is one column") {
  for (const bool fortran : {false, true}) {
    const auto X = read_npy_bytes<double>(npy_bytes(npy_header("<f8", "(3,)", fortran), bytes_in(numbers{1, 2, 3})));
    CHECK(X.rows() == 3);
    CHECK(X.cols() == 1);
    CHECK(doubles(X) == numbers{1, 2, 3});
  }
}

TEST_CASE("versions 1, 2 and 3 of the format are read, others not") {
  const std::string data = bytes_in(numbers{1, 2});
  for (const int version : {1, 2, 3})
    CHECK(doubles(read_npy_bytes<double>(npy_bytes(npy_header("<f8", "(2, 1)"), data, version))) == numbers{1, 2});
  CHECK(npy_complaint<double>(npy_bytes(npy_header("<f8", "(2, 1)"), data, 4)) == "npy version 4, expected 1 to 3");
  CHECK(npy_complaint<double>(npy_bytes(npy_header("<f8", "(2, 1)"), data, 0)) == "npy version 0, expected 1 to 3");
}

TEST_CASE("a header of more than 65535 bytes is read in version 2") {
  const std::string long_header = npy_header("<f8", "(1,)") + std::string(70000, ' ');
  CHECK(read_npy_bytes<double>(npy_bytes(long_header, bytes_in(numbers{5}), 2))(0, 0) == 5);
}

TEST_CASE("a dictionary may be written in any order and spacing") {
  const std::string data = bytes_in(numbers{1, 2});
  for (const std::string text : {"{'shape':(2,),'fortran_order':False,'descr':'<f8'}",
                                 "{ \"descr\" : \"<f8\" , \"shape\" : ( 2 , 1 , ) , \"fortran_order\" : True , }   \n"})
    CHECK(doubles(read_npy_bytes<double>(npy_bytes(text, data))) == numbers{1, 2});
}

TEST_CASE("arrays without elements have a shape") {
  const auto shape_of = [](const std::string& shape) {
    const auto X = read_npy_bytes<float>(npy_bytes(npy_header("<f4", shape), ""));
    return std::vector{X.rows(), X.cols()};
  };
  CHECK(shape_of("(0,)") == std::vector<tutti::index>{0, 1});
  CHECK(shape_of("(0, 3)") == std::vector<tutti::index>{0, 3});
  CHECK(shape_of("(3, 0)") == std::vector<tutti::index>{3, 0});
  const temporary_folder folder;
  tutti::write_npy(folder.path() / "x.npy", tutti::matrix<float>(0, 4));
  CHECK(tutti::read_npy<float>(folder.path() / "x.npy").cols() == 4);
}

TEST_CASE("a type takes what it can hold without loss") {
  check_takes<double>("<f4", 0.1f);
  check_takes<double>("<i4", std::numeric_limits<std::int32_t>::min());
  check_takes<double>("<u4", std::numeric_limits<std::uint32_t>::max());
  check_takes<double>("|u1", std::uint8_t{255});
  check_takes<float>("<i2", std::int16_t{-32768});
  check_takes<float>("<u2", std::uint16_t{65535});
  check_takes<std::int64_t>("<u4", std::numeric_limits<std::uint32_t>::max());
  check_takes<std::int32_t>("|i1", std::int8_t{-128});
  check_takes<std::int16_t>("|u1", std::uint8_t{255});
  check_takes<std::uint64_t>("<u2", std::uint16_t{65535});
}

TEST_CASE("a type refuses what it cannot hold without loss") {
  check_refuses<float, double>("<f8", "<f4");
  check_refuses<float, std::int32_t>("<i4", "<f4");
  check_refuses<float, std::uint32_t>("<u4", "<f4");
  check_refuses<double, std::int64_t>("<i8", "<f8");
  check_refuses<double, std::uint64_t>("<u8", "<f8");
  check_refuses<std::int64_t, std::uint64_t>("<u8", "<i8");
  check_refuses<std::int32_t, std::uint32_t>("<u4", "<i4");
  check_refuses<std::uint64_t, std::int8_t>("|i1", "<u8");
  check_refuses<std::uint8_t, std::int8_t>("|i1", "|u1");
  check_refuses<std::int8_t, std::uint8_t>("|u1", "|i1");
  check_refuses<std::int16_t, std::int32_t>("<i4", "<i2");
  check_refuses<std::int32_t, float>("<f4", "<i4");
}

TEST_CASE("two names of one integer type are the same to a file") {
  // On every platform two of these three have the same size.
  check_takes<int>("<i4", std::int32_t{-7});
  check_takes<long>(sizeof(long) == 8 ? "<i8" : "<i4", -7L);
  check_takes<long long>("<i8", -7LL);
  check_takes<unsigned long long>("<u8", 7ULL);
}

}  // namespace tutti_test
