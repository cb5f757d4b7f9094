// Our side of compare_with_scikit_learn.py: makes the data, then times what it is told to, one line at a time.
//
//     fit_times FOLDER THREADS
//
// writes the data sets to FOLDER as npy and prints "ready". For each line `job tolerance` of its input it then prints
// the seconds that the job took, and writes what its quality is judged by to FOLDER/result.npy.

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>

#include <oneapi/tbb/task_arena.h>

#include <tutti/data/npy.hpp>
#include <tutti/data/synthetic.hpp>
#include <tutti/linear_model/logistic_regression.hpp>
#include <tutti/linear_model/ridge.hpp>
#include <tutti/naive_bayes/gaussian_nb.hpp>
#include <tutti/policy/par_simd.hpp>
#include <tutti/preprocessing/standard_scaler.hpp>

namespace {

using tutti::index;

/// How long a call took, and numbers by which it can be judged.
struct answer {
  double seconds;
  tutti::matrix<double> result;
};

/// Times call() and makes of its value, untimed, the numbers to judge it by.
template <class Call, class Judge>
answer timed(const Call& call, const Judge& judge) {
  using clock = std::chrono::steady_clock;
  const auto begin = clock::now();
  const auto value = call();
  const double seconds = std::chrono::duration<double>(clock::now() - begin).count();
  return {seconds, judge(value)};
}

/// Coefficients, then the constant.
template <class T>
tutti::matrix<double> linear(const T* coef, index p, T intercept) {
  tutti::matrix<double> out(1, p + 1, static_cast<double>(intercept));
  std::copy_n(coef, p, out.data());
  return out;
}

template <class V>
tutti::matrix<double> column(const V& v) {
  tutti::matrix<double> out(static_cast<index>(v.size()), 1);
  std::copy(v.begin(), v.end(), out.data());
  return out;
}

tutti::matrix<double> first_rows(const tutti::matrix<float>& m, index rows) {
  tutti::matrix<double> out(rows, m.cols());
  std::copy_n(m.data(), out.size(), out.data());
  return out;
}

class jobs {
 public:
  explicit jobs(int threads) : arena_(threads) {}

  void write_data(const std::filesystem::path& folder) const {
    tutti::write_npy(folder / "higgs_200k_X.npy", small_.X);
    tutti::write_npy(folder / "higgs_200k_y.npy", tutti::view(small_.y.data(), small_.X.rows(), index{1}));
    tutti::write_npy(folder / "higgs_1m_X.npy", large_.X);
    tutti::write_npy(folder / "higgs_1m_y.npy", tutti::view(large_.y.data(), large_.X.rows(), index{1}));
    tutti::write_npy(folder / "friedman_1m_X.npy", numbers_.X);
    tutti::write_npy(folder / "friedman_1m_y.npy", tutti::view(numbers_.y.data(), numbers_.X.rows(), index{1}));
  }

  answer run(const std::string& job, double tolerance) {
    const auto policy = tutti::par_simd.on(arena_);
    if (job == "newton_cholesky" || job == "lbfgs") {
      const auto solver = job == "lbfgs" ? tutti::glm_solver::lbfgs : tutti::glm_solver::newton_cholesky;
      const tutti::logistic_regression learner{.tol = tolerance, .solver = solver, .max_iter = 1000};
      return timed([&] { return learner.fit(policy, small_.X, small_.y); },
                   [](const auto& m) { return linear(m.coef().data, m.n_features(), m.intercept()[0]); });
    }
    if (job == "ridge")
      return timed([&] { return tutti::ridge{}.fit(policy, numbers_.X, numbers_.y); },
                   [](const auto& m) { return linear(m.coef().data(), m.n_features(), m.intercept()); });
    const auto fit_bayes = [&] { return tutti::gaussian_nb{}.fit(policy, large_.X, large_.y); };
    if (job == "gaussian_nb_fit")
      return timed(fit_bayes, [&](const auto& m) { return column(m.predict(policy, large_.X)); });
    if (job == "gaussian_nb_predict")
      return timed([&, m = fit_bayes()] { return m.predict(policy, large_.X); },
                   [](const auto& y) { return column(y); });
    const auto fit_scaler = [&] { return tutti::standard_scaler{}.fit(policy, large_.X); };
    if (job == "standard_scaler_fit")
      return timed(fit_scaler, [&](const auto& m) { return first_rows(m.transform(policy, large_.X), 1000); });
    if (job == "standard_scaler_transform")
      return timed([&, m = fit_scaler()] { return m.transform(policy, large_.X); },
                   [](const auto& Z) { return first_rows(Z, 1000); });
    throw tutti::invalid_input("no such job: " + job);
  }

 private:
  tbb::task_arena arena_;
  tutti::labelled_data<float> small_ = tutti::higgs_like<float>(200'000);
  tutti::labelled_data<float> large_ = tutti::higgs_like<float>(1'000'000, 1);
  tutti::regression_data<float> numbers_ = tutti::friedman1<float>(1'000'000, 50);
};

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) {
    std::cerr << "usage: fit_times FOLDER THREADS\n";
    return EXIT_FAILURE;
  }
  const std::filesystem::path folder = argv[1];
  jobs all(std::stoi(argv[2]));
  all.write_data(folder);
  std::cout << "ready" << std::endl;
  std::string job;
  double tolerance = 0;
  while (std::cin >> job >> tolerance) {
    const answer a = all.run(job, tolerance);
    tutti::write_npy(folder / "result.npy", a.result);
    std::cout << a.seconds << std::endl;
  }
} catch (const std::exception& e) {
  std::cerr << "fit_times: " << e.what() << '\n';
  return EXIT_FAILURE;
}
