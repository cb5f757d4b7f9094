#include <tutti/neighbors/k_neighbors.hpp>

#include <cmath>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/data/model_file.hpp>
#include <tutti/neighbors/radius_neighbors.hpp>
#include <tutti/policy/par.hpp>
#include <tutti/policy/seq.hpp>

#include "../support/check.hpp"

namespace tutti_test {

namespace {

using tutti::index;
using tutti::invalid_input;
using tutti::k_neighbors_classifier;
using tutti::k_neighbors_regressor;
using tutti::neighbor_weights;
using tutti::outlier_label;
using tutti::radius_neighbors_classifier;
using tutti::radius_neighbors_regressor;

/// Samples of one feature.
tutti::matrix<double> line(const std::vector<double>& x) {
  tutti::matrix<double> out(index(x.size()), 1);
  std::copy(x.begin(), x.end(), out.data());
  return out;
}

const tutti::matrix<double> places = line({0, 1, 3, 6, 10});
const std::vector<int> kinds{7, -2, -2, 7, 7};
const std::vector<double> heights{1, 2, 4, 8, 16};

struct by_square {
  double operator()(double d) const { return d * d; }
};

}  // namespace

TEST_CASE("classes are voted for, ties go to the lowest") {
  const auto model = k_neighbors_classifier{.n_neighbors = 2}.fit(tutti::seq, places, kinds);
  CHECK(model.classes() == std::vector{-2, 7});
  CHECK(model.n_features() == 1);
  CHECK(model.predict(tutti::seq, line({2.1, 9, 0.2})) == std::vector{-2, 7, -2});  // of 0.2: 7 and -2
  const auto share = model.predict_proba(tutti::seq, line({2.1, 9, 0.2}));
  CHECK(doubles(share) == std::vector<double>{1, 0, 0, 1, 0.5, 0.5});
  CHECK(k_neighbors_classifier{.n_neighbors = 5}.fit(tutti::seq, places, kinds).predict(tutti::seq, line({2})) ==
        std::vector{7});
}

TEST_CASE("weights by distance; a neighbour at distance 0 takes all") {
  const auto model =
      k_neighbors_regressor{.n_neighbors = 3, .weights = neighbor_weights::distance}.fit(tutti::seq, places, heights);
  const double at2 = (2 / 1.0 + 4 / 1.0 + 1 / 2.0) / 2.5;
  CHECK(model.predict(tutti::seq, line({2, 3}))[0] == doctest::Approx(at2).epsilon(1e-15));
  CHECK(model.predict(tutti::seq, line({2, 3}))[1] == 4);
  const auto twins = k_neighbors_regressor{.n_neighbors = 3, .weights = neighbor_weights::distance}.fit(
      tutti::seq, line({0, 0, 2}), std::vector<double>{3, 5, 100});
  CHECK(twins.predict(tutti::seq, line({0}))[0] == 4);
  const double tiny = 1e-320;  // its inverse is infinite, its square is 0
  CHECK(twins.predict(tutti::seq, line({tiny}))[0] == 4);
}

TEST_CASE("weights by a function of the distance") {
  using learner = tutti::basic_k_neighbors_regressor<tutti::euclidean, by_square>;
  const auto model = learner{.n_neighbors = 2}.fit(tutti::seq, places, heights);
  CHECK(model.predict(tutti::seq, line({2.5}))[0] == doctest::Approx((4 * 0.25 + 2 * 2.25) / 2.5).epsilon(1e-15));
  const auto nearest = learner{.n_neighbors = 1}.fit(tutti::seq, places, heights);
  check_throws<invalid_input>([&] { nearest.predict(tutti::par, line({2, 3})); }, {"row 1", "weight 0"});
  struct negative {
    double operator()(double) const { return -1; }
  };
  const auto wrong = tutti::basic_k_neighbors_regressor<tutti::euclidean, negative>{}.fit(tutti::seq, places, heights);
  check_throws<invalid_input>([&] { wrong.predict(tutti::seq, line({2})); }, {"weights(", "-1", ">= 0"});
}

TEST_CASE("within a radius; who has no neighbour is an error or has a label") {
  const auto of = [](outlier_label label) {
    return radius_neighbors_classifier{.radius = 1, .outlier_label = label}.fit(tutti::seq, places, kinds);
  };
  const auto ask = line({2, 20});
  CHECK(of(-5).predict(tutti::par, ask) == std::vector{-2, -5});
  CHECK(doubles(of(-5).predict_proba(tutti::par, ask)) == std::vector<double>{1, 0, 0, 0});
  CHECK(of(7).predict(tutti::par, ask) == std::vector{-2, 7});
  CHECK(doubles(of(7).predict_proba(tutti::par, ask)) == std::vector<double>{1, 0, 0, 1});
  CHECK(of(outlier_label::most_frequent()).predict(tutti::seq, ask) == std::vector{-2, 7});
  check_throws<invalid_input>([&] { of({}).predict(tutti::par, ask); }, {"row 1", "within 1"});
  const auto mean = radius_neighbors_regressor{.radius = 2}.fit(tutti::seq, places, heights);
  CHECK(mean.predict(tutti::seq, line({1.5}))[0] == doctest::Approx(7.0 / 3).epsilon(1e-15));
  check_throws<invalid_input>([&] { mean.predict(tutti::seq, ask); }, {"row 1", "within 2"});
  const std::vector<std::int8_t> small{1, 2, 1, 2, 1};
  check_throws<invalid_input>([&] { radius_neighbors_classifier{.outlier_label = 300}.fit(tutti::seq, places, small); },
                              {"outlier_label 300"});
}

TEST_CASE("what cannot be learned is refused") {
  check_throws<invalid_input>([] { k_neighbors_classifier{.n_neighbors = 6}.fit(tutti::seq, places, kinds); },
                              {"n_neighbors is 6", "5 rows"});
  check_throws<invalid_input>([] { k_neighbors_classifier{.n_neighbors = 0}.fit(tutti::seq, places, kinds); },
                              {"n_neighbors", ">= 1", "0"});
  check_throws<invalid_input>(
      [] {
        k_neighbors_regressor{}.fit(tutti::seq, places, std::vector<double>{1, 2, 3, NAN, 5});
      },
      {"y", "row 3"});
  check_throws<invalid_input>([] { radius_neighbors_regressor{.radius = -1}.fit(tutti::seq, places, heights); },
                              {"radius"});
}

TEST_CASE("in many queries, too, the row that has no answer is named") {
  tutti::matrix<double> many(9000, 1, 1.0);
  many(8500, 0) = NAN;
  const auto model = k_neighbors_regressor{.n_neighbors = 1}.fit(tutti::seq, places, heights);
  check_throws<invalid_input>([&] { model.predict(tutti::par, many); }, {"X", "row 8500"});
  many(8500, 0) = 50;
  const auto near = radius_neighbors_regressor{}.fit(tutti::seq, places, heights);
  check_throws<invalid_input>([&] { near.predict(tutti::par, many); }, {"row 8500", "within 1"});
  many(8500, 0) = 3;
  const auto said = model.predict(tutti::par, many);
  CHECK(said[8500] == 4);
  CHECK(said[8499] == 2);
}

TEST_CASE("models are kept in files, the outliers' label too") {
  const auto path = std::filesystem::temp_directory_path() / "tutti-k-neighbors.safetensors";
  const auto model = radius_neighbors_classifier{.radius = 1, .outlier_label = -5}.fit(tutti::seq, places, kinds);
  tutti::save(path, model);
  const auto loaded = tutti::load<tutti::radius_neighbors_classifier_model<double, int>>(path);
  CHECK(loaded == model);
  CHECK(loaded.predict(tutti::seq, line({2, 20})) == std::vector{-2, -5});
  using by_blocks = tutti::radius_neighbors_classifier_model<double, int, tutti::manhattan>;
  CHECK_THROWS_AS(tutti::load<by_blocks>(path), tutti::format_error);
  std::filesystem::remove(path);
}

}  // namespace tutti_test
