// The linear models, for the harness in benchmarks/peers.

#include <tutti/linear_model/linear_regression.hpp>
#include <tutti/linear_model/logistic_regression.hpp>
#include <tutti/linear_model/ridge.hpp>

#include "learner_job.hpp"

namespace tutti_runner {
namespace {

tutti::glm_solver solver_named(const std::string& name) {
  if (name == "lbfgs") return tutti::glm_solver::lbfgs;
  if (name == "newton-cholesky") return tutti::glm_solver::newton_cholesky;
  throw tutti::invalid_input("no such solver: " + name);
}

std::unique_ptr<job> make(const std::string& learner, const nlohmann::json& parameters, data_set& data,
                          const workers& who) {
  parameter_list given(learner, parameters);
  if (learner == "linear_regression") {
    tutti::linear_regression l;
    given.take("fit_intercept", l.fit_intercept).done();
    return make_job<float>(l, data, who);
  }
  if (learner == "ridge") {
    tutti::ridge l;
    given.take("alpha", l.alpha).take("fit_intercept", l.fit_intercept).done();
    return make_job<float>(l, data, who);
  }
  if (learner == "logistic_regression") {
    tutti::logistic_regression l;
    std::string solver = "lbfgs";
    given.take("C", l.C).take("tol", l.tol).take("solver", solver).take("max_iter", l.max_iter).done();
    l.solver = solver_named(solver);
    return make_job<std::int32_t>(l, data, who);
  }
  throw tutti::invalid_input("no such learner: " + learner);
}

}  // namespace
}  // namespace tutti_runner

int main(int argc, char** argv) { return tutti_runner::serve(argc, argv, tutti_runner::make); }
