#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include <tutti/preprocessing/standard_scaler.hpp>

#include "golden.hpp"

namespace tutti_test {

namespace {

const needs_data data_are_here{"breast_cancer.csv", "digits.csv"};
const golden_table& golden() {
  static const golden_table table("standard_scaler");
  return table;
}

template <class P, class T>
void check_scaler(const std::string& name, const P& policy, const tutti::standard_scaler_model<T>& model,
                  const tutti::matrix<T>& X) {
  CAPTURE(name);
  const double tolerance = sizeof(T) == 4 ? float_moments_agree : moments_agree;
  check_each_close(doubles(model.mean()), golden()(name, "mean"), tolerance);
  check_each_close(model.variance(), golden()(name, "variance"), tolerance);
  check_each_close(doubles(model.scale()), golden()(name, "scale"), tolerance);
  const auto transformed = model.transform(policy, first_rows(X, 5));
  const std::vector<double>& expected = golden()(name, "transformed");
  // A value beside its feature's mean loses digits that floats do not have.
  if (sizeof(T) == 4)
    check_close(doubles(transformed), expected, tolerance);
  else
    check_each_close(doubles(transformed), expected, tolerance);
}

template <class T>
void check_scalers(const std::string& name) {
  const data_set d(name + ".csv", "target");
  const auto X = convert<T>(d.X);
  const auto w = row_weights<T>(X.rows());
  const tutti::standard_scaler scaler;
  for_policies([&](const auto& policy, const std::string& policy_name) {
    CAPTURE(policy_name);
    check_scaler(name, policy, scaler.fit(policy, X), X);
    check_scaler(name + "/weights", policy, scaler.fit(policy, X, w), X);
    auto batches = scaler.template start<T>(X.cols());
    const index n = X.rows();
    for (const auto& [begin, end] : {std::pair<index, index>{0, 17}, {17, 300}, {300, n}})
      scaler.partial_fit(policy, batches, tutti::view(X).middle_rows(begin, end));
    check_scaler(name, policy, batches, X);
  });
}

}  // namespace

TEST_CASE_TEMPLATE("scaled tumours are scikit-learn's", T, float, double) { check_scalers<T>("breast_cancer"); }

TEST_CASE_TEMPLATE("scaled digits are scikit-learn's", T, float, double) { check_scalers<T>("digits"); }

}  // namespace tutti_test
