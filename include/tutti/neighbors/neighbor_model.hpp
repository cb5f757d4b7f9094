#pragma once
// neighbor_classifier and neighbor_regressor: the models of what neighbours say, be they the k nearest or all within a
// radius.
//
// **Source** Cover, Hart, Nearest neighbor pattern classification, IEEE Transactions on Information Theory 13 (1967).
// Weights: Dudani, The distance-weighted k-nearest-neighbor rule, IEEE Transactions on Systems, Man, and Cybernetics 6
// (1976).

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/encode_labels.hpp>
#include <tutti/algorithm/near_vector.hpp>
#include <tutti/core/arithmetic.hpp>
#include <tutti/core/labels.hpp>
#include <tutti/core/learner.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>
#include <tutti/neighbors/nearest_neighbors.hpp>
#include <tutti/neighbors/neighbor_weights.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti {

namespace detail {

/// Which neighbours are asked: the k nearest.
struct k_nearest_reach {
  struct classifier {
    static constexpr const char* model_name = "k_neighbors_classifier";
  };
  struct regressor {
    static constexpr const char* model_name = "k_neighbors_regressor";
  };

  template <class Policy, class Model, class M>
  neighbor_graph operator()(const Policy& policy, const Model& model, const M& X) const {
    return model.kneighbors_graph(policy, X, model.n_neighbors(), graph_mode::distance);
  }
};

/// All within the radius.
struct radius_reach {
  struct classifier {
    static constexpr const char* model_name = "radius_neighbors_classifier";
  };
  struct regressor {
    static constexpr const char* model_name = "radius_neighbors_regressor";
  };

  template <class Policy, class Model, class M>
  neighbor_graph operator()(const Policy& policy, const Model& model, const M& X) const {
    static_assert(host_policy<Policy>, "neighbours within a radius are searched for on the host: use a host policy");
    return model.radius_neighbors(policy, X);
  }
};

/// f(i, neighbours, weights, sum of weights) for each query; sum is 0 where there are none. Queries are asked in batches:
/// within a radius each may have all samples.
template <class Reach, class Policy, class Model, class T, class Weights, class F>
void for_weighted_neighbors(const Policy& policy, std::string_view who, const Model& model, matrix_view<const T> X,
                            const Weights& weights, const F& f) {
  constexpr index batch = 4096;
  require_features(who, X, model.n_features());
  if (X.rows > batch) {  // batches would count rows from their own first one
    const auto near = policy.bring(X);
    require_finite(policy, who, "X", near.view());
  }
  for (index from = 0; from < X.rows; from += batch) {
    const neighbor_graph found = Reach{}(policy, model, X.middle_rows(from, std::min(X.rows, from + batch)));
    policy.host().for_blocks(found.rows, index{256}, [&](index begin, index end, std::byte*) {
      std::vector<double> weight;
      for (index i = begin; i < end; ++i) {
        const index first = found.start[static_cast<std::size_t>(i)];
        const auto count = static_cast<std::size_t>(found.start[static_cast<std::size_t>(i) + 1] - first);
        weight.resize(count);
        const std::span<const double> distances(found.value.data() + first, count);
        const double sum = count == 0 ? 0 : weigh_neighbors(who, weights, from + i, distances, weight.data());
        f(from + i, std::span<const index>(found.column.data() + first, count), std::span<const double>(weight), sum);
      }
    });
  }
}

[[noreturn]] inline void throw_lonely(std::string_view who, index i, double radius) {
  throw invalid_input(std::string(who) + ": no sample within " + std::to_string(radius) + " of row " +
                      std::to_string(i));
}

}  // namespace detail

/// What a query is that has no neighbour within the radius.
class outlier_label {
 public:
  /// An error.
  constexpr outlier_label() = default;
  /// Of this label, which need not be one of the classes.
  template <label L>
  constexpr outlier_label(L value) : value_(detail::label_number(value)) {}
  /// Of the class with the most samples; the lowest among equals.
  static constexpr outlier_label most_frequent() {
    outlier_label out;
    out.most_frequent_ = true;
    return out;
  }

  constexpr bool is_most_frequent() const { return most_frequent_; }
  constexpr const std::optional<std::int64_t>& value() const { return value_; }

 private:
  std::optional<std::int64_t> value_;
  bool most_frequent_ = false;
};

/// A classifier that lets neighbours vote.
template <class T, label L, class Metric, class Weights, class Reach>
class neighbor_classifier {
 public:
  static constexpr const char* kind = detail::kind_by<typename Reach::classifier, Metric>;

  explicit neighbor_classifier(unfilled u) : neighbors_(u) {}
  /// codes     [n] class of each sample
  /// outlier   what a query without neighbours is, or nothing: an error
  neighbor_classifier(nearest_neighbors_model<T, Metric> neighbors, class_set<L> classes,
                      std::vector<std::int32_t> codes, Weights weights, std::optional<L> outlier)
      : neighbors_(std::move(neighbors)),
        classes_(std::move(classes)),
        codes_(std::move(codes)),
        weights_(std::move(weights)),
        outlier_(outlier) {}

  index n_features() const { return neighbors_.n_features(); }
  /// [c] ascending
  const std::vector<L>& classes() const { return classes_.labels(); }
  /// The samples, to look for neighbours by hand.
  const nearest_neighbors_model<T, Metric>& neighbors() const { return neighbors_; }

  /// The label that the neighbours of each query vote for; the lowest among equals.
  ///
  /// X         [m x p]
  /// returns   [m] in the type of the training labels
  /// throws    invalid_input if X has another number of columns, an element is not finite, a function's weight is
  ///           negative or not finite, all of a query's neighbours have weight 0, or a query has no neighbour and there
  ///           is no outlier_label
  /// cost      as the search; memory O(m (k + c))
  /// note      the same labels on every policy, alone or in a batch
  template <execution_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  std::vector<L> predict(const Policy& policy, const M& X) const {
    const matrix<double> share = vote(policy, "predict", X);
    std::vector<L> out;
    out.reserve(static_cast<std::size_t>(share.rows()));
    for (index i = 0; i < share.rows(); ++i) {
      const auto row = share.row(i);
      const auto most = std::max_element(row.begin(), row.end());
      out.push_back(*most > 0 ? classes_[most - row.begin()] : *outlier_);
    }
    return out;
  }

  /// The share of the votes that each class gets.
  ///
  /// returns   [m x c] rows that sum to one, columns in the order of `classes()`; zeros for an outlier whose label is
  ///           none of the classes
  template <execution_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  matrix<T> predict_proba(const Policy& policy, const M& X) const {
    const matrix<double> share = vote(policy, "predict_proba", X);
    matrix<T> out(share.rows(), share.cols());
    for (index e = 0; e < out.size(); ++e) out.data()[e] = static_cast<T>(share.data()[e]);
    return out;
  }

  template <class Visitor>
    requires named_metric<Metric> && std::is_same_v<Weights, neighbor_weights>
  void fields(Visitor&& visit) {
    neighbors_.fields(visit);
    visit("classes", classes_);
    visit("codes", codes_);
    visit("weights", weights_);
    std::int64_t outlier = outlier_ ? detail::label_number(*outlier_) : 0;
    bool has_outlier = outlier_.has_value();
    visit("has_outlier_label", has_outlier);
    visit("outlier_label", outlier);
    outlier_ = has_outlier ? std::optional(static_cast<L>(outlier)) : std::nullopt;
  }
  void prepare() { neighbors_.prepare(); }

  const char* inconsistency() const {
    const char* const wrong = neighbors_.inconsistency();
    if (*wrong != 0) return wrong;
    if (classes_.size() < 2) return "fewer than two classes";
    if (static_cast<index>(codes_.size()) != neighbors_.n_samples()) return "codes are not one for each sample";
    for (const std::int32_t c : codes_)
      if (c < 0 || c >= classes_.size()) return "a code is of no class";
    return weights_ == Weights{} || weights_ == neighbor_weights::distance ? "" : "weights are of no known kind";
  }

  friend bool operator==(const neighbor_classifier& a, const neighbor_classifier& b)
    requires std::equality_comparable<Weights>
  {
    return a.neighbors_ == b.neighbors_ && a.classes_ == b.classes_ && a.codes_ == b.codes_ &&
           a.weights_ == b.weights_ && a.outlier_ == b.outlier_;
  }

 private:
  template <class Policy, class M>
  matrix<double> vote(const Policy& policy, std::string_view who, const M& X) const {
    const matrix_view<const T> x = view(X);
    matrix<double> share(x.rows, classes_.size(), 0.0);
    const auto count = [&](index i, auto near, auto weight, double sum) {
      for (std::size_t n = 0; n < near.size(); ++n) share(i, codes_[static_cast<std::size_t>(near[n])]) += weight[n];
      if (!near.empty()) {
        for (double& v : share.row(i)) v /= sum;
      } else if (!outlier_) {
        detail::throw_lonely(who, i, neighbors_.radius());
      } else if (const std::int32_t c = classes_.find(*outlier_); c >= 0) {
        share(i, c) = 1;
      }
    };
    detail::for_weighted_neighbors<Reach>(policy, who, neighbors_, x, weights_, count);
    return share;
  }

  nearest_neighbors_model<T, Metric> neighbors_;
  class_set<L> classes_;
  std::vector<std::int32_t> codes_;
  Weights weights_{};
  std::optional<L> outlier_;
};

/// A regressor that takes the mean of neighbours.
template <class T, class Metric, class Weights, class Reach>
class neighbor_regressor {
 public:
  static constexpr const char* kind = detail::kind_by<typename Reach::regressor, Metric>;

  explicit neighbor_regressor(unfilled u) : neighbors_(u) {}
  /// y   [n] target of each sample
  neighbor_regressor(nearest_neighbors_model<T, Metric> neighbors, std::vector<T> y, Weights weights)
      : neighbors_(std::move(neighbors)), y_(std::move(y)), weights_(std::move(weights)) {}

  index n_features() const { return neighbors_.n_features(); }
  /// The samples, to look for neighbours by hand.
  const nearest_neighbors_model<T, Metric>& neighbors() const { return neighbors_; }

  /// The weighted mean of the neighbours' targets.
  ///
  /// X         [m x p]
  /// returns   [m] in the units of y
  /// throws    as neighbor_classifier::predict, and if a query has no neighbour
  /// cost      as the search; memory O(m k)
  /// note      the same bits on every policy, alone or in a batch
  template <execution_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  std::vector<T> predict(const Policy& policy, const M& X) const {
    const matrix_view<const T> x = view(X);
    std::vector<T> out(static_cast<std::size_t>(x.rows));
    const auto average = [&](index i, auto near, auto weight, double sum) {
      if (near.empty()) detail::throw_lonely("predict", i, neighbors_.radius());
      double total = 0;
      for (std::size_t n = 0; n < near.size(); ++n)
        total += detail::product(weight[n], static_cast<double>(y_[static_cast<std::size_t>(near[n])]));
      out[static_cast<std::size_t>(i)] = static_cast<T>(total / sum);
    };
    detail::for_weighted_neighbors<Reach>(policy, "predict", neighbors_, x, weights_, average);
    return out;
  }

  template <class Visitor>
    requires named_metric<Metric> && std::is_same_v<Weights, neighbor_weights>
  void fields(Visitor&& visit) {
    neighbors_.fields(visit);
    visit("y", y_);
    visit("weights", weights_);
  }
  void prepare() { neighbors_.prepare(); }

  const char* inconsistency() const {
    const char* const wrong = neighbors_.inconsistency();
    if (*wrong != 0) return wrong;
    if (static_cast<index>(y_.size()) != neighbors_.n_samples()) return "y is not one number for each sample";
    return weights_ == Weights{} || weights_ == neighbor_weights::distance ? "" : "weights are of no known kind";
  }

  friend bool operator==(const neighbor_regressor& a, const neighbor_regressor& b)
    requires std::equality_comparable<Weights>
  {
    return a.neighbors_ == b.neighbors_ && a.y_ == b.y_ && a.weights_ == b.weights_;
  }

 private:
  nearest_neighbors_model<T, Metric> neighbors_;
  std::vector<T> y_;
  Weights weights_{};
};

namespace detail {

/// The fit of both classifiers.
template <class Reach, class Policy, class M, class Y, class Metric, class Weights>
auto fit_neighbor_classes(const Policy& policy, std::string_view who, const basic_nearest_neighbors<Metric>& neighbors,
                          const M& X, const Y& y, const Weights& weights, const outlier_label& outliers) {
  using T = scalar_of<M>;
  using L = element_of<Y>;
  const matrix_view<const T> x = view(X);
  require_samples(who, x);
  require_length(who, "y", view(y).size, x);
  const auto& host = policy.host();
  const host_vector<Policy, L> labels(policy, vector_view<const L>(view(y)));
  class_set<L> classes = find_classes(host, labels.view());
  require(classes.size() > 1, who, "y holds one class only: " + label_text(classes[0]));
  std::vector<std::int32_t> codes(static_cast<std::size_t>(x.rows));
  encode_labels(host, who, labels.view(), vector_view<const double>{}, classes, codes.data());
  std::optional<L> outlier;
  if (outliers.is_most_frequent()) {
    std::vector<index> count(static_cast<std::size_t>(classes.size()));
    for (const std::int32_t c : codes) ++count[static_cast<std::size_t>(c)];
    outlier = classes[std::max_element(count.begin(), count.end()) - count.begin()];
  } else if (outliers.value()) {
    outlier = static_cast<L>(*outliers.value());
    require(label_number(*outlier) == *outliers.value(), who,
            "outlier_label " + std::to_string(*outliers.value()) + " is no value of the labels' type");
  }
  return neighbor_classifier<T, L, Metric, Weights, Reach>(neighbors.fit(policy, X), std::move(classes),
                                                           std::move(codes), weights, outlier);
}

/// The fit of both regressors.
template <class Reach, class Policy, class M, class Y, class Metric, class Weights>
auto fit_neighbor_values(const Policy& policy, std::string_view who, const basic_nearest_neighbors<Metric>& neighbors,
                         const M& X, const Y& y, const Weights& weights) {
  using T = scalar_of<M>;
  using E = element_of<Y>;
  const matrix_view<const T> x = view(X);
  require_samples(who, x);
  require_length(who, "y", view(y).size, x);
  const host_vector<Policy, E> targets(policy, vector_view<const E>(view(y)));
  std::vector<T> numbers;
  numbers.reserve(static_cast<std::size_t>(x.rows));
  for (index i = 0; i < x.rows; ++i) numbers.push_back(static_cast<T>(targets.view()(i)));
  require_finite(policy.host(), who, "y", as_column(numbers.data(), x.rows));
  return neighbor_regressor<T, Metric, Weights, Reach>(neighbors.fit(policy, X), std::move(numbers), weights);
}

}  // namespace detail

}  // namespace tutti
