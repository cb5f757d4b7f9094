// Every linear regression in its file, of one target and of several.

#include <tutti/data/model_file.hpp>

#include <string>

#include <doctest/doctest.h>

#include <tutti/core/error.hpp>
#include <tutti/linear_model/linear_regression.hpp>
#include <tutti/linear_model/ridge.hpp>

#include "saved_models.hpp"

namespace tutti_test {

namespace {

/// The models of a learner for one target, for one column of targets and for three, there and back.
template <class T, class Learner>
void check_regressions(const Learner& learner) {
  const auto X = random_matrix<T>(60, 5);
  const auto check = [&](const auto& model) {
    const auto loaded = saved_and_loaded(model);
    CHECK(loaded.rank() == model.rank());
    check_same_answers(model, loaded, X);
  };
  check(learner.fit(tutti::seq, X, random_vector<T>(60)));
  check(learner.fit(tutti::seq, X, random_matrix<T>(60, 1, 4)));
  check(learner.fit(tutti::seq, X, random_matrix<T>(60, 3, 5)));
}

}  // namespace

TEST_CASE_TEMPLATE("a linear regression comes back from its file", T, float, double) {
  check_regressions<T>(tutti::linear_regression{});
  check_regressions<T>(tutti::linear_regression{.fit_intercept = false});
}

TEST_CASE_TEMPLATE("a ridge comes back from its file", T, float, double) {
  check_regressions<T>(tutti::ridge{.alpha = 0.25});
  check_regressions<T>(tutti::ridge{.alpha = 1e6, .fit_intercept = false});
}

TEST_CASE_TEMPLATE("the rank of dependent features is kept", T, float, double) {
  auto X = random_matrix<T>(60, 4);
  for (index i = 0; i < 60; ++i) X(i, 3) = X(i, 0);
  const auto model = tutti::linear_regression{}.fit(tutti::seq, X, random_vector<T>(60));
  CHECK(model.rank() == 3);
  CHECK(saved_and_loaded(model).rank() == 3);
}

TEST_CASE("one feature is enough") {
  const auto X = random_matrix<double>(9, 1);
  check_same_answers(tutti::ridge{}.fit(tutti::seq, X, random_vector<double>(9)),
                     saved_and_loaded(tutti::ridge{}.fit(tutti::seq, X, random_vector<double>(9))), X);
}

TEST_CASE("a ridge is a linear regression to a file") {
  const temporary_folder folder;
  const auto X = random_matrix<float>(30, 2);
  tutti::save(folder.path() / "model", tutti::ridge{}.fit(tutti::seq, X, random_vector<float>(30)));
  CHECK(tutti::load<tutti::linear_regression_model<float>>(folder.path() / "model").coef().size() == 2);
}

TEST_CASE("one target and several are different kinds, even if there is only one of them") {
  const temporary_folder folder;
  const auto X = random_matrix<float>(30, 2);
  const auto path = folder.path() / "model";
  tutti::save(path, tutti::ridge{}.fit(tutti::seq, X, random_matrix<float>(30, 1, 4)));
  CHECK(message_of<tutti::format_error>([&] { tutti::load<tutti::ridge_model<float>>(path); }) ==
        path.string() + ": holds a linear_regressor_of_several_targets, expected a linear_regressor");
  tutti::save(path, tutti::ridge{}.fit(tutti::seq, X, random_vector<float>(30)));
  CHECK(message_of<tutti::format_error>([&] { tutti::load<tutti::linear_regressor<float, true>>(path); }) ==
        path.string() + ": holds a linear_regressor, expected a linear_regressor_of_several_targets");
}

}  // namespace tutti_test
