#include "naive_bayes.hpp"

namespace {

using namespace tutti_test;

const needs_data data_are_here{"breast_cancer.csv", "digits.csv", "magic_gamma.csv"};
const golden_table& golden() {
  static const golden_table table("naive_bayes");
  return table;
}

}  // namespace

TEST_CASE_TEMPLATE("naive Bayes on tumours is scikit-learn's", T, float, double) {
  check_naive_bayes<T>(golden(), "breast_cancer");
}

TEST_CASE_TEMPLATE("naive Bayes on digits is scikit-learn's", T, float, double) {
  check_naive_bayes<T>(golden(), "digits");
}

TEST_CASE_TEMPLATE("naive Bayes on gamma rays is scikit-learn's", T, float, double) {
  check_naive_bayes<T>(golden(), "magic_gamma");
}
