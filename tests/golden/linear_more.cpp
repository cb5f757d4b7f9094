#include "linear.hpp"

namespace {

using namespace tutti_test;

const needs_data data_are_here{"diabetes.csv", "diamonds.csv"};
const golden_table& golden() {
  static const golden_table table("linear_more");
  return table;
}

}  // namespace

TEST_CASE("least squares on diabetes is scikit-learn's") {
  const data_set d("diabetes.csv", "target");
  check_raw(golden(), "diabetes", d.X, d.y);
}

TEST_CASE_TEMPLATE("least squares on standardised diabetes is scikit-learn's", T, float, double) {
  const data_set d("diabetes.csv", "target");
  check_standardised<T>(golden(), "diabetes", d.X, d.y);
}

TEST_CASE("least squares on diamonds is scikit-learn's") {
  const tutti::table table = tutti::read_csv(data_file("diamonds.csv"));
  const auto X = table.without<double>({"cut", "color", "clarity", "price"});
  check_raw(golden(), "diamonds", X, table.numbers<double>("price"));
}
