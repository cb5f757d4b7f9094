#include "linear.hpp"

namespace {

using namespace tutti_test;

const needs_data wine_is_here{"wine_quality_white.csv"};
const golden_table& golden() {
  static const golden_table table("linear");
  return table;
}

data_set wine() { return data_set("wine_quality_white.csv", "quality"); }

/// make_golden.py's features that depend on each other: one feature twice, and a constant.
tutti::matrix<double> with_dependent_features(const tutti::matrix<double>& X) {
  tutti::matrix<double> out(X.rows(), X.cols() + 2);
  for (tutti::index i = 0; i < X.rows(); ++i) {
    for (tutti::index j = 0; j < X.cols(); ++j) out(i, j) = X(i, j);
    out(i, X.cols()) = X(i, 3);
    out(i, X.cols() + 1) = 5;
  }
  return out;
}

}  // namespace

TEST_CASE("least squares on white wines is scikit-learn's") {
  const data_set d = wine();
  check_raw(golden(), "wine_quality_white", d.X, d.y);
}

TEST_CASE_TEMPLATE("least squares on standardised white wines is scikit-learn's", T, float, double) {
  const data_set d = wine();
  check_standardised<T>(golden(), "wine_quality_white", d.X, d.y);
}

TEST_CASE("two targets at once are scikit-learn's") {
  const tutti::table table = tutti::read_csv(data_file("wine_quality_white.csv"));
  const auto X = table.without<double>({"quality", "alcohol"});
  const auto Y = table.select<double>(std::vector<std::string>{"quality", "alcohol"});
  check_least_squares(golden(), "two targets/linear", tutti::linear_regression{}, X, Y, coefficients_agree);
  check_least_squares(golden(), "two targets/ridge 1", tutti::ridge{.alpha = 1}, X, Y, coefficients_agree);
}

TEST_CASE("of dependent features the shortest solution is scikit-learn's") {
  const data_set d = wine();
  check_linear_regression(golden(), "dependent features", with_dependent_features(d.X), d.y, coefficients_agree);
}

TEST_CASE("the rank of dependent features is scikit-learn's") {
  const data_set d = wine();
  const auto X = with_dependent_features(d.X);
  const auto w = row_weights<double>(X.rows());
  for_policies([&](const auto& policy, const std::string& policy_name) {
    CAPTURE(policy_name);
    for_intercepts("dependent features/linear", [&](const std::string& name, bool intercept) {
      const tutti::linear_regression learner{.fit_intercept = intercept};
      CHECK(double(learner.fit(policy, X, d.y).rank()) == golden().number(name, "rank"));
      CHECK(double(learner.fit(policy, X, d.y, w).rank()) == golden().number(name + "/weights", "rank"));
    });
  });
}
