#include <cmath>
#include <initializer_list>
#include <string>
#include <vector>

#include <tutti/metrics/classification.hpp>
#include <tutti/metrics/ranking.hpp>
#include <tutti/metrics/regression.hpp>

#include "golden.hpp"

namespace tutti_test {

namespace {

const needs_data data_are_here{"breast_cancer.csv", "magic_gamma.csv", "wine_quality_white.csv"};
const golden_table& golden() {
  static const golden_table table("metrics");
  return table;
}

void check_score(double score, const std::string& of_case, const std::string& item, double tolerance = metrics_agree) {
  CAPTURE(item);
  check_each_close({score}, golden()(of_case, item), tolerance);
}

template <class T>
std::vector<T> as(const std::vector<double>& v) {
  return std::vector<T>(v.begin(), v.end());
}

template <class T>
std::vector<T> input(const std::string& of_case, const std::string& item) {
  return as<T>(golden()(of_case, item));
}

template <class F>
std::vector<double> each(const std::vector<double>& v, const F& f) {
  std::vector<double> out;
  for (const double x : v) out.push_back(f(x));
  return out;
}

/// check(policy, suffix of the items, weights or nothing) on every policy.
template <class T, class F>
void for_weights(const std::string& of_case, const std::vector<T>& w, const F& check) {
  CAPTURE(of_case);
  for_policies([&](const auto& policy, const std::string& policy_name) {
    CAPTURE(policy_name);
    check(policy, std::string(), tutti::no_weights{});
    check(policy, std::string("/weights"), w);
  });
}

template <class T>
void check_labels(const std::string& of_case, const std::vector<int>& y, const std::vector<int>& predicted,
                  const std::vector<T>& weights) {
  using tutti::average;
  for_weights(of_case, weights, [&](const auto& policy, const std::string& suffix, const auto& w) {
    const auto confusion = tutti::confusion_matrix(policy, y, predicted, w);
    check_each_close(doubles(confusion.weight), golden()(of_case, "confusion" + suffix), metrics_agree);
    check_score(tutti::accuracy_score(policy, y, predicted, w), of_case, "accuracy" + suffix);
    const auto check_average = [&](average over, const std::string& name) {
      const std::string tail = name + suffix;
      check_score(tutti::precision_score(policy, y, predicted, over, w), of_case, "precision " + tail);
      check_score(tutti::recall_score(policy, y, predicted, over, w), of_case, "recall " + tail);
      check_score(tutti::f1_score(policy, y, predicted, over, w), of_case, "f1 " + tail);
    };
    check_average(average::macro, "macro");
    check_average(average::weighted, "weighted");
    check_average(average::micro, "micro");
    if (confusion.classes.size() == 2) check_average(average::binary, "binary");
  });
}

template <class T>
void check_scores(const std::string& of_case, const std::vector<int>& y, const std::vector<T>& scores,
                  const std::vector<T>& weights) {
  for_weights(of_case, weights, [&](const auto& policy, const std::string& suffix, const auto& w) {
    check_score(tutti::roc_auc_score(policy, y, scores, w), of_case, "roc_auc" + suffix);
  });
}

template <class T>
void check_numbers(const std::string& of_case, const std::vector<T>& y, const std::vector<T>& predicted,
                   const std::vector<T>& weights, std::initializer_list<const char*> powers) {
  for_weights(of_case, weights, [&](const auto& policy, const std::string& suffix, const auto& w) {
    check_score(tutti::r2_score(policy, y, predicted, w), of_case, "r2" + suffix);
    check_score(tutti::mean_squared_error(policy, y, predicted, w), of_case, "mse" + suffix);
    check_score(tutti::mean_absolute_error(policy, y, predicted, w), of_case, "mae" + suffix);
    for (const std::string power : powers)
      check_score(tutti::d2_tweedie_score(policy, y, predicted, std::stod(power), w), of_case, "d2 " + power + suffix);
  });
}

template <class T>
void check_small_labels(const std::string& of_case) {
  check_labels(of_case, golden().whole(of_case, "y"), golden().whole(of_case, "predicted"),
               input<T>(of_case, "weight"));
}

template <class T>
void check_small_numbers(const std::string& of_case, std::initializer_list<const char*> powers) {
  check_numbers(of_case, input<T>(of_case, "y"), input<T>(of_case, "predicted"), input<T>(of_case, "weight"), powers);
}

/// scikit-learn takes the logarithms of floats in float.
template <class T>
void check_small_probabilities(const std::string& of_case) {
  const auto y = golden().whole(of_case, "y"), classes = golden().whole(of_case, "classes");
  const auto p = input<T>(of_case, "probability");
  const auto P = tutti::view(p.data(), index(y.size()), index(classes.size()));
  const bool floats = sizeof(T) == 4;
  for_weights(of_case, input<T>(of_case, "weight"), [&](const auto& policy, const std::string& suffix, const auto& w) {
    check_score(tutti::log_loss(policy, y, P, classes, w), of_case,
                (floats ? "log_loss of floats" : "log_loss") + suffix, floats ? 1e-6 : metrics_agree);
  });
}

}  // namespace

TEST_CASE_TEMPLATE("scores of a few labels are scikit-learn's", T, float, double) {
  check_small_labels<T>("small labels");
  check_small_labels<T>("small classes");
}

TEST_CASE_TEMPLATE("scores of a few numbers are scikit-learn's", T, float, double) {
  check_small_numbers<T>("small positive numbers", {"-1", "0", "1", "1.5", "2", "3"});
  check_small_numbers<T>("small counts", {"-1", "0", "1", "1.5"});
  check_small_numbers<T>("small numbers", {"0"});
  check_small_numbers<T>("small numbers with positive predictions", {"-1", "0"});
}

TEST_CASE_TEMPLATE("scores of a few probabilities are scikit-learn's", T, float, double) {
  const std::string few = "small scores";
  check_scores(few, golden().whole(few, "y"), input<T>(few, "score"), input<T>(few, "weight"));
  check_small_probabilities<T>("small probabilities");
  check_small_probabilities<T>("small probabilities of three");
}

TEST_CASE_TEMPLATE("scores of white wines are scikit-learn's", T, float, double) {
  const std::string rule = "quality by alcohol";
  const tutti::table wine = tutti::read_csv(data_file("wine_quality_white.csv"));
  const auto quality = wine.labels<int>("quality");
  const auto alcohol = wine.numbers<double>("alcohol");
  const auto w = row_weights<T>(wine.rows());
  check_labels(rule, quality, as<int>(each(alcohol, [](double a) { return std::floor(a / 2); })), w);
  std::vector<int> good;
  for (const int q : quality) good.push_back(q >= 7 ? 1 : 0);
  check_scores(rule, good, as<T>(alcohol), w);
}

TEST_CASE("errors of white wines' quality are scikit-learn's") {
  const tutti::table wine = tutti::read_csv(data_file("wine_quality_white.csv"));
  const auto predicted = each(wine.numbers<double>("alcohol"), [](double a) { return 0.3 * a + 2.6; });
  check_numbers("quality by alcohol", wine.numbers<double>("quality"), predicted, row_weights<double>(wine.rows()),
                {"-1", "0", "1", "1.5", "2", "3"});
}

TEST_CASE_TEMPLATE("scores of tumours are scikit-learn's", T, float, double) {
  const std::string rule = "benign by radius";
  const tutti::table cancer = tutti::read_csv(data_file("breast_cancer.csv"));
  const auto benign = cancer.labels<int>("target");
  const auto radius = cancer.numbers<double>("worst_radius");
  const auto w = row_weights<T>(cancer.rows());
  check_labels(rule, benign, as<int>(each(radius, [](double r) { return r < 16.75 ? 1 : 0; })), w);
  check_scores(rule, benign, as<T>(each(radius, [](double r) { return -r; })), w);
}

TEST_CASE_TEMPLATE("scores of gamma rays are scikit-learn's", T, float, double) {
  const tutti::table magic = tutti::read_csv(data_file("magic_gamma.csv"));
  const auto score = as<T>(each(magic.numbers<double>("alpha"), [](double a) { return -a; }));
  check_scores("gamma by alpha", magic.labels<int>("target"), score, row_weights<T>(magic.rows()));
}

}  // namespace tutti_test
