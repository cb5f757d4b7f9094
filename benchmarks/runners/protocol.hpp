#pragma once
// Our side of the harness in benchmarks/peers: programs that do one job on command and say how long it took.
//
//     runner POLICY THREADS
//
// The commands come line by line; benchmarks/peers/harness/contender.py lists them.

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include <tutti/core/matrix.hpp>

namespace tutti_runner {

/// The arrays X, y, X_test, read from npy files when first asked for.
class data_set {
 public:
  void set(const std::string& name, const std::filesystem::path& file);

  /// throws   invalid_input if there is no such array, format_error if its file holds something else
  const tutti::matrix<float>& samples(const std::string& name);
  const std::filesystem::path& file(const std::string& name) const;

 private:
  std::map<std::string, std::filesystem::path> files_;
  std::map<std::string, tutti::matrix<float>> read_;
};

/// A learner, its data and what it has made of them.
class job {
 public:
  virtual ~job() = default;

  /// Does a task (fit, predict, ...) and returns its seconds.
  virtual double run(const std::string& task) = 0;

  /// What the result is judged by: coefficients, labels, values, probabilities or transformed.
  virtual tutti::matrix<double> judge(const std::string& output) = 0;
};

/// Who is to work: a policy by its name, on so many threads.
struct workers {
  std::string policy;
  int threads = 1;
};

/// Makes a job of a family's learner; throws invalid_input if there is no such learner, policy or parameter.
using job_maker = std::function<std::unique_ptr<job>(const std::string& learner, const nlohmann::json& parameters,
                                                     data_set& data, const workers& who)>;

/// The program: serves commands until its input ends. Returns what main returns.
int serve(int argc, char** argv, const job_maker& make);

template <class F>
double seconds_of(const F& f) {
  using clock = std::chrono::steady_clock;
  const auto begin = clock::now();
  f();
  return std::chrono::duration<double>(clock::now() - begin).count();
}

}  // namespace tutti_runner
