#include <tutti/metrics/classification.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "samples.hpp"

namespace tutti_test {

namespace {

using tutti::average;

/// The weight of each pair of a true and a predicted label, by a plain loop.
template <class L>
struct plain_confusion {
  std::vector<L> classes;
  std::map<std::pair<L, L>, double> weight;

  template <class W>
  plain_confusion(const std::vector<L>& y, const std::vector<L>& predicted, const std::vector<W>& w) {
    for (std::size_t i = 0; i < y.size(); ++i) {
      weight[{y[i], predicted[i]}] += double(w[i]);
      classes.push_back(y[i]);
      classes.push_back(predicted[i]);
    }
    std::sort(classes.begin(), classes.end());
    classes.erase(std::unique(classes.begin(), classes.end()), classes.end());
  }

  double of(L truly, L predicted) const {
    const auto found = weight.find({truly, predicted});
    return found == weight.end() ? 0.0 : found->second;
  }
  double truly(L c) const {
    return sum([&](L k) { return of(c, k); });
  }
  double predicted(L c) const {
    return sum([&](L k) { return of(k, c); });
  }
  double total() const {
    return sum([&](L k) { return truly(k); });
  }
  double precision(L c) const { return predicted(c) > 0 ? of(c, c) / predicted(c) : 0.0; }
  double recall(L c) const { return truly(c) > 0 ? of(c, c) / truly(c) : 0.0; }
  double f1(L c) const {
    const double p = precision(c), r = recall(c);
    return p + r > 0 ? 2 * p * r / (p + r) : 0.0;
  }

  template <class F>
  double sum(const F& f) const {
    double out = 0;
    for (const L c : classes) out += f(c);
    return out;
  }
};

template <class L, class W>
void check_confusion(const tutti::confusion<L>& c, const std::vector<L>& y, const std::vector<L>& predicted,
                     const std::vector<W>& w) {
  const plain_confusion<L> plain(y, predicted, w);
  const index k = index(plain.classes.size());
  CHECK((c.classes == plain.classes));
  REQUIRE(c.weight.rows() == k);
  REQUIRE(c.weight.cols() == k);
  for (index i = 0; i < k; ++i)
    for (index j = 0; j < k; ++j)
      CHECK(c.weight(i, j) == plain.of(c.classes[std::size_t(i)], c.classes[std::size_t(j)]));
}

template <class L, class W>
double plain_accuracy(const std::vector<L>& y, const std::vector<L>& predicted, const std::vector<W>& w) {
  double right = 0, total = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    right += y[i] == predicted[i] ? double(w[i]) : 0.0;
    total += double(w[i]);
  }
  return right / total;
}

bool same(double a, double b) { return std::abs(a - b) <= 4e-15; }

}  // namespace

TEST_CASE_TEMPLATE("pairs of labels are counted as a plain loop does", L, int, std::int8_t, std::uint64_t, colour) {
  for (const index n : {1, 17, 4096, 4097, 10001}) {
    CAPTURE(n);
    const auto y = random_labels(n, names_of<L>(), 1), predicted = random_labels(n, names_of<L>(), 2);
    auto w = random_weights<float>(n);
    w[0] = 2;
    for_policies([&](const auto& policy, const std::string& name) {
      CAPTURE(name);
      check_confusion(confusion_matrix(policy, y, predicted), y, predicted, std::vector<int>(std::size_t(n), 1));
      check_confusion(confusion_matrix(policy, y, predicted, w), y, predicted, w);
      CHECK(accuracy_score(policy, y, predicted, w) == plain_accuracy(y, predicted, w));
    });
  }
}

TEST_CASE("labels may be many, far apart, and strided") {
  std::vector<int> y, gaps;
  for (int i = 0; i < 9000; ++i) y.push_back(i % 150 * 1000003 - 40000000);
  for (const int label : y) gaps.insert(gaps.end(), {label, -1});
  std::vector<int> predicted(y.rbegin(), y.rend());
  std::copy(y.begin(), y.begin() + 3000, predicted.begin());
  const std::vector<int> ones(y.size(), 1);
  const tutti::vector_view<const int> strided{gaps.data(), index(y.size()), 2};
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    check_confusion(confusion_matrix(policy, strided, predicted), y, predicted, ones);
    CHECK(accuracy_score(policy, strided, predicted) == plain_accuracy(y, predicted, ones));
  });
}

TEST_CASE_TEMPLATE("scores of labels are what a plain loop counts", W, float, double) {
  const auto y = random_labels<int>(9001, {-5, 0, 40, 41}, 1);
  auto predicted = random_labels<int>(9001, {-5, 0, 40, 42}, 2);  // 41 is never predicted, 42 never true
  for (std::size_t i = 0; i < y.size(); i += 3) predicted[i] = y[i] == 41 ? 40 : y[i];
  const auto w = random_weights<W>(index(y.size()));
  const plain_confusion<int> plain(y, predicted, w);
  const auto macro = [&](const auto& f) { return plain.sum(f) / 5; };
  const auto weighted = [&](const auto& f) {
    return plain.sum([&](int c) { return f(c) * plain.truly(c); }) / plain.total();
  };
  const auto precision = [&](int c) { return plain.precision(c); };
  const auto recall = [&](int c) { return plain.recall(c); };
  const auto f1 = [&](int c) { return plain.f1(c); };
  const double accuracy = plain_accuracy(y, predicted, w);
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    CHECK(same(accuracy_score(policy, y, predicted, w), accuracy));
    CHECK(same(precision_score(policy, y, predicted, average::macro, w), macro(precision)));
    CHECK(same(precision_score(policy, y, predicted, average::weighted, w), weighted(precision)));
    CHECK(same(precision_score(policy, y, predicted, average::micro, w), accuracy));
    CHECK(same(recall_score(policy, y, predicted, average::macro, w), macro(recall)));
    CHECK(same(recall_score(policy, y, predicted, average::weighted, w), weighted(recall)));
    CHECK(same(recall_score(policy, y, predicted, average::micro, w), accuracy));
    CHECK(same(f1_score(policy, y, predicted, average::macro, w), macro(f1)));
    CHECK(same(f1_score(policy, y, predicted, average::weighted, w), weighted(f1)));
    CHECK(same(f1_score(policy, y, predicted, average::micro, w), accuracy));
  });
}

TEST_CASE("of two classes the larger one is scored unless another average is asked for") {
  const std::vector<int> y{7, -2, 7, 7, -2}, predicted{7, 7, -2, 7, -2};
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    CHECK(precision_score(policy, y, predicted) == 2.0 / 3);
    CHECK(recall_score(policy, y, predicted) == 2.0 / 3);
    CHECK(f1_score(policy, y, predicted) == 2.0 / 3);
    CHECK(precision_score(policy, y, predicted, average::macro) == (2.0 / 3 + 0.5) / 2);
  });
}

TEST_CASE("a class that is never predicted has precision 0, one that never occurs recall 0") {
  const std::vector<int> y{0, 1, 1}, never_one{0, 0, 0};
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    CHECK(precision_score(policy, y, never_one) == 0);
    CHECK(recall_score(policy, y, never_one) == 0);
    CHECK(f1_score(policy, y, never_one) == 0);
    CHECK(precision_score(policy, never_one, y) == 0);
    CHECK(recall_score(policy, never_one, y) == 0);
    CHECK(f1_score(policy, never_one, y) == 0);
    CHECK(accuracy_score(policy, y, never_one) == 1.0 / 3);
  });
}

TEST_CASE("one class is all right, but has no larger class") {
  const std::vector<colour> y(5, colour::blue);
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    CHECK((confusion_matrix(policy, y, y).classes == std::vector<colour>{colour::blue}));
    CHECK(accuracy_score(policy, y, y) == 1);
    for (const average over : {average::macro, average::weighted, average::micro}) {
      CHECK(precision_score(policy, y, y, over) == 1);
      CHECK(recall_score(policy, y, y, over) == 1);
      CHECK(f1_score(policy, y, y, over) == 1);
    }
    using tutti::invalid_input;
    check_throws<invalid_input>([&] { precision_score(policy, y, y); }, {"precision_score", "two classes", "are 1"});
    check_throws<invalid_input>([&] { recall_score(policy, y, y); }, {"recall_score", "average::binary", "are 1"});
    check_throws<invalid_input>([&] { f1_score(policy, y, y); }, {"f1_score", "choose another average"});
  });
}

TEST_CASE("a weight of k stands for k copies, a sample of weight 0 is absent, and so is its class") {
  auto y = random_labels<int>(5000, {1, 2, 3}, 1), predicted = random_labels<int>(5000, {1, 2, 3}, 2);
  const auto w = random_weights<double>(5000);
  for (const bool other_class : {false, true}) {
    CAPTURE(other_class);
    for (std::size_t i = 0; i < w.size(); ++i)
      if (other_class && w[i] == 0) (i % 2 == 0 ? y : predicted)[i] = 99;
    const auto all_y = copies(y, w), all_predicted = copies(predicted, w);
    for_policies([&](const auto& policy, const std::string& name) {
      CAPTURE(name);
      const auto weighted = confusion_matrix(policy, y, predicted, w);
      const auto repeated = confusion_matrix(policy, all_y, all_predicted);
      CHECK(weighted.classes.size() == 3);
      CHECK((weighted.weight == repeated.weight));
      const double f1 = f1_score(policy, y, predicted, average::macro, w);
      CHECK(f1 == f1_score(policy, all_y, all_predicted, average::macro));
    });
  }
}

TEST_CASE("no number of threads changes a bit") {
  const auto y = random_labels<int>(50000, {1, 2, 3}, 1), predicted = random_labels<int>(50000, {1, 2, 3}, 2);
  const auto w = positive_numbers<double>(50000, 3);
  const auto once = confusion_matrix(tutti::seq, y, predicted, w);
  const double accuracy = accuracy_score(tutti::seq, y, predicted, w);
  for_thread_counts([&](const auto& policy, int threads) {
    CAPTURE(threads);
    CHECK((confusion_matrix(policy, y, predicted, w).weight == once.weight));
    CHECK(accuracy_score(policy, y, predicted, w) == accuracy);
  });
}

TEST_CASE("what labels cannot be scored, and what is said about it") {
  const std::vector<int> y{0, 1, 1, 0}, predicted{0, 1, 0, 1};
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    check_refusals(y, predicted, "confusion_matrix",
                   [&](const auto& a, const auto& b, const auto& w) { confusion_matrix(policy, a, b, w); });
    check_refusals(y, predicted, "accuracy_score",
                   [&](const auto& a, const auto& b, const auto& w) { accuracy_score(policy, a, b, w); });
  });
}

TEST_CASE("a message names the score that was asked for") {
  const std::vector<int> y{0, 1}, one{0};
  using tutti::invalid_input;
  check_throws<invalid_input>([&] { precision_score(tutti::seq, y, one); }, {"precision_score"});
  check_throws<invalid_input>([&] { recall_score(tutti::seq, y, one); }, {"recall_score"});
  check_throws<invalid_input>([&] { f1_score(tutti::seq, y, one); }, {"f1_score"});
}

}  // namespace tutti_test
