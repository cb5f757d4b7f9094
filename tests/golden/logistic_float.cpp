#include "logistic.hpp"

namespace {

using namespace tutti_test;

const needs_data data_are_here{"breast_cancer.csv", "digits.csv", "magic_gamma.csv", "wine_quality_white.csv"};
const golden_table& golden() {
  static const golden_table table("logistic");
  return table;
}

}  // namespace

TEST_CASE("two classes, tumours, in float, are scikit-learn's") {
  const data_set d("breast_cancer.csv", "target");
  const auto X = convert<float>(standardised(d.X));
  check_strengths(golden(), "breast_cancer standardised", X, d.labels(), {"0.1", "1", "100"});
  check_weights(golden(), "breast_cancer standardised", X, d.labels(), "1");
}

TEST_CASE("two classes, gamma rays, in float, are scikit-learn's") {
  const data_set d("magic_gamma.csv", "target");
  const auto X = convert<float>(standardised(d.X));
  check_strengths(golden(), "magic_gamma standardised", X, d.labels(), {"0.1", "1", "100", "inf"});
  check_weights(golden(), "magic_gamma standardised", X, d.labels(), "1");
}

TEST_CASE("ten classes, digits, in float, are scikit-learn's") {
  const data_set d("digits.csv", "target");
  check_strengths(golden(), "digits standardised", convert<float>(standardised(d.X)), d.labels(), {"0.01"});
}

TEST_CASE("seven classes, the quality of wines, in float, are scikit-learn's") {
  const data_set d("wine_quality_white.csv", "quality");
  check_weights(golden(), "wine_quality_white standardised", convert<float>(standardised(d.X)), d.labels(), "0.01");
}
