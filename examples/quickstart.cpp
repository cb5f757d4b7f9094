// The main job in one program: real data, learned by every estimator under every host policy, in one table.
//
//     quickstart                                      the data sets in examples/data and two generated ones
//     quickstart --data FILE.csv --target COLUMN      your own
//     quickstart --samples N                          the size of the generated sets
//
// A ratio behind a time says how many times faster than `seq` that was. The last column compares what a model answers
// about the test samples with what the model that `seq` fitted answers.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <numeric>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include <tutti/data/synthetic.hpp>
#include <tutti/ensemble/extra_trees.hpp>
#include <tutti/ensemble/random_forest.hpp>
#include <tutti/linear_model/linear_regression.hpp>
#include <tutti/linear_model/logistic_regression.hpp>
#include <tutti/linear_model/ridge.hpp>
#include <tutti/metrics/classification.hpp>
#include <tutti/metrics/regression.hpp>
#include <tutti/naive_bayes/gaussian_nb.hpp>
#include <tutti/neighbors/k_neighbors.hpp>
#include <tutti/policy/par.hpp>
#include <tutti/policy/par_simd.hpp>
#include <tutti/policy/seq.hpp>
#include <tutti/policy/simd.hpp>
#include <tutti/preprocessing/standard_scaler.hpp>
#include <tutti/tree/decision_tree.hpp>

#include "quickstart/problem.hpp"
#include "quickstart/report.hpp"

namespace quickstart {

struct settings {
  std::string data, target;
  index samples = 2'000'000;
};

/// f(policy, name) for each policy of the build.
template <class F>
void for_policies(const F& f) {
  f(tutti::seq, "seq");
  f(tutti::simd, "simd");
  f(tutti::par, "par");
  f(tutti::par_simd, "par_simd");
}

/// What a model is for: labels, numbers, or transformed samples.
template <class P, class Model>
auto use(const P& policy, const Model& model, const tutti::matrix<float>& X) {
  if constexpr (requires { model.transform(policy, X); }) return model.transform(policy, X);
  else return model.predict(policy, X);
}

/// All that a model says about samples, as numbers: probabilities rather than labels.
template <class P, class Model>
std::vector<float> answers(const P& policy, const Model& model, const tutti::matrix<float>& X) {
  if constexpr (requires { model.predict_proba(policy, X); }) {
    const auto m = model.predict_proba(policy, X);
    return {m.data(), m.data() + m.size()};
  } else {
    const auto said = use(policy, model, X);
    return {said.data(), said.data() + said.size()};
  }
}

/// How far two models are apart; more than a thousandth of the largest answer is a failure.
std::string compared(const std::vector<float>& a, const std::vector<float>& b) {
  if (a == b) return "same bits";
  float distance = 0, size = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    distance = std::max(distance, std::abs(a[i] - b[i]));
    size = std::max(size, std::abs(b[i]));
  }
  if (!(distance <= 1e-3f * size)) throw std::runtime_error("two policies disagree");
  char text[32];
  std::snprintf(text, sizeof text, "within %.0e", double(distance / size));
  return text;
}

std::string labelled(const char* name, double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%s %.4f", name, value);
  return text;
}

std::string quality(const std::vector<int>& y, const std::vector<int>& predicted) {
  return labelled("accuracy", tutti::accuracy_score(tutti::par, y, predicted));
}
std::string quality(const std::vector<float>& y, const std::vector<float>& predicted) {
  return labelled("R2", tutti::r2_score(tutti::par, y, predicted));
}

template <class Y>
std::string quality(const std::vector<Y>&, const tutti::matrix<float>&) {
  return "-";  // a transformer's
}

/// One estimator under every policy.
template <class Learner, class Y>
void compare(report& out, const char* name, const Learner& learner, const problem<Y>& d) {
  line l;
  l.estimator = name;
  std::vector<float> expected;
  for_policies([&](const auto& policy, const char* policy_name) {
    out.begin(d.name + ": " + name + ", " + policy_name);
    l.policy = policy_name;
    const auto fit = [&] {
      if constexpr (std::is_same_v<Learner, tutti::standard_scaler>) return learner.fit(policy, d.X_train);
      else return learner.fit(policy, d.X_train, d.y_train);
    };
    const auto model = timed(fit, l.fit);
    const auto used = timed([&] { return use(policy, model, d.X_test); }, l.predict);
    const std::vector<float> said = answers(policy, model, d.X_test);
    if (expected.empty()) expected = said, l.fit_seq = l.fit, l.predict_seq = l.predict;
    l.quality = quality(d.y_test, used);
    l.answer = compared(said, expected);
    out.add(l);
  });
}

template <class Y>
void describe(report& out, const problem<Y>& d) {
  out.heading(d.name + ": " + std::to_string(d.X_train.rows()) + " samples to learn from, " +
              std::to_string(d.X_test.rows()) + " to test on, " + std::to_string(d.X_test.cols()) + " features");
}

/// How many samples each of a forest's 100 trees draws: of all of them `seq` would take minutes.
template <class Y>
index drawn(const problem<Y>& d) {
  return std::min<index>(d.X_train.rows(), 4096);
}

/// Samples for those who look at all of them for each answer: of all of them `seq` would take hours.
template <class Y>
problem<Y> few(const problem<Y>& d) {
  std::vector<index> train(std::size_t(std::min<index>(d.X_train.rows(), 20'000)));
  std::vector<index> test(std::size_t(std::min<index>(d.X_test.rows(), 5'000)));
  std::iota(train.begin(), train.end(), index{0});
  std::iota(test.begin(), test.end(), index{0});
  return {d.name, tutti::take(d.X_train, train), tutti::take(d.X_test, test), tutti::take(d.y_train, train),
          tutti::take(d.y_test, test)};
}

void run(report& out, const problem<int>& d) {
  describe(out, d);
  compare(out, "standard_scaler", tutti::standard_scaler{}, d);
  compare(out, "gaussian_nb", tutti::gaussian_nb{}, d);
  compare(out, "logistic_regression, lbfgs", tutti::logistic_regression{}, d);
  compare(out, "logistic_regression, newton", tutti::logistic_regression{.solver = tutti::glm_solver::newton_cholesky}, d);
  compare(out, "decision_tree", tutti::decision_tree_classifier{.max_depth = 6}, d);
  compare(out, "random_forest", tutti::random_forest_classifier{.max_samples = drawn(d)}, d);
  compare(out, "extra_trees",
          tutti::extra_trees_classifier{.min_samples_leaf = 5, .bootstrap = true, .max_samples = drawn(d)}, d);
  compare(out, "k_neighbors", tutti::k_neighbors_classifier{}, few(d));
}

void run(report& out, const problem<float>& d) {
  describe(out, d);
  compare(out, "standard_scaler", tutti::standard_scaler{}, d);
  compare(out, "linear_regression", tutti::linear_regression{}, d);
  compare(out, "ridge", tutti::ridge{}, d);
  compare(out, "decision_tree", tutti::decision_tree_regressor{.max_depth = 6}, d);
  compare(out, "random_forest",
          tutti::random_forest_regressor{.min_samples_leaf = 5, .max_features = 0.3, .max_samples = drawn(d)}, d);
  compare(out, "extra_trees",
          tutti::extra_trees_regressor{.min_samples_leaf = 5, .max_features = 0.3, .bootstrap = true, .max_samples = drawn(d)}, d);
  compare(out, "k_neighbors", tutti::k_neighbors_regressor{.n_neighbors = 10}, few(d));
}

void run_csv(report& out, const std::string& name, const std::filesystem::path& file, const std::string& target, bool numbers) {
  const csv_problem d = read_problem(file, target);
  if (d.classes && !numbers)
    run(out, make_problem(name, d.X, std::vector<int>(d.target.begin(), d.target.end())));
  else
    run(out, make_problem(name, d.X, std::vector<float>(d.target.begin(), d.target.end())));
  for (const std::string& r : d.remarks) out.remark(r);
}

void run_everything(const settings& s) {
  constexpr int jobs_of_classes = 8 * 4, jobs_of_numbers = 7 * 4;
  report out(4 * jobs_of_classes + 2 * jobs_of_numbers);
  const std::filesystem::path data = TUTTI_SHIPPED_DATA;  // examples/data, from CMake
  run_csv(out, "breast_cancer", data / "breast_cancer.csv", "target", false);
  run_csv(out, "digits", data / "digits.csv", "target", false);
  run_csv(out, "magic_gamma", data / "magic_gamma.csv", "target", false);
  run_csv(out, "wine_quality_white", data / "wine_quality_white.csv", "quality", true);
  out.begin("making the generated sets");
  {
    const auto d = tutti::higgs_like<float>(s.samples);
    run(out, make_problem("higgs_like (generated)", d.X, d.y));
  }
  const auto d = tutti::friedman1<float>(s.samples, 50);
  run(out, make_problem("friedman1 (generated)", d.X, d.y));
}

settings parse(int argc, char** argv) {
  settings s;
  for (int i = 1; i < argc; i += 2) {
    const std::string option = argv[i];
    if (i + 1 == argc) throw std::invalid_argument(option + " needs a value");
    const std::string value = argv[i + 1];
    if (option == "--data") {
      s.data = value;
    } else if (option == "--target") {
      s.target = value;
    } else if (option == "--samples") {
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), s.samples);
      if (error != std::errc() || end != value.data() + value.size() || s.samples < 100)
        throw std::invalid_argument("--samples needs a whole number of 100 or more, got " + value);
    } else {
      throw std::invalid_argument("unknown option " + option);
    }
  }
  if (s.data.empty() != s.target.empty()) throw std::invalid_argument("--data and --target go together");
  return s;
}

}  // namespace quickstart

int main(int argc, char** argv) {
  try {
    const quickstart::settings s = quickstart::parse(argc, argv);
    if (s.data.empty()) {
      quickstart::run_everything(s);
    } else {
      quickstart::report out(28);
      quickstart::run_csv(out, s.data, s.data, s.target, false);
    }
  } catch (const std::invalid_argument& e) {
    std::fprintf(stderr, "%s\nusage: quickstart [--samples N] [--data FILE.csv --target COLUMN]\n", e.what());
    return 2;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
