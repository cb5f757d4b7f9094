// The transformers, for the harness in benchmarks/peers.

#include <tutti/preprocessing/standard_scaler.hpp>

#include "learner_job.hpp"

namespace tutti_runner {
namespace {

std::unique_ptr<job> make(const std::string& learner, const nlohmann::json& parameters, data_set& data,
                          const workers& who) {
  if (learner != "standard_scaler") throw tutti::invalid_input("no such learner: " + learner);
  parameter_list(learner, parameters).done();
  return make_job<no_target>(tutti::standard_scaler{}, data, who);
}

}  // namespace
}  // namespace tutti_runner

int main(int argc, char** argv) { return tutti_runner::serve(argc, argv, tutti_runner::make); }
