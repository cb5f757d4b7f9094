#pragma once
// How good a split is: criteria on sums that are whole numbers, so that no order of addition changes a tree.
//
// **Source** Breiman, Friedman, Olshen, Stone, Classification and Regression Trees (1984), sections 4.1 and 8.4.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <tutti/core/arithmetic.hpp>
#include <tutti/core/math.hpp>
#include <tutti/core/view.hpp>

namespace tutti {

/// How unlike the labels of a node are.
enum class class_criterion {
  gini,      ///< 1 - sum of the squared shares of the classes
  entropy,   ///< - sum of share log2 share
  log_loss,  ///< another name for entropy
};

/// How unlike the targets of a node are.
enum class value_criterion {
  squared_error,  ///< variance
  absolute_error,  ///< mean distance from the median; leaves hold medians
  poisson,        ///< half the mean Poisson deviance; targets >= 0, not all 0
};

namespace detail {

/// Sums of a node: the weight of each class, or (sum of weight times target, weight).
using node_sums = std::span<const std::int64_t>;

constexpr double as_double(std::int64_t x) { return static_cast<double>(x); }

/// The score of a split of two classes: Gini's order, from whole numbers and one division.
///
/// d = l0 c1 - l1 c0, and kept(left) + kept(right) - kept(node) = 2 d^2 / (left right node).
template <class F>
constexpr F two_class_score(F d, F left, F right) {
  return d * d / (left * right);
}

/// The score of a split of more classes, by Gini: sums of the squared weights of the classes on both sides.
template <class F>
constexpr F several_class_score(F squares_left, F left, F squares_right, F right) {
  return squares_left / left + squares_right / right;
}

/// The score of a split of numbers by squares: s is the sum on the left, around the mean of the node.
///
/// kept(left) + kept(right) - kept(node) = s^2 node / (left right).
template <class F>
constexpr F value_score(F s, F left, F right) {
  return s * s / (left * right);
}

/// The classes that have a weight in a node, if there are two.
struct class_pair {
  index first = -1, second = -1;
  index present = 0;

  explicit constexpr class_pair(node_sums s) {
    for (index c = 0; c < static_cast<index>(s.size()); ++c) {
      if (s[static_cast<std::size_t>(c)] == 0) continue;
      if (present == 0) first = c;
      if (present == 1) second = c;
      ++present;
    }
  }
};

/// What a criterion makes of the sums of weights by class.
struct class_measure {
  static constexpr bool looks_at_rows = false;  ///< sums suffice

  class_criterion criterion = class_criterion::gini;

  static constexpr std::int64_t weight(node_sums s) {
    std::int64_t sum = 0;
    for (const std::int64_t c : s) sum += c;
    return sum;
  }

  /// What a node of two classes predicts: the share of the second one.
  static constexpr double value(node_sums s) { return as_double(s[1]) / as_double(weight(s)); }

  /// Weight minus weight times impurity (Gini), or minus weight times impurity (entropy): two nodes are better than one
  /// by what they have more of this.
  constexpr double kept(node_sums s) const {
    const std::int64_t w = weight(s);
    if (w == 0) return 0;
    double sum = 0;
    for (const std::int64_t c : s) {
      const double x = as_double(c);
      if (criterion == class_criterion::gini) sum += product(x, x);
      else if (c > 0) sum += product(x, math::log(x / as_double(w)));
    }
    return criterion == class_criterion::gini ? sum / as_double(w) : sum / 0.69314718055994530942;
  }

  /// What a split is worth: only the order of these counts.
  constexpr double gain(node_sums left, node_sums right, node_sums node) const {
    if (criterion == class_criterion::gini) {
      const class_pair pair(node);
      if (pair.present == 2) {
        const auto a = static_cast<std::size_t>(pair.first), b = static_cast<std::size_t>(pair.second);
        const double d =
            product(as_double(left[a]), as_double(node[b])) - product(as_double(left[b]), as_double(node[a]));
        return two_class_score(d, as_double(weight(left)), as_double(weight(right)));
      }
      return kept(left) + kept(right);
    }
    return kept(left) + kept(right) - kept(node);
  }

  /// Categories are ordered by the share of this class.
  static constexpr std::size_t ordering_channel(node_sums node) {
    return static_cast<std::size_t>(std::max_element(node.begin(), node.end()) - node.begin());
  }
};

/// What a criterion makes of a sum of targets and its weight. Targets are whole multiples of 1 / scale from an origin.
struct value_measure {
  static constexpr bool looks_at_rows = false;  ///< sums suffice

  value_criterion criterion = value_criterion::squared_error;

  static constexpr std::int64_t weight(node_sums s) { return s[1]; }

  /// What a node predicts, in steps from the origin.
  static constexpr double value(node_sums s) { return as_double(s[0]) / as_double(s[1]); }

  /// Minus weight times impurity, and what all splits of a node share.
  constexpr double kept(node_sums s) const {
    const double sum = as_double(s[0]), w = as_double(s[1]);
    if (criterion == value_criterion::squared_error) return w > 0 ? product(sum, sum) / w : 0;
    return sum > 0 ? product(sum, math::log(sum / w)) : -std::numeric_limits<double>::infinity();
  }

  /// What a split is worth: only the order of these counts.
  constexpr double gain(node_sums left, node_sums right, node_sums node) const {
    if (criterion == value_criterion::squared_error) {
      const double mean = as_double(node[0]) / as_double(node[1]);
      const double l = as_double(left[1]), r = as_double(right[1]);
      const double centred = as_double(left[0]) - product(mean, l);
      return product(centred, centred) / product(l, r);
    }
    return kept(left) + kept(right) - kept(node);
  }

  /// Categories are ordered by their mean.
  static constexpr std::size_t ordering_channel(node_sums) { return 0; }
};

/// The same for several targets, by squared errors: sums of weight times each target, and the weight.
struct several_measure {
  static constexpr bool looks_at_rows = false;  ///< sums suffice

  std::vector<double> unit{};  ///< [targets] what a squared step of each target counts

  static std::int64_t weight(node_sums s) { return s.back(); }
  /// No constraint asks for it.
  static double value(node_sums s) { return as_double(s[0]) / as_double(s.back()); }
  /// No category asks for it.
  static std::size_t ordering_channel(node_sums) { return 0; }

  double kept(node_sums s) const {
    double sum = 0;
    for (std::size_t k = 0; k < unit.size(); ++k) sum += product(unit[k], product(as_double(s[k]), as_double(s[k])));
    return sum / as_double(weight(s));
  }

  double gain(node_sums left, node_sums right, node_sums node) const {
    const double l = as_double(weight(left)), r = as_double(weight(right));
    double sum = 0;
    for (std::size_t k = 0; k < unit.size(); ++k) {
      const double mean = as_double(node[k]) / as_double(weight(node));
      const double centred = as_double(left[k]) - product(mean, l);
      sum += product(unit[k], product(centred, centred));
    }
    return sum / product(l, r);
  }
};

}  // namespace detail

}  // namespace tutti
