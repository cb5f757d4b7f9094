#pragma once
// What tests of forests share.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/error.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/core/random.hpp>
#include <tutti/policy/par_simd.hpp>
#include <tutti/policy/seq.hpp>

#include "../support/check.hpp"
#include "../tree/trees.hpp"

namespace tutti_test {

/// Samples of two features that no two share: a tree can tell all apart, in spite of 255 bins.
inline tutti::matrix<double> distinct_rows(index n) {
  tutti::matrix<double> X(n, 2);
  for (index i = 0; i < n; ++i) {
    X(i, 0) = double(i / 50);
    X(i, 1) = double(i % 50);
  }
  return X;
}

/// seen[tree][i]: whether tree predicts the target of sample i exactly. Targets are whole and no two are the same.
template <class Model>
std::vector<std::vector<bool>> known_by_heart(const Model& model, const tutti::matrix<double>& X,
                                              const std::vector<double>& y) {
  const auto ends = model.apply(tutti::seq, X);
  std::vector<std::vector<bool>> out(std::size_t(ends.cols()), std::vector<bool>(y.size()));
  for (index t = 0; t < ends.cols(); ++t)
    for (index i = 0; i < ends.rows(); ++i)
      out[std::size_t(t)][std::size_t(i)] =
          *tutti::detail::leaf_values(model.trees(), std::size_t(t), ends(i, t)) == y[std::size_t(i)];
  return out;
}

template <class Model>
double share_known_by_heart(const Model& model, const tutti::matrix<double>& X, const std::vector<double>& y) {
  double known = 0, all = 0;
  for (const auto& tree : known_by_heart(model, X, y))
    for (const bool knows : tree) {
      known += knows ? 1 : 0;
      all += 1;
    }
  return known / all;
}

/// Sums of the leaves' values of the trees that did not see a sample; how many these are.
template <class Model>
index add_unseen(const Model& model, const tutti::matrix<std::int32_t>& ends,
                 const std::vector<std::vector<bool>>& seen, index i, std::vector<double>& sums) {
  index trees = 0;
  sums.assign(std::size_t(model.trees().outputs), 0.0);
  for (index t = 0; t < ends.cols(); ++t) {
    if (seen[std::size_t(t)][std::size_t(i)]) continue;
    ++trees;
    const auto* const values = tutti::detail::leaf_values(model.trees(), std::size_t(t), ends(i, t));
    for (std::size_t o = 0; o < sums.size(); ++o) sums[o] += double(values[o]);
  }
  return trees;
}

template <class Model>
void check_oob(const Model& model, const tutti::matrix<double>& X, const std::vector<double>& y,
               const std::vector<std::vector<bool>>& seen) {
  const auto ends = model.apply(tutti::seq, X);
  std::vector<double> sums, covered, predicted;
  for (index i = 0; i < X.rows(); ++i) {
    const index trees = add_unseen(model, ends, seen, i, sums);
    CHECK((model.oob_covered()[std::size_t(i)] == 1) == (trees > 0));
    CHECK(model.oob_prediction()[std::size_t(i)] ==
          doctest::Approx(trees > 0 ? sums[0] / double(trees) : 0).epsilon(1e-12));
    if (trees == 0) continue;
    covered.push_back(y[std::size_t(i)]);
    predicted.push_back(sums[0] / double(trees));
  }
  double mean = 0, error = 0, spread = 0;
  for (const double v : covered) mean += v / double(covered.size());
  for (std::size_t i = 0; i < covered.size(); ++i) {
    error += (covered[i] - predicted[i]) * (covered[i] - predicted[i]);
    spread += (covered[i] - mean) * (covered[i] - mean);
  }
  CHECK(model.oob_score() == doctest::Approx(1 - error / spread).epsilon(1e-9));
}

/// Classes are 0, 1, 2.
template <class Model>
void check_oob_of_classes(const Model& model, const tutti::matrix<double>& X, const std::vector<int>& y,
                          const std::vector<std::vector<bool>>& seen) {
  const auto ends = model.apply(tutti::seq, X);
  const auto decision = model.oob_decision_function();
  std::vector<double> sums;
  double right = 0, covered = 0;
  for (index i = 0; i < X.rows(); ++i) {
    const index trees = add_unseen(model, ends, seen, i, sums);
    CHECK((model.oob_covered()[std::size_t(i)] == 1) == (trees > 0));
    for (index c = 0; c < 3; ++c)
      CHECK(decision(i, c) == doctest::Approx(trees > 0 ? sums[std::size_t(c)] / double(trees) : 0).epsilon(1e-12));
    if (trees == 0) continue;
    covered += 1;
    right += std::max_element(sums.begin(), sums.end()) - sums.begin() == y[std::size_t(i)] ? 1 : 0;
  }
  CHECK(model.oob_score() == doctest::Approx(right / covered).epsilon(1e-12));
}

/// few.fit, then all.warm_start, is all.fit.
template <class Learner, class M, class Y>
void check_warm_start(const Learner& few, const Learner& all, const M& X, const Y& y) {
  const auto start = few.fit(tutti::seq, X, y);
  const auto copy = start;
  const auto whole = all.fit(tutti::par_simd, X, y);
  const auto grown = all.warm_start(tutti::par_simd, start, X, y);
  CHECK(grown == whole);
  CHECK(start == copy);
  CHECK(doubles(grown.predict(tutti::seq, X)) == doubles(whole.predict(tutti::seq, X)));
  CHECK(all.warm_start(tutti::seq, whole, X, y) == whole);
  check_throws<tutti::invalid_input>([&] { few.warm_start(tutti::seq, whole, X, y); },
                                     {"n_estimators", "7", "20 trees"});
}

template <class Learner, class M, class Y>
void check_warm_start_is_refused(Learner learner, const M& X, const Y& y, const M& other_X, const Y& other_y) {
  const auto model = learner.fit(tutti::seq, X, y);
  ++learner.n_estimators;
  check_throws<tutti::invalid_input>([&] { learner.warm_start(tutti::seq, model, other_X, other_y); },
                                     {"warm_start", "other samples"});
}

/// What trees and forests have in common is tested in tests/tree/decision_tree.cpp; here that it arrives, and the rest.
template <class Learner, class M, class Y>
void check_forest_parameters_are_refused(const char* who, const M& X, const Y& y) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto refused = [&](const auto& change, const char* name) {
    Learner learner{.n_estimators = 2};
    change(learner);
    check_throws<tutti::invalid_input>([&] { learner.fit(tutti::seq, X, y); }, {who, name});
  };
  refused([](Learner& l) { l.n_estimators = 0; }, "n_estimators");
  refused([](Learner& l) { l.n_estimators = -1; }, "n_estimators");
  refused([](Learner& l) { l.max_depth = 0; }, "max_depth");
  refused([](Learner& l) { l.min_samples_split = 1; }, "min_samples_split");
  refused([](Learner& l) { l.min_samples_leaf = 0; }, "min_samples_leaf");
  refused([](Learner& l) { l.min_weight_fraction_leaf = 0.6; }, "min_weight_fraction_leaf");
  refused([](Learner& l) { l.max_features = 0; }, "max_features");
  refused([](Learner& l) { l.min_impurity_decrease = -1; }, "min_impurity_decrease");
  refused([](Learner& l) { l.categorical_features = {-1}; }, "categorical_features");
  refused([](Learner& l) { l.bootstrap = false, l.oob_score = true; }, "oob_score");
  refused([](Learner& l) { l.bootstrap = false, l.max_samples = 5; }, "max_samples");
  for (const tutti::count_or_fraction& bad :
       {tutti::count_or_fraction(0), tutti::count_or_fraction(-5), tutti::count_or_fraction(0.0),
        tutti::count_or_fraction(-0.5), tutti::count_or_fraction(nan),
        tutti::count_or_fraction(std::numeric_limits<double>::infinity())})
    refused([&](Learner& l) { l.bootstrap = true, l.max_samples = bad; }, "max_samples");
}

}  // namespace tutti_test
