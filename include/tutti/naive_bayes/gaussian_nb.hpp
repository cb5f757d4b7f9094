#pragma once
// gaussian_nb: naive Bayes with a normal distribution for each feature and class; learns from streams.
//
// **Source** Hastie, Tibshirani, Friedman, The Elements of Statistical Learning (2009), section 6.6.3.
// Joining batches: Chan, Golub, LeVeque, The American Statistician 37 (1983), equation 2.1.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numbers>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/encode_labels.hpp>
#include <tutti/algorithm/label_output.hpp>
#include <tutti/algorithm/moments.hpp>
#include <tutti/algorithm/near_vector.hpp>
#include <tutti/algorithm/scores.hpp>
#include <tutti/core/arithmetic.hpp>
#include <tutti/core/labels.hpp>
#include <tutti/core/learner.hpp>
#include <tutti/core/math.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti {

namespace detail {

/// constant[k] + sum over the features of (x - mean)^2 scale, scale = -1 / (2 variance).
template <class T>
struct gaussian_score {
  const T* mean;      ///< [k x p]
  const T* scale;     ///< [k x p]
  const T* constant;  ///< [k]
  index features;

  template <class V, class Feature>
  [[gnu::always_inline]] constexpr V operator()(index k, const Feature& feature) const {
    const T* const m = mean + k * features;
    const T* const s = scale + k * features;
    return sum_terms<V>(features, V::all(constant[k]), [&](index c) {
      const V d = feature(c) - V::all(m[c]);
      return d * d * V::all(s[c]);
    });
  }
};

}  // namespace detail

struct gaussian_nb;

/// A Gaussian naive Bayes model, and the state of a learner that goes on learning.
template <class T, label L>
class gaussian_nb_model {
 public:
  static constexpr const char* kind = "gaussian_nb";

  explicit gaussian_nb_model(unfilled) {}

  index n_features() const { return seen_.features; }
  /// [k] ascending
  const std::vector<L>& classes() const { return classes_.labels(); }
  /// [k] weight of the samples seen of each class
  std::span<const double> class_count() const { return seen_.weight; }
  /// [k x p] means of the features in each class
  matrix_view<const double> mean() const { return view(seen_.mean.data(), seen_.groups, seen_.features); }
  /// [k x p] variances of the features in each class, smoothing included
  matrix<double> variance() const {
    matrix<double> out(seen_.groups, seen_.features);
    for (index k = 0; k < seen_.groups; ++k)
      for (index j = 0; j < seen_.features; ++j) out(k, j) = smoothed(k, j);
    return out;
  }
  /// Added to every variance: var_smoothing times the largest variance of a feature over all samples seen.
  double smoothing() const { return smoothing_; }

  /// The most probable label of each sample; the lowest among equals.
  ///
  /// X         [n x p]
  /// returns   [n] in the type of the training labels
  /// throws    invalid_input if X has another number of columns, or an element that is not finite
  /// cost      one pass over X, 3 n p k operations
  /// note      the same bits on every policy
  template <execution_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  std::vector<L> predict(const Policy& policy, const M& X) const {
    return detail::produce_labels(policy, classes_, view(X).rows, [&](const L* labels, L* out) {
      score(policy, "predict", X, detail::store_labels<T, L>{labels, out, seen_.groups});
    });
  }

  /// The probability of each class.
  ///
  /// X         [n x p]
  /// returns   [n x k] rows that sum to one, columns in the order of `classes()`; 0 for a class that was never seen
  /// throws    as `predict`
  /// cost      one pass over X
  /// note      the same bits on every policy
  template <execution_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  matrix<T> predict_proba(const Policy& policy, const M& X) const {
    return produce(policy, "predict_proba", X, [&](T* to) {
      return detail::store_probabilities<T>{to, seen_.groups};
    });
  }

  /// The logarithm of the probability of each class.
  template <execution_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  matrix<T> predict_log_proba(const Policy& policy, const M& X) const {
    return produce(policy, "predict_log_proba", X, [&](T* to) {
      return detail::store_probabilities<T>{to, seen_.groups, true};
    });
  }

  /// log P(class) + log P(x | class) of each class.
  template <execution_policy Policy, samples_like M>
    requires std::is_same_v<scalar_of<M>, T>
  matrix<T> predict_joint_log_proba(const Policy& policy, const M& X) const {
    return produce(policy, "predict_joint_log_proba", X, [&](T* to) {
      return detail::store_scores<T>{to, seen_.groups};
    });
  }

  template <class Visitor>
  void fields(Visitor&& visit) {
    visit("classes", classes_);
    visit("features", seen_.features);
    visit("class_count", seen_.weight);
    visit("mean", seen_.mean, seen_.groups);
    visit("square", seen_.square, seen_.groups);
    visit("priors", priors_);
    visit("var_smoothing", var_smoothing_);
  }
  /// What predictions need, from what was seen; a loader calls it after it has filled the fields.
  void prepare() {
    seen_.groups = classes_.size();
    smoothing_ = detail::product(var_smoothing_, largest_variance());
    double total = 0;
    for (const double w : seen_.weight) total += w;
    mean_.assign(seen_.mean.begin(), seen_.mean.end());
    scale_.assign(seen_.mean.size(), T(0));
    constant_.clear();
    for (index k = 0; k < seen_.groups; ++k) {
      const auto at = static_cast<std::size_t>(k);
      const double prior = !priors_.empty() ? priors_[at] : total > 0 ? seen_.weight[at] / total : 0.0;
      if (!(prior > 0) || !(seen_.weight[at] > 0)) {  // never the largest score, and still finite
        constant_.push_back(std::numeric_limits<T>::lowest() / 4);
        continue;
      }
      double constant = math::log(prior);
      for (index j = 0; j < seen_.features; ++j) {
        const double variance = smoothed(k, j);
        const T scale = static_cast<T>(-0.5 / variance);
        if (!(variance > 0) || !is_finite(scale)) continue;  // a constant feature says nothing
        scale_[static_cast<std::size_t>(k * seen_.features + j)] = scale;
        constant -= 0.5 * math::log(2 * std::numbers::pi * variance);
      }
      constant_.push_back(static_cast<T>(constant));
    }
  }

  const char* inconsistency() const {
    const auto k = static_cast<std::size_t>(classes_.size());
    if (k < 2 || seen_.weight.size() != k) return "class_count does not fit the classes";
    if (seen_.features < 1 || seen_.mean.size() % k != 0 ||
        seen_.mean.size() / k != static_cast<std::size_t>(seen_.features) || seen_.square.size() != seen_.mean.size())
      return "mean and square are not a row of features for each class";
    return priors_.empty() || priors_.size() == k ? "" : "priors do not fit the classes";
  }

  friend bool operator==(const gaussian_nb_model&, const gaussian_nb_model&) = default;

 private:
  friend gaussian_nb;

  gaussian_nb_model(class_set<L> classes, group_moments seen, std::vector<double> priors, double var_smoothing)
      : classes_(std::move(classes)),
        seen_(std::move(seen)),
        priors_(std::move(priors)),
        var_smoothing_(var_smoothing) {
    prepare();
  }

  double smoothed(index k, index j) const {
    const auto at = static_cast<std::size_t>(k * seen_.features + j);
    const double w = seen_.weight[static_cast<std::size_t>(k)];
    return (w > 0 ? seen_.square[at] / w : 0.0) + smoothing_;
  }

  double largest_variance() const {
    double out = 0;
    for (index j = 0; j < seen_.features; ++j) {
      group_moments all(1, 1);
      for (index k = 0; k < seen_.groups; ++k) {
        group_moments one(1, 1);
        const auto at = static_cast<std::size_t>(k * seen_.features + j);
        one.weight[0] = seen_.weight[static_cast<std::size_t>(k)];
        one.mean[0] = seen_.mean[at];
        one.square[0] = seen_.square[at];
        all = merge(all, one);
      }
      if (all.weight[0] > 0) out = std::max(out, all.square[0] / all.weight[0]);
    }
    return out;
  }

  template <class Policy, class M, class Finish>
  void score(const Policy& policy, std::string_view who, const M& X, const Finish& finish) const {
    const matrix_view<const T> x = view(X);
    detail::require_features(who, x, n_features());
    const auto near_x = policy.bring(x);
    const auto mean = policy.bring(view(mean_)), scale = policy.bring(view(scale_)),
               constant = policy.bring(view(constant_));
    const detail::gaussian_score<T> score{mean.view().data, scale.view().data, constant.view().data, n_features()};
    detail::score_samples(policy, who, near_x.view(), seen_.groups, score, finish);
  }

  template <class Policy, class M, class MakeFinish>
  matrix<T> produce(const Policy& policy, std::string_view who, const M& X, const MakeFinish& finish) const {
    matrix<T> out(view(X).rows, seen_.groups);
    policy.produce(std::span<T>(out.data(), static_cast<std::size_t>(out.size())),
                   [&](T* to) { score(policy, who, X, finish(to)); });
    return out;
  }

  class_set<L> classes_;
  group_moments seen_;
  std::vector<double> priors_;
  double var_smoothing_ = 0;
  // Derived by prepare():
  double smoothing_ = 0;
  std::vector<T> mean_;
  std::vector<T> scale_;
  std::vector<T> constant_;
};

/// A Gaussian naive Bayes learner.
///
///     const auto model = tutti::gaussian_nb{}.fit(tutti::par, X, y);
///
///     auto state = tutti::gaussian_nb{}.start<float>(28, std::vector{0, 1});
///     while (read(X, y)) tutti::gaussian_nb{}.partial_fit(tutti::par, state, X, y);
struct gaussian_nb {
  std::vector<double> priors = {};  ///< [k] >= 0, sum 1; probabilities of the classes; empty: as they occur
  double var_smoothing = 1e-9;  ///< >= 0; part of the largest variance that is added to all; more of it: flatter.
                                ///< A feature whose variance in a class is zero all the same says nothing there

  /// Class means and variances.
  ///
  /// X               [n x p]  samples, either storage order; not copied on a host
  /// y               [n]      labels: any integral or enum type, any values
  /// sample_weight   [n]      >= 0, not all zero; ones if left out; 0 is an absent sample, k stands for k copies
  /// returns         model
  /// throws          invalid_input if the shapes disagree, X is empty, there is one class only, a hyper-parameter is out
  ///                 of range, a weight is negative or all are zero, or a value is not finite
  /// cost            one pass over X; memory O(k p) a thread
  /// note            the same bits on every policy and for any number of threads
  template <execution_policy Policy, samples_like M, labels_like Y, weights_like W = no_weights>
  auto fit(const Policy& policy, const M& X, const Y& y, const W& sample_weight = {}) const {
    using T = scalar_of<M>;
    using L = element_of<Y>;
    const matrix_view<const T> x = view(X);
    detail::require_samples(who, x);
    detail::require_length(who, "y", view(y).size, x);
    const detail::host_vector<Policy, L> labels(policy, vector_view<const L>(view(y)));
    class_set<L> classes = detail::find_classes(policy.host(), labels.view());
    if constexpr (vector_like<W>) {
      const detail::near_weights<Policy, T> checked(policy, who, sample_weight, x);
      using E = element_of<W>;
      const detail::host_vector<Policy, E> weights(policy, vector_view<const E>(view(sample_weight)));
      classes = class_set<L>(detail::present_labels(labels.view(), weights.view()));
    }
    gaussian_nb_model<T, L> model = start<T>(x.cols, classes.labels());
    partial_fit(policy, model, X, y, sample_weight);
    return model;
  }

  /// A model that has seen nothing yet.
  ///
  /// n_features   >= 1
  /// classes      all labels that may come, in any order; two at least
  /// throws       invalid_input if there are too few, or a hyper-parameter is out of range
  template <class T, label L>
  gaussian_nb_model<T, L> start(index n_features, const std::vector<L>& classes) const {
    detail::require(n_features >= 1, who, "n_features must be >= 1, got " + std::to_string(n_features));
    class_set<L> set(classes);
    detail::require(set.size() > 1, who, set.size() == 0 ? "no classes" : "y holds one class only: " + detail::label_text(set[0]));
    check(set.size());
    return {set, group_moments(set.size(), n_features), priors, var_smoothing};
  }

  /// Goes on learning: the model has then seen its samples and these.
  ///
  /// model           becomes the new model; unchanged if anything is thrown
  /// X, y, sample_weight   as for `fit`; labels must be among the model's classes, none need occur
  /// throws          as `fit`, and for a label that is none of the classes, naming it and its row
  /// cost            one pass over X; memory O(k p) a thread
  /// note            batches equal the whole to rounding of double; the same batches, the same bits
  template <execution_policy Policy, class T, label L, samples_like M, labels_like Y, weights_like W = no_weights>
    requires std::is_same_v<scalar_of<M>, T> && std::is_same_v<element_of<Y>, L>
  void partial_fit(const Policy& policy, gaussian_nb_model<T, L>& model, const M& X, const Y& y,
                   const W& sample_weight = {}) const {
    const matrix_view<const T> x = view(X);
    check(model.classes_.size());
    detail::require_samples(who, x);
    detail::require_features(who, x, model.n_features());
    detail::require_length(who, "y", view(y).size, x);
    const auto codes = encode(policy, model.classes_, y, sample_weight);
    const detail::near_weights<Policy, T> weights(policy, who, sample_weight, x);
    const auto near_x = policy.bring(x);
    const auto near_codes = policy.bring(vector_view<const std::int32_t>{codes.data(), codes.size(), 1});
    const group_moments batch =
        moments(policy, near_x.view(), weights.data(), near_codes.view().data, model.classes_.size());
    detail::require_finite_moments(policy, who, near_x.view(), batch);
    group_moments together = detail::merge_finite(who, model.seen_, batch);
    gaussian_nb_model<T, L> learned(model.classes_, std::move(together), priors, var_smoothing);
    report_progress(policy, 1, 1);  // the caller's function may throw
    model = std::move(learned);
  }

  /// The model that has seen what both have.
  ///
  /// throws   invalid_input if they are of other classes or features, or overflow together
  template <class T, label L>
  gaussian_nb_model<T, L> merge(const gaussian_nb_model<T, L>& a, const gaussian_nb_model<T, L>& b) const {
    detail::require(a.classes_ == b.classes_ && a.n_features() == b.n_features(), "gaussian_nb::merge",
                    "the models are of different classes or features");
    return {a.classes_, detail::merge_finite("gaussian_nb::merge", a.seen_, b.seen_), priors, var_smoothing};
  }

 private:
  static constexpr const char* who = "gaussian_nb::fit";

  void check(index k) const {
    detail::require_at_least(who, "var_smoothing", var_smoothing, 0);
    if (priors.empty()) return;
    double sum = 0;
    for (const double p : priors) {
      detail::require_at_least(who, "a prior", p, 0);
      sum += p;
    }
    detail::require(static_cast<index>(priors.size()) == k, who,
                    std::to_string(priors.size()) + " priors for " + std::to_string(k) + " classes");
    detail::require(std::abs(sum - 1) < 1e-8, who, "the priors add up to " + std::to_string(sum) + ", not 1");
  }

  template <class Policy, class L, class Y, class W>
  static storage<std::int32_t> encode(const Policy& policy, const class_set<L>& classes, const Y& y, const W& weight) {
    const detail::host_vector<Policy, L> labels(policy, vector_view<const L>(view(y)));
    storage<std::int32_t> codes(labels.view().size);
    if constexpr (vector_like<W>) {
      using E = element_of<W>;
      const detail::host_vector<Policy, E> weights(policy, vector_view<const E>(view(weight)));
      detail::encode_labels(policy.host(), who, labels.view(), weights.view(), classes, codes.data());
    } else {
      detail::encode_labels(policy.host(), who, labels.view(), vector_view<const double>{}, classes, codes.data());
    }
    return codes;
  }
};

}  // namespace tutti
