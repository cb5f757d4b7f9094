#pragma once
// How well labels are predicted: accuracy, confusion matrix, precision, recall, F1, log loss. All weighted.
//
// Names and conventions are scikit-learn's (sklearn.metrics, 1.9).

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/encode_labels.hpp>
#include <tutti/algorithm/near_vector.hpp>
#include <tutti/algorithm/sums.hpp>
#include <tutti/core/arithmetic.hpp>
#include <tutti/core/labels.hpp>
#include <tutti/core/math.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>
#include <tutti/metrics/inputs.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti {

/// Weights of samples by their class and by the class predicted.
template <label L>
struct confusion {
  std::vector<L> classes;  ///< [k] all that occur in either, ascending
  matrix<double> weight;   ///< [k x k] rows are true classes, columns predicted ones
};

/// Over which classes precision, recall and F1 are taken.
enum class average {
  binary,    ///< of the larger of two classes
  macro,     ///< mean of the classes' scores
  weighted,  ///< mean weighted by the classes' true weights
  micro,     ///< of all decisions together
};

namespace detail {

/// Counts by true and predicted class; codes are places among the classes.
template <class P>
struct confusion_kernel {
  static constexpr index block = 4096;

  const std::int32_t* y;
  const std::int32_t* predicted;
  weight_at<double> weight;
  index k;

  constexpr void map(index begin, index end, double* slot, std::byte*) const {
    if (!P::leader()) return;
    for (index i = begin; i < end; ++i) slot[y[i] * k + predicted[i]] += weight(i);
  }
  constexpr void combine(double* left, const double* right) const {
    for (index e = P::lane(); e < k * k; e += P::step()) left[e] += right[e];
  }
};

/// The weight of a sample if its label is predicted, and its weight.
template <class L>
struct match_terms {
  vector_view<const L> y;
  vector_view<const L> predicted;
  weight_at<double> weight;

  constexpr std::array<double, 2> operator()(index i) const {
    const double w = weight(i);
    return {y(i) == predicted(i) ? w : 0.0, w};
  }
};

/// Terms of the log loss: weight times minus the logarithm of the true class's probability.
template <class T>
struct log_loss_terms {
  const std::int32_t* y;
  matrix_view<const T> probability;
  weight_at<double> weight;
  double least;

  constexpr std::array<double, 2> operator()(index i) const {
    if (weight(i) == 0) return {0, 0};
    double sum = 0;
    bool negative = false;
    for (index k = 0; k < probability.cols; ++k) {
      sum += static_cast<double>(probability(i, k));
      negative = negative || probability(i, k) < 0;
    }
    if (negative) return {std::numeric_limits<double>::quiet_NaN(), weight(i)};
    const double p = static_cast<double>(probability(i, y[i])) / sum;
    const double inside = p < least ? least : 1 - least < p ? 1 - least : p;
    return {product(weight(i), -math::log(inside)), weight(i)};
  }
};

/// The places of labels among the classes; of samples without weight 0.
template <class Policy, class L, class W>
storage<std::int32_t> codes_of(const Policy& policy, std::string_view who, vector_view<const L> y, const W& weights,
                               const class_set<L>& classes) {
  const host_vector<Policy, L> labels(policy, y);
  storage<std::int32_t> codes(y.size);
  if constexpr (vector_like<W>) {
    const host_vector<Policy, element_of<W>> host(policy, vector_view<const element_of<W>>(view(weights)));
    encode_labels(policy.host(), who, labels.view(), host.view(), classes, codes.data());
  } else {
    encode_labels(policy.host(), who, labels.view(), vector_view<const double>{}, classes, codes.data());
  }
  return codes;
}

/// The table without the classes that only samples of weight 0 have.
template <class L>
confusion<L> without_absent(const confusion<L>& all) {
  confusion<L> out;
  std::vector<index> kept;
  for (index k = 0; k < all.weight.rows(); ++k) {
    double sum = 0;
    for (index j = 0; j < all.weight.rows(); ++j) sum += all.weight(k, j) + all.weight(j, k);
    if (!(sum > 0)) continue;
    kept.push_back(k);
    out.classes.push_back(all.classes[static_cast<std::size_t>(k)]);
  }
  const index size = static_cast<index>(kept.size());
  out.weight = matrix<double>(size, size);
  for (index i = 0; i < size; ++i)
    for (index j = 0; j < size; ++j)
      out.weight(i, j) = all.weight(kept[static_cast<std::size_t>(i)], kept[static_cast<std::size_t>(j)]);
  return out;
}

template <class Policy, class L, class W>
confusion<L> count_pairs(const Policy& policy, std::string_view who, vector_view<const L> a, vector_view<const L> b,
                         const W& weights) {
  require_pairs(who, a.size, b.size);
  const auto near_w = weights_of_pairs(policy, who, weights, a.size);
  std::vector<L> all;
  for (const auto& v : {a, b}) {
    const host_vector<Policy, L> labels(policy, v);
    const auto found = find_classes(policy.host(), labels.view()).labels();
    all.insert(all.end(), found.begin(), found.end());
  }
  const class_set<L> classes(std::move(all));
  const auto code_a = codes_of(policy, who, a, no_weights{}, classes);
  const auto code_b = codes_of(policy, who, b, no_weights{}, classes);
  const auto near_a = policy.bring(vector_view<const std::int32_t>{code_a.data(), a.size, 1});
  const auto near_b = policy.bring(vector_view<const std::int32_t>{code_b.data(), b.size, 1});
  using kernel_type = confusion_kernel<typename Policy::template pack<double>>;
  const index k = classes.size();
  const kernel_type kernel{near_a.view().data, near_b.view().data, {near_w.data()}, k};
  const auto table = policy.template reduce_blocks<double>(a.size, kernel_type::block, k * k, kernel);
  confusion<L> out{classes.labels(), matrix<double>(k, k)};
  std::copy(table.begin(), table.end(), out.weight.data());
  return without_absent(out);
}

/// Precision, recall and F1 of each class, and the true weight of each.
struct class_scores {
  std::vector<double> precision, recall, f1, support;
};

inline double ratio_or_zero(double a, double b) { return b > 0 ? a / b : 0.0; }

inline class_scores scores_of_classes(const matrix<double>& c) {
  class_scores out;
  for (index k = 0; k < c.rows(); ++k) {
    double truly = 0, predicted = 0;
    for (index j = 0; j < c.rows(); ++j) {
      truly += c(k, j);
      predicted += c(j, k);
    }
    out.precision.push_back(ratio_or_zero(c(k, k), predicted));
    out.recall.push_back(ratio_or_zero(c(k, k), truly));
    out.f1.push_back(ratio_or_zero(2 * c(k, k), truly + predicted));
    out.support.push_back(truly);
  }
  return out;
}

/// One number from those of the classes.
template <class Policy, class Y, class Z, class W>
double averaged(const Policy& policy, std::string_view who, const Y& y, const Z& predicted, average over,
                const W& weights, std::vector<double> class_scores::*score) {
  using L = element_of<Y>;
  const confusion<L> c =
      count_pairs(policy, who, vector_view<const L>(view(y)), vector_view<const L>(view(predicted)), weights);
  const class_scores s = scores_of_classes(c.weight);
  const std::vector<double>& each = s.*score;
  double sum = 0, total = 0, right = 0;
  for (std::size_t k = 0; k < each.size(); ++k) {
    sum += over == average::weighted ? product(each[k], s.support[k]) : each[k];
    total += s.support[k];
    right += c.weight(static_cast<index>(k), static_cast<index>(k));
  }
  if (over == average::macro) return sum / static_cast<double>(each.size());
  if (over == average::weighted) return sum / total;
  if (over == average::micro) return right / total;  // every sample has one class and one prediction
  require(each.size() == 2, who,
          "average::binary needs two classes, there are " + std::to_string(each.size()) + "; choose another average");
  return each[1];
}

}  // namespace detail

/// Weights of samples by true and predicted class.
///
/// y, predicted    [n]  labels of one type
/// sample_weight   [n]  >= 0, not all zero; ones if left out
/// returns         classes of both that have a weight, and their table
/// throws          invalid_input if the lengths differ or are zero, or a weight is bad
/// cost            O(n + n / 4096 k^2)
/// note            the same bits on every policy
template <execution_policy Policy, labels_like Y, labels_like Z, weights_like W = no_weights>
  requires std::is_same_v<element_of<Y>, element_of<Z>>
confusion<element_of<Y>> confusion_matrix(const Policy& policy, const Y& y, const Z& predicted,
                                          const W& sample_weight = {}) {
  using L = element_of<Y>;
  return detail::count_pairs(policy, "confusion_matrix", vector_view<const L>(view(y)),
                             vector_view<const L>(view(predicted)), sample_weight);
}

/// The weighted part of the samples whose label is predicted.
///
/// cost   one pass
/// note   arguments and errors as for confusion_matrix; the same bits on every policy
template <execution_policy Policy, labels_like Y, labels_like Z, weights_like W = no_weights>
  requires std::is_same_v<element_of<Y>, element_of<Z>>
double accuracy_score(const Policy& policy, const Y& y, const Z& predicted, const W& sample_weight = {}) {
  static constexpr const char* who = "accuracy_score";
  using L = element_of<Y>;
  const vector_view<const L> a = view(y), b = view(predicted);
  detail::require_pairs(who, a.size, b.size);
  const auto near_w = detail::weights_of_pairs(policy, who, sample_weight, a.size);
  const auto near_a = policy.bring(a), near_b = policy.bring(b);
  const detail::match_terms<L> terms{near_a.view(), near_b.view(), {near_w.data()}};
  const auto [right, total] = sums<2>(policy, a.size, terms);
  return right / total;
}

/// Of what is predicted to be a class, the part that is: averaged over classes as asked; 0 for a class never predicted.
///
/// throws   invalid_input also if `average::binary` meets other than two classes
/// note     other arguments, errors and cost as for confusion_matrix
template <execution_policy Policy, labels_like Y, labels_like Z, weights_like W = no_weights>
double precision_score(const Policy& policy, const Y& y, const Z& predicted, average over = average::binary,
                       const W& sample_weight = {}) {
  return detail::averaged(policy, "precision_score", y, predicted, over, sample_weight,
                          &detail::class_scores::precision);
}

/// Of what is a class, the part that is predicted to be: arguments as for precision_score.
template <execution_policy Policy, labels_like Y, labels_like Z, weights_like W = no_weights>
double recall_score(const Policy& policy, const Y& y, const Z& predicted, average over = average::binary,
                    const W& sample_weight = {}) {
  return detail::averaged(policy, "recall_score", y, predicted, over, sample_weight, &detail::class_scores::recall);
}

/// The harmonic mean of precision and recall: arguments as for precision_score.
template <execution_policy Policy, labels_like Y, labels_like Z, weights_like W = no_weights>
double f1_score(const Policy& policy, const Y& y, const Z& predicted, average over = average::binary,
                const W& sample_weight = {}) {
  return detail::averaged(policy, "f1_score", y, predicted, over, sample_weight, &detail::class_scores::f1);
}

/// The weighted mean of minus the logarithm of the probability given to the true class.
///
/// y               [n]      labels, each among the classes
/// probability     [n x k]  >= 0; rows are divided by their sum, then kept a rounding unit away from 0 and 1
/// classes         [k]      ascending: the columns' labels, as a model's `classes()` has them
/// sample_weight   [n]      >= 0, not all zero; ones if left out
/// returns         in natural units
/// throws          invalid_input if the shapes disagree, a label is no class, a probability is not finite or negative, or
///                 a weight is bad
/// cost            O(n k)
/// note            the same bits on every policy
template <execution_policy Policy, labels_like Y, samples_like M, weights_like W = no_weights>
double log_loss(const Policy& policy, const Y& y, const M& probability, const std::vector<element_of<Y>>& classes,
                const W& sample_weight = {}) {
  static constexpr const char* who = "log_loss";
  using L = element_of<Y>;
  using T = scalar_of<M>;
  const matrix_view<const T> p = view(probability);
  detail::require_samples(who, p);
  detail::require_length(who, "y", view(y).size, p);
  detail::require_features(who, p, static_cast<index>(classes.size()));
  const class_set<L> set(classes);
  detail::require(set.labels() == classes, who, "classes must be ascending and distinct");
  const auto near_p = policy.bring(p);
  detail::require_finite(policy, who, "probability", near_p.view());
  const detail::near_weights<Policy, double> near_w(policy, who, sample_weight, p);
  const auto codes = detail::codes_of(policy, who, vector_view<const L>(view(y)), sample_weight, set);
  const auto near_y = policy.bring(vector_view<const std::int32_t>{codes.data(), codes.size(), 1});
  const double least = static_cast<double>(std::numeric_limits<T>::epsilon());
  const detail::log_loss_terms<T> terms{near_y.view().data, near_p.view(), {near_w.data()}, least};
  const auto s = sums<2>(policy, p.rows, terms);
  detail::require(is_finite(s[0]), who, "the probabilities of a sample are negative or all zero");
  return s[0] / s[1];
}

}  // namespace tutti
