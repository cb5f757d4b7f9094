#include <tutti/data/libsvm.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/error.hpp>

#include "../support/check.hpp"
#include "files.hpp"
#include "printing.hpp"

using tutti_test::doubles;
using tutti_test::message_of;
using tutti_test::temporary_folder;

namespace {

using numbers = std::vector<double>;

enum class side : std::int8_t { left = -1, right = 1 };

tutti::sparse_data read(std::string_view text, tutti::index first_feature = 1) {
  const temporary_folder folder;
  return tutti::read_libsvm(folder.write("data.svm", text), first_feature);
}

/// What read_libsvm says about a text, after the name of its file: "line:column: complaint".
std::string complaint(std::string_view text, tutti::index first_feature = 1) {
  const temporary_folder folder;
  const auto path = folder.write("data.svm", text);
  return tutti_test::after(path, ":",
                           message_of<tutti::format_error>([&] { tutti::read_libsvm(path, first_feature); }));
}

template <class L>
std::string label_complaint(std::string_view text) {
  const tutti::sparse_data data = read(text);
  return message_of<tutti::invalid_input>([&] { data.labels<L>(); });
}

}  // namespace

TEST_CASE("samples are read in order, with the features that are there") {
  const tutti::sparse_data data = read("1 1:0.5 3:-2\n-1\n+2.5 2:1e3\n");
  CHECK(data.rows() == 3);
  CHECK(data.target == numbers{1, -1, 2.5});
  CHECK(data.row_start == std::vector<tutti::index>{0, 2, 2, 3});
  CHECK(data.column == std::vector<std::int64_t>{0, 2, 1});
  CHECK(data.value == numbers{0.5, -2, 1000});
  CHECK(data.n_features == 3);
}

TEST_CASE("features may be counted from zero") {
  const tutti::sparse_data data = read("1 0:5 2:7\n", 0);
  CHECK(data.column == std::vector<std::int64_t>{0, 2});
  CHECK(data.n_features == 3);
  CHECK(complaint("1 0:5\n") == "1:3: expected a feature number of at least 1, got \"0\"");
}

TEST_CASE("comments and blank lines are passed over, and counted") {
  const std::string text = "# a file\n\n1 1:2 # the first 2:3\n  \t \n#\n2#no features\n";
  const tutti::sparse_data data = read(text);
  CHECK(data.target == numbers{1, 2});
  CHECK(data.row_start == std::vector<tutti::index>{0, 1, 1});
  CHECK(data.n_features == 1);
  CHECK(complaint(text + "x\n") == "7:1: expected a finite number, got \"x\"");
}

TEST_CASE("words stand between any blanks, lines end as on any system") {
  for (const std::string_view text :
       {"1 1:2 2:3\n4 1:5\n", "\t1  1:2\t 2:3 \n 4 1:5", "1 1:2 2:3\r\n4 1:5\r\n", "1 1:2 2:3 \r\n4 1:5\r"}) {
    CAPTURE(text);
    const tutti::sparse_data data = read(text);
    CHECK(data.target == numbers{1, 4});
    CHECK(data.value == numbers{2, 3, 5});
    CHECK(data.row_start == std::vector<tutti::index>{0, 2, 3});
  }
}

TEST_CASE("a file without samples has none") {
  for (const std::string_view text : {"", "\n", "# nothing\n"}) {
    const tutti::sparse_data data = read(text);
    CHECK(data.rows() == 0);
    CHECK(data.n_features == 0);
    CHECK(data.dense<double>(2).rows() == 0);
  }
}

TEST_CASE_TEMPLATE("a dense matrix has the zeros too", T, float, double) {
  const tutti::sparse_data data = read("1 1:0.5 3:-2\n1\n1 2:4\n");
  const auto X = data.dense<T>();
  CHECK(X.rows() == 3);
  CHECK(X.cols() == 3);
  CHECK(doubles(X) == numbers{0.5, 0, -2, 0, 0, 0, 0, 4, 0});
}

TEST_CASE("a dense matrix may have more columns than the file knows of, never fewer") {
  const tutti::sparse_data data = read("1 2:4\n2 1:3\n");
  CHECK(doubles(data.dense<double>(4)) == numbers{0, 4, 0, 0, 3, 0, 0, 0});
  CHECK(data.dense<double>(1).cols() == 2);
}

TEST_CASE("a number beyond a float is refused as one") {
  const tutti::sparse_data data = read("1 1:1\n1 1:1e300\n");
  CHECK(data.dense<double>()(1, 0) == 1e300);
  tutti_test::check_throws<tutti::invalid_input>([&] { data.dense<float>(); }, {"row 1", "too large"});
}

TEST_CASE("targets that are whole numbers are labels of any type that holds them") {
  const tutti::sparse_data data = read("-1\n+1\n1.0\n");
  CHECK(data.labels<int>() == std::vector<int>{-1, 1, 1});
  CHECK(data.labels<std::int8_t>() == std::vector<std::int8_t>{-1, 1, 1});
  CHECK(data.labels<side>() == std::vector<side>{side::left, side::right, side::right});
  CHECK(read("4294967295\n").labels<std::uint32_t>() == std::vector<std::uint32_t>{4294967295u});
}

TEST_CASE("a target that is no label is named with its row") {
  CHECK(label_complaint<int>("1\n0.5\n") == "libsvm: target 0.500000 at row 1 is no label");
  CHECK(label_complaint<std::uint8_t>("256\n") == "libsvm: target 256.000000 at row 0 is no label");
  CHECK(label_complaint<std::uint32_t>("-1\n") == "libsvm: target -1.000000 at row 0 is no label");
  CHECK(label_complaint<bool>("2\n") == "libsvm: target 2.000000 at row 0 is no label");
  CHECK(label_complaint<std::int64_t>("1e30\n").starts_with("libsvm: target 1"));
}

TEST_CASE("a negative target is no label of an unsigned type of 64 bits") {
  CHECK(label_complaint<std::uint64_t>("1\n-1\n") == "libsvm: target -1.000000 at row 1 is no label");
}

TEST_CASE("a target that is no number is named") {
  CHECK(complaint("1 1:1\none 1:1\n") == "2:1: expected a finite number, got \"one\"");
  CHECK(complaint("  1:1\n") == "1:3: expected a finite number, got \"1:1\"");
  CHECK(complaint("inf 1:1\n") == "1:1: expected a finite number, got \"inf\"");
  CHECK(complaint("1,2 1:1\n") == "1:1: expected a finite number, got \"1,2\"");
}

TEST_CASE("a word that is no feature is named") {
  CHECK(complaint("1 1:2  3\n") == "1:8: expected index:value, got \"3\"");
  CHECK(complaint("1 1:2 3 :4\n") == "1:7: expected index:value, got \"3\"");
  CHECK(complaint("1 a:2\n") == "1:3: expected a feature number of at least 1, got \"a\"");
  CHECK(complaint("1 :2\n") == "1:3: expected a feature number of at least 1, got \"\"");
  CHECK(complaint("1 1.5:2\n") == "1:3: expected a feature number of at least 1, got \"1.5\"");
  CHECK(complaint("1 -1:2\n", 0) == "1:3: expected a feature number of at least 0, got \"-1\"");
  CHECK(complaint("1 qid:3 1:2\n") == "1:3: expected a feature number of at least 1, got \"qid\"");
}

TEST_CASE("a value that is no finite number is named") {
  CHECK(complaint("1 1:x\n") == "1:3: expected a finite number, got \"x\"");
  CHECK(complaint("1 1:2 2:\n") == "1:7: expected a finite number, got \"\"");
  CHECK(complaint("1 1:2:3\n") == "1:3: expected a finite number, got \"2:3\"");
  CHECK(complaint("1 1:nan\n") == "1:3: expected a finite number, got \"nan\"");
  CHECK(complaint("1\n1 1:0 2:1e999\n") == "2:7: expected a finite number, got \"1e999\"");
}

TEST_CASE("a value too small for a double is zero") { CHECK(read("1 1:1e-400\n").value == numbers{0}); }

TEST_CASE("features ascend within a sample") {
  CHECK(complaint("1 2:1 1:1\n") == "1:7: feature numbers must ascend");
  CHECK(complaint("1 1:1\n1 3:1 3:1\n") == "2:7: feature numbers must ascend");
  CHECK(read("1 3:1\n1 1:1\n").rows() == 2);
}

TEST_CASE("the largest feature number is 2^40; a larger one is refused as too large") {
  CHECK(read("1 1099511627776:1\n").n_features == 1099511627776);
  CHECK(complaint("1 1099511627777:1\n").starts_with("1:3: expected a feature number"));
  CHECK(complaint("1 1099511627777:1\n").find("at most 1099511627776") != std::string::npos);
  CHECK(complaint("1 9999999999999999999999:1\n").starts_with("1:3: expected a feature number"));
}

TEST_CASE("a file that cannot be read is named") {
  const temporary_folder folder;
  const auto path = folder.path() / "absent.svm";
  CHECK(message_of<tutti::format_error>([&] { tutti::read_libsvm(path); }) == path.string() + ": cannot be opened");
}
