// CSV files that are refused: what read_csv says about them, and where.

#include <tutti/data/csv.hpp>

#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <tutti/core/error.hpp>

#include "files.hpp"

using tutti_test::message_of;
using tutti_test::temporary_folder;

namespace {

/// What read_csv says about a text, after the name of its file: "line:column: complaint".
std::string complaint(std::string_view text, const tutti::csv_format& format = {}) {
  const temporary_folder folder;
  const auto path = folder.write("data.csv", text);
  return tutti_test::after(path, ":", message_of<tutti::format_error>([&] { tutti::read_csv(path, format); }));
}

}  // namespace

TEST_CASE("a record has as many fields as the header, or its line is named") {
  CHECK(complaint("a,b\n1,2\n3\n") == "3:1: 1 fields, expected 2");
  CHECK(complaint("a,b\n1,2,\n") == "2:5: 3 fields, expected 2");
  CHECK(complaint("a,b\r\n1,2\r\n10, 20,30\r\n") == "3:8: 3 fields, expected 2");
  CHECK(complaint("a\n1,2") == "2:3: 2 fields, expected 1");
  CHECK(complaint("a,b\n1;2\n") == "2:1: 1 fields, expected 2");
  CHECK(complaint("a,b\n  \n1,2\n") == "2:1: 1 fields, expected 2");
}

TEST_CASE("a quote that is not closed is named where it opens") {
  CHECK(complaint("a,b\n1,\"x\n2,y\n") == "2:3: a quoted field is not closed");
  CHECK(complaint("a,\"b\n") == "1:3: a quoted field is not closed");
  CHECK(complaint("a\n\"x\"\"\n") == "2:1: a quoted field is not closed");
  CHECK(complaint("a\n\"") == "2:1: a quoted field is not closed");
}

TEST_CASE("a quote inside an unquoted field is named") {
  CHECK(complaint("a,b\n1,2\"x\n") == "2:4: a quote inside an unquoted field");
  CHECK(complaint("a,b\"\n") == "1:4: a quote inside an unquoted field");
  CHECK(complaint("a,b\n1, \"x\"\n") == "2:4: a quote inside an unquoted field");
}

TEST_CASE("text after a closing quote is named") {
  CHECK(complaint("a,b\n\"x\"y,1\n") == "2:4: a quoted field must end at its closing quote");
  CHECK(complaint("a,b\n1,\"x\" \n") == "2:6: a quoted field must end at its closing quote");
  CHECK(complaint("a,b\n\"1\n2\"x,1\n") == "3:3: a quoted field must end at its closing quote");
}

TEST_CASE("a repeated column name is named") {
  CHECK(complaint("a,b,a\n1,2,3\n") == "1:5: the column name \"a\" is repeated");
  CHECK(complaint("\n\n a,\"a\"\n") == "3:4: the column name \"a\" is repeated");
  CHECK(complaint("a,,\n") == "1:4: the column name \"\" is repeated");
}

TEST_CASE("a file without a header is refused") {
  CHECK(complaint("") == "1:1: no header");
  CHECK(complaint("\n\r\n") == "3:1: no header");
  CHECK(complaint("\xEF\xBB\xBF") == "1:1: no header");
}

TEST_CASE("a file that cannot be read is named") {
  const temporary_folder folder;
  const auto path = folder.path() / "absent.csv";
  CHECK(message_of<tutti::format_error>([&] { tutti::read_csv(path); }) == path.string() + ": cannot be opened");
}

TEST_CASE("a number that is not finite is named where its field begins") {
  for (const std::string_view word : {"inf", "-inf", "INF", "infinity", "-nan", "1e309", "-1e309"}) {
    CAPTURE(word);
    CHECK(complaint("a,b\n1,2\n3, " + std::string(word) + "\n") == "3:3: not a finite number in a column of numbers");
  }
}

TEST_CASE("after a field of several lines, places are those of the file") {
  CHECK(complaint("a,b,c\n\"1\n2\",x\n") == "3:4: 2 fields, expected 3");
  CHECK(complaint("a,b\n\"1\n2\",inf\n") == "3:4: not a finite number in a column of numbers");
  CHECK(complaint("\"1\n2\",b,b\n") == "2:6: the column name \"b\" is repeated");
  CHECK(complaint("a,b\n\"1\n2\",3\n4\n") == "4:1: 1 fields, expected 2");
}

TEST_CASE("empty lines and a byte order mark do not move the places") {
  CHECK(complaint("\n\r\na,b\n\n1,2\n\r\n\n3,4\n\n\n5\n") == "11:1: 1 fields, expected 2");
  CHECK(complaint("\xEF\xBB\xBF"
                  "a,a\n") == "1:3: the column name \"a\" is repeated");
}
