#include "logistic.hpp"

namespace {

using namespace tutti_test;

const needs_data data_are_here{"iris.csv", "wine.csv"};
const golden_table& golden() {
  static const golden_table table("logistic_more");
  return table;
}

template <class T>
void check_three_classes(const std::string& name) {
  const data_set d(name + ".csv", "target");
  const auto X = convert<T>(standardised(d.X));
  check_strengths(golden(), name + " standardised", X, d.labels(), {"0.01", "1"});
  check_weights(golden(), name + " standardised", X, d.labels(), "1");
}

}  // namespace

TEST_CASE_TEMPLATE("three classes, wines, are scikit-learn's", T, float, double) { check_three_classes<T>("wine"); }

TEST_CASE_TEMPLATE("three classes, irises, are scikit-learn's", T, float, double) { check_three_classes<T>("iris"); }
