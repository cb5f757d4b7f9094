#include "logistic.hpp"

namespace {

using namespace tutti_test;

const needs_data data_are_here{"breast_cancer.csv", "digits.csv", "magic_gamma.csv", "wine_quality_white.csv"};
const golden_table& golden() {
  static const golden_table table("logistic");
  return table;
}

}  // namespace

TEST_CASE("two classes, tumours, are scikit-learn's") {
  const data_set d("breast_cancer.csv", "target");
  const auto X = standardised(d.X);
  check_strengths(golden(), "breast_cancer standardised", X, d.labels(), {"0.1", "1", "100"});
  check_weights(golden(), "breast_cancer standardised", X, d.labels(), "1");
}

TEST_CASE("two classes, gamma rays, are scikit-learn's") {
  const data_set d("magic_gamma.csv", "target");
  const auto X = standardised(d.X);
  check_strengths(golden(), "magic_gamma standardised", X, d.labels(), {"0.1", "1", "100", "inf"});
  check_weights(golden(), "magic_gamma standardised", X, d.labels(), "1");
}

TEST_CASE("features of very different size are scikit-learn's") {
  const data_set d("magic_gamma.csv", "target");
  check_strengths(golden(), "magic_gamma raw", d.X, d.labels(), {"1"});
}

TEST_CASE("ten classes, digits, are scikit-learn's") {
  const data_set d("digits.csv", "target");
  check_strengths(golden(), "digits standardised", standardised(d.X), d.labels(), {"0.01"});
}

TEST_CASE("seven classes, the quality of wines, are scikit-learn's") {
  const data_set d("wine_quality_white.csv", "quality");
  check_weights(golden(), "wine_quality_white standardised", standardised(d.X), d.labels(), "0.01");
}
