#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <tutti/metrics/classification.hpp>

#include "samples.hpp"

namespace tutti_test {

namespace {

using tutti::invalid_input;

/// n rows of k numbers from 0 to 1 that do not add up to one; one in eight is 0, and no row all of them.
template <class T>
tutti::matrix<T> random_probabilities(index n, index k) {
  const tutti::random_source source(4);
  tutti::matrix<T> P(n, k);
  for (index i = 0; i < n * k; ++i)
    P.data()[i] = source.below(std::uint64_t(i), 8) == 0 ? T(0) : T(source.stream(1).uniform(std::uint64_t(i)));
  for (index i = 0; i < n; ++i) P(i, i % k) += T(0.25);
  return P;
}

template <class T, class L, class W>
double plain_log_loss(const std::vector<L>& y, const tutti::matrix<T>& P, const std::vector<L>& classes,
                      const std::vector<W>& w) {
  const double least = double(std::numeric_limits<T>::epsilon());
  double loss = 0, total = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    double sum = 0, of_truth = 0;
    for (std::size_t k = 0; k < classes.size(); ++k) {
      const double p = double(P(index(i), index(k)));
      sum += p;
      if (classes[k] == y[i]) of_truth = p;
    }
    loss -= double(w[i]) * std::log(std::min(std::max(of_truth / sum, least), 1 - least));
    total += double(w[i]);
  }
  return loss / total;
}

}  // namespace

TEST_CASE_TEMPLATE("the log loss is a plain loop's", L, int, colour, std::uint64_t) {
  const auto check = [](auto zero, index n) {
    using T = decltype(zero);
    CAPTURE(n);
    const auto classes = names_of<L>();
    const auto y = random_labels(n, classes, 1);
    const auto P = random_probabilities<T>(n, 3);
    auto w = random_weights<T>(n);
    w[0] = 3;
    const double expected = plain_log_loss(y, P, classes, w);
    const double unweighted = plain_log_loss(y, P, classes, std::vector<T>(std::size_t(n), T(1)));
    for_policies([&](const auto& policy, const std::string& name) {
      CAPTURE(name);
      const double loss = log_loss(policy, y, P, classes, w);
      CHECK(loss == doctest::Approx(expected).epsilon(1e-13));
      CHECK(loss == log_loss(tutti::seq, y, P, classes, w));
      CHECK(log_loss(policy, y, P, classes) == doctest::Approx(unweighted).epsilon(1e-13));
    });
  };
  for (const index n : {1, 17, 4096, 10001}) {
    check(float{}, n);
    check(double{}, n);
  }
}

TEST_CASE_TEMPLATE("certainty is kept a rounding unit away from 0 and 1", T, float, double) {
  tutti::matrix<T> P(1, 2, T(0));
  P(0, 1) = T(2);
  const double least = double(std::numeric_limits<T>::epsilon());
  const std::vector<int> classes{-1, 4};
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    CHECK(log_loss(policy, std::vector{4}, P, classes) == doctest::Approx(-std::log1p(-least)).epsilon(1e-7));
    CHECK(log_loss(policy, std::vector{-1}, P, classes) == doctest::Approx(-std::log(least)).epsilon(1e-14));
  });
}

TEST_CASE("probabilities lie in any layout, and classes need not occur") {
  const index n = 4100;
  const auto P = random_probabilities<double>(n, 3);
  const std::vector<int> classes{-3, 5, 6};
  const auto y = random_labels<int>(n, {-3, 6}, 1);
  const double expected = log_loss(tutti::seq, y, P, classes);
  CHECK(expected == doctest::Approx(plain_log_loss(y, P, classes, std::vector<int>(y.size(), 1))).epsilon(1e-13));
  for_layouts(P, [&](const auto& view) {
    for_policies([&](const auto& policy, const std::string& name) {
      CAPTURE(name);
      CHECK(log_loss(policy, y, view, classes) == expected);
    });
  });
}

TEST_CASE("one class is never a surprise, as far as numbers can say") {
  const std::vector<int> y{7, 7};
  CHECK(log_loss(tutti::seq, y, tutti::matrix<double>(2, 1, 0.5), {7}) == doctest::Approx(0x1p-52));
}

TEST_CASE("no number of threads changes a bit of the log loss") {
  const index n = 50000;
  const auto P = random_probabilities<float>(n, 3);
  const auto y = random_labels<int>(n, {0, 1, 2}, 1);
  const auto w = random_weights<float>(n);
  const double once = log_loss(tutti::par_simd, y, P, {0, 1, 2}, w);
  for_thread_counts([&](const auto& policy, int threads) {
    CAPTURE(threads);
    CHECK(log_loss(policy, y, P, {0, 1, 2}, w) == once);
  });
}

TEST_CASE("weights are copies, and a sample of weight 0 may have any label and no probabilities") {
  const index n = 5000;
  auto P = random_probabilities<double>(n, 3);
  auto y = random_labels<int>(n, {0, 1, 2}, 1);
  const auto w = random_weights<double>(n);
  std::vector<index> rows;
  for (index i = 0; i < n; ++i) rows.insert(rows.end(), std::size_t(w[std::size_t(i)]), i);
  tutti::matrix<double> all_P(index(rows.size()), 3);
  for (index i = 0; i < all_P.rows(); ++i)
    for (index k = 0; k < 3; ++k) all_P(i, k) = P(rows[std::size_t(i)], k);
  const double expected = log_loss(tutti::seq, copies(y, w), all_P, {0, 1, 2});
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    CHECK(log_loss(policy, y, P, {0, 1, 2}, w) == doctest::Approx(expected).epsilon(1e-13));
  });
  for (index i = 0; i < n; ++i) {
    if (w[std::size_t(i)] != 0) continue;
    y[std::size_t(i)] = 9;
    for (index k = 0; k < 3; ++k) P(i, k) = 0;
  }
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    CHECK(log_loss(policy, y, P, {0, 1, 2}, w) == doctest::Approx(expected).epsilon(1e-13));
  });
}

TEST_CASE("what probabilities cannot be scored, and what is said about it") {
  const std::vector<int> y{0, 1, 1, 0}, classes{0, 1};
  const tutti::matrix<double> P(4, 2, 0.5);
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    const auto refused = [&](const auto& labels, const auto& p, const auto& k,
                             std::initializer_list<const char*> words) {
      check_throws<invalid_input>([&] { log_loss(policy, labels, p, k); }, words);
    };
    refused(std::vector<int>(), tutti::matrix<double>(0, 2), classes, {"log_loss", "empty", "0 x 2"});
    refused(std::vector{0, 1, 1}, P, classes, {"log_loss", "y has 3 elements", "expected 4"});
    refused(y, tutti::matrix<double>(4, 3, 0.5), classes, {"log_loss", "4 x 3", "expected n x 2"});
    refused(y, P, std::vector{1, 0}, {"log_loss", "classes", "ascending"});
    refused(y, P, std::vector{1, 1}, {"log_loss", "distinct"});
    refused(std::vector{0, 1, 5, 0}, P, classes, {"log_loss", "label 5", "row 2"});
    auto bad = P;
    bad(2, 1) = NAN;
    refused(y, bad, classes, {"log_loss", "probability", "not finite", "row 2", "column 1"});
    bad(2, 0) = bad(2, 1) = 0;
    refused(y, bad, classes, {"log_loss", "all zero"});

    const auto weighted = [&](std::vector<double> w, std::initializer_list<const char*> words) {
      check_throws<invalid_input>([&] { log_loss(policy, y, P, classes, w); }, words);
    };
    weighted({1, 1, -1, 1}, {"log_loss", "sample_weight", "negative"});
    weighted({0, 0, 0, 0}, {"log_loss", "sample_weight", "all zero"});
    weighted({1, NAN, 1, 1}, {"log_loss", "sample_weight", "row 1"});
    weighted({1, 1, 1}, {"log_loss", "sample_weight", "3", "4"});
  });
}

TEST_CASE("a negative probability is refused, of the true class and of another") {
  tutti::matrix<double> P(4, 2, 0.5);
  P(2, 0) = -0.25;
  P(2, 1) = 1.25;
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    for (const int truth : {0, 1})
      check_throws<invalid_input>([&] { log_loss(policy, std::vector{0, 1, truth, 0}, P, {0, 1}); }, {"negative"});
  });
}

}  // namespace tutti_test
