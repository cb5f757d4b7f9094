// Naive Bayes in its file: what is loaded predicts, and goes on learning, as if it had never been there.

#include <tutti/data/model_file.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/naive_bayes/gaussian_nb.hpp>

#include "saved_models.hpp"

namespace tutti_test {

namespace {

template <class L>
std::vector<L> all_labels(index k) {
  std::vector<L> out;
  for (index c = 0; c < k; ++c) out.push_back(label_of<L>(c));
  return out;
}

/// A naive Bayes model, there and back between batches.
template <class T, class L>
void check_gaussian_nb(const tutti::gaussian_nb& learner, index k) {
  const auto X = random_matrix<T>(90, 4);
  const auto y = labels_for<L>(X, k);
  const auto part = [&](index begin, index end) {
    return std::span<const L>(y).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
  };
  auto straight = learner.start<T>(4, all_labels<L>(k));
  auto resumed = saved_and_loaded(straight);
  check_same_answers(straight, resumed, X);
  for (const index begin : {0, 30, 60}) {
    const auto rows = tutti::view(X).middle_rows(begin, begin + 30);
    learner.partial_fit(tutti::seq, straight, rows, part(begin, begin + 30));
    learner.partial_fit(tutti::par_simd, resumed, rows, part(begin, begin + 30));
    resumed = saved_and_loaded(resumed);
    CHECK(resumed == straight);
    CHECK(resumed.smoothing() == straight.smoothing());
    check_same_answers(straight, resumed, X);
  }
  CHECK(saved_and_loaded(learner.fit(tutti::seq, X, y)).classes() == all_labels<L>(k));
}

}  // namespace

TEST_CASE_TEMPLATE("a Gaussian naive Bayes model comes back from its file and goes on learning", T, float, double) {
  for (const index k : {2, 3}) {
    CAPTURE(k);
    check_gaussian_nb<T, int>({}, k);
    check_gaussian_nb<T, long long>({}, k);
    check_gaussian_nb<T, species>({}, k);
    check_gaussian_nb<T, unsigned char>({}, k);
  }
}

TEST_CASE("priors and smoothing are kept") {
  check_gaussian_nb<double, int>({.priors = {0.5, 0.2, 0.3}, .var_smoothing = 0.1}, 3);
  check_gaussian_nb<double, int>({.priors = {0.0, 1.0}, .var_smoothing = 0}, 2);
}

}  // namespace tutti_test
