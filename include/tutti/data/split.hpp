#pragma once
// Which samples to learn from and which to test on: train/test, k-fold, stratified k-fold. Index lists, never copies.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <tutti/core/arithmetic.hpp>
#include <tutti/core/error.hpp>
#include <tutti/core/labels.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/core/random.hpp>
#include <tutti/core/view.hpp>

namespace tutti {

/// Row numbers of the two parts, ascending unless shuffled.
struct split {
  std::vector<index> train;
  std::vector<index> test;
};

namespace detail {

inline std::vector<index> first_numbers(index n) {
  std::vector<index> out(static_cast<std::size_t>(n));
  std::iota(out.begin(), out.end(), index{0});
  return out;
}

/// The rows of each class, in order.
template <class L>
std::vector<std::vector<index>> rows_by_class(vector_view<const L> y) {
  std::vector<L> labels;
  for (index i = 0; i < y.size; ++i) labels.push_back(y(i));
  const class_set<L> classes(std::move(labels));
  std::vector<std::vector<index>> rows(static_cast<std::size_t>(classes.size()));
  for (index i = 0; i < y.size; ++i) rows[static_cast<std::size_t>(classes.find(y(i)))].push_back(i);
  return rows;
}

inline index test_count(index n, double test_size) {
  if (!(test_size > 0 && test_size < 1))
    throw invalid_input("train_test_split: test_size must be between 0 and 1, got " + std::to_string(test_size));
  const auto count = static_cast<index>(std::ceil(test_size * static_cast<double>(n)));
  if (count < 1 || count >= n)
    throw invalid_input("train_test_split: " + std::to_string(n) + " samples cannot be split");
  return count;
}

inline void require_folds(index n_splits, index n) {
  if (n_splits < 2 || n_splits > n)
    throw invalid_input("k_fold: n_splits must be between 2 and the number of samples, got " +
                        std::to_string(n_splits) + " for " + std::to_string(n));
}

/// One split a fold from the fold number of each sample.
inline std::vector<split> splits_of(const std::vector<index>& fold, index n_splits) {
  std::vector<split> out(static_cast<std::size_t>(n_splits));
  for (std::size_t i = 0; i < fold.size(); ++i)
    for (index k = 0; k < n_splits; ++k)
      (fold[i] == k ? out[static_cast<std::size_t>(k)].test : out[static_cast<std::size_t>(k)].train)
          .push_back(static_cast<index>(i));
  return out;
}

}  // namespace detail

/// A random part for testing, the rest for training.
///
/// n           >= 2 samples
/// test_size   in (0, 1); ceil(test_size n) samples are tested on
/// returns     shuffled row numbers
/// throws      invalid_input if a part would be empty
/// cost        O(n)
inline split train_test_split(index n, double test_size = 0.25, std::uint64_t seed = 0) {
  const index tested = detail::test_count(n, test_size);
  std::vector<index> rows = detail::first_numbers(n);
  detail::shuffle(rows, random_source(seed));
  return {std::vector<index>(rows.begin() + tested, rows.end()), std::vector<index>(rows.begin(), rows.begin() + tested)};
}

/// The same with each class in both parts as often as in the whole, to rounding (largest remainders).
///
/// y        [n] labels
/// throws   invalid_input if a part would be empty
template <labels_like Y>
split train_test_split(const Y& y, double test_size = 0.25, std::uint64_t seed = 0) {
  using L = element_of<Y>;
  const vector_view<const L> labels = view(y);
  const index tested = detail::test_count(labels.size, test_size);
  auto rows = detail::rows_by_class(labels);
  std::vector<std::pair<double, std::size_t>> remainder;
  std::vector<index> take(rows.size());
  index given = 0;
  for (std::size_t c = 0; c < rows.size(); ++c) {
    const double share = static_cast<double>(tested) * static_cast<double>(rows[c].size()) / static_cast<double>(labels.size);
    take[c] = static_cast<index>(share);
    given += take[c];
    remainder.emplace_back(static_cast<double>(take[c]) - share, c);
  }
  std::sort(remainder.begin(), remainder.end());
  for (std::size_t r = 0; given < tested; ++r, ++given) ++take[remainder[r].second];
  split out;
  const random_source source(seed);
  for (std::size_t c = 0; c < rows.size(); ++c) {
    detail::shuffle(rows[c], source.fork(c));
    out.test.insert(out.test.end(), rows[c].begin(), rows[c].begin() + take[c]);
    out.train.insert(out.train.end(), rows[c].begin() + take[c], rows[c].end());
  }
  detail::shuffle(out.train, source.stream(1));
  detail::shuffle(out.test, source.stream(2));
  return out;
}

/// k parts of nearly equal size; each is tested on once.
struct k_fold {
  index n_splits = 5;      ///< >= 2
  bool shuffle = false;    ///< whether the samples are shuffled before they are dealt out
  std::uint64_t seed = 0;  ///< of the shuffle

  /// The first n mod n_splits folds have one sample more.
  ///
  /// throws   invalid_input unless 2 <= n_splits <= n
  /// cost     O(n n_splits)
  std::vector<split> splits(index n) const {
    detail::require_folds(n_splits, n);
    std::vector<index> rows = detail::first_numbers(n), fold(static_cast<std::size_t>(n));
    if (shuffle) detail::shuffle(rows, random_source(seed));
    std::size_t at = 0;
    for (index k = 0; k < n_splits; ++k)
      for (index size = n / n_splits + (k < n % n_splits ? 1 : 0); size > 0; --size)
        fold[static_cast<std::size_t>(rows[at++])] = k;
    return detail::splits_of(fold, n_splits);
  }
};

/// k parts with each class as often as in the whole, to one sample.
struct stratified_k_fold {
  index n_splits = 5;      ///< >= 2
  bool shuffle = false;    ///< whether each class is shuffled before it is dealt out
  std::uint64_t seed = 0;  ///< of the shuffle

  /// Fold sizes as scikit-learn's: classes are dealt out in the order in which they first occur.
  ///
  /// y        [n] labels; each class n_splits times at least
  /// throws   invalid_input if a class is too rare
  /// cost     O(n n_splits)
  template <labels_like Y>
  std::vector<split> splits(const Y& y) const {
    using L = element_of<Y>;
    const vector_view<const L> labels = view(y);
    detail::require_folds(n_splits, labels.size);
    auto rows = detail::rows_by_class(labels);
    std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.front() < b.front(); });
    std::vector<index> fold(static_cast<std::size_t>(labels.size));
    index dealt = 0;
    for (std::size_t c = 0; c < rows.size(); ++c) {
      const auto count = static_cast<index>(rows[c].size());
      if (count < n_splits)
        throw invalid_input("stratified_k_fold: a class has " + std::to_string(count) + " samples, fewer than the " +
                            std::to_string(n_splits) + " folds");
      if (shuffle) detail::shuffle(rows[c], random_source(seed).fork(c));
      std::size_t at = 0;
      for (index k = 0; k < n_splits; ++k) {
        // Sorted by class, every n_splits-th sample from the k-th on goes to fold k: so many of this class.
        const index first = ((k - dealt) % n_splits + n_splits) % n_splits;
        const index size = first < count ? (count - first - 1) / n_splits + 1 : 0;
        for (index i = 0; i < size; ++i) fold[static_cast<std::size_t>(rows[c][at++])] = k;
      }
      dealt += count;
    }
    return detail::splits_of(fold, n_splits);
  }
};

/// Rows of a matrix, copied.
///
/// rows      [m] row numbers
/// returns   [m x p]
/// throws    invalid_input if a number is out of range
template <matrix_like M>
matrix<scalar_of<M>> take(const M& X, std::span<const index> rows) {
  const auto x = view(X);
  matrix<scalar_of<M>> out(static_cast<index>(rows.size()), x.cols);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i] < 0 || rows[i] >= x.rows) throw invalid_input("take: there is no row " + std::to_string(rows[i]));
    for (index j = 0; j < x.cols; ++j) out(static_cast<index>(i), j) = x(rows[i], j);
  }
  return out;
}

/// Elements of a vector, copied.
template <vector_like V>
std::vector<element_of<V>> take(const V& v, std::span<const index> rows) {
  const auto x = view(v);
  std::vector<element_of<V>> out;
  for (const index i : rows) {
    if (i < 0 || i >= x.size) throw invalid_input("take: there is no element " + std::to_string(i));
    out.push_back(x(i));
  }
  return out;
}

}  // namespace tutti
