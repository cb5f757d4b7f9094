#include <tutti/ensemble/random_forest.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/data/synthetic.hpp>
#include <tutti/policy/par_simd.hpp>
#include <tutti/policy/seq.hpp>
#include <tutti/policy/simd.hpp>

#include "forests.hpp"

namespace tutti_test {

using tutti::feature_quota;
using tutti::par_simd;
using tutti::random_forest_classifier;
using tutti::random_forest_regressor;
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

}  // namespace

TEST_CASE("hyper-parameters out of range are refused by name") {
  check_forest_parameters_are_refused<random_forest_classifier>("random_forest_classifier::fit", three_classes().X,
                                                                three_classes().y);
  check_forest_parameters_are_refused<random_forest_regressor>("random_forest_regressor::fit", curve().X, curve().y);
}

TEST_CASE("trees that are added are those of a forest fitted at once") {
  const auto& d = three_classes();
  for (const bool oob : {false, true}) {
    CAPTURE(oob);
    const random_forest_classifier few{.n_estimators = 7, .oob_score = oob, .seed = 4};
    const random_forest_classifier all{.n_estimators = 20, .oob_score = oob, .seed = 4};
    check_warm_start(few, all, d.X, d.y);
    check_warm_start(random_forest_regressor{.n_estimators = 7, .oob_score = oob},
                     random_forest_regressor{.n_estimators = 20, .oob_score = oob}, curve().X, curve().y);
  }
}

TEST_CASE("the model to go on from must be one of the same samples") {
  const auto &d = three_classes(),
             other = tutti::make_classification<double>(300, {.n_informative = 4, .n_classes = 3}, 1);
  check_warm_start_is_refused(random_forest_classifier{.n_estimators = 3}, d.X, d.y, other.X, other.y);
  auto two = d.y;
  for (auto& label : two) label = std::min(label, 1);
  const auto model = random_forest_classifier{.n_estimators = 2}.fit(seq, d.X, d.y);
  check_throws<tutti::invalid_input>(
      [&] { random_forest_classifier{.n_estimators = 3}.warm_start(seq, model, d.X, two); },
      {"random_forest_classifier::warm_start", "classes"});
}

TEST_CASE("classes are balanced in what each tree draws") {
  // No feature tells them apart: a tree's only leaf is half of each, whatever was drawn.
  tutti::matrix<double> same(50, 1, 1.0);
  std::vector<int> y(50, 0);
  y[3] = y[20] = y[31] = y[32] = y[47] = 1;
  const random_forest_classifier in_trees{.n_estimators = 20, .class_weight = tutti::balanced_subsample};
  const random_forest_classifier at_once{.n_estimators = 20, .class_weight = tutti::balanced};
  const auto spread = [&](const auto& model) {
    double most = 0;
    for (const float value : model.trees().all.values) most = std::max(most, std::abs(double(value) - 0.5));
    return most;
  };
  const auto model = in_trees.fit(seq, same, y);
  int without = 0;  // a tree may draw one class alone
  for (const float value : model.trees().all.values) without += value == 0 ? 1 : 0;
  CHECK(without < 3);
  for (const float value : model.trees().all.values)
    if (value != 0) CHECK(value == doctest::Approx(0.5).epsilon(1e-5));
  CHECK(spread(at_once.fit(seq, same, y)) > 0.05);
  CHECK(in_trees.fit(par_simd, three_classes().X, three_classes().y) ==
        in_trees.fit(seq, three_classes().X, three_classes().y));

  random_forest_classifier all{.n_estimators = 3, .bootstrap = false, .class_weight = tutti::balanced_subsample};
  const auto a = all.fit(seq, three_classes().X, three_classes().y);
  all.class_weight = tutti::balanced;
  CHECK(a == all.fit(seq, three_classes().X, three_classes().y));
}

TEST_CASE("a forest is the mean of its trees") {
  const auto& d = three_classes();
  const auto classes = random_forest_classifier{.n_estimators = 9, .max_depth = 4}.fit(seq, d.X, d.y);
  const auto p = classes.predict_proba(par_simd, d.X);
  check_leaves_are_predictions(classes, d.X, 1e-12, [&](index i, index o) { return p(i, o); });
  const auto label = classes.predict(tutti::simd, d.X);
  for (index i = 0; i < d.X.rows(); ++i) {
    const double* const row = p.data() + 3 * i;
    CHECK(label[std::size_t(i)] == std::max_element(row, row + 3) - row);
    CHECK(row[0] + row[1] + row[2] == doctest::Approx(1).epsilon(1e-6));
  }
  const auto numbers = random_forest_regressor{.n_estimators = 9}.fit(seq, curve().X, curve().y);
  const auto y = numbers.predict(par_simd, curve().X);
  check_leaves_are_predictions(numbers, curve().X, 1e-12, [&](index i, index) { return y[std::size_t(i)]; });
}

TEST_CASE("each tree sees n draws with replacement: two thirds of the samples") {
  // Every sample is alone in its leaf, so a tree knows the targets of those it saw.
  const auto X = distinct_rows(2000);
  std::vector<double> y;
  const tutti::random_source random(8);
  for (index i = 0; i < 2000; ++i) y.push_back(double(random.below(std::uint64_t(i), 1 << 20)));
  const auto seen = [&](const random_forest_regressor& learner) {
    return share_known_by_heart(learner.fit(par_simd, X, y), X, y);
  };
  CHECK(seen({.n_estimators = 20}) == doctest::Approx(1 - std::exp(-1.0)).epsilon(0.01));
  CHECK(seen({.n_estimators = 20, .max_samples = 1000}) == doctest::Approx(1 - std::exp(-0.5)).epsilon(0.02));
  CHECK(seen({.n_estimators = 20, .max_samples = 0.5}) == doctest::Approx(1 - std::exp(-0.5)).epsilon(0.02));
  CHECK(seen({.n_estimators = 20, .max_samples = 3.0}) == doctest::Approx(1 - std::exp(-3.0)).epsilon(0.01));
  CHECK(seen({.n_estimators = 2, .bootstrap = false}) == 1);
  CHECK(seen({.n_estimators = 200, .max_samples = 1}) <= 1.0 / 2000 + 1e-12);
}

TEST_CASE("weights are chances to be drawn") {
  const auto X = distinct_rows(200);
  std::vector<double> y(200), w(200);
  for (std::size_t i = 0; i < 200; ++i) {
    y[i] = double(i % 2);
    w[i] = i % 2 == 0 ? 1 : 3;
  }
  // Trees without a split predict the mean of what they saw: 3 / 4 on average.
  const random_forest_regressor stumps{.n_estimators = 400, .min_samples_split = 1000};
  CHECK(stumps.fit(par_simd, X, y, w).predict(seq, distinct_rows(1)).front() == doctest::Approx(0.75).epsilon(0.01));
  for (std::size_t i = 0; i < 200; i += 2) w[i] = 0;
  CHECK(stumps.fit(par_simd, X, y, w).predict(seq, distinct_rows(1)).front() == 1);
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
  for (const index trees : {3, 40}) {
    CAPTURE(trees);
    // The same draws: the trees of a forest depend on seed and number alone.
    const auto oracle = random_forest_regressor{.n_estimators = trees, .seed = 6}.fit(seq, X, y);
    const auto seen = known_by_heart(oracle, X, y);
    check_oob(random_forest_regressor{.n_estimators = trees, .max_depth = 3, .oob_score = true, .seed = 6}.fit(par_simd,
                                                                                                               X, y),
              X, y, seen);
    check_oob_of_classes(
        random_forest_classifier{.n_estimators = trees, .max_depth = 2, .oob_score = true, .seed = 6}.fit(par_simd, X,
                                                                                                          labels),
        X, labels, seen);
  }
}

TEST_CASE("without oob_score nothing of it is kept") {
  const auto& d = three_classes();
  const auto model = random_forest_classifier{.n_estimators = 2}.fit(seq, d.X, d.y);
  CHECK(model.oob_decision_function().rows == 0);
  CHECK(model.oob_covered().empty());
  CHECK(model.oob_score() == 0);
  CHECK(random_forest_regressor{.n_estimators = 2}.fit(seq, curve().X, curve().y).oob_prediction().empty());
}

TEST_CASE("importances are shares") {
  const auto& d = three_classes();
  for (const auto& model :
       {random_forest_classifier{.n_estimators = 10}.fit(seq, d.X, d.y),
        random_forest_classifier{.n_estimators = 10, .criterion = tutti::class_criterion::entropy}.fit(seq, d.X,
                                                                                                       d.y)}) {
    const auto shares = model.feature_importances();
    CHECK(shares.size() == 20);
    CHECK(std::accumulate(shares.begin(), shares.end(), 0.0) == doctest::Approx(1));
    CHECK(*std::min_element(shares.begin(), shares.end()) >= 0);
    // The first two features tell the class, those from the seventh on are noise.
    CHECK(*std::min_element(shares.begin(), shares.begin() + 2) > *std::max_element(shares.begin() + 6, shares.end()));
  }
  const auto of_numbers =
      random_forest_regressor{.n_estimators = 10}.fit(seq, curve().X, curve().y).feature_importances();
  CHECK(std::accumulate(of_numbers.begin(), of_numbers.end(), 0.0) == doctest::Approx(1));
  CHECK(std::max_element(of_numbers.begin(), of_numbers.end()) - of_numbers.begin() == 3);
  const auto none =
      random_forest_regressor{.n_estimators = 4, .min_samples_split = 1000}.fit(seq, curve().X, curve().y);
  CHECK(none.feature_importances() == std::vector<double>(10, 0.0));
}

TEST_CASE("seeds give different forests, a seed always the same") {
  const auto& d = three_classes();
  const auto fit = [&](std::uint64_t seed) {
    return random_forest_classifier{.n_estimators = 3, .seed = seed}.fit(seq, d.X, d.y);
  };
  CHECK(fit(1) == fit(1));
  CHECK(!(fit(1) == fit(2)));
  CHECK(text_of(fit(1), 0) != text_of(fit(1), 1));
  // With all features, all samples and no ties there is nothing to chance.
  const random_forest_regressor a{.n_estimators = 2, .max_depth = 2, .bootstrap = false, .seed = 1};
  const auto model = a.fit(seq, curve().X, curve().y);
  CHECK(text_of(model, 0) == text_of(model, 1));
}

TEST_CASE("missing values and categories") {
  auto d = tutti::make_classification<double>(1500, {.n_informative = 3, .class_sep = 1.5});
  for (index i = 0; i < 1500; ++i) {
    d.X(i, 0) = d.y[std::size_t(i)] == 0 ? double((7 * i) % 20) : double((7 * i) % 20 + 10);  // categories 0 ... 29
    d.X(i, 0) = double(std::int64_t(d.X(i, 0)) * 11 % 30);                                 // in no order
    if (i % 3 == 0) d.X(i, 1) = std::numeric_limits<double>::quiet_NaN();
  }
  const auto model = random_forest_classifier{.n_estimators = 20, .oob_score = true, .categorical_features = {0}}.fit(
      par_simd, d.X, d.y);
  CHECK(model.oob_score() > 0.9);
  CHECK(model.trees().set_start.back() > 20);
}

TEST_CASE("labels of any type, 300 classes") {
  enum class colour : std::uint8_t { red = 3, blue = 200 };
  const auto X = distinct_rows(600);
  std::vector<colour> colours;
  std::vector<int> many;
  for (index i = 0; i < 600; ++i) {
    colours.push_back(i < 300 ? colour::blue : colour::red);
    many.push_back(int(-150 + i / 2));
  }
  const auto two = random_forest_classifier{.n_estimators = 5}.fit(par_simd, X, colours);
  CHECK(two.classes() == std::vector{colour::red, colour::blue});
  CHECK(two.predict(par_simd, X)[0] == colour::blue);
  const auto model = random_forest_classifier{.n_estimators = 5, .bootstrap = false}.fit(par_simd, X, many);
  CHECK(model.predict(par_simd, X) == many);
  CHECK(model.classes().size() == 300);
}

}  // namespace tutti_test
