// Nearest neighbours, for the harness in benchmarks/peers.

#include <tutti/neighbors/nearest_neighbors.hpp>

#include "learner_job.hpp"

namespace tutti_runner {
namespace {

std::unique_ptr<job> make(const std::string& learner, const nlohmann::json& parameters, data_set& data,
                          const workers& who) {
  if (learner != "nearest_neighbors") throw tutti::invalid_input("no such learner: " + learner);
  tutti::nearest_neighbors l;
  std::string algorithm = "auto";
  parameter_list(learner, parameters).take("n_neighbors", l.n_neighbors).take("algorithm", algorithm).done();
  if (algorithm == "brute") l.algorithm = tutti::neighbors_algorithm::brute;
  else if (algorithm == "kd_tree") l.algorithm = tutti::neighbors_algorithm::kd_tree;
  else if (algorithm != "auto") throw tutti::invalid_input("no such algorithm: " + algorithm);
  return make_job<no_target>(l, data, who);
}

}  // namespace
}  // namespace tutti_runner

int main(int argc, char** argv) { return tutti_runner::serve(argc, argv, tutti_runner::make); }
