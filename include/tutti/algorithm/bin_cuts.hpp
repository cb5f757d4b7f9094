#pragma once
// Where features are cut into bins: between their distinct values, or at quantiles of a sample where these are many.
//
// A feature's sample is sorted as bits, which gives its distinct values and their weights. Where these are few, all
// rows are looked through for values that the sample missed.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/number_line.hpp>
#include <tutti/algorithm/samples.hpp>
#include <tutti/core/arithmetic.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/ordered_bits.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti::detail {

/// Where a feature of more than 255 distinct values is cut.
enum class cut_places {
  at_quantiles,  ///< into at most 255 bins
  everywhere,    ///< between any two neighbours
};

inline constexpr index most_bins = 255;
inline constexpr index most_sampled = 1 << 15;  // rows that quantiles are taken from

/// Smallest and largest value of each feature, and flags 0 or 1: one is missing, one is infinite.
template <class P>
struct range_kernel {
  using T = typename P::value_type;
  static constexpr index block = 4096;

  matrix_view<const T> X;
  const T* weight;  ///< [n] or nullptr

  constexpr index padded() const { return padded_features(X.cols); }
  constexpr index width() const { return 4 * padded(); }

  constexpr void map(index begin, index end, T* slot, std::byte*) const {
    const index q = padded();
    std::fill_n(slot, q, std::numeric_limits<T>::max());
    std::fill_n(slot + q, q, std::numeric_limits<T>::lowest());
    for (index row = begin; row < end; row += 4)
      for (index j = 0; j < X.cols; j += feature_lanes) add(row, std::min(index{4}, end - row), slot + j, j);
    for (index j = 0; j < X.cols; ++j)
      if (!is_finite(slot[3 * q + j])) search(begin, end, slot + j, j);
  }

  constexpr void combine(T* left, const T* right) const {
    const index q = padded();
    for (index j = 0; j < q; j += feature_lanes) min(P::loadu(left + j), P::loadu(right + j)).storeu(left + j);
    for (index j = q; j < 4 * q; j += feature_lanes) max(P::loadu(left + j), P::loadu(right + j)).storeu(left + j);
  }

 private:
  constexpr bool present(index row) const { return weight == nullptr || T(0) < weight[row]; }

  /// Up to four rows, of features [j, j + 16). The last of the four arrays becomes NaN where a value is not finite.
  [[gnu::always_inline]] constexpr void add(index row, index count, T* slot, index j) const {
    const index q = padded();
    P x[4];
    read_samples(X, row, count, j, x);
    P low = P::loadu(slot), high = P::loadu(slot + q), witness = P::loadu(slot + 3 * q);
#pragma GCC unroll 4
    for (index r = 0; r < 4; ++r) {
      witness = witness + (opaque(x[r]) - x[r]);
      const auto counts = P::all(T(0)) < P::all(present(row + std::min(r, count - 1)) ? T(1) : T(0));
      low = min(select(counts, x[r], low), low);
      high = max(select(counts, x[r], high), high);
    }
    low.storeu(slot);
    high.storeu(slot + q);
    witness.storeu(slot + 3 * q);
  }

  /// The same again for one feature that has values which are not finite.
  constexpr void search(index begin, index end, T* slot, index j) const {
    T low = std::numeric_limits<T>::max(), high = std::numeric_limits<T>::lowest();
    bool missing = false, infinite = false;
    for (index i = begin; i < end; ++i) {
      const T x = X(i, j);
      if (is_finite(x)) {
        if (present(i)) low = std::min(low, x), high = std::max(high, x);
      } else {
        infinite = infinite || !is_nan(x);
        missing = missing || (is_nan(x) && present(i));
      }
    }
    const index q = padded();
    slot[0] = low;
    slot[q] = high;
    slot[2 * q] = missing ? T(1) : T(0);
    slot[3 * q] = infinite ? T(1) : T(0);
  }
};

/// The rows that cuts are looked for in: so many of those that have a weight, evenly spread.
template <class Policy, class T>
class row_sample {
 public:
  row_sample(const Policy& policy, const T* weight, index n, index most)
      : present_(weight == nullptr ? n : n - static_cast<index>(std::count(weight, weight + n, T(0)))),
        rows_(policy.template make_buffer<index>(std::min(present_, most))) {
    index row = 0, seen = 0;  // rows before `row` that are present
    for (index i = 0; i < size(); ++i) {
      const index wanted = everything() ? i : i * present_ / most;
      if (weight == nullptr) {
        row = wanted;
      } else {
        while (seen < wanted || weight[row] == T(0)) seen += weight[row++] != T(0) ? 1 : 0;
      }
      rows_.data()[i] = row;
    }
  }

  index size() const { return rows_.size(); }
  const index* rows() const { return rows_.data(); }
  bool everything() const { return present_ == size(); }

 private:
  index present_;
  decltype(std::declval<const Policy&>().template make_buffer<index>(index{})) rows_;
};

/// A value of a feature as bits of the same order, and what it weighs.
template <class T>
struct weighted_key {
  key_bits<T> bits;
  T weight;
};

/// A stable radix sort by the highest Bytes bytes of the bits.
///
/// Key       has `bits`, an unsigned number
/// spare     [n]
/// returns   where the sorted ones are: in `keys` or in `spare`
template <index Bytes, class Key>
constexpr Key* sort_bytes(Key* keys, Key* spare, index n) {
  constexpr index first = static_cast<index>(sizeof(keys->bits)) - Bytes;
  const auto byte = [](const Key& k, index b) { return static_cast<std::size_t>(k.bits >> (8 * (first + b))) & 255; };
  std::uint32_t start[Bytes][256] = {};
  for (index i = 0; i < n; ++i)
    for (index b = 0; b < Bytes; ++b) ++start[b][byte(keys[i], b)];
  for (index b = 0; b < Bytes; ++b) {
    if (n == 0 || start[b][byte(keys[0], b)] == static_cast<std::uint32_t>(n)) continue;
    std::uint32_t sum = 0;
    for (std::uint32_t& s : start[b]) sum += std::exchange(s, sum);
    for (index i = 0; i < n; ++i) spare[start[b][byte(keys[i], b)]++] = keys[i];
    std::swap(keys, spare);
  }
  return keys;
}

/// A stable insertion sort of what is nearly sorted; false if that would take more than a few moves a key.
template <class T>
constexpr bool insert_sorted(weighted_key<T>* keys, index n) {
  index moves = 4 * n;
  for (index i = 1; i < n && moves >= 0; ++i) {
    const weighted_key<T> k = keys[i];
    index at = i;
    for (; at > 0 && k.bits < keys[at - 1].bits; --at, --moves) keys[at] = keys[at - 1];
    keys[at] = k;
  }
  return moves >= 0;
}

/// Sorts by bits, ascending and stable. Of doubles the upper half mostly suffices.
///
/// spare     [n]
/// returns   where the sorted ones are: in `keys` or in `spare`
template <class T>
constexpr weighted_key<T>* sort_keys(weighted_key<T>* keys, weighted_key<T>* spare, index n) {
  weighted_key<T>* const sorted = sort_bytes<4>(keys, spare, n);
  if (sizeof(T) == 4 || insert_sorted(sorted, n)) return sorted;
  return sort_bytes<sizeof(T)>(sorted, sorted == keys ? spare : keys, n);
}

/// A number between two neighbours: low <= cut < high, also where their middle rounds.
template <class T>
constexpr T cut_between(T low, T high) {
  const T middle = low / 2 + high / 2;
  return low <= middle && middle < high ? middle : low;
}

/// A cut between each two neighbours.
///
/// returns   how many
template <class T>
constexpr index cut_everywhere(const T* value, index d, T* cut) {
  for (index k = 0; k + 1 < d; ++k) cut[k] = cut_between(value[k], value[k + 1]);
  return std::max(index{0}, d - 1);
}

/// At most 254 cuts between distinct values [d], each with its weight.
///
/// A value that weighs more than two parts of 255 gets a bin of its own; the cuts that are left divide the others into
/// parts of equal weight.
///
/// total     of the weights
/// returns   how many
template <class T>
constexpr index cut_at_quantiles(const T* value, const double* weight, index d, double total, T* cut) {
  if (d <= most_bins) return cut_everywhere(value, d, cut);
  double light = total, parts = 255;
  const auto heavy = [=](index k) { return weight[k] * 255 > total * 2; };
  for (index k = 0; k < d; ++k)
    if (heavy(k)) light -= weight[k], parts -= 2;
  index cuts = 0;
  double below = 0, next = 1, full = light;  // the light weight so far fills `next` parts when below * parts >= full
  bool alone = heavy(0);
  for (index k = 0; k + 1 < d; ++k) {
    const bool next_alone = heavy(k + 1);
    bool ends = alone || next_alone;
    if (!alone) below += weight[k];
    for (; full <= below * parts && next < parts; full = ++next * light) ends = true;
    if (ends) cut[cuts++] = cut_between(value[k], value[k + 1]);
    alone = next_alone;
  }
  return cuts;
}

/// Finds the cuts of features.
template <class P>
struct cuts_kernel {
  using T = typename P::value_type;
  using key = weighted_key<T>;
  static constexpr index block = 4;  // features that are read together

  matrix_view<const T> X;
  const T* weight;                  ///< [n] or nullptr
  const std::uint8_t* categorical;  ///< [p] or nullptr
  const index* rows;                ///< [m] the sample
  index m;
  bool everything;  ///< the sample is all there is
  cut_places places;
  std::vector<T>* cut;     ///< [p] cuts, or categories
  std::uint8_t* too_many;  ///< [p] 1: there are more than 255 categories

  constexpr index scratch_bytes() const {
    return m * static_cast<index>((block + 1) * sizeof(key) + sizeof(double) + sizeof(T));
  }

  void operator()(index begin, index end, std::byte* scratch) const {
    double* const weights = reinterpret_cast<double*>(scratch);
    key* const spare = reinterpret_cast<key*>(weights + m);
    key* const keys = spare + m;
    T* const values = reinterpret_cast<T*>(keys + block * m);
    index present[block] = {};
    gather(begin, end, keys, present);
    for (index j = begin; j < end; ++j) {
      distinct_values seen{values, weights};
      seen.collect(sort_keys(keys + (j - begin) * m, spare, m), present[j - begin]);
      find(j, seen);
    }
  }

 private:
  /// The sample of features [begin, end): missing values become the largest bits; `present` counts the others.
  constexpr void gather(index begin, index end, key* keys, index* present) const {
    for (index i = 0; i < m; ++i) {
      const index row = rows[i];
      const T w = weight == nullptr ? T(1) : weight[row];
      if (X.col_stride == 1) P::prefetch(&X(rows[std::min(i + 16, m - 1)], begin));
      for (index j = begin; j < end; ++j) {
        const T x = X(row, j);
        const bool missing = is_nan(x);
        keys[(j - begin) * m + i] = {missing ? static_cast<key_bits<T>>(-1) : ordered_bits(x), w};
        present[j - begin] += missing ? 0 : 1;
      }
    }
  }

  /// The distinct values of a sample, ascending, and the weight of each.
  struct distinct_values {
    T* value;
    double* weight;
    index size = 0;
    double total = 0;

    constexpr void collect(const key* sorted, index n) {
      for (index i = 0; i < n; ++size) {
        const key_bits<T> bits = sorted[i].bits;
        double sum = 0;
        for (; i < n && sorted[i].bits == bits; ++i) sum += static_cast<double>(sorted[i].weight);
        value[size] = from_ordered_bits<T>(bits);
        weight[size] = sum;
        total += sum;
      }
    }
  };

  void find(index j, const distinct_values& seen) const {
    const bool category = categorical != nullptr && categorical[j] != 0;
    if (places == cut_places::everywhere && !category) return cut_between_all(seen.value, seen.size, cut[j]);
    T all[bin_slots];
    index size = std::min(seen.size, bin_slots);
    std::copy_n(seen.value, size, all);
    if (!everything && size <= most_bins) size = add_others(j, all, size);
    if (category && size > most_bins) {
      too_many[j] = 1;
    } else if (category) {
      cut[j].assign(all, all + size);
    } else if (size <= most_bins) {
      cut_between_all(all, size, cut[j]);
    } else {
      T cuts[bin_slots];
      cut[j].assign(cuts, cuts + cut_at_quantiles(seen.value, seen.weight, seen.size, seen.total, cuts));
    }
  }

  static void cut_between_all(const T* value, index size, std::vector<T>& out) {
    out.resize(static_cast<std::size_t>(std::max(index{0}, size - 1)));
    cut_everywhere(value, size, out.data());
  }

  /// Adds the values that only rows outside of the sample have, until there are too many; returns how many there are.
  constexpr index add_others(index j, T* all, index size) const {
    number_line<T> line;
    line.assign(all, size);
    for (index i = 0; i < X.rows; ++i) {
      const T x = X(i, j);
      const index below = line_search<P>(line).below(x);
      if (line.value[below] == x || is_nan(x) || (weight != nullptr && weight[i] == T(0))) continue;
      if (size == most_bins) return size + 1;
      std::copy_backward(all + below, all + size, all + size + 1);
      all[below] = from_ordered_bits<T>(ordered_bits(x));
      line.assign(all, ++size);
    }
    return size;
  }
};

}  // namespace tutti::detail
