#include <tutti/data/csv.hpp>

#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/error.hpp>
#include <tutti/core/matrix.hpp>

#include "../support/check.hpp"
#include "files.hpp"
#include "printing.hpp"

using tutti_test::doubles;
using tutti_test::message_of;
using tutti_test::temporary_folder;

namespace {

using texts = std::vector<std::string>;
using numbers = std::vector<double>;

enum class species : std::uint8_t { setosa, versicolor, virginica };

constexpr double missing = -999;  // stands for NaN in expected values

tutti::table read(std::string_view text, const tutti::csv_format& format = {}) {
  const temporary_folder folder;
  return tutti::read_csv(folder.write("data.csv", text), format);
}

numbers values(const tutti::table& data, std::string_view name) {
  numbers out;
  for (const double x : data.column(name).values) out.push_back(std::isnan(x) ? missing : x);
  return out;
}

/// The texts of a category: its codes as levels.
texts levels(const tutti::table& data, std::string_view name) {
  const tutti::table_column& c = data.column(name);
  texts out;
  for (const double x : c.values) out.push_back(std::isnan(x) ? "missing" : c.levels.at(static_cast<std::size_t>(x)));
  return out;
}

}  // namespace

TEST_CASE("the first line names the columns, the others are rows of numbers") {
  const tutti::table data = read("height,weight\n1.80,75\n-1e2,+.5\n");
  CHECK(data.names() == texts{"height", "weight"});
  CHECK(data.rows() == 2);
  CHECK(values(data, "height") == numbers{1.8, -100});
  CHECK(values(data, "weight") == numbers{75, 0.5});
  CHECK(!data.column("height").is_category());
}

TEST_CASE("a header alone is a table without rows") {
  const tutti::table data = read("a,b");
  CHECK(data.names() == texts{"a", "b"});
  CHECK(data.rows() == 0);
  CHECK(data.select<double>(texts{"b"}).rows() == 0);
}

TEST_CASE("blanks around a field do not count, blanks inside do") {
  const tutti::table data = read(" a ,\tb c\n 1 ,\tx  y \n");
  CHECK(data.names() == texts{"a", "b c"});
  CHECK(values(data, "a") == numbers{1});
  CHECK(levels(data, "b c") == texts{"x  y"});
}

TEST_CASE("a quoted field may hold separators, quotes, line breaks and blanks") {
  const tutti::table data = read("\"a,b\",c\n\"x,y\",\"say \"\"yes\"\"\"\n\"1\n2\",\" z \"\n\"1\r\n2\",\"\"\"\"\n");
  CHECK(data.names() == texts{"a,b", "c"});
  CHECK(levels(data, "a,b") == texts{"x,y", "1\n2", "1\r\n2"});
  CHECK(levels(data, "c") == texts{"say \"yes\"", " z ", "\""});
}

TEST_CASE("lines may end as on Windows, and the last need not end") {
  for (const std::string_view text : {"a,b\n1,x\n2,y\n", "a,b\r\n1,x\r\n2,y\r\n", "a,b\n1,x\n2,y", "a,b\r\n1,x\r\n2,y",
                                      "a,b\r\n1,\"x\"\r\n2,\"y\"\r\n", "a,b\n1,\"x\"\n2,\"y\""}) {
    CAPTURE(text);
    const tutti::table data = read(text);
    CHECK(data.names() == texts{"a", "b"});
    CHECK(values(data, "a") == numbers{1, 2});
    CHECK(levels(data, "b") == texts{"x", "y"});
  }
}

TEST_CASE("a carriage return without a line feed is a part of its field") {
  CHECK(levels(read("a,b\r\n1,x\ry\r\n"), "b") == texts{"x\ry"});
  CHECK(read("a\rb\n1\n").names() == texts{"a\rb"});
}

TEST_CASE("empty lines are passed over") {
  CHECK(values(read("\n\r\na,b\n\n1,2\n\r\n\n3,4\n\n\n"), "a") == numbers{1, 3});
}

TEST_CASE("a byte order mark is no part of the first name") {
  CHECK(read("\xEF\xBB\xBF"
             "a,b\n1,2\n")
            .names() == texts{"a", "b"});
  CHECK(read("\xEF\xBB\xBF\"a,1\",b\n1,2\n").names() == texts{"a,1", "b"});
}

TEST_CASE("empty fields and NA are missing numbers") {
  const tutti::table data = read("a,b,c\n1,,NA\n, NA ,nan\nNaN,3,4\n");
  CHECK(values(data, "a") == numbers{1, missing, missing});
  CHECK(values(data, "b") == numbers{missing, missing, 3});
  CHECK(values(data, "c") == numbers{missing, missing, 4});
}

TEST_CASE("a column without a value is one of missing numbers") {
  const tutti::table data = read("a,b\n,1\nNA,2\n");
  CHECK(!data.column("a").is_category());
  CHECK(values(data, "a") == numbers{missing, missing});
}

TEST_CASE("texts become codes of their sorted levels") {
  const tutti::table data = read("colour\nred\nblue\nred\ngreen\nBlue\n");
  CHECK(data.column("colour").is_category());
  CHECK(data.column("colour").levels == texts{"Blue", "blue", "green", "red"});
  CHECK(values(data, "colour") == numbers{3, 1, 3, 2, 0});
}

TEST_CASE("a missing text is no level; a quoted one that looks so is") {
  const tutti::table data = read("a,b\nx,1\n,1\nNA,1\n\"NA\",1\n\"\",1\n");
  CHECK(data.column("a").levels == texts{"", "NA", "x"});
  CHECK(values(data, "a") == numbers{2, missing, missing, 1, 0});
}

TEST_CASE("one text among numbers makes a category of their texts") {
  const tutti::table data = read("a\n10\n9\nnone\n9.0\n");
  CHECK(data.column("a").levels == texts{"10", "9", "9.0", "none"});
  CHECK(values(data, "a") == numbers{0, 1, 3, 2});
}

TEST_CASE("quotes make a text of a number") {
  const tutti::table data = read("zip,n\n\"01234\",1\n\"00501\",2\n");
  CHECK(data.column("zip").levels == texts{"00501", "01234"});
  CHECK(values(data, "n") == numbers{1, 2});
}

TEST_CASE("columns of text and numbers stand side by side") {
  const tutti::table data = read("id,sex,age\n1,male,22\n2,female,\n3,,4\n");
  CHECK(data.rows() == 3);
  CHECK(!data.column("id").is_category());
  CHECK(levels(data, "sex") == texts{"male", "female", "missing"});
  CHECK(values(data, "age") == numbers{22, missing, 4});
}

TEST_CASE("another separator and other words for missing may be named") {
  const tutti::table data = read("a;b\n1,5;?\nx;2\n", {.separator = ';', .missing = {"?"}});
  CHECK(levels(data, "a") == texts{"1,5", "x"});
  CHECK(values(data, "b") == numbers{missing, 2});
  CHECK(values(read("a\tb\n1\t\n", {.separator = '\t'}), "b") == numbers{missing});
}

TEST_CASE("a number too small for a double is zero") {
  CHECK(values(read("p_value\n0.5\n1e-400\n"), "p_value") == numbers{0.5, 0});
}

TEST_CASE("a table finds its columns by name") {
  const tutti::table data = read("a,b\n1,2\n");
  CHECK(data.column("b").name == "b");
  CHECK(data.columns().size() == 2);
  CHECK(message_of<tutti::invalid_input>([&] { data.column("c"); }) == "table: there is no column \"c\"");
}

TEST_CASE("the columns of a table have the same length") {
  const std::vector<tutti::table_column> ragged{{"a", {1, 2}, {}}, {"b", {1}, {}}};
  CHECK_THROWS_AS(tutti::table{ragged}, tutti::invalid_input);
}

TEST_CASE_TEMPLATE("select takes columns in the order named", T, float, double) {
  const tutti::table data = read("a,b,c\n1,x,\n2,w,4\n");
  const tutti::matrix<T> X = data.select<T>(texts{"c", "a", "b"});
  CHECK(X.rows() == 2);
  CHECK(X.cols() == 3);
  CHECK(std::isnan(X(0, 0)));
  CHECK(doubles(X.row(1)) == numbers{4, 2, 0});
  CHECK(doubles(data.select<T>(texts{"a", "a"}).row(1)) == numbers{2, 2});
  CHECK(message_of<tutti::invalid_input>([&] {
          data.select<T>(texts{"a", "z"});
        }) == "table: there is no column \"z\"");
}

TEST_CASE("a number too large for a float is refused, not made infinite") {
  const tutti::table data = read("a\n1\n1e300\n");
  CHECK(doubles(data.select<double>(texts{"a"})) == numbers{1, 1e300});
  CHECK_THROWS_AS(data.select<float>(texts{"a"}), tutti::invalid_input);
  CHECK_THROWS_AS(data.numbers<float>("a"), tutti::invalid_input);
}

TEST_CASE("without keeps the other columns in their order") {
  const tutti::table data = read("a,b,c\n1,2,3\n4,5,6\n");
  CHECK(doubles(data.without<double>({"b"})) == numbers{1, 3, 4, 6});
  CHECK(doubles(data.without<double>({"c", "a"})) == numbers{2, 5});
  CHECK(data.without<double>({}).cols() == 3);
  CHECK(message_of<tutti::invalid_input>([&] { data.without<double>({"B"}); }) == "table: there is no column \"B\"");
}

TEST_CASE("numbers takes one column, all of it") {
  const tutti::table data = read("a,b\n1.5,\n2.5,1\n");
  CHECK(data.numbers<double>("a") == numbers{1.5, 2.5});
  CHECK(data.numbers<float>("a") == std::vector<float>{1.5f, 2.5f});
  CHECK(message_of<tutti::invalid_input>([&] { data.numbers<double>("b"); }) ==
        "table: column \"b\" has a missing cell at row 0");
  CHECK_THROWS_AS(data.numbers<double>("c"), tutti::invalid_input);
}

TEST_CASE("labels are whole numbers as they are, or codes of categories") {
  const tutti::table data = read("y,s\n-1,setosa\n7,virginica\n100,setosa\n");
  CHECK(data.labels<int>("y") == std::vector<int>{-1, 7, 100});
  CHECK(data.labels<std::int8_t>("y") == std::vector<std::int8_t>{-1, 7, 100});
  CHECK(data.labels<std::int64_t>("s") == std::vector<std::int64_t>{0, 1, 0});
  CHECK(data.labels<species>("s") == std::vector<species>{species::setosa, species::versicolor, species::setosa});
  CHECK(read("y\n1\n0\n").labels<bool>("y") == std::vector<bool>{true, false});
}

TEST_CASE("a label that its type cannot hold is refused, with its row") {
  const auto refused = [](std::string_view text, auto zero) {
    const tutti::table data = read(text);
    return message_of<tutti::invalid_input>([&] { data.labels<decltype(zero)>("y"); });
  };
  const std::string start = "table: column \"y\" is no label at row ";
  CHECK(refused("y\n1\n1.5\n", 0) == start + "1: 1.500000");
  CHECK(refused("y\n256\n", std::uint8_t{}) == start + "0: 256.000000");
  CHECK(refused("y\n-1\n", std::uint8_t{}) == start + "0: -1.000000");
  CHECK(refused("y\n2\n", false) == start + "0: 2.000000");
  CHECK(refused("y\n3000000000\n", std::int32_t{}) == start + "0: 3000000000.000000");
  CHECK(refused("y\n9007199254740992\n", std::int64_t{}) == start + "0: 9007199254740992.000000");
  CHECK(refused("y\n0\n1e300\n", std::int64_t{}).starts_with(start + "1: 1"));
  CHECK(refused("y,z\n1,1\n,1\n", 0) == "table: column \"y\" has a missing cell at row 1");
}

TEST_CASE("a negative number is no label of an unsigned type, 64 bits included") {
  const tutti::table data = read("y\n1\n-1\n");
  CHECK_THROWS_AS(data.labels<std::uint32_t>("y"), tutti::invalid_input);
  CHECK_THROWS_AS(data.labels<std::uint64_t>("y"), tutti::invalid_input);
}

TEST_CASE("a word for infinity is a text among texts") {
  CHECK(read("a\ninf\nlow\n").column("a").levels == texts{"inf", "low"});
  CHECK(read("a\nlow\n1e999\n").column("a").levels == texts{"1e999", "low"});
}
