#include <tutti/ensemble/extra_trees.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/data/synthetic.hpp>
#include <tutti/policy/par_simd.hpp>
#include <tutti/policy/seq.hpp>

#include "forests.hpp"

namespace tutti_test {

using tutti::extra_trees_classifier;
using tutti::extra_trees_regressor;
using tutti::par_simd;
using tutti::seq;

namespace {

const auto& three_classes() {
  static const auto d = tutti::make_classification<double>(300, {.n_informative = 4, .n_classes = 3});
  return d;
}
const auto& curve() {
  static const auto d = tutti::friedman1<double>(300);
  return d;
}

/// The cut of each tree's root.
std::vector<double> root_cuts(const tutti::matrix<double>& X, const std::vector<double>& y) {
  const auto model = extra_trees_regressor{.n_estimators = 2000, .max_depth = 1}.fit(par_simd, X, y);
  std::vector<double> out;
  for (std::size_t t = 0; t < 2000; ++t) out.push_back(model.bins().of(0)[model.trees().all.cut[node_at(model, t, 0)]]);
  return out;
}

}  // namespace

TEST_CASE("hyper-parameters out of range are refused by name") {
  check_forest_parameters_are_refused<extra_trees_classifier>("extra_trees_classifier::fit", three_classes().X,
                                                              three_classes().y);
  check_forest_parameters_are_refused<extra_trees_regressor>("extra_trees_regressor::fit", curve().X, curve().y);
}

TEST_CASE("cuts are drawn evenly between the smallest and the largest value") {
  std::vector<double> x, y;
  for (int i = 0; i <= 100; ++i) {
    x.push_back(i);
    y.push_back(i < 90 ? 0 : 1);  // the best cut is at 89.5
  }
  const auto cuts = root_cuts(column_of(x), y);
  for (int tenth = 0; tenth < 10; ++tenth) {
    const auto inside =
        std::count_if(cuts.begin(), cuts.end(), [&](double c) { return 10 * tenth <= c && c < 10 * (tenth + 1); });
    CHECK(inside > 150);
    CHECK(inside < 250);
  }
  // On the axis, not by rank: half of the way lies above 512, and there is one value.
  x.clear();
  for (int k = 0; k <= 10; ++k) x.push_back(double(1 << k));
  y.assign(11, 0.0);
  y[3] = 1;
  const auto skewed = root_cuts(column_of(x), y);
  const auto above = std::count_if(skewed.begin(), skewed.end(), [](double c) { return c > 512; });
  CHECK(above > 900);
  CHECK(above < 1350);
}

TEST_CASE("each tree sees every sample once, and learns all by heart") {
  const auto X = distinct_rows(500);
  std::vector<double> y(500);
  std::iota(y.begin(), y.end(), 1.0);
  CHECK(share_known_by_heart(extra_trees_regressor{.n_estimators = 4}.fit(seq, X, y), X, y) == 1);
  CHECK(share_known_by_heart(extra_trees_regressor{.n_estimators = 4, .bootstrap = true}.fit(seq, X, y), X, y) < 0.7);
  const auto& d = three_classes();
  CHECK(extra_trees_classifier{.n_estimators = 4}.fit(seq, d.X, d.y).predict(seq, d.X) == d.y);
}

TEST_CASE("the best of the random cuts is taken") {
  // x0 tells the classes apart with a cut nearly anywhere, x1 says nothing.
  tutti::matrix<double> X(100, 2);
  std::vector<int> y;
  for (index i = 0; i < 100; ++i) {
    y.push_back(i < 50 ? 0 : 1);
    X(i, 0) = double(i < 50 ? i / 25 : 98 + i / 25);
    X(i, 1) = double((37 * i) % 100);
  }
  const auto model =
      extra_trees_classifier{.n_estimators = 200, .max_depth = 1, .max_features = tutti::feature_quota::all}.fit(
          par_simd, X, y);
  index first = 0;
  for (std::size_t t = 0; t < 200; ++t) first += model.trees().all.feature[node_at(model, t, 0)] == 0 ? 1 : 0;
  CHECK(first > 190);
}

TEST_CASE("trees that are added are those of a forest fitted at once") {
  const auto& d = three_classes();
  check_warm_start(extra_trees_classifier{.n_estimators = 7}, extra_trees_classifier{.n_estimators = 20}, d.X, d.y);
  check_warm_start(extra_trees_classifier{.n_estimators = 7, .bootstrap = true, .oob_score = true},
                   extra_trees_classifier{.n_estimators = 20, .bootstrap = true, .oob_score = true}, d.X, d.y);
  check_warm_start(extra_trees_regressor{.n_estimators = 7}, extra_trees_regressor{.n_estimators = 20}, curve().X,
                   curve().y);
  const auto other = tutti::friedman1<double>(300, 10, 1.0, 1);
  check_warm_start_is_refused(extra_trees_regressor{.n_estimators = 2}, curve().X, curve().y, other.X, other.y);
}

TEST_CASE("the out-of-bag score is that of the trees that did not see a sample") {
  const auto X = distinct_rows(150);
  std::vector<double> y;
  std::vector<int> labels;
  const tutti::random_source random(3);
  for (index i = 0; i < 150; ++i) {
    y.push_back(double(random.below(std::uint64_t(i), 1 << 20)));
    labels.push_back(int(3 * i / 150));
  }
  const auto seen = known_by_heart(extra_trees_regressor{.n_estimators = 12, .bootstrap = true}.fit(seq, X, y), X, y);
  check_oob(extra_trees_regressor{.n_estimators = 12, .max_depth = 3, .bootstrap = true, .oob_score = true}.fit(
                par_simd, X, y),
            X, y, seen);
  check_oob_of_classes(
      extra_trees_classifier{.n_estimators = 12, .max_depth = 2, .bootstrap = true, .oob_score = true}.fit(par_simd, X,
                                                                                                           labels),
      X, labels, seen);
}

TEST_CASE("leaves are what is predicted, importances are shares") {
  const auto& d = three_classes();
  const auto model = extra_trees_classifier{.n_estimators = 9, .min_samples_leaf = 5}.fit(seq, d.X, d.y);
  const auto p = model.predict_proba(par_simd, d.X);
  check_leaves_are_predictions(model, d.X, 1e-12, [&](index i, index o) { return p(i, o); });
  const auto sizes = leaf_sizes(model, d.X);
  CHECK(*std::min_element(sizes.begin(), sizes.end()) >= 5);
  const auto shares = model.feature_importances();
  CHECK(std::accumulate(shares.begin(), shares.end(), 0.0) == doctest::Approx(1));
}

TEST_CASE("missing values and categories") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto x = column_of({nan, nan, 1, 2, 3, 4});
  const auto model = extra_trees_regressor{.n_estimators = 8}.fit(seq, x, std::vector<double>{3, 3, 7, 7, 7, 7});
  for (const double y : model.predict(seq, column_of({nan, 1, 2.5, 4}))) CHECK((y == 3 || y == 7));
  CHECK(model.predict(seq, column_of({nan, 2})) == std::vector<double>{3, 7});
  // Sets are not drawn: the best one is taken.
  const auto codes = column_of({5, 1, 4, 2, 3, 5, 1, 4, 2, 3});
  const std::vector<int> y{0, 0, 1, 1, 0, 0, 0, 1, 1, 0};
  const auto sets = extra_trees_classifier{.n_estimators = 3, .categorical_features = {0}}.fit(seq, codes, y);
  for (std::size_t t = 0; t < 3; ++t) CHECK(depth_of(sets, t) == 1);
  CHECK(sets.predict(seq, codes) == y);
}

TEST_CASE("what cannot be split is one leaf") {
  const auto same = column_of({7, 7, 7});
  CHECK(text_of(extra_trees_regressor{.n_estimators = 1}.fit(seq, same, std::vector<double>{1, 2, 6})) == "3");
  CHECK(text_of(extra_trees_regressor{.n_estimators = 1}.fit(seq, column_of({1, 2, 3}), std::vector<double>(3, 0.1))) ==
        "0.1");
}

}  // namespace tutti_test
