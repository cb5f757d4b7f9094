#include <tutti/tree/device_walk.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/error.hpp>
#include <tutti/core/random.hpp>
#include <tutti/ensemble/random_forest.hpp>
#include <tutti/policy/control.hpp>
#include <tutti/policy/seq.hpp>

#include "../support/check.hpp"
#if defined(TUTTI_TEST_TWIN)
#include "../policy/cuda_twin.hpp"
#include "../policy/lanes_twin.hpp"
#endif

#if defined(TUTTI_TEST_TWIN)

namespace tutti_test {

using tutti::index;
using tutti::random_forest_classifier;
using tutti::random_forest_regressor;

namespace {

/// Numbers, some of them missing, and in the last column categories.
template <class T>
tutti::matrix<T> some_rows(index n, std::uint64_t seed) {
  const tutti::random_source numbers(seed), gap = numbers.stream(1);
  tutti::matrix<T> X(n, 5);
  for (index i = 0; i < n * 5; ++i) {
    X(i / 5, i % 5) = T(numbers.normal(std::uint64_t(i)));
    if (gap.below(std::uint64_t(i), 8) == 0) X(i / 5, i % 5) = std::numeric_limits<T>::quiet_NaN();
  }
  for (index i = 0; i < n; ++i) X(i, 4) = T(gap.below(std::uint64_t(n * 5 + i), 12));
  return X;
}

template <class T>
std::vector<int> some_labels(const tutti::matrix<T>& X, int classes) {
  std::vector<int> out(std::size_t(X.rows()));
  for (index i = 0; i < X.rows(); ++i)
    out[std::size_t(i)] = 3 * int((X(i, 0) > T(0) ? 1 : 0) + (X(i, 1) > T(0.5) ? 1 : 0) + int(X(i, 4)) % 2) % classes;
  return out;
}

/// A device says of samples what a host says.
template <class Model, class T, class Policy = cuda_twin>
void check_same_answers(const Model& model, const tutti::matrix<T>& X, const Policy& policy = {}) {
  CHECK(doubles(model.predict(policy, X)) == doubles(model.predict(tutti::seq, X)));
  if constexpr (requires { model.predict_proba(policy, X); }) {
    CHECK(doubles(model.predict_proba(policy, X)) == doubles(model.predict_proba(tutti::seq, X)));
    CHECK(doubles(model.predict_log_proba(policy, X)) == doubles(model.predict_log_proba(tutti::seq, X)));
  }
  CHECK(doubles(model.apply(policy, X)) == doubles(model.apply(tutti::seq, X)));
  CHECK(model.decision_path(policy, X) == model.decision_path(tutti::seq, X));
}

}  // namespace

TEST_CASE_TEMPLATE("a device predicts what a host predicts", T, float, double) {
  const auto X = some_rows<T>(500, 1), others = some_rows<T>(777, 2), one = some_rows<T>(1, 3);
  const auto two = some_labels(X, 2), several = some_labels(X, 5);
  std::vector<T> y(500);
  tutti::matrix<T> Y(500, 2);
  for (index i = 0; i < 500; ++i) {
    y[std::size_t(i)] = std::isnan(X(i, 0)) ? T(3) : X(i, 0) + T(several[std::size_t(i)]);
    Y(i, 0) = y[std::size_t(i)], Y(i, 1) = T(i % 7);
  }
  for (const std::vector<index>& categories : {std::vector<index>{}, std::vector<index>{4}}) {
    CAPTURE(categories.size());
    const auto check = [&](const auto& learner, const auto& targets) {
      const auto model = learner.fit(tutti::seq, X, targets);
      for (const auto* rows : {&X, &others, &one}) check_same_answers(model, *rows);
      check_same_answers(model, one, lanes_twin{});
      check_same_answers(model, others, lanes_twin{});
    };
    check(random_forest_classifier{.n_estimators = 6, .categorical_features = categories}, two);
    check(random_forest_classifier{.n_estimators = 6, .categorical_features = categories}, several);
    check(random_forest_regressor{.n_estimators = 6, .categorical_features = categories}, y);
    check(random_forest_regressor{.n_estimators = 6, .exact_splits = true, .categorical_features = categories}, y);
  }
  check_same_answers(random_forest_regressor{.n_estimators = 3}.fit(tutti::seq, X, Y), others);
  const auto kept = random_forest_regressor{.n_estimators = 6, .keep_targets = true}.fit(tutti::seq, X, y);
  const std::vector<double> q{0.1, 0.5, 0.9};
  CHECK(doubles(kept.predict_quantiles(cuda_twin{}, others, q)) ==
        doubles(kept.predict_quantiles(tutti::seq, others, q)));
}

TEST_CASE("a device refuses what a host refuses") {
  auto X = some_rows<double>(60, 1);
  const auto model = random_forest_classifier{.n_estimators = 2}.fit(tutti::seq, X, some_labels(X, 2));
  X(17, 3) = -std::numeric_limits<double>::infinity();
  check_throws<tutti::invalid_input>([&] { model.predict(cuda_twin{}, X); }, {"predict", "row 17", "column 3"});
  check_throws<tutti::invalid_input>([&] { model.predict_proba(cuda_twin{}, tutti::matrix<double>(5, 3)); },
                                     {"predict_proba", "5 x 3", "n x 5"});
  CHECK(model.predict(cuda_twin{}, tutti::matrix<double>(0, 5)).empty());
  const tutti::run_control little{.memory_limit = 100};
  CHECK_THROWS_AS(model.predict(cuda_twin{}.with(little), some_rows<double>(60, 1)), tutti::out_of_memory);
  CHECK(little.memory_in_use == 0);
}

}  // namespace tutti_test

#endif
