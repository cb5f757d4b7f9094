#pragma once
// Which samples a tree sees, and how often.
//
// **Source** Breiman, Bagging Predictors, Machine Learning 24 (1996). Weights are chances to be drawn, as in
// scikit-learn from 1.9 on: the tree then counts what was drawn.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <tutti/core/arithmetic.hpp>
#include <tutti/core/random.hpp>
#include <tutti/core/view.hpp>

namespace tutti::detail {

/// Weights as whole numbers: as they are if they are whole, else multiples of a small step. Positive ones stay
/// positive.
template <class T>
std::vector<std::int32_t> whole_weights(vector_view<const T> weight) {
  double largest = 0;
  bool whole = true;
  for (index i = 0; i < weight.size; ++i) {
    const double w = static_cast<double>(weight(i));
    largest = std::max(largest, w);
    whole = whole && w == std::floor(w);
  }
  constexpr double limit = 1 << 20;
  const double scale = whole && largest <= limit ? 1 : limit / largest;
  std::vector<std::int32_t> out(static_cast<std::size_t>(weight.size));
  for (index i = 0; i < weight.size; ++i) {
    const double w = static_cast<double>(weight(i));
    if (w > 0) out[static_cast<std::size_t>(i)] = std::max(1, static_cast<std::int32_t>(std::floor(w * scale + 0.5)));
  }
  return out;
}

/// How often each sample is in each tree.
class bag {
 public:
  /// Every sample once, or as often as it weighs.
  static bag of_everything(index n, std::vector<std::int32_t> weight) { return bag(n, 0, std::move(weight)); }
  /// `draws` samples, with replacement.
  static bag of_draws(index n, index draws, std::vector<std::int32_t> weight) {
    return bag(n, draws, std::move(weight));
  }

  bool is_bootstrap() const { return draws_ > 0; }
  index samples() const { return n_; }
  /// Whether sample i has a weight at all.
  bool is_present(index i) const { return weight_.empty() || weight_[static_cast<std::size_t>(i)] > 0; }
  /// The most different samples that a tree can have.
  index most_rows() const { return is_bootstrap() ? std::min(n_, draws_) : n_; }
  /// The weight of all that a tree sees.
  std::int64_t total() const { return is_bootstrap() ? draws_ : weight_.empty() ? n_ : end_.back(); }
  /// Whether no sample can come more often than a byte counts; the chance that one does is then below 1e-300, and it
  /// counts 255 times.
  bool counts_fit_a_byte() const {
    if (is_bootstrap()) return weight_.empty() && draws_ <= 2 * n_;
    return std::all_of(weight_.begin(), weight_.end(), [](std::int32_t w) { return w <= 255; });
  }

  /// count[i] = how often sample i is in the tree.
  ///
  /// tree   the source of the tree's random numbers
  template <class Count>
  void fill(const random_source& tree, Count* count) const {
    if (!is_bootstrap()) {
      for (index i = 0; i < n_; ++i)
        count[i] = weight_.empty() ? Count{1} : static_cast<Count>(weight_[static_cast<std::size_t>(i)]);
      return;
    }
    std::fill_n(count, n_, Count{0});
    const random_source rows = tree.stream(1);
    const auto add = [&](index i) {
      count[i] = static_cast<Count>(count[i] + (count[i] < std::numeric_limits<Count>::max() ? 1 : 0));
    };
    for (index i = 0; i < draws_; i += 4) {
      const philox_counter words = rows.words(static_cast<std::uint64_t>(i));
      for (index k = 0; k < std::min<index>(4, draws_ - i); ++k) add(row_of(words[static_cast<std::size_t>(k)]));
    }
  }

 private:
  bag(index n, index draws, std::vector<std::int32_t> weight) : n_(n), draws_(draws), weight_(std::move(weight)) {
    std::int64_t sum = 0;
    for (const std::int32_t w : weight_) end_.push_back(sum += w);
  }

  /// A row for a random word: the chance of each differs from its share by less than 2^-32.
  index row_of(std::uint32_t word) const {
    if (weight_.empty()) return static_cast<index>(std::uint64_t{word} * static_cast<std::uint64_t>(n_) >> 32);
    const auto at =
        static_cast<std::int64_t>(multiply_high(std::uint64_t{word} << 32, static_cast<std::uint64_t>(end_.back())));
    return std::upper_bound(end_.begin(), end_.end(), at) - end_.begin();
  }

  index n_;
  index draws_;                       // 0: no bootstrap
  std::vector<std::int32_t> weight_;  // empty: ones
  std::vector<std::int64_t> end_;     // running sums of the weights
};

}  // namespace tutti::detail
