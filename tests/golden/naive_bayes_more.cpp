#include "naive_bayes.hpp"

namespace {

using namespace tutti_test;

const needs_data data_are_here{"iris.csv", "wine.csv"};
const golden_table& golden() {
  static const golden_table table("naive_bayes_more");
  return table;
}

}  // namespace

TEST_CASE_TEMPLATE("naive Bayes on irises is scikit-learn's", T, float, double) {
  check_naive_bayes<T>(golden(), "iris");
}

TEST_CASE_TEMPLATE("naive Bayes on wines is scikit-learn's", T, float, double) {
  check_naive_bayes<T>(golden(), "wine");
}
