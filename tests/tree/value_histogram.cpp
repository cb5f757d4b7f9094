#include <tutti/tree/value_histogram.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/data/synthetic.hpp>
#include <tutti/policy/par_simd.hpp>
#include <tutti/policy/simd.hpp>
#include <tutti/tree/decision_tree.hpp>

#include "../support/check.hpp"
#include "trees.hpp"

namespace tutti_test {

using tutti::decision_tree_regressor;
using tutti::detail::value_packing;

TEST_CASE("a word holds a sum and a weight, both exact while weights are small") {
  for (const std::int64_t most : {1, 100, 65535}) {
    const value_packing packing = value_packing::of(most);
    CHECK(packing.shift == 0);
    std::int64_t word = 0, sum = 0, weight = 0;
    for (const std::int64_t target : {-(1 << 30) + 1, 77, 1 << 29, -5, (1 << 30) - 1}) {
      const std::int64_t w = most / 5;
      word += packing.pack(w, target);
      sum += w * target;
      weight += w;
    }
    CHECK(packing.sum(word) == sum);
    CHECK(packing.weight(word) == weight);
  }
}

TEST_CASE("larger weights round targets, and no sum is too large") {
  for (const std::int64_t most : {std::int64_t{65536}, std::int64_t{1} << 20, (std::int64_t{1} << 24) - 1}) {
    const value_packing packing = value_packing::of(most);
    CHECK(packing.shift > 0);
    for (const std::int64_t target : {std::int64_t{1} << 30, -(std::int64_t{1} << 30)}) {
      const std::int64_t word = packing.pack(most, target);
      CHECK(packing.weight(word) == most);
      CHECK(packing.sum(word) == most * (target >> packing.shift));
    }
    const std::int64_t word = packing.pack(3, 123456789);
    CHECK(std::abs(double(packing.sum(word)) / 3 - std::ldexp(123456789.0, -packing.shift)) <= 0.5);
  }
}

TEST_CASE("weights that are all larger make the same tree") {
  const auto d = tutti::friedman1<double>(2000);
  const auto text = [&](double weight, tutti::feature_quota quota) {
    return text_of(decision_tree_regressor{.max_depth = 5, .max_features = quota}.fit(
        tutti::simd, d.X, d.y, std::vector<double>(2000, weight)));
  };
  for (const tutti::feature_quota quota : {tutti::feature_quota::all, tutti::feature_quota(4)})
    for (const double weight : {64, 1024, 8192}) CHECK(text(weight, quota) == text(1, quota));
}

TEST_CASE("histograms are counted anew where finer ones fit") {
  // Nearly all of the weight, and of the spread, lies with a few samples; what is left is told apart all the same.
  tutti::matrix<double> X(600, 1);
  std::vector<double> y, weight;
  for (index i = 0; i < 600; ++i) {
    X(i, 0) = double(i / 4);
    y.push_back(i < 300 ? 1e6 + double(i % 7) : 1e-3 * double(i / 4));
    weight.push_back(i < 300 ? 50000 : 1);
  }
  const auto model = decision_tree_regressor{}.fit(tutti::par_simd, X, y, weight);
  const auto predicted = model.predict(tutti::par_simd, X);
  for (std::size_t i = 300; i < 600; ++i) CHECK(predicted[i] == doctest::Approx(y[i]).epsilon(0.02));
}

}  // namespace tutti_test
