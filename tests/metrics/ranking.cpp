#include <tutti/metrics/ranking.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "samples.hpp"

namespace tutti_test {

namespace {

using tutti::invalid_input;

/// Every pair of a sample of the larger class and one of the smaller: above counts one, beside one half.
template <class L, class T, class W>
double plain_auc(const std::vector<L>& y, const std::vector<T>& score, const std::vector<W>& w, L larger) {
  double won = 0, pairs = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (y[i] != larger) continue;
    for (std::size_t j = 0; j < y.size(); ++j) {
      if (y[j] == larger) continue;
      const double weight = double(w[i]) * double(w[j]);
      won += score[j] < score[i] ? weight : score[j] == score[i] ? weight / 2 : 0.0;
      pairs += weight;
    }
  }
  return won / pairs;
}

/// Scores with few values, so that most are tied; -0 and 0 are the same.
template <class T>
std::vector<T> tied_scores(index n, index values) {
  const tutti::random_source source(3);
  std::vector<T> out;
  for (index i = 0; i < n; ++i) {
    const T value = T(source.below(std::uint64_t(i), values)) - T(values / 2);
    out.push_back(value == 0 && i % 2 == 0 ? -T(0) : value / T(7));
  }
  return out;
}

}  // namespace

TEST_CASE_TEMPLATE("the area is the part of pairs in order", L, int, std::int8_t, std::uint64_t, colour) {
  const auto check = [](auto zero, index n, index values) {
    using T = decltype(zero);
    CAPTURE(n);
    CAPTURE(values);
    const std::vector<L> names{names_of<L>()[0], names_of<L>()[2]};
    auto y = random_labels(n, names, 1);
    y[0] = names[0];
    y[1] = names[1];
    const auto score = tied_scores<T>(n, values);
    auto w = random_weights<T>(n);
    w[0] = w[1] = 1;
    const double unweighted = plain_auc(y, score, std::vector<int>(y.size(), 1), names[1]);
    const double weighted = plain_auc(y, score, w, names[1]);
    for_policies([&](const auto& policy, const std::string& name) {
      CAPTURE(name);
      CHECK(roc_auc_score(policy, y, score) == doctest::Approx(unweighted).epsilon(1e-14));
      CHECK(roc_auc_score(policy, y, score, w) == doctest::Approx(weighted).epsilon(1e-14));
      CHECK(roc_auc_score(policy, y, score, w) == roc_auc_score(tutti::seq, y, score, w));
    });
  };
  for (const index n : {2, 17, 2000})
    for (const index values : {1, 2, 9, 100000}) {
      check(float{}, n, values);
      check(double{}, n, values);
    }
}

TEST_CASE("order is everything: perfect, reversed, and all the same") {
  const std::vector<int> y{-1, -1, 3, 3};
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    CHECK(roc_auc_score(policy, y, std::vector<float>{-3e38f, 1, 2, 3e38f}) == 1);
    CHECK(roc_auc_score(policy, y, std::vector<double>{4, 3, 2, 1}) == 0);
    CHECK(roc_auc_score(policy, y, std::vector<double>{2, 2, 2, 2}) == 0.5);
    CHECK(roc_auc_score(policy, y, std::vector<double>{-0.0, 0.0, 0.0, -0.0}) == 0.5);
  });
}

TEST_CASE("scores and labels may be strided") {
  const std::vector<int> y{0, 9, 1, 9, 0, 9, 1, 9};
  const std::vector<double> score{3, 0, 4, 0, 1, 0, 2, 0};  // from the end: 2, 1, 4, 3 without the zeros
  const tutti::vector_view<const int> labels{y.data(), 4, 2};
  const tutti::vector_view<const double> backwards{score.data() + 6, 4, -2};
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    CHECK(roc_auc_score(policy, labels, backwards) == 0.25);
  });
}

TEST_CASE("a weight of k stands for k copies, a sample of weight 0 is absent, and so is its class") {
  auto y = random_labels<int>(5000, {2, 5}, 1);
  const auto score = tied_scores<double>(5000, 50), w = random_weights<double>(5000);
  const auto all_y = copies(y, w);
  const auto all_scores = copies(score, w);
  for (const bool other_class : {false, true}) {
    CAPTURE(other_class);
    for (std::size_t i = 0; i < w.size(); ++i)
      if (other_class && w[i] == 0) y[i] = 99;
    for_policies([&](const auto& policy, const std::string& name) {
      CAPTURE(name);
      CHECK(roc_auc_score(policy, y, score, w) == roc_auc_score(policy, all_y, all_scores));
    });
  }
}

TEST_CASE("no number of threads changes a bit of the area") {
  const auto y = random_labels<int>(100000, {0, 1}, 1);
  const auto score = random_vector<float>(100000);
  const auto w = positive_numbers<double>(100000, 3);
  const double once = roc_auc_score(tutti::seq, y, score, w);
  for_thread_counts([&](const auto& policy, int threads) {
    CAPTURE(threads);
    CHECK(roc_auc_score(policy, y, score, w) == once);
  });
}

TEST_CASE("what scores cannot be ranked, and what is said about it") {
  const std::vector<int> y{0, 1, 1, 0};
  const std::vector<double> score{1, 2, 3, 4};
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    check_refusals(y, score, "roc_auc_score",
                   [&](const auto& a, const auto& b, const auto& w) { roc_auc_score(policy, a, b, w); });
    for (const double bad : {double(NAN), double(INFINITY), -double(INFINITY)})
      check_throws<invalid_input>(
          [&] {
            roc_auc_score(policy, y, std::vector<double>{1, 2, bad, 3});
          },
          {"roc_auc_score", "score is not finite at row 2"});
    const auto refused = [&](const std::vector<int>& labels, std::initializer_list<const char*> words) {
      check_throws<invalid_input>([&] { roc_auc_score(policy, labels, score); }, words);
    };
    refused({3, 3, 3, 3}, {"roc_auc_score", "y holds 1 classes", "expected 2"});
    refused({3, 4, 5, 3}, {"roc_auc_score", "y holds 3 classes", "expected 2"});
  });
}

TEST_CASE("one class of two that have a weight is not enough") {
  const std::vector<int> y{0, 1, 1, 0};
  const std::vector<double> score{1, 2, 3, 4}, w{0, 1, 1, 0};
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    check_throws<invalid_input>([&] { roc_auc_score(policy, y, score, w); }, {"roc_auc_score", "class"});
  });
}

TEST_CASE("more samples than the order can number are refused before any work") {
  const int one_label = 1;
  const double one_score = 1;
  const index n = index{std::numeric_limits<std::int32_t>::max()} + 1;
  const tutti::vector_view<const int> y{&one_label, n, 0};
  const tutti::vector_view<const double> score{&one_score, n, 0};
  check_throws<tutti::unsupported>([&] { roc_auc_score(tutti::seq, y, score); }, {"roc_auc_score", "2^31 - 1"});
}

}  // namespace tutti_test
