#include <tutti/data/text_file.hpp>

#include <cmath>
#include <limits>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <tutti/core/error.hpp>

#include "files.hpp"

using tutti_test::message_of;
using tutti_test::temporary_folder;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// The number that a text is, or NaN: values that a failing test can print.
double number(std::string_view text) {
  return tutti::detail::parse_number(text).value_or(std::numeric_limits<double>::quiet_NaN());
}

bool is_number(std::string_view text) { return tutti::detail::parse_number(text).has_value(); }
long long whole(std::string_view text) { return tutti::detail::parse_whole(text).value(); }
bool is_whole(std::string_view text) { return tutti::detail::parse_whole(text).has_value(); }

}  // namespace

TEST_CASE("a file is read byte for byte") {
  const temporary_folder folder;
  std::string every_byte;
  for (int i = 0; i < 512; ++i) every_byte.push_back(static_cast<char>(i));
  CHECK(tutti::detail::read_file(folder.write("bytes", every_byte)) == every_byte);
  CHECK(tutti::detail::read_file(folder.write("nothing", "")).empty());
}

TEST_CASE("a file that is not there is named") {
  const temporary_folder folder;
  const auto path = folder.path() / "absent.csv";
  CHECK(message_of<tutti::format_error>([&] { tutti::detail::read_file(path); }) ==
        path.string() + ": cannot be opened");
}

TEST_CASE("a folder is no file, and is named") {
  const temporary_folder folder;
  CHECK(message_of<tutti::format_error>([&] { tutti::detail::read_file(folder.path()); }) ==
        folder.path().string() + ": cannot be read");
}

TEST_CASE("a place fails with file, line and column") {
  const tutti::detail::text_place place{"data/iris.csv", 12, 7};
  CHECK(message_of<tutti::format_error>([&] { place.fail("no number"); }) == "data/iris.csv:12:7: no number");
}

TEST_CASE("blanks and tabs are trimmed at both ends, and nothing else") {
  CHECK(tutti::detail::trimmed(" \t a b\t ") == "a b");
  CHECK(tutti::detail::trimmed(" \t").empty());
  CHECK(tutti::detail::trimmed("").empty());
  CHECK(tutti::detail::trimmed("\na\r") == "\na\r");
}

TEST_CASE("a number takes the whole of a text, in any decimal notation") {
  CHECK(number("12") == 12.0);
  CHECK(number("-12.5") == -12.5);
  CHECK(number("+3") == 3.0);
  CHECK(number(".5") == 0.5);
  CHECK(number("5.") == 5.0);
  CHECK(number("1e3") == 1000.0);
  CHECK(number("2.5E-1") == 0.25);
  CHECK(std::signbit(number("-0")));
}

TEST_CASE("a text that is more or less than a number is none") {
  for (const std::string_view text :
       {"", "+", "-", ".", "e5", "1e", "1 ", " 1", "1,5", "1.2.3", "0x10", "1_000", "one", "++1"}) {
    CAPTURE(text);
    CHECK(!is_number(text));
  }
}

TEST_CASE("a number has one sign") {
  CHECK(!is_number("+-5"));
  CHECK(!is_number("-+5"));
  CHECK(!is_number("--5"));
}

TEST_CASE("numbers round to the nearest double") {
  using limits = std::numeric_limits<double>;
  CHECK(number("1.7976931348623157e308") == limits::max());
  CHECK(number("2.2250738585072014e-308") == limits::min());
  CHECK(number("4.9406564584124654e-324") == limits::denorm_min());
  CHECK(number("9007199254740993") == 9007199254740992.0);
  CHECK(number("0.1000000000000000055511151231257827") == 0.1);
}

TEST_CASE("a number beyond the largest double is infinite") {
  CHECK(number("1e309") == infinity);
  CHECK(number(std::string(400, '9')) == infinity);
  CHECK(std::isinf(number("-1e309")));
}

TEST_CASE("a number below the smallest double is zero") {
  CHECK(number("1e-400") == 0.0);
  CHECK(number("-1e-400") == 0.0);
  CHECK(number("0." + std::string(400, '0') + "1") == 0.0);
  CHECK(number("1" + std::string(100, '0') + "e-500") == 0.0);
}

TEST_CASE("whole numbers have digits and at most a minus") {
  CHECK(whole("0") == 0);
  CHECK(whole("-42") == -42);
  CHECK(whole("9223372036854775807") == std::numeric_limits<long long>::max());
  CHECK(whole("-9223372036854775808") == std::numeric_limits<long long>::min());
  for (const std::string_view text : {"", "-", "1.0", "1e3", " 1", "1 ", "9223372036854775808", "12a"}) {
    CAPTURE(text);
    CHECK(!is_whole(text));
  }
}
