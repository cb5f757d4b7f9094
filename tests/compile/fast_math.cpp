// Bad input is refused also in a build whose flags say that there is no NaN, and exp stays exp where sums may be
// rearranged: compiled with -Ofast.
#include <algorithm>
#include <cmath>
#include <limits>

#include <tutti/core/math.hpp>
#include <tutti/ensemble/random_forest.hpp>
#include <tutti/linear_model/linear_regression.hpp>
#include <tutti/linear_model/logistic_regression.hpp>
#include <tutti/linear_model/ridge.hpp>
#include <tutti/naive_bayes/gaussian_nb.hpp>
#include <tutti/preprocessing/standard_scaler.hpp>

#include "../laws/laws.hpp"

static_assert(__FAST_MATH__, "this test is about -ffast-math");

constexpr tutti_test::promise promised{.same_bits_on_all_policies = true, .tolerance_double = 0, .tolerance_float = 0};
constexpr tutti_test::promise takes_missing{
    .same_bits_on_all_policies = true, .tolerance_double = 0, .tolerance_float = 0, .takes_missing_values = true};

TEST_CASE_TEMPLATE("what is not finite is refused", T, float, double) {
  using tutti_test::law_bad_input_is_refused;
  SUBCASE("standard_scaler") { law_bad_input_is_refused<T>(tutti::standard_scaler{}, promised, 5, 2); }
  SUBCASE("linear_regression") { law_bad_input_is_refused<T>(tutti::linear_regression{}, promised, 5, 2); }
  SUBCASE("ridge") { law_bad_input_is_refused<T>(tutti::ridge{}, promised, 5, 2); }
  SUBCASE("logistic_regression") { law_bad_input_is_refused<T>(tutti::logistic_regression{}, promised, 5, 3); }
  SUBCASE("logistic_regression, newton_cholesky") {
    law_bad_input_is_refused<T>(tutti::logistic_regression{.solver = tutti::glm_solver::newton_cholesky}, promised, 5, 2);
  }
  SUBCASE("gaussian_nb") { law_bad_input_is_refused<T>(tutti::gaussian_nb{}, promised, 5, 3); }
  SUBCASE("random_forest") { law_bad_input_is_refused<T>(tutti::random_forest_classifier{.n_estimators = 2}, takes_missing, 5, 3); }
}

TEST_CASE("a hyper-parameter that is NaN is refused") {
  const tutti_test::problem<double> d(100, 2, 2);
  const volatile double nan = std::numeric_limits<double>::quiet_NaN();
  tutti_test::check_throws<tutti::invalid_input>([&] { tutti::logistic_regression{.C = nan}.fit(tutti::seq, d.X, d.labels); }, {"C must be"});
  tutti_test::check_throws<tutti::invalid_input>([&] { tutti::ridge{.alpha = nan}.fit(tutti::seq, d.X, d.y); }, {"alpha"});
}

TEST_CASE_TEMPLATE("exp and log keep their errors, and probabilities add up to one", T, float, double) {
  constexpr T eps = std::numeric_limits<T>::epsilon();
  for (T x = T(-20); x < T(20); x += T(0.37)) {
    CHECK(std::abs(tutti::math::exp(x) / static_cast<T>(std::exp(double(x))) - 1) <= 4 * eps);
    const T positive = tutti::math::exp(x);
    const T logarithm = static_cast<T>(std::log(double(positive)));
    CHECK(std::abs(tutti::math::log(positive) - logarithm) <= 4 * eps * std::max(T(1), std::abs(x)));
    const T p = tutti::math::sigmoid(x), q = tutti::math::sigmoid(-x);
    CHECK(std::abs(p + q - 1) <= 4 * eps);
    CHECK(std::abs(p - static_cast<T>(1 / (1 + std::exp(-double(x))))) <= 4 * eps);
  }
  const tutti_test::problem<T> d(500, 4, 3);
  tutti_test::for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    const auto P = tutti::logistic_regression{}.fit(policy, d.X, d.labels).predict_proba(policy, d.X);
    for (tutti::index i = 0; i < P.rows(); ++i) CHECK(std::abs(P(i, 0) + P(i, 1) + P(i, 2) - 1) <= 8 * eps);
  });
}
