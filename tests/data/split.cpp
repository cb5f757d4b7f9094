#include <tutti/data/split.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/error.hpp>
#include <tutti/core/matrix.hpp>

#include "../support/check.hpp"
#include "files.hpp"
#include "printing.hpp"

using tutti::invalid_input;
using tutti_test::doubles;
using tutti_test::message_of;

namespace {

using rows = std::vector<tutti::index>;

enum class species : std::uint8_t { setosa = 3, versicolor = 200, virginica = 7 };

const std::vector<int> three_classes{5, 5, -2, 5, -2, 7, 7, 5, -2, 5, 7, -2, 5, 7, 5, 7};

/// Each of n rows is in one of two parts, once.
void check_partition(const tutti::split& s, tutti::index n) {
  rows all = s.train;
  all.insert(all.end(), s.test.begin(), s.test.end());
  std::sort(all.begin(), all.end());
  CHECK(all == tutti::detail::first_numbers(n));
}

/// Each split is a partition into ascending rows, and each row is tested on once.
void check_folds(const std::vector<tutti::split>& splits, tutti::index n) {
  rows tested;
  for (const tutti::split& s : splits) {
    check_partition(s, n);
    CHECK(std::is_sorted(s.train.begin(), s.train.end()));
    CHECK(std::is_sorted(s.test.begin(), s.test.end()));
    tested.insert(tested.end(), s.test.begin(), s.test.end());
  }
  std::sort(tested.begin(), tested.end());
  CHECK(tested == tutti::detail::first_numbers(n));
}

rows sizes(const std::vector<tutti::split>& splits) {
  rows out;
  for (const tutti::split& s : splits) out.push_back(static_cast<tutti::index>(s.test.size()));
  return out;
}

/// The fold in which each row is tested on.
rows fold_of_rows(const std::vector<tutti::split>& splits, std::size_t n) {
  rows out(n, -1);
  for (std::size_t k = 0; k < splits.size(); ++k)
    for (const tutti::index i : splits[k].test) out.at(static_cast<std::size_t>(i)) = static_cast<tutti::index>(k);
  return out;
}

bool same(const std::vector<tutti::split>& a, const std::vector<tutti::split>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x.train == y.train && x.test == y.test; });
}

template <class L>
std::map<L, int> counts(const std::vector<L>& y, const rows& of) {
  std::map<L, int> out;
  for (const tutti::index i : of) ++out[y.at(static_cast<std::size_t>(i))];
  return out;
}

}  // namespace

TEST_CASE("train_test_split tests on as many samples as scikit-learn 1.9.1") {
  const auto tested = [](tutti::index n, double part) {
    const tutti::split s = tutti::train_test_split(n, part);
    check_partition(s, n);
    return s.test.size();
  };
  CHECK(tested(2, 0.5) == 1);
  CHECK(tested(2, 0.25) == 1);
  CHECK(tested(3, 0.25) == 1);
  CHECK(tested(3, 0.5) == 2);
  CHECK(tested(10, 0.1) == 1);
  CHECK(tested(10, 0.11) == 2);
  CHECK(tested(30, 0.1) == 3);
  CHECK(tested(7, 0.8325) == 6);
  CHECK(tested(9, 1.0 / 3) == 3);
  CHECK(tested(1000, 0.001) == 1);
  CHECK(tested(1000, 0.0011) == 2);
  CHECK(tested(569, 0.2) == 114);
  CHECK(tutti::train_test_split(20640).test.size() == 5160);
}

TEST_CASE("a seed repeats its train_test_split, another gives another") {
  const tutti::split first = tutti::train_test_split(40, 0.25, 7), again = tutti::train_test_split(40, 0.25, 7);
  CHECK(first.train == again.train);
  CHECK(first.test == again.test);
  CHECK(tutti::train_test_split(40, 0.25, 8).test != first.test);
  CHECK(tutti::train_test_split(40, 0.25, std::uint64_t{7} << 32).test != first.test);
  CHECK(!std::is_sorted(first.train.begin(), first.train.end()));
  CHECK(tutti::train_test_split(40, 0.25).test == tutti::train_test_split(40, 0.25, 0).test);
}

TEST_CASE("a seed gives the same rows on every platform") {
  CHECK(tutti::train_test_split(10, 0.3, 7).test == rows{2, 9, 3});
}

TEST_CASE("every order of the rows is equally likely") {
  // 24 orders of 4 rows, 1000 of each expected: the largest of 24 counts is within 4.5 standard deviations of 31.
  std::map<rows, int> seen;
  for (std::uint64_t seed = 0; seed < 24000; ++seed) {
    tutti::split s = tutti::train_test_split(4, 0.25, seed);
    s.test.insert(s.test.end(), s.train.begin(), s.train.end());
    ++seen[s.test];
  }
  CHECK(seen.size() == 24);
  for (const auto& order : seen) {
    CAPTURE(order.first);
    CHECK(std::abs(order.second - 1000) < 140);
  }
}

TEST_CASE("a stratified train_test_split has each class in both parts as often as in the whole") {
  std::vector<int> y;
  for (int i = 0; i < 100; ++i) y.push_back(i % 10 < 5 ? -40 : i % 10 < 8 ? -1 : 0);
  const auto check = [&](double part, int of_minus_40, int of_minus_1, int of_0) {
    const tutti::split s = tutti::train_test_split(y, part, 3);
    CAPTURE(part);
    check_partition(s, 100);
    CHECK(counts(y, s.test) == std::map<int, int>{{-40, of_minus_40}, {-1, of_minus_1}, {0, of_0}});
  };
  check(0.2, 10, 6, 4);
  check(0.1, 5, 3, 2);
  check(0.33, 16, 10, 7);   // shares of 16.5, 9.9, 6.6: what is left goes to the largest remainders
  check(0.99, 49, 30, 20);  // 49.5, 29.7, 19.8
}

TEST_CASE("stratification gives what is left to the lowest classes among equal remainders") {
  const std::vector<int> y{3, 1, 2, 3, 1, 2};
  CHECK(counts(y, tutti::train_test_split(y, 1.0 / 3).test) == std::map<int, int>{{1, 1}, {2, 1}});
}

TEST_CASE("a stratified train_test_split repeats with its seed and is shuffled") {
  const tutti::split a = tutti::train_test_split(three_classes, 0.5, 11),
                     b = tutti::train_test_split(three_classes, 0.5, 11);
  CHECK(a.train == b.train);
  CHECK(a.test == b.test);
  const auto in_any_order = [](rows r) {
    std::sort(r.begin(), r.end());
    return r;
  };
  CHECK(in_any_order(tutti::train_test_split(three_classes, 0.5, 12).test) != in_any_order(a.test));
  const std::vector<int> in_order = tutti::take(three_classes, a.test);
  CHECK(!std::is_sorted(in_order.begin(), in_order.end()));
}

TEST_CASE("labels of any type stratify, strided ones too") {
  using enum species;
  const std::vector<species> y{setosa, versicolor, setosa, virginica, virginica, versicolor};
  CHECK(counts(y, tutti::train_test_split(y, 0.5).test) ==
        std::map<species, int>{{setosa, 1}, {versicolor, 1}, {virginica, 1}});
  const std::int64_t far[] = {std::numeric_limits<std::int64_t>::min(), 0, std::numeric_limits<std::int64_t>::max(), 0,
                              std::numeric_limits<std::int64_t>::min(), 0, std::numeric_limits<std::int64_t>::max(), 0};
  const tutti::split s = tutti::train_test_split(tutti::vector_view<const std::int64_t>{far, 4, 2}, 0.5);
  check_partition(s, 4);
  CHECK((s.test[0] + s.test[1]) % 2 == 1);  // rows 0 and 2 are of one class, 1 and 3 of the other
}

TEST_CASE("train_test_split refuses to leave a part empty") {
  const auto refused = [](tutti::index n, double part) {
    return message_of<invalid_input>([&] { tutti::train_test_split(n, part); });
  };
  for (const tutti::index n : {-1, 0, 1})
    CHECK(refused(n, 0.5) == "train_test_split: " + std::to_string(n) + " samples cannot be split");
  CHECK(refused(3, 0.9) == "train_test_split: 3 samples cannot be split");
  CHECK(refused(10, 0) == "train_test_split: test_size must be between 0 and 1, got 0.000000");
  CHECK(refused(10, 1) == "train_test_split: test_size must be between 0 and 1, got 1.000000");
  CHECK(refused(10, -0.5) == "train_test_split: test_size must be between 0 and 1, got -0.500000");
  CHECK(refused(10, std::nan("")).starts_with("train_test_split: test_size must be between 0 and 1, got "));
  CHECK_THROWS_AS(tutti::train_test_split(std::vector<int>{}), invalid_input);
  CHECK_THROWS_AS(tutti::train_test_split(std::vector<int>{1}), invalid_input);
  CHECK_THROWS_AS(tutti::train_test_split(three_classes, 2.0), invalid_input);
}

TEST_CASE("k_fold has the fold sizes of scikit-learn 1.9.1") {
  const auto sizes_of = [](tutti::index n, tutti::index k, bool shuffle) {
    const auto splits = tutti::k_fold{.n_splits = k, .shuffle = shuffle}.splits(n);
    check_folds(splits, n);
    return sizes(splits);
  };
  for (const bool shuffle : {false, true}) {
    CHECK(sizes_of(10, 3, shuffle) == rows{4, 3, 3});
    CHECK(sizes_of(7, 7, shuffle) == rows{1, 1, 1, 1, 1, 1, 1});
    CHECK(sizes_of(11, 2, shuffle) == rows{6, 5});
    CHECK(sizes_of(23, 5, shuffle) == rows{5, 5, 5, 4, 4});
    CHECK(sizes_of(4, 3, shuffle) == rows{2, 1, 1});
  }
  CHECK(tutti::k_fold{}.splits(20).size() == 5);
}

TEST_CASE("k_fold deals out rows as they come, unless it shuffles them") {
  CHECK(fold_of_rows(tutti::k_fold{.n_splits = 3}.splits(8), 8) == rows{0, 0, 0, 1, 1, 1, 2, 2});
  CHECK(same(tutti::k_fold{.seed = 1}.splits(50), tutti::k_fold{.seed = 2}.splits(50)));
  const tutti::k_fold shuffled{.n_splits = 3, .shuffle = true, .seed = 4};
  CHECK(same(shuffled.splits(50), shuffled.splits(50)));
  CHECK(!same(shuffled.splits(50), tutti::k_fold{.n_splits = 3}.splits(50)));
  CHECK(!same(shuffled.splits(50), tutti::k_fold{.n_splits = 3, .shuffle = true, .seed = 5}.splits(50)));
}

TEST_CASE("stratified_k_fold gives each row the fold of scikit-learn 1.9.1") {
  const auto folds = [](const std::vector<int>& y, tutti::index k) {
    const auto splits = tutti::stratified_k_fold{.n_splits = k}.splits(y);
    check_folds(splits, static_cast<tutti::index>(y.size()));
    return fold_of_rows(splits, y.size());
  };
  const std::vector<int> uneven{2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 1, 1, 0};
  CHECK(folds(three_classes, 2) == rows{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1});
  CHECK(folds(three_classes, 3) == rows{0, 0, 0, 0, 1, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2});
  CHECK(folds(three_classes, 4) == rows{0, 0, 0, 1, 1, 0, 1, 1, 2, 2, 2, 3, 2, 3, 3, 3});
  CHECK(folds({1, 1, 1, 0, 0, 0, 0, 0}, 3) == rows{0, 1, 2, 0, 0, 1, 1, 2});
  CHECK(folds(uneven, 4) == rows{0, 0, 0, 0, 1, 0, 1, 1, 1, 2, 2, 1, 3, 2, 2, 3, 3, 3});
  CHECK(folds(uneven, 5) == rows{0, 0, 0, 1, 0, 1, 2, 1, 1, 3, 2, 2, 4, 3, 2, 3, 4, 4});
  CHECK(folds({9, 9, 3, 9, 3, 3, 9}, 2) == rows{0, 0, 0, 1, 0, 1, 1});
}

TEST_CASE("each fold has each class as often as in the whole, to one sample, shuffled or not") {
  for (const bool shuffle : {false, true})
    for (const tutti::index k : {2, 3, 4}) {
      const auto splits = tutti::stratified_k_fold{.n_splits = k, .shuffle = shuffle, .seed = 6}.splits(three_classes);
      check_folds(splits, 16);
      const rows fold_sizes = sizes(splits);
      CHECK(fold_sizes == sizes(tutti::k_fold{.n_splits = k}.splits(16)));
      for (const tutti::split& s : splits)
        for (const auto& [label, whole] : std::map<int, int>{{5, 7}, {-2, 4}, {7, 5}})
          CHECK(std::abs(counts(three_classes, s.test)[label] - static_cast<double>(whole) / static_cast<double>(k)) <
                1);
    }
}

TEST_CASE("stratified_k_fold repeats with its seed") {
  const tutti::stratified_k_fold shuffled{.n_splits = 4, .shuffle = true, .seed = 4};
  CHECK(same(shuffled.splits(three_classes), shuffled.splits(three_classes)));
  CHECK(!same(shuffled.splits(three_classes), tutti::stratified_k_fold{.n_splits = 4}.splits(three_classes)));
  const tutti::stratified_k_fold other{.n_splits = 4, .shuffle = true, .seed = 5};
  CHECK(!same(shuffled.splits(three_classes), other.splits(three_classes)));
  CHECK(same(tutti::stratified_k_fold{.n_splits = 4, .seed = 9}.splits(three_classes),
             tutti::stratified_k_fold{.n_splits = 4}.splits(three_classes)));
}

TEST_CASE("a number of folds that cannot be is refused, with both numbers") {
  for (const tutti::index k : {-3, 0, 1, 6}) {
    const std::string numbers = "got " + std::to_string(k) + " for 5";
    tutti_test::check_throws<invalid_input>([&] { tutti::k_fold{.n_splits = k}.splits(5); },
                                            {"k_fold: n_splits must be between 2 and the number", numbers.c_str()});
    tutti_test::check_throws<invalid_input>(
        [&] {
          tutti::stratified_k_fold{.n_splits = k}.splits(std::vector<int>{1, 1, 1, 1, 1});
        },
        {"k_fold: n_splits must be between 2 and the number", numbers.c_str()});
  }
  CHECK_THROWS_AS(tutti::k_fold{}.splits(0), invalid_input);
  CHECK_THROWS_AS(tutti::stratified_k_fold{}.splits(std::vector<int>{}), invalid_input);
}

TEST_CASE("a class with fewer samples than folds is refused") {
  CHECK(message_of<invalid_input>([] { tutti::stratified_k_fold{.n_splits = 5}.splits(three_classes); }) ==
        "stratified_k_fold: a class has 4 samples, fewer than the 5 folds");
}

TEST_CASE_TEMPLATE("take copies rows in the order asked for", T, float, double) {
  const T data[] = {1, 2, 3, 4, 5, 6};
  CHECK(doubles(tutti::take(tutti::view(data, 3, 2), rows{2, 0, 2})) == std::vector<double>{5, 6, 1, 2, 5, 6});
  CHECK(doubles(tutti::take(tutti::view(data, 2, 3, 1, 2), rows{1})) == std::vector<double>{2, 4, 6});
  CHECK(tutti::take(tutti::view(data, 3, 2), rows{}).cols() == 2);
  CHECK(tutti::take(tutti::vector_view<const T>{data, 3, 2}, rows{2, 1, 2}) == std::vector<T>{5, 3, 5});
  CHECK(tutti::take(std::vector<T>{}, rows{}).empty());
}

TEST_CASE("take refuses rows that are not there") {
  const double data[] = {1, 2, 3, 4};
  for (const tutti::index i : {-1, 2}) {
    CHECK(message_of<invalid_input>([&] {
            tutti::take(tutti::view(data, 2, 2), rows{0, i});
          }) == "take: there is no row " + std::to_string(i));
    CHECK(message_of<invalid_input>([&] {
            tutti::take(std::vector<double>{1, 2}, rows{0, i});
          }) == "take: there is no element " + std::to_string(i));
  }
}
