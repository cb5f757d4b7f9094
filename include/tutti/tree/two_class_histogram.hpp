#pragma once
// The splits of a node of two classes by a histogram: both classes' weights in one word a bin.

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <tutti/core/arithmetic.hpp>
#include <tutti/core/view.hpp>
#include <tutti/tree/criterion.hpp>
#include <tutti/tree/lane_best.hpp>
#include <tutti/tree/split.hpp>

namespace tutti::detail {

/// A histogram of words that hold the weight of one class in each half.
template <class Word>
class word_histogram {
 public:
  static constexpr int half = 4 * sizeof(Word);
  static constexpr std::int64_t most_weight = (std::int64_t{1} << (half < 32 ? half : 31)) - 1;

  /// word_of(row)   the row's weight, shifted by `half` for the second class
  template <class WordOf>
  void open(const open_node& node, index row_bytes, std::int64_t first_class, std::int64_t second_class,
            const WordOf& word_of) {
    node_ = &node;
    row_bytes_ = row_bytes;
    first_ = first_class;
    second_ = second_class;
    words_.resize(static_cast<std::size_t>(node.count));
    for (index i = 0; i < node.count; ++i) words_[static_cast<std::size_t>(i)] = word_of(node.rows + i * row_bytes);
  }

  /// Fills the histogram; false, and the histogram is empty again, if all rows are in one bin.
  bool count(index feature) {
    const std::uint8_t* row = node_->rows + feature;
    const Word* word = words_.data();
    index left = node_->count;
    for (; left >= 2;
         left -= 2, row += 2 * row_bytes_, word += 2) {  // in turn: a bin that comes twice does not wait for itself
      bins_[0][place(row[0])] += word[0];
      bins_[1][place(row[row_bytes_])] += word[1];
    }
    if (left > 0) bins_[0][place(row[0])] += word[0];
    const std::size_t some = place(node_->rows[feature]);
    const Word all = static_cast<Word>(second_) << half | static_cast<Word>(first_);
    if (bins_[0][some] + bins_[1][some] != all) return true;
    bins_[0][some] = bins_[1][some] = 0;
    return false;
  }

 protected:
  /// Bins 16 apart lie side by side: a lane of a pack then has 16 bins that follow one another.
  static constexpr std::size_t place(std::uint8_t bin) { return static_cast<std::uint8_t>(bin << 4 | bin >> 4); }

  const open_node* node_ = nullptr;
  index row_bytes_ = 0;
  std::int64_t first_ = 0, second_ = 0;
  std::vector<Word> words_;
  alignas(64) std::array<std::array<Word, 256>, 2> bins_{};
};

/// Below 65536: halves of 16 bits, 16 scores at a time.
///
/// P   the pack of floats to compute with
template <class P>
class two_class_histogram : public word_histogram<std::uint32_t> {
 public:
  void reset() { best_.reset(); }

  /// Offers all cuts of the feature; they are numbered from `first` on, in the order of the bins.
  ///
  /// returns   whether the feature varies in the node
  bool try_feature(index feature, index first) {
    if (!count(feature)) return false;
    scan(first);
    return true;
  }

  typename lane_best<P>::winner find() const { return best_.find(); }

 private:
  using integers = typename P::template rebind<std::int32_t>;
  static constexpr int steps = 256 / P::lanes;
  static_assert(P::lanes == 16);

  static integers load(const std::uint32_t* p) { return integers::load(reinterpret_cast<const std::int32_t*>(p)); }
  static integers whole(std::int64_t x) { return integers::all(static_cast<std::int32_t>(x)); }

  /// f(v) for each step; unrolled where the sums of all steps stay in registers.
  template <class F>
  [[gnu::always_inline]] static void each_step(const F& f) {
    if constexpr (P::width >= 8) {
#pragma GCC unroll 16
      for (int v = 0; v < steps; ++v) f(v);
    } else {
      for (int v = 0; v < steps; ++v) f(v);
    }
  }

  void scan(index first) {
    const integers zero = integers::all(0);
    integers sum[steps], running = zero;
    each_step([&](int v) __attribute__((always_inline)) {
      std::uint32_t* const a = bins_[0].data() + 16 * v;
      std::uint32_t* const b = bins_[1].data() + 16 * v;
      running = running + load(a) + load(b);
      zero.store(reinterpret_cast<std::int32_t*>(a));
      zero.store(reinterpret_cast<std::int32_t*>(b));
      sum[v] = running;
    });
    const integers before = sum_before(running), low = integers::all(0xffff), c0 = whole(first_), c1 = whole(second_);
    const P all = P::all(static_cast<float>(first_ + second_)), none = P::all(-1.0f), one = P::all(1.0f);
    P number = counting_lanes<P>(16.0f) + P::all(static_cast<float>(first));
    each_step([&](int v) __attribute__((always_inline)) {
      const integers word = sum[v] + before, l0 = word & low, l1 = word.template shifted_right<16>();
      const P left = (l0 + l1).to_float(), right = all - left;
      const P d = (l0 * c1 - l1 * c0).to_float(), smaller = min(left, right);
      const P score = two_class_score(d, max(left, one), max(right, one));
      best_.offer(select(smaller < one, none, score), number);
      number = number + one;
    });
  }

  /// What lies in the lanes before each.
  static integers sum_before(const integers& own) {
    alignas(64) std::int32_t lane[16];
    own.store(lane);
    std::uint32_t sum = 0;
    for (std::int32_t& x : lane) {
      const auto here = static_cast<std::uint32_t>(x);
      x = static_cast<std::int32_t>(sum);
      sum += here;
    }
    return integers::load(lane);
  }

  lane_best<P> best_;
};

/// Above: halves of 32 bits, and double. Such nodes are few.
class wide_two_class_histogram : public word_histogram<std::uint64_t> {
 public:
  struct winner {
    double score;
    index number;
  };

  void reset() { best_ = {-1, 0}; }

  /// As two_class_histogram's.
  bool try_feature(index feature, index first) {
    if (!count(feature)) return false;
    const double c0 = as_double(first_), c1 = as_double(second_);
    std::uint64_t word = 0;
    for (int bin = 0; bin < 256; ++bin) {
      const std::size_t at = place(static_cast<std::uint8_t>(bin));
      const std::uint64_t here = bins_[0][at] + bins_[1][at];
      if (here == 0) continue;
      bins_[0][at] = bins_[1][at] = 0;
      word += here;
      const double l0 = static_cast<double>(word & 0xffffffff), l1 = static_cast<double>(word >> 32);
      const double left = l0 + l1, right = c0 + c1 - left;
      if (right == 0) continue;
      const double score = two_class_score(product(l0, c1) - product(l1, c0), left, right);
      if (score > best_.score) best_ = {score, first + bin};
    }
    return true;
  }

  winner find() const { return best_; }

 private:
  winner best_{-1, 0};
};

}  // namespace tutti::detail
