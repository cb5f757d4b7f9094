#pragma once
// nearest_neighbors: which samples are nearest to others, exactly.
//
// **Source** Cover, Hart, Nearest neighbor pattern classification, IEEE Transactions on Information Theory 13 (1967),
// section II. How they are found: algorithm/brute_search.hpp.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/distance.hpp>
#include <tutti/algorithm/host_matrix.hpp>
#include <tutti/algorithm/nearest_list.hpp>
#include <tutti/algorithm/sample_index.hpp>
#include <tutti/core/error.hpp>
#include <tutti/core/learner.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>
#include <tutti/policy/seq.hpp>

namespace tutti {

/// The k nearest samples of each query: nearest first, equal distances in the order of the samples.
struct k_nearest {
  matrix<double> distances;  ///< [m x k]
  matrix<index> indices;     ///< [m x k] rows of the samples that the model was fitted to

  friend bool operator==(const k_nearest&, const k_nearest&) = default;
};

/// How neighbours are searched. The answer is the same.
enum class neighbors_algorithm {
  automatic,  ///< a tree for up to 15 features and n_neighbors below n / 2: a kd_tree where the metric has one, a
              ///< ball_tree for haversine; else brute
  brute,      ///< all pairs
  kd_tree,    ///< leaves out boxes that cannot hold a neighbour; metrics that are a sum or maximum over the features
  ball_tree,  ///< leaves out balls; metrics that keep the triangle inequality
};

/// What kneighbors_graph puts on its edges.
enum class graph_mode {
  connectivity,  ///< ones
  distance,
};

/// A sparse matrix, row after row: entry e of row i is value[e] in column column[e], start[i] <= e < start[i + 1].
struct neighbor_graph {
  index rows = 0;
  index cols = 0;
  std::vector<index> start;   ///< [rows + 1]
  std::vector<index> column;  ///< [entries] nearest first in a row
  std::vector<double> value;  ///< [entries]

  friend bool operator==(const neighbor_graph&, const neighbor_graph&) = default;
};

namespace detail {

/// Whether the metric allows what is asked for.
template <class Metric, class T>
constexpr bool allows(neighbors_algorithm algorithm) {
  if (algorithm == neighbors_algorithm::kd_tree) return has_kd_tree<Metric>;
  return algorithm != neighbors_algorithm::ball_tree || has_ball_tree<Metric, T>;
}

/// How n samples of p features are searched for k neighbours.
template <class Metric>
constexpr search_by way_of(neighbors_algorithm algorithm, index n, index p, index k) {
  if (algorithm == neighbors_algorithm::kd_tree) return search_by::kd_tree;
  if (algorithm == neighbors_algorithm::ball_tree) return search_by::ball_tree;
  const bool by_tree = algorithm == neighbors_algorithm::automatic && p <= 15 && k < n / 2 && n < index{1} << 31;
  if (by_tree && has_kd_tree<Metric>) return search_by::kd_tree;
  return by_tree && std::is_same_v<Metric, haversine> ? search_by::ball_tree : search_by::pairs;
}

struct nearest_neighbors_name {
  static constexpr const char* model_name = "nearest_neighbors";
};

}  // namespace detail

template <class Metric>
struct basic_nearest_neighbors;

/// Samples, ready to be searched.
template <class T, class Metric = euclidean>
class nearest_neighbors_model {
 public:
  static constexpr const char* kind = detail::kind_by<detail::nearest_neighbors_name, Metric>;

  explicit nearest_neighbors_model(unfilled) {}

  index n_features() const { return index_.n_features(); }
  index n_samples() const { return index_.n_samples(); }
  /// [n x p] as they were given
  matrix_view<const T> samples() const { return index_.samples(); }
  /// Neighbours that are looked for unless a call says otherwise.
  index n_neighbors() const { return n_neighbors_; }
  /// Distance within which neighbours are looked for unless a call says otherwise.
  double radius() const { return radius_; }
  const Metric& metric() const { return metric_; }
  /// By what neighbours are searched: `brute`, `kd_tree` or `ball_tree`.
  neighbors_algorithm algorithm() const {
    switch (index_.way()) {
      case detail::search_by::kd_tree:
        return neighbors_algorithm::kd_tree;
      case detail::search_by::ball_tree:
        return neighbors_algorithm::ball_tree;
      default:
        return neighbors_algorithm::brute;
    }
  }

  /// The nearest samples of each query.
  ///
  /// X         [m x p]  queries, either storage order
  /// k         in [1, n]; the learner's n_neighbors if left out
  /// returns   [m x k] distances, ascending, and rows of the samples; equal distances in the order of the rows
  /// throws    invalid_input if k is out of range, X has another number of columns, an element is not finite, or a
  ///           distance overflows
  /// cost      O(m n p) work; memory O(m k) for the answer, and O(k + p) for each query of a task
  /// note      the same answer on every policy, for any number of threads, alone or in a batch
  template <execution_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  k_nearest kneighbors(const Policy& policy, const M& X, index k) const {
    const matrix_view<const T> x = view(X);
    detail::require_features("kneighbors", x, n_features());
    detail::require(
        k >= 1 && k <= n_samples(), "kneighbors",
        "k is " + std::to_string(k) + ", expected 1 to the number of samples, " + std::to_string(n_samples()));
    return search(policy, x, k, detail::self_query::no);
  }
  template <execution_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  k_nearest kneighbors(const Policy& policy, const M& X) const {
    return kneighbors(policy, X, n_neighbors_);
  }

  /// The nearest other samples of each sample: none is its own neighbour, but another one at the same place is.
  ///
  /// k         in [1, n - 1]; the learner's n_neighbors if left out
  /// returns   [n x k] as above
  template <execution_policy Policy>
  k_nearest kneighbors(const Policy& policy, index k) const {
    detail::require(k >= 1 && k < n_samples(), "kneighbors",
                    "k is " + std::to_string(k) + ", expected 1 to the number of other samples, " +
                        std::to_string(n_samples() - 1));
    return search(policy, samples(), k, detail::self_query::yes);
  }
  template <execution_policy Policy>
  k_nearest kneighbors(const Policy& policy) const {
    return kneighbors(policy, n_neighbors_);
  }

  /// All samples within a distance of each query, as a sparse matrix of distances: nearest first in each row.
  ///
  /// radius    >= 0, in the units of the metric; a sample at just that distance is within; the learner's if left out
  /// returns   a row for each query, a column for each sample
  /// throws    invalid_input if the radius is negative or not finite, X has another number of columns, or an element is
  ///           not finite
  /// cost      O(m n p) work; memory for what is found
  /// note      the same answer on every host policy
  template <host_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  neighbor_graph radius_neighbors(const Policy& policy, const M& X, double radius) const {
    detail::require_features("radius_neighbors", view(X), n_features());
    return search_within(policy, view(X), radius, detail::self_query::no);
  }
  template <host_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  neighbor_graph radius_neighbors(const Policy& policy, const M& X) const {
    return radius_neighbors(policy, X, radius_);
  }
  /// The same of the samples themselves, none of which is its own neighbour.
  template <host_policy Policy>
  neighbor_graph radius_neighbors(const Policy& policy, double radius) const {
    return search_within(policy, samples(), radius, detail::self_query::yes);
  }
  template <host_policy Policy>
  neighbor_graph radius_neighbors(const Policy& policy) const {
    return radius_neighbors(policy, radius_);
  }

  /// kneighbors as a sparse matrix with a row for each query and a column for each sample.
  template <execution_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  neighbor_graph kneighbors_graph(const Policy& policy, const M& X, index k,
                                  graph_mode mode = graph_mode::connectivity) const {
    return graph_of(kneighbors(policy, X, k), mode);
  }
  /// The same of the samples themselves, none of which is its own neighbour.
  template <execution_policy Policy>
  neighbor_graph kneighbors_graph(const Policy& policy, index k, graph_mode mode = graph_mode::connectivity) const {
    return graph_of(kneighbors(policy, k), mode);
  }

  template <class Visitor>
    requires named_metric<Metric>
  void fields(Visitor&& visit) {
    index_.fields(visit);
    visit("n_neighbors", n_neighbors_);
    visit("radius", radius_);
    visit("algorithm", algorithm_);
    if constexpr (requires { metric_.fields(visit); }) metric_.fields(visit);
  }
  /// Makes of the samples what a search needs; a loader calls it after it has filled the fields.
  void prepare() { prepare(seq, "load", detail::way_of<Metric>(algorithm_, n_samples(), n_features(), n_neighbors_)); }

  const char* inconsistency() const {
    if (*index_.inconsistency() != 0) return index_.inconsistency();
    if (n_neighbors_ < 1) return "n_neighbors is below 1";
    if (algorithm_ < neighbors_algorithm::automatic || algorithm_ > neighbors_algorithm::ball_tree ||
        !detail::allows<Metric, T>(algorithm_))
      return "algorithm is none that the metric allows";
    try {
      detail::check_metric(metric_, "load", n_features());
    } catch (const invalid_input&) {
      return "the metric is none for these samples";
    }
    return radius_ >= 0 ? "" : "radius is below 0";
  }

  friend bool operator==(const nearest_neighbors_model& a, const nearest_neighbors_model& b) {
    return a.index_ == b.index_ && a.n_neighbors_ == b.n_neighbors_ && a.radius_ == b.radius_ &&
           a.algorithm_ == b.algorithm_ && detail::same_metric(a.metric_, b.metric_);
  }

 private:
  friend basic_nearest_neighbors<Metric>;

  explicit nearest_neighbors_model(const basic_nearest_neighbors<Metric>& learner)
      : metric_(learner.metric),
        n_neighbors_(learner.n_neighbors),
        radius_(learner.radius),
        algorithm_(learner.algorithm) {}

  template <class Policy>
  void prepare(const Policy& policy, std::string_view who, detail::search_by way) {
    index_.prepare(policy, who, metric_, way);
  }

  template <class Policy>
  k_nearest search(const Policy& policy, matrix_view<const T> x, index k, detail::self_query self) const {
    k_nearest out{matrix<double>(x.rows, k), matrix<index>(x.rows, k)};
    if (x.rows == 0) return out;
    const auto near_x = policy.bring(x);
    detail::require_finite(policy, "kneighbors", "X", near_x.view());
    const auto size = static_cast<std::size_t>(out.distances.size());
    policy.produce(std::span(out.distances.data(), size), [&](double* distance) {
      policy.produce(std::span(out.indices.data(), size),
                     [&](index* sample) { index_.nearest(policy, metric_, near_x.view(), k, self, distance, sample); });
    });
    for (index i = 0; i < out.distances.size(); ++i)
      if (!is_finite(out.distances.data()[i])) detail::throw_overflow("kneighbors");
    return out;
  }

  template <class Policy>
  neighbor_graph search_within(const Policy& policy, matrix_view<const T> x, double radius,
                               detail::self_query self) const {
    detail::require_at_least("radius_neighbors", "radius", radius, 0);
    detail::require_finite(policy, "radius_neighbors", "X", x);
    auto found = index_.within(policy, metric_, x, radius, self);
    const auto filter = detail::filter_of(metric_);
    neighbor_graph out{x.rows, n_samples(), {0}, {}, {}};
    for (const auto& row : found) out.start.push_back(out.start.back() + static_cast<index>(row.size()));
    out.column.reserve(static_cast<std::size_t>(out.start.back()));
    out.value.reserve(static_cast<std::size_t>(out.start.back()));
    for (auto& row : found) {
      for (const detail::neighbor& near : row) {
        out.column.push_back(near.at);
        out.value.push_back(filter.distance(near.sum, n_features()));
      }
      row = {};
    }
    return out;
  }

  neighbor_graph graph_of(const k_nearest& found, graph_mode mode) const {
    const index m = found.indices.rows(), k = found.indices.cols();
    neighbor_graph out{m, n_samples(), {}, {}, {}};
    for (index i = 0; i <= m; ++i) out.start.push_back(i * k);
    out.column.assign(found.indices.data(), found.indices.data() + m * k);
    if (mode == graph_mode::distance)
      out.value.assign(found.distances.data(), found.distances.data() + m * k);
    else
      out.value.assign(static_cast<std::size_t>(m * k), 1.0);
    return out;
  }

  Metric metric_{};
  index n_neighbors_ = 0;
  double radius_ = 0;
  neighbors_algorithm algorithm_ = neighbors_algorithm::automatic;
  detail::sample_index<T, Metric> index_;
};

/// A learner of nothing but where samples are, by a metric.
///
///     const auto model = tutti::nearest_neighbors{.n_neighbors = 10}.fit(tutti::par_simd, X);
///     const auto [distances, indices] = model.kneighbors(tutti::par_simd, queries);
///
///     tutti::basic_nearest_neighbors<tutti::manhattan>{}.fit(tutti::par_simd, X);
template <class Metric = euclidean>
struct basic_nearest_neighbors {
  index n_neighbors = 5;  ///< >= 1; neighbours that are looked for unless a call says otherwise
  double radius = 1;      ///< >= 0; distance within which radius_neighbors looks unless a call says otherwise
  neighbors_algorithm algorithm = neighbors_algorithm::automatic;  ///< how they are searched
  Metric metric{};                                                 ///< what "near" means

  /// Samples, ready to be searched.
  ///
  /// X         [n x p]  samples, either storage order; copied
  /// returns   model
  /// throws    invalid_input if X is empty, n_neighbors < 1, a parameter of the metric is out of range, an element is
  ///           not finite, or squares overflow
  /// cost      two passes over X; memory 2 n p
  /// note      the same bits on every policy
  template <execution_policy Policy, samples_like M>
    requires tutti::metric<Metric, scalar_of<M>>
  auto fit(const Policy& policy, const M& X) const {
    using T = scalar_of<M>;
    const matrix_view<const T> x = view(X);
    detail::require_samples(who, x);
    detail::require(n_neighbors >= 1, who, "n_neighbors must be >= 1, got " + std::to_string(n_neighbors));
    detail::require_at_least(who, "radius", radius, 0);
    detail::check_metric(metric, who, x.cols);
    const bool by_tree = algorithm == neighbors_algorithm::kd_tree || algorithm == neighbors_algorithm::ball_tree;
    detail::require(detail::allows<Metric, T>(algorithm), who, "the metric has no tree of this kind");
    detail::require(!by_tree || host_policy<Policy>, who, "a device has no trees: algorithm must be automatic or brute");
    detail::require(!by_tree || x.rows < index{1} << 31, who,
                    "a tree holds fewer than 2^31 samples, X has " + std::to_string(x.rows));
    nearest_neighbors_model<T, Metric> model(*this);
    const detail::host_matrix<Policy, T> near(policy, x);
    const auto& host = policy.host();
    model.index_.assign(host, near.view());
    const auto way = detail::way_of<Metric>(algorithm, x.rows, x.cols, n_neighbors);
    model.prepare(host, who, host_policy<Policy> ? way : detail::search_by::pairs);
    report_progress(policy, 1, 1);
    return model;
  }

 private:
  static constexpr const char* who = "nearest_neighbors::fit";
};

/// By Euclidean distance.
using nearest_neighbors = basic_nearest_neighbors<>;

}  // namespace tutti
