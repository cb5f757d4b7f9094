#include <tutti/linear_model/logistic_regression.hpp>

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/data/synthetic.hpp>
#include <tutti/policy/par.hpp>
#include <tutti/policy/par_simd.hpp>
#include <tutti/policy/seq.hpp>

#include "../support/check.hpp"

namespace tutti_test {

using tutti::glm_solver;
using tutti::index;
using tutti::logistic_regression;
using tutti::solver_status;

namespace {

const auto& sample() {
  static const auto data = tutti::make_classification<double>(
      3000, {.n_features = 8, .n_informative = 4, .n_redundant = 0, .n_classes = 3, .flip_y = 0.2}, 5);
  return data;
}

std::vector<double> coefficients(const tutti::logistic_regression_model<double, int>& m) {
  auto out = doubles(m.coef());
  for (const double b : m.intercept()) out.push_back(b);
  return out;
}

}  // namespace

TEST_CASE("both solvers find the same minimum, two classes and three") {
  const std::vector<int>& three = sample().y;
  std::vector<int> two = three;
  for (int& y : two) y = y > 0;
  for (const std::vector<int>* y : {&three, static_cast<const std::vector<int>*>(&two)})
    for (const double C : {0.01, 1.0, 1e4}) {
      CAPTURE(C);
      const auto a = logistic_regression{.C = C, .tol = 1e-10, .max_iter = 1000}.fit(tutti::par, sample().X, *y);
      const auto b = logistic_regression{.C = C, .tol = 1e-10, .solver = glm_solver::newton_cholesky}.fit(tutti::par, sample().X, *y);
      CHECK(a.report().converged());
      CHECK(b.report().converged());
      CHECK(b.report().objective == doctest::Approx(a.report().objective).epsilon(1e-12));
      check_close(coefficients(b), coefficients(a), 1e-6);
    }
}

TEST_CASE("without a constant the decision at the origin is zero") {
  const auto model = logistic_regression{.fit_intercept = false}.fit(tutti::seq, sample().X, sample().y);
  const tutti::matrix<double> origin(1, 8, 0.0);
  const auto d = model.decision_function(tutti::seq, origin);
  for (index k = 0; k < 3; ++k) CHECK(d(0, k) == 0);
}

TEST_CASE("a warm start at the solution needs no step, and elsewhere leads to the same solution") {
  for (const auto solver : {glm_solver::lbfgs, glm_solver::newton_cholesky}) {
    const logistic_regression learner{.tol = 1e-8, .solver = solver, .max_iter = 1000};
    const auto cold = learner.fit(tutti::par, sample().X, sample().y);
    const auto warm = learner.fit_from(tutti::par, cold, sample().X, sample().y);
    CHECK(warm.report().iterations == 0);
    CHECK(coefficients(warm) == coefficients(cold));
    const auto elsewhere = logistic_regression{.C = 1e-3}.fit(tutti::par, sample().X, sample().y);
    check_close(coefficients(learner.fit_from(tutti::par, elsewhere, sample().X, sample().y)), coefficients(cold), 1e-5);
  }
}

TEST_CASE("a start of other classes or features is refused") {
  const auto model = logistic_regression{}.fit(tutti::seq, sample().X, sample().y);
  std::vector<int> renamed(sample().y.begin(), sample().y.end());
  for (int& y : renamed) y += 10;
  check_throws<tutti::invalid_input>([&] { logistic_regression{}.fit_from(tutti::seq, model, sample().X, renamed); }, {"other classes"});
  const tutti::matrix<double> narrow(3000, 2, 1.0);
  check_throws<tutti::invalid_input>([&] { logistic_regression{}.fit_from(tutti::seq, model, narrow, sample().y); }, {"8 features", "2"});
}

TEST_CASE("class weights count as sample weights do") {
  std::vector<double> w;
  for (const int y : sample().y) w.push_back(y == 2 ? 3.0 : 1.0);
  const logistic_regression plain{.tol = 1e-9, .max_iter = 500};
  const logistic_regression weighted{.tol = 1e-9, .class_weight = {{2, 3.0}}, .max_iter = 500};
  check_close(coefficients(weighted.fit(tutti::seq, sample().X, sample().y)),
              coefficients(plain.fit(tutti::seq, sample().X, sample().y, w)), 1e-6);
}

TEST_CASE("separable classes without a penalty are named, with one they are not") {
  tutti::matrix<double> X(40, 1);
  std::vector<int> y;
  for (index i = 0; i < 40; ++i) X(i, 0) = double(i) - 19.5, y.push_back(i < 20 ? 0 : 1);
  for (const auto solver : {glm_solver::lbfgs, glm_solver::newton_cholesky}) {
    const auto free = logistic_regression{.C = INFINITY, .solver = solver}.fit(tutti::seq, X, y);
    CHECK(free.report().status == solver_status::separation);
    for (const double c : coefficients(free)) CHECK(std::isfinite(c));
    CHECK(logistic_regression{.solver = solver}.fit(tutti::seq, X, y).report().converged());
  }
}

TEST_CASE("running out of iterations is reported, not thrown") {
  const auto model = logistic_regression{.tol = 1e-12, .max_iter = 2}.fit(tutti::seq, sample().X, sample().y);
  CHECK(model.report().status == solver_status::max_iter);
  CHECK(model.report().iterations == 2);
}

TEST_CASE("hyper-parameters out of range are refused before any work") {
  const auto fit = [](const logistic_regression& l) { l.fit(tutti::seq, sample().X, sample().y); };
  check_throws<tutti::invalid_input>([&] { fit({.C = 0}); }, {"C must be"});
  check_throws<tutti::invalid_input>([&] { fit({.C = NAN}); }, {"C must be"});
  check_throws<tutti::invalid_input>([&] { fit({.tol = 0}); }, {"tol"});
  check_throws<tutti::invalid_input>([&] { fit({.max_iter = 0}); }, {"max_iter"});
  check_throws<tutti::invalid_input>([&] { fit({.class_weight = {{7, 1.0}}}); }, {"class_weight", "7"});
}

TEST_CASE("values too large for their products are said to be, not found to be NaN") {
  tutti::matrix<float> X(10, 1);
  std::vector<int> y;
  for (index i = 0; i < 10; ++i) X(i, 0) = i % 2 == 0 ? 3e38f : -3e38f, y.push_back(int(i % 2));
  const logistic_regression newton{.solver = glm_solver::newton_cholesky};
  check_throws<tutti::invalid_input>([&] { newton.fit(tutti::par_simd, X, y); }, {"overflow", "scale"});
  // lbfgs forms no products of two values.
  const auto model = logistic_regression{}.fit(tutti::par_simd, X, y);
  CHECK(std::isfinite(model.coef()(0, 0)));
  CHECK(std::isfinite(model.report().objective));
}

}  // namespace tutti_test
