#include <tutti/neighbors/nearest_neighbors.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/random.hpp>
#include <tutti/data/model_file.hpp>

#include "../policies.hpp"
#include "../support/check.hpp"
#include "../support/shapes.hpp"

namespace tutti_test {

namespace {

using tutti::basic_nearest_neighbors;
using tutti::k_nearest;
using tutti::matrix;
using tutti::nearest_neighbors;
using tutti::neighbors_algorithm;

/// Samples that are hard in one way or another.
template <class T>
matrix<T> samples_of(const std::string& kind, index n, index p, std::uint64_t seed) {
  const tutti::random_source numbers(seed), groups = numbers.stream(1), centres(99);
  matrix<T> X(n, p);
  for (index i = 0; i < n; ++i) {
    const auto group = std::uint64_t(groups.below(std::uint64_t(i), 20));
    for (index j = 0; j < p; ++j) {
      const double z = numbers.normal(std::uint64_t(i * p + j));
      double x = z;
      if (kind == "integers") x = double(numbers.below(std::uint64_t(i * p + j), 5));
      if (kind == "offset") x = 1e6 + z;
      if (kind == "clusters") x = 10 * centres.normal(group * std::uint64_t(p) + std::uint64_t(j)) + 1e-4 * z;
      if (kind == "scales") x = z * std::ldexp(1.0, int(j % 20) - 10);
      if (kind == "huge") x = z * 1e25;
      if (kind == "tiny") x = z * 1e-41;
      if (kind == "duplicates") x = centres.normal(group * std::uint64_t(p) + std::uint64_t(j));
      X(i, j) = T(x);
    }
  }
  return X;
}

/// The k first of all samples by (distance, number), each distance in double.
template <class T, class Metric>
k_nearest by_all_pairs(const matrix<T>& X, const matrix<T>& Q, index k, const Metric& metric, bool self = false) {
  using P = decltype(tutti::seq)::pack<T>;
  const auto filter = tutti::detail::filter_of(metric);
  k_nearest out{matrix<double>(Q.rows(), k), matrix<index>(Q.rows(), k)};
  for (index i = 0; i < Q.rows(); ++i) {
    std::vector<std::pair<double, index>> all;
    for (index s = 0; s < X.rows(); ++s)
      if (!self || s != i) all.push_back({filter.template sum<P>(Q.row(i).data(), X.row(s).data(), X.cols()), s});
    std::partial_sort(all.begin(), all.begin() + k, all.end());
    for (index n = 0; n < k; ++n) {
      out.distances(i, n) = filter.distance(all[std::size_t(n)].first, X.cols());
      out.indices(i, n) = all[std::size_t(n)].second;
    }
  }
  return out;
}

/// Brute force, and the trees that the metric has.
template <class Metric, class T>
std::vector<neighbors_algorithm> algorithms() {
  std::vector<neighbors_algorithm> out{neighbors_algorithm::brute};
  if (tutti::detail::has_kd_tree<Metric>) out.push_back(neighbors_algorithm::kd_tree);
  if (tutti::detail::has_ball_tree<Metric, T>) out.push_back(neighbors_algorithm::ball_tree);
  return out;
}

template <class T, class Metric>
void check_neighbors(const matrix<T>& X, const matrix<T>& Q, index k, const Metric& metric) {
  const k_nearest expected = by_all_pairs(X, Q, k, metric);
  for (const neighbors_algorithm algorithm : algorithms<Metric, T>()) {
    const basic_nearest_neighbors<Metric> learner{.algorithm = algorithm, .metric = metric};
    CAPTURE(int(algorithm));
    const auto reference = learner.fit(tutti::seq, X);
    CHECK(reference.algorithm() == algorithm);
    for_policies([&](const auto& policy, const std::string& name) {
      constexpr bool on_host = tutti::host_policy<std::remove_cvref_t<decltype(policy)>>;
      if constexpr (on_host || tutti::detail::is_for_devices<decltype(tutti::detail::filter_of(metric))>) {
        CAPTURE(name);
        // A device has no trees, but searches the samples of a model that has one.
        const auto model = on_host || algorithm == neighbors_algorithm::brute ? learner.fit(policy, X) : reference;
        const k_nearest found = model.kneighbors(policy, Q, k);
        CHECK(found.indices == expected.indices);
        CHECK(found.distances == expected.distances);
      }
    });
  }
}

}  // namespace

TEST_CASE_TEMPLATE("neighbours are those of all pairs in double, whatever the data", T, float, double) {
  for (const char* kind : {"normal", "integers", "offset", "clusters", "scales", "huge", "tiny", "duplicates"}) {
    CAPTURE(kind);
    for (const index p : {1, 2, 3, 7, 16, 28, 100, 257, 1000}) {
      CAPTURE(p);
      const index n = p > 200 ? 201 : 901;
      check_neighbors(samples_of<T>(kind, n, p, 1), samples_of<T>(kind, 19, p, 2), 10, tutti::euclidean{});
    }
  }
}

TEST_CASE_TEMPLATE("every metric finds the neighbours of all pairs in double", T, float, double) {
  for (const char* kind : {"normal", "integers", "clusters"}) {
    CAPTURE(kind);
    for (const index p : {1, 5, 33, 300}) {
      CAPTURE(p);
      const auto X = samples_of<T>(kind, 501, p, 1), Q = samples_of<T>(kind, 17, p, 2);
      check_neighbors(X, Q, 7, tutti::squared_euclidean{});
      check_neighbors(X, Q, 7, tutti::manhattan{});
      check_neighbors(X, Q, 7, tutti::chebyshev{});
      check_neighbors(X, Q, 7, tutti::minkowski{.p = 3});
      check_neighbors(X, Q, 7, tutti::hamming{});
      check_neighbors(X, Q, 7, tutti::cosine{});
      check_neighbors(X, Q, 7, tutti::inner_product{});
    }
  }
}

TEST_CASE_TEMPLATE("near ties one unit in the last place apart are told apart", T, float, double) {
  for (const double offset : {0.0, 1.0, 1e6}) {
    CAPTURE(offset);
    matrix<T> X(600, 1), Q(3, 1);
    T x = T(offset);
    for (index i = 0; i < X.rows(); ++i) {
      X(i / 2 + i % 2 * 300, 0) = x;  // neighbours in value are not neighbours in number
      x = std::nextafter(x, std::numeric_limits<T>::infinity());
    }
    Q(0, 0) = X(0, 0);
    Q(1, 0) = X(150, 0);
    Q(2, 0) = x;
    check_neighbors(X, Q, 25, tutti::euclidean{});
    check_neighbors(X, Q, 25, tutti::manhattan{});
  }
}

TEST_CASE_TEMPLATE("sizes at which searches change their way", T, float, double) {
  for (const index n : {1, 15, 31, 32, 33, 70'000})
    for (const index m : {1, 11, 12, 13, 49, 300}) {
      if (n * m > 5'000'000) continue;
      CAPTURE(n);
      CAPTURE(m);
      for (const index k : {index{1}, std::min<index>(n, 5), std::min<index>(n, 300)})
        check_neighbors(samples_of<T>("normal", n, 3, 1), samples_of<T>("normal", m, 3, 2), k, tutti::euclidean{});
    }
}

TEST_CASE("a batch, one by one, and any number of threads give one answer") {
  const auto X = samples_of<float>("integers", 3000, 4, 1), Q = samples_of<float>("integers", 60, 4, 2);
  const auto model = nearest_neighbors{.n_neighbors = 9}.fit(tutti::par_simd, X);
  const k_nearest whole = model.kneighbors(tutti::par_simd, Q);
  for_thread_counts([&](const auto& policy, int threads) {
    CAPTURE(threads);
    CHECK(model.kneighbors(policy, Q) == whole);
  });
  for (index i = 0; i < Q.rows(); ++i) {
    const k_nearest one = model.kneighbors(tutti::simd, tutti::view(Q).middle_rows(i, i + 1));
    for (index n = 0; n < 9; ++n) {
      CHECK(one.indices(0, n) == whole.indices(i, n));
      CHECK(one.distances(0, n) == whole.distances(i, n));
    }
  }
}

TEST_CASE_TEMPLATE("no sample is its own neighbour, but one at the same place is", T, float, double) {
  for (const char* kind : {"normal", "duplicates"}) {
    CAPTURE(kind);
    const auto X = samples_of<T>(kind, 700, 3, 1);
    const k_nearest expected = by_all_pairs(X, X, 4, tutti::euclidean{}, true);
    for_policies([&](const auto& policy, const std::string& name) {
      CAPTURE(name);
      const auto model = nearest_neighbors{.algorithm = neighbors_algorithm::brute}.fit(policy, X);
      CHECK(model.kneighbors(policy, 4) == expected);
      CHECK(nearest_neighbors{.algorithm = neighbors_algorithm::kd_tree}.fit(tutti::seq, X).kneighbors(policy, 4) == expected);
      const auto graph = model.kneighbors_graph(policy, 4);
      CHECK(graph.value == std::vector<double>(700 * 4, 1.0));
      CHECK(graph.column == std::vector<index>(expected.indices.data(), expected.indices.data() + 700 * 4));
    });
  }
}

TEST_CASE_TEMPLATE("within a radius is what is at it or nearer", T, float, double) {
  const auto check = [](const matrix<T>& X, const matrix<T>& Q, double radius, const auto& metric) {
    using Metric = std::remove_cvref_t<decltype(metric)>;
    const k_nearest all = by_all_pairs(X, Q, X.rows(), metric);
    tutti::neighbor_graph expected{Q.rows(), X.rows(), {0}, {}, {}};
    for (index i = 0; i < Q.rows(); ++i) {
      for (index n = 0; n < X.rows() && all.distances(i, n) <= radius; ++n) {
        expected.column.push_back(all.indices(i, n));
        expected.value.push_back(all.distances(i, n));
      }
      expected.start.push_back(index(expected.column.size()));
    }
    for_policies([&](const auto& policy, const std::string& name) {
      if constexpr (tutti::host_policy<std::remove_cvref_t<decltype(policy)>>) {
        CAPTURE(name);
        for (const neighbors_algorithm algorithm : algorithms<Metric, T>()) {
          CAPTURE(int(algorithm));
          const basic_nearest_neighbors<Metric> learner{.radius = radius, .algorithm = algorithm, .metric = metric};
          CHECK(learner.fit(policy, X).radius_neighbors(policy, Q) == expected);
        }
      }
    });
  };
  for (const char* kind : {"integers", "normal", "clusters"}) {
    CAPTURE(kind);
    for (const index p : {1, 3, 20}) {
      CAPTURE(p);
      const auto X = samples_of<T>(kind, 400, p, 1), Q = samples_of<T>(kind, 20, p, 2);
      matrix<double> V(p, p, 0.5);
      for (index j = 0; j < p; ++j) V(j, j) = 1 + double(j);
      for (const double radius : {0.0, 1.0, 3.0, 1e3}) {
        CAPTURE(radius);
        check(X, Q, radius, tutti::euclidean{});
        check(X, Q, radius, tutti::manhattan{});
        check(X, Q, radius, tutti::minkowski{.p = 1.5});
        check(X, Q, radius / 3, tutti::hamming{});
        check(X, Q, radius / 10, tutti::cosine{});
        check(X, Q, radius, tutti::inner_product{});
        check(X, Q, radius, tutti::chebyshev{});
        check(X, Q, radius, tutti::squared_euclidean{});
        check(X, Q, radius, tutti::mahalanobis(V));
      }
    }
  }
}

template <class Policy>
concept searches_within = requires(const Policy& policy, const tutti::nearest_neighbors_model<double>& model) {
  model.radius_neighbors(policy, 1.0);
};

TEST_CASE("what is within a radius is searched for on a host") {
  for_policies([](const auto& policy, const std::string& name) {
    CAPTURE(name);
    using Policy = std::remove_cvref_t<decltype(policy)>;
    CHECK(searches_within<Policy> == tutti::host_policy<Policy>);
  });
}

TEST_CASE("a function of two samples is a metric; what it says is checked") {
  struct first_only {
    double operator()(tutti::vector_view<const double> x, tutti::vector_view<const double> y) const {
      return x(0) == 100 ? NAN : std::abs(x(0) - y(0));
    }
  };
  const auto X = samples_of<double>("integers", 300, 3, 1);
  matrix<double> Q = samples_of<double>("normal", 9, 3, 2);
  check_neighbors(X, Q, 5, first_only{});
  check_neighbors(samples_of<double>("normal", 500, 2, 1), samples_of<double>("normal", 20, 2, 2), 5,
                  tutti::haversine{});
  const auto model = basic_nearest_neighbors<first_only>{}.fit(tutti::par, X);
  CHECK(model.radius_neighbors(tutti::par, Q, 0.25).rows == 9);
  Q(4, 0) = 100;
  check_throws<tutti::invalid_input>([&] { model.kneighbors(tutti::par, Q); }, {"metric", "query 4", "sample", "NaN"});
}

TEST_CASE("places on a sphere") {
  matrix<double> X(3, 2);
  const double degree = std::acos(-1) / 180;
  const double places[] = {52.5, 13.4, 48.9, 2.35, -33.9, 151.2};
  for (index e = 0; e < 6; ++e) X.data()[e] = places[e] * degree;
  const auto model = basic_nearest_neighbors<tutti::haversine>{}.fit(tutti::seq, X);
  const auto found = model.kneighbors(tutti::seq, 2);
  CHECK(found.indices(0, 0) == 1);
  CHECK(found.distances(0, 0) * 6371 == doctest::Approx(876).epsilon(0.005));
  CHECK(found.distances(0, 1) * 6371 == doctest::Approx(16090).epsilon(0.005));
  for (int east = 0; east < 180; ++east) {  // none of the places is farther than half the way round
    matrix<double> ends(2, 2);
    const double at[] = {east / 2.0 * degree, east * degree, -east / 2.0 * degree, (east - 180) * degree};
    std::copy(at, at + 4, ends.data());
    const auto apart = basic_nearest_neighbors<tutti::haversine>{}.fit(tutti::seq, ends).kneighbors(tutti::seq, 1);
    CHECK(apart.distances(0, 0) == doctest::Approx(std::acos(-1)).epsilon(1e-7));
  }
  check_throws<tutti::invalid_input>(
      [] { basic_nearest_neighbors<tutti::haversine>{}.fit(tutti::seq, matrix<double>(3, 3, 1.0)); },
      {"haversine", "two features", "3"});
}

namespace {

/// [n x p] samples that depend on each other, feature j in units of 10^(j % 3 - 1).
template <class T>
matrix<T> correlated(index n, index p, std::uint64_t seed) {
  matrix<T> X = samples_of<T>("normal", n, p, seed);
  for (index i = 0; i < n; ++i)
    for (index j = 0; j < p; ++j) {
      const double before = j > 0 ? double(X(i, j - 1)) / std::pow(10, (j - 1) % 3 - 1) : 0;
      X(i, j) = T((0.9 * before + 0.3 * double(X(i, j)) + 2) * std::pow(10, j % 3 - 1));
    }
  return X;
}

template <class T>
matrix<double> covariance_of(const matrix<T>& X) {
  const index n = X.rows(), p = X.cols();
  matrix<double> V(p, p, 0.0);
  std::vector<double> mean(std::size_t(p), 0.0);
  for (index i = 0; i < n; ++i)
    for (index j = 0; j < p; ++j) mean[std::size_t(j)] += double(X(i, j)) / double(n);
  for (index i = 0; i < n; ++i)
    for (index a = 0; a < p; ++a)
      for (index b = 0; b < p; ++b)
        V(a, b) += (double(X(i, a)) - mean[std::size_t(a)]) * (double(X(i, b)) - mean[std::size_t(b)]) / double(n - 1);
  return V;
}

/// (x - y)' V^-1 (x - y), by elimination.
long double square_by_elimination(const matrix<double>& V, const std::vector<long double>& d) {
  const std::size_t p = d.size();
  std::vector<std::vector<long double>> A(p);
  for (std::size_t i = 0; i < p; ++i) {
    for (std::size_t j = 0; j < p; ++j) A[i].push_back(V(index(i), index(j)));
    A[i].push_back(d[i]);
  }
  long double square = 0;
  for (std::size_t c = 0; c < p; ++c) {
    square += A[c][p] * A[c][p] / A[c][c];
    for (std::size_t i = c + 1; i < p; ++i) {
      const long double factor = A[i][c] / A[c][c];
      for (std::size_t j = c; j <= p; ++j) A[i][j] -= factor * A[c][j];
    }
  }
  return square;
}

}  // namespace

TEST_CASE_TEMPLATE("mahalanobis finds the neighbours of all pairs, by a covariance or none", T, float, double) {
  for (const index p : {1, 3, 16, 17, 40}) {
    CAPTURE(p);
    const auto X = correlated<T>(501, p, 1), Q = correlated<T>(13, p, 2);
    const matrix<double> V = covariance_of(X);
    const tutti::mahalanobis metric(V);
    check_neighbors(X, Q, 7, metric);
    check_neighbors(samples_of<T>("clusters", 501, p, 1), samples_of<T>("clusters", 13, p, 2), 7, metric);
    check_neighbors(samples_of<T>("duplicates", 501, p, 1), samples_of<T>("duplicates", 13, p, 2), 7, metric);

    std::vector<long double> d(static_cast<std::size_t>(p));
    const auto found = basic_nearest_neighbors<tutti::mahalanobis>{.metric = metric}.fit(tutti::par_simd, X).kneighbors(
        tutti::par_simd, Q, 7);
    for (index i = 0; i < Q.rows(); ++i) {
      std::vector<std::pair<long double, index>> all;
      for (index s = 0; s < X.rows(); ++s) {
        for (index j = 0; j < p; ++j)
          d[static_cast<std::size_t>(j)] = static_cast<long double>(Q(i, j)) - static_cast<long double>(X(s, j));
        all.push_back({std::sqrt(square_by_elimination(V, d)), s});
      }
      std::sort(all.begin(), all.end());
      for (index n = 0; n < 7; ++n) {
        const auto [distance, at] = all[std::size_t(n)];
        CHECK(found.indices(i, n) == at);
        CHECK(found.distances(i, n) == doctest::Approx(double(distance)).epsilon(1e-11));
      }
    }
  }
}

TEST_CASE_TEMPLATE("mahalanobis misses nothing, however bad data and covariance are", T, float, double) {
  for (const double nearly : {0.0, 0.9, 1 - 1e-6, 1 - 1e-12}) {
    CAPTURE(nearly);
    for (const index p : {1, 2, 7, 33, 130}) {
      CAPTURE(p);
      matrix<double> V(p, p, nearly);
      for (index i = 0; i < p; ++i)
        for (index j = 0; j < p; ++j) V(i, j) = std::ldexp(i == j ? 1 : nearly, int(i % 20 + j % 20) - 20);
      const tutti::mahalanobis metric(V);
      for (const char* kind : {"integers", "offset", "clusters", "scales", "huge", "tiny"}) {
        CAPTURE(kind);
        check_neighbors(samples_of<T>(kind, 301, p, 1), samples_of<T>(kind, 13, p, 2), 5, metric);
      }
    }
  }
}

TEST_CASE("mahalanobis by the identity is euclidean; units do not matter") {
  const auto X = samples_of<double>("normal", 400, 3, 1), Q = samples_of<double>("normal", 9, 3, 2);
  matrix<double> one(3, 3, 0.0), V(3, 3, 0.0), scaled = X, asked = Q;
  for (index j = 0; j < 3; ++j) {
    const double unit = std::ldexp(1.0, int(40 * j) - 40);
    one(j, j) = 1;
    V(j, j) = unit * unit;
    for (index i = 0; i < 400; ++i) scaled(i, j) *= unit;
    for (index i = 0; i < 9; ++i) asked(i, j) *= unit;
  }
  const k_nearest expected = by_all_pairs(X, Q, 6, tutti::euclidean{});
  const auto check = [&](const matrix<double>& covariance, const auto& samples, const auto& queries) {
    const tutti::mahalanobis metric(covariance);
    const auto found = basic_nearest_neighbors<tutti::mahalanobis>{.metric = metric}
                           .fit(tutti::par, samples)
                           .kneighbors(tutti::par, queries, 6);
    CHECK(found.indices == expected.indices);
    check_close(doubles(found.distances), doubles(expected.distances), 1e-15);
  };
  check(one, X, Q);
  check(V, scaled, asked);
}

TEST_CASE("mahalanobis refuses what is no covariance") {
  using tutti::invalid_input;
  using tutti::mahalanobis;
  const auto X = correlated<double>(50, 3, 1);
  const matrix<double> V = covariance_of(X);
  check_throws<invalid_input>([] { mahalanobis(matrix<double>(3, 2, 1.0)); }, {"mahalanobis", "3 x 2", "p x p"});
  check_throws<invalid_input>([] { mahalanobis(matrix<double>(2, 2, 1.0)); }, {"mahalanobis", "not positive definite"});
  check_throws<invalid_input>([] { mahalanobis(matrix<double>(2, 2, 0.0)); }, {"feature 0", "above 0"});
  matrix<double> bad = V;
  bad(2, 1) += 0.1;
  check_throws<invalid_input>([&] { mahalanobis{bad}; }, {"not symmetric", "row 2", "column 1"});
  bad(2, 1) = NAN;
  check_throws<invalid_input>([&] { mahalanobis{bad}; }, {"covariance", "not finite", "row 2", "column 1"});
  bad = V;
  bad(0, 1) = bad(1, 0) = 10 * std::sqrt(V(0, 0) * V(1, 1));
  check_throws<invalid_input>([&] { mahalanobis{bad}; }, {"not positive definite"});
  using by_covariance = basic_nearest_neighbors<mahalanobis>;
  check_throws<invalid_input>(
      [&] { by_covariance{.metric = mahalanobis(V)}.fit(tutti::par, correlated<double>(50, 4, 1)); },
      {"3 x 3", "expected 4 x 4", "4 features"});
  check_throws<invalid_input>([&] { by_covariance{}.fit(tutti::par, X); }, {"0 x 0", "expected 3 x 3"});
}

TEST_CASE("a model by mahalanobis is saved with its covariance") {
  const auto X = correlated<float>(200, 5, 1), Q = correlated<float>(9, 5, 2);
  const auto model =
      basic_nearest_neighbors<tutti::mahalanobis>{.metric = tutti::mahalanobis(covariance_of(X))}.fit(tutti::par, X);
  const auto path = std::filesystem::temp_directory_path() / "tutti-nearest-by-mahalanobis.safetensors";
  tutti::save(path, model);
  const auto loaded = tutti::load<tutti::nearest_neighbors_model<float, tutti::mahalanobis>>(path);
  std::filesystem::remove(path);
  CHECK(loaded == model);
  CHECK(loaded.kneighbors(tutti::par_simd, Q, 5) == model.kneighbors(tutti::par_simd, Q, 5));
}

TEST_CASE("what cannot be searched is refused") {
  using tutti::invalid_input;
  const auto X = samples_of<double>("normal", 20, 3, 1);
  const auto model = nearest_neighbors{}.fit(tutti::par, X);
  check_throws<invalid_input>([&] { model.kneighbors(tutti::par, X, 21); }, {"k is 21", "20"});
  check_throws<invalid_input>([&] { model.kneighbors(tutti::par, X, 0); }, {"k is 0"});
  check_throws<invalid_input>([&] { model.kneighbors(tutti::par, 20); }, {"k is 20", "19"});
  check_throws<invalid_input>([&] { model.kneighbors(tutti::par, matrix<double>(2, 4, 0.0), 1); }, {"2 x 4", "n x 3"});
  check_throws<invalid_input>([&] { model.radius_neighbors(tutti::par, X, -0.5); }, {"radius", "-0.5"});
  matrix<double> bad = samples_of<double>("normal", 20, 3, 1);
  bad(7, 2) = NAN;
  check_throws<invalid_input>([&] { model.kneighbors(tutti::par, bad, 1); }, {"row 7", "column 2"});
  check_throws<invalid_input>([&] { nearest_neighbors{}.fit(tutti::par, bad); }, {"row 7", "column 2"});
  bad(7, 2) = 1e200;
  check_throws<invalid_input>([&] { nearest_neighbors{.algorithm = neighbors_algorithm::brute}.fit(tutti::par, bad); },
                              {"overflow"});
  check_throws<invalid_input>([&] { nearest_neighbors{}.fit(tutti::par, bad).kneighbors(tutti::par, bad, 20); },
                              {"overflow"});
  using by_share = basic_nearest_neighbors<tutti::hamming>;
  check_throws<invalid_input>([&] { by_share{.algorithm = neighbors_algorithm::kd_tree}.fit(tutti::par, X); },
                              {"no tree of this kind"});
  check_throws<invalid_input>([&] { model.kneighbors(tutti::par, bad, 1); }, {"overflow"});
  check_throws<invalid_input>([&] { nearest_neighbors{.n_neighbors = 0}.fit(tutti::par, X); }, {"n_neighbors", "0"});
  check_throws<invalid_input>([&] { nearest_neighbors{}.fit(tutti::par, matrix<double>(0, 3)); }, {"empty"});
  check_throws<invalid_input>(
      [&] { basic_nearest_neighbors<tutti::minkowski>{.metric = {.p = 0.5}}.fit(tutti::par, X); },
      {"minkowski", "0.5"});
}

TEST_CASE("automatic is scikit-learn's rule") {
  const auto of = [](index n, index p, index k) {
    return nearest_neighbors{.n_neighbors = k}.fit(tutti::seq, samples_of<float>("normal", n, p, 1)).algorithm();
  };
  CHECK(of(100, 15, 5) == neighbors_algorithm::kd_tree);
  CHECK(of(100, 16, 5) == neighbors_algorithm::brute);
  CHECK(of(100, 2, 50) == neighbors_algorithm::brute);
  CHECK(of(100, 2, 49) == neighbors_algorithm::kd_tree);
  CHECK(
      basic_nearest_neighbors<tutti::haversine>{}.fit(tutti::seq, samples_of<float>("normal", 99, 2, 1)).algorithm() ==
      neighbors_algorithm::ball_tree);
  CHECK(basic_nearest_neighbors<tutti::cosine>{}.fit(tutti::seq, samples_of<float>("normal", 99, 2, 1)).algorithm() ==
        neighbors_algorithm::brute);
}

TEST_CASE("working memory is bounded, whatever the number of pairs") {
  const auto X = samples_of<float>("normal", 20'000, 4, 1);
  const auto model = nearest_neighbors{.algorithm = neighbors_algorithm::brute}.fit(tutti::par_simd, X);
  const tutti::run_control control{.memory_limit = 4 << 20};  // pairs would be 1.6 GB
  const k_nearest found = model.kneighbors(tutti::par_simd.threads(2).with(control));
  CHECK(found.indices.rows() == 20'000);
  CHECK(control.memory_in_use == 0);
  const tutti::run_control little{.memory_limit = 1 << 10};
  CHECK_THROWS_AS(model.kneighbors(tutti::par_simd.with(little)), tutti::out_of_memory);
}

}  // namespace tutti_test
