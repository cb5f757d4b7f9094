#include <cstddef>
#include <string>
#include <vector>

#include <tutti/data/split.hpp>
#include <tutti/neighbors/k_neighbors.hpp>
#include <tutti/neighbors/local_outlier_factor.hpp>
#include <tutti/neighbors/nearest_centroid.hpp>
#include <tutti/neighbors/radius_neighbors.hpp>

#include "golden.hpp"

namespace {

using namespace tutti_test;

const needs_data data_are_here{"breast_cancer.csv", "digits.csv", "magic_gamma.csv", "wine_quality_white.csv"};
const golden_table& golden() {
  static const golden_table table("neighbors");
  return table;
}

constexpr tutti::index k = 5;

/// make_neighbors.py's samples and queries.
struct parts {
  tutti::matrix<double> X, Q;
  std::vector<double> y;

  parts(const std::string& name, const char* target) {
    const data_set d(name + ".csv", target);
    std::vector<tutti::index> asked, kept;
    for (tutti::index i = 0; i < d.X.rows(); ++i) (i % 4 == 0 ? asked : kept).push_back(i);
    X = tutti::take(d.X, kept);
    Q = tutti::take(d.X, asked);
    y = tutti::take(d.y, kept);
  }

  std::vector<int> labels() const { return std::vector<int>(y.begin(), y.end()); }
  tutti::matrix<double> queries(const std::vector<int>& rows) const {
    return tutti::take(Q, std::vector<tutti::index>(rows.begin(), rows.end()));
  }
};

template <class Metric>
void check_metric(const std::string& of_case, const parts& d, bool is_class, const Metric& metric,
                  double tolerance = 1e-9) {
  CAPTURE(of_case);
  const auto Q = d.queries(golden().whole(of_case, "rows"));
  const auto found = tutti::basic_nearest_neighbors<Metric>{.n_neighbors = k, .metric = metric}
                         .fit(tutti::par_simd, d.X)
                         .kneighbors(tutti::par_simd, Q);
  CHECK(std::vector<int>(found.indices.data(), found.indices.data() + found.indices.size()) ==
        golden().whole(of_case, "indices"));
  check_each_close(doubles(found.distances), golden()(of_case, "distances"), tolerance);
  for (const auto weights : {tutti::neighbor_weights::uniform, tutti::neighbor_weights::distance}) {
    const std::string how = weights == tutti::neighbor_weights::uniform ? "uniform" : "distance";
    CAPTURE(how);
    if (is_class) {
      const auto model =
          tutti::basic_k_neighbors_classifier<Metric>{k, weights, metric}.fit(tutti::par_simd, d.X, d.labels());
      CHECK(model.predict(tutti::par_simd, Q) == golden().whole(of_case, how + " prediction"));
      check_each_close(doubles(model.predict_proba(tutti::par_simd, first_rows(Q, 5))),
                       golden()(of_case, how + " probability"), tolerance);
    } else {
      const auto model = tutti::basic_k_neighbors_regressor<Metric>{k, weights, metric}.fit(tutti::par_simd, d.X, d.y);
      check_each_close(doubles(model.predict(tutti::par_simd, Q)), golden()(of_case, how + " prediction"), tolerance);
    }
  }
}

void check_radius(const std::string& name, const parts& d, bool is_class) {
  CAPTURE(name);
  const double radius = golden().number(name, "radius");
  const auto Q = first_rows(d.Q, 40);
  const auto graph =
      tutti::nearest_neighbors{.radius = radius}.fit(tutti::par_simd, d.X).radius_neighbors(tutti::par_simd, Q);
  std::vector<int> counts;
  for (std::size_t i = 0; i + 1 < graph.start.size(); ++i) counts.push_back(int(graph.start[i + 1] - graph.start[i]));
  CHECK(counts == golden().whole(name, "radius counts"));
  if (is_class) {
    const auto model =
        tutti::radius_neighbors_classifier{.radius = radius, .outlier_label = -1}.fit(tutti::par_simd, d.X, d.labels());
    CHECK(model.predict(tutti::par_simd, Q) == golden().whole(name, "radius prediction"));
    return;
  }
  const auto has_some = d.queries(golden().whole(name, "radius rows"));
  for (const auto weights : {tutti::neighbor_weights::uniform, tutti::neighbor_weights::distance}) {
    const std::string how = weights == tutti::neighbor_weights::uniform ? "uniform" : "distance";
    CAPTURE(how);
    const auto model =
        tutti::radius_neighbors_regressor{.radius = radius, .weights = weights}.fit(tutti::par_simd, d.X, d.y);
    check_each_close(doubles(model.predict(tutti::par_simd, has_some)),
                     golden()(name, "radius " + how + " prediction"), 1e-9);
  }
}

/// The covariance of numpy.cov(X.T).
tutti::matrix<double> covariance_of(const tutti::matrix<double>& X) {
  const tutti::index n = X.rows(), p = X.cols();
  tutti::matrix<double> centred = X, out(p, p, 0.0);
  for (tutti::index j = 0; j < p; ++j) {
    double sum = 0;
    for (tutti::index i = 0; i < n; ++i) sum += X(i, j);
    for (tutti::index i = 0; i < n; ++i) centred(i, j) -= sum / double(n);
  }
  for (tutti::index i = 0; i < n; ++i)
    for (tutti::index a = 0; a < p; ++a)
      for (tutti::index b = 0; b < p; ++b) out(a, b) += centred(i, a) * centred(i, b) / double(n - 1);
  return out;
}

void check_outliers(const std::string& name, const parts& d) {
  const std::string of_case = name + "/outliers";
  CAPTURE(of_case);
  const auto model = tutti::local_outlier_factor{.contamination = 0.1}.fit(tutti::par_simd, d.X);
  std::vector<double> factors;
  for (const int i : golden().whole(of_case, "samples"))
    factors.push_back(model.negative_outlier_factor()[static_cast<std::size_t>(i)]);
  check_each_close(factors, golden()(of_case, "factors"), 1e-9);
  const auto Q = d.queries(golden().whole(of_case, "rows"));
  check_each_close(model.score_samples(tutti::par_simd, Q), golden()(of_case, "scores"), 1e-9);
  CHECK(model.predict(tutti::par_simd, Q) == golden().whole(of_case, "predictions"));
  check_each_close({model.offset()}, golden()(of_case, "offset"), 1e-9);
}

void check_centroids(const std::string& name, const parts& d) {
  for (const std::string threshold : {"0", "0.2"}) {
    const std::string of_case = name + "/centroids " + threshold;
    CAPTURE(of_case);
    const auto model =
        tutti::nearest_centroid{.shrink_threshold = std::stod(threshold)}.fit(tutti::par_simd, d.X, d.labels());
    check_each_close(doubles(model.centroids()), golden()(of_case, "centroids"), 1e-9);
    CHECK(model.predict(tutti::par_simd, first_rows(d.Q, 40)) == golden().whole(of_case, "prediction"));
  }
}

void check_all(const std::string& name, const char* target, bool is_class) {
  const parts d(name, target);
  check_metric(name + "/euclidean", d, is_class, tutti::euclidean{});
  check_metric(name + "/manhattan", d, is_class, tutti::manhattan{});
  check_metric(name + "/minkowski 3", d, is_class, tutti::minkowski{.p = 3});
  // One less a cosine near one: scikit-learn's last digits are rounding.
  check_metric(name + "/cosine", d, is_class, tutti::cosine{}, 1e-6);
  if (name != "digits") check_metric(name + "/chebyshev", d, is_class, tutti::chebyshev{});  // all ties there
  // Pixels at the border are always 0: they have no spread.
  if (name != "digits") check_metric(name + "/mahalanobis", d, is_class, tutti::mahalanobis(covariance_of(d.X)));
  check_radius(name, d, is_class);
  if (name == "breast_cancer" || name == "wine_quality_white") check_outliers(name, d);
  if (name == "breast_cancer" || name == "digits") check_centroids(name, d);
}

}  // namespace

TEST_CASE("neighbours of tumours are scikit-learn's") { check_all("breast_cancer", "target", true); }
TEST_CASE("neighbours of digits are scikit-learn's") { check_all("digits", "target", true); }
TEST_CASE("neighbours of gamma rays are scikit-learn's") { check_all("magic_gamma", "target", true); }
TEST_CASE("neighbours of wines are scikit-learn's") { check_all("wine_quality_white", "quality", false); }
