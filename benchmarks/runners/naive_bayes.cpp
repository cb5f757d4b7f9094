// The naive Bayes learners, for the harness in benchmarks/peers.

#include <tutti/naive_bayes/gaussian_nb.hpp>

#include "learner_job.hpp"

namespace tutti_runner {
namespace {

std::unique_ptr<job> make(const std::string& learner, const nlohmann::json& parameters, data_set& data,
                          const workers& who) {
  if (learner != "gaussian_nb") throw tutti::invalid_input("no such learner: " + learner);
  tutti::gaussian_nb l;
  parameter_list(learner, parameters).take("var_smoothing", l.var_smoothing).done();
  return make_job<std::int32_t>(l, data, who);
}

}  // namespace
}  // namespace tutti_runner

int main(int argc, char** argv) { return tutti_runner::serve(argc, argv, tutti_runner::make); }
