#pragma once
// quantize: features as bins, at most 255 of them, which is what trees compare.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tutti/algorithm/bin_cuts.hpp>
#include <tutti/algorithm/check.hpp>
#include <tutti/core/arithmetic.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti {

/// The bin of a value that is missing: NaN, or a category that was not seen.
inline constexpr std::uint8_t missing_bin = 255;

/// Where each feature is cut into bins. x falls into bin #{cuts < x}, so x <= cut[b] if and only if its bin <= b.
template <class T>
struct bin_cuts {
  std::vector<std::int64_t> start{0};     ///< [p + 1] the first cut of each feature
  std::vector<T> cut;                     ///< of each feature: at most 254 cuts, or at most 255 categories, ascending
  std::vector<T> low, high;               ///< [p] smallest and largest value; 0, 0 if there is none
  std::vector<std::uint8_t> categorical;  ///< [p] 1: bin b is category cut[start + b]
  std::vector<std::uint8_t> missing;      ///< [p] 1: a value was missing

  index features() const { return static_cast<index>(start.size()) - 1; }

  /// The cuts, or the categories, of feature j.
  std::span<const T> of(index j) const {
    const auto at = static_cast<std::size_t>(j);
    return {cut.data() + start[at], static_cast<std::size_t>(start[at + 1] - start[at])};
  }

  /// How many bins feature j has, besides that of missing values.
  index bins(index j) const {
    return static_cast<index>(of(j).size()) + (categorical[static_cast<std::size_t>(j)] != 0 ? 0 : 1);
  }

  friend bool operator==(const bin_cuts&, const bin_cuts&) = default;
};

/// The cuts of the features of X: between all values if there are at most 255, else at quantiles.
///
/// X             [n x p]  in memory that the policy's tasks may read; NaN is a missing value
/// weight        [n] or nullptr for ones; not negative; 0 is an absent row
/// categorical   [p] 1: each value is a category; or empty
/// returns       cuts
/// throws        invalid_input naming row and column of the first value that is infinite, or the first column of more
///               than 255 categories
/// cost          one pass over X; O(m log m) a feature for its m = min(n, 2^15) sampled values; where those are few, a
///               second pass
/// note          host policies; the same bits on all of them and for any number of threads
template <class Policy, class T>
bin_cuts<T> find_cuts(const Policy& policy, std::string_view who, matrix_view<const T> X, const T* weight,
                      std::span<const std::uint8_t> categorical) {
  using P = typename Policy::template pack<T>;
  const index p = X.cols;
  const detail::range_kernel<P> ranges{X, weight};
  const std::vector<T> range = policy.template reduce_blocks<T>(X.rows, ranges.block, ranges.width(), ranges);
  const auto part = [&](index k) { return range.data() + k * ranges.padded(); };
  if (std::find(part(3), part(3) + p, T(1)) != part(3) + p) detail::require_not_infinite(policy, who, "X", X);

  const detail::row_sample<Policy, T> sample(policy, weight, X.rows);
  auto found = policy.template make_buffer<T>(p * detail::bin_slots);
  std::vector<index> count(static_cast<std::size_t>(p));
  using kernel_type = detail::cuts_kernel<P>;
  policy.for_blocks(p, kernel_type::block,
                    kernel_type{X, weight, categorical.empty() ? nullptr : categorical.data(), sample.rows(),
                                sample.size(), sample.everything(), found.data(), count.data()});

  bin_cuts<T> out;
  out.missing.assign(part(2), part(2) + p);
  out.categorical.assign(static_cast<std::size_t>(p), 0);
  std::copy(categorical.begin(), categorical.end(), out.categorical.begin());
  for (index j = 0; j < p; ++j) {
    const index size = count[static_cast<std::size_t>(j)];
    detail::require(size >= 0, who, "column " + std::to_string(j) + " has more than 255 categories");
    out.cut.insert(out.cut.end(), found.data() + j * detail::bin_slots, found.data() + j * detail::bin_slots + size);
    out.start.push_back(static_cast<std::int64_t>(out.cut.size()));
    const T low = part(0)[j], high = part(1)[j];
    out.low.push_back(low > high || low == T(0) ? T(0) : low);  // -0 or 0 would depend on who came first
    out.high.push_back(low > high || high == T(0) ? T(0) : high);
  }
  return out;
}

/// Cuts laid out for searching.
template <class T>
class bin_table {
 public:
  explicit bin_table(const bin_cuts<T>& cuts) {
    lines_.resize(static_cast<std::size_t>(cuts.features()));
    for (index j = 0; j < cuts.features(); ++j) {
      lines_[static_cast<std::size_t>(j)].assign(cuts.of(j).data(), static_cast<index>(cuts.of(j).size()));
      categories_.push_back(cuts.categorical[static_cast<std::size_t>(j)] != 0 ? cuts.bins(j) : -1);
    }
  }

  index features() const { return static_cast<index>(lines_.size()); }
  const detail::number_line<T>& line(index j) const { return lines_[static_cast<std::size_t>(j)]; }
  /// How many categories feature j has; -1 if it is not categorical.
  index categories(index j) const { return categories_[static_cast<std::size_t>(j)]; }

 private:
  std::vector<detail::number_line<T>> lines_;
  std::vector<index> categories_;
};

/// What there is among values besides numbers.
struct special_values {
  bool missing = false;   ///< NaN, or a category that was not seen
  bool infinite = false;
};

namespace detail {

/// The bins of n values of a feature.
template <class P, bool Categorical, class T>
constexpr void quantize_values(const number_line<T>& line, index categories, const T* x, index stride, index n,
                               std::uint8_t* to, index to_stride, special_values& seen) {
  const line_search<P> search(line);
  bool missing = false, infinite = false;
  for (index i = 0; i < n; ++i, x += stride, to += to_stride) {
    index bin = search.below(*x);
    if (Categorical && (bin >= categories || line.value[bin] != *x)) {
      bin = missing_bin;
      missing = true;
    }
    if (!is_finite(*x)) [[unlikely]] {
      if (is_nan(*x)) bin = missing_bin;
      (is_nan(*x) ? missing : infinite) = true;
    }
    *to = static_cast<std::uint8_t>(bin);
  }
  seen.missing |= missing;
  seen.infinite |= infinite;
}

}  // namespace detail

/// rows[(i - begin) * row_bytes + j] = the bin of X(i, j), for i in [begin, end); other kernels call it inside a task.
///
/// P         the policy's pack<T>
/// rows      [(end - begin) x row_bytes], row_bytes >= p; the rest of each row is left alone
/// returns   what there is besides numbers; infinite values are binned as numbers are
/// cost      two comparisons of packs, or eight of numbers, a value
template <class P, class T>
constexpr special_values quantize_rows(const bin_table<T>& table, matrix_view<const T> X, index begin, index end,
                                       std::uint8_t* rows, index row_bytes) {
  constexpr index few = 64;  // they stay in a cache while the features take turns
  special_values seen;
  for (index row = begin; row < end; row += few)
    for (index j = 0; j < X.cols; ++j) {
      const auto each =
          table.categories(j) < 0 ? detail::quantize_values<P, false, T> : detail::quantize_values<P, true, T>;
      each(table.line(j), table.categories(j), &X(row, j), X.row_stride, std::min(few, end - row),
           rows + (row - begin) * row_bytes + j, row_bytes, seen);
    }
  return seen;
}

/// The bins of all of X.
///
/// X         [n x p]  in memory that the policy's tasks may read
/// rows      [n x row_bytes], row_bytes >= p; the rest of each row is left alone
/// throws    invalid_input naming row and column of the first value that is infinite
/// cost      one pass over X
/// note      host policies
template <class Policy, class T>
void quantize(const Policy& policy, std::string_view who, const bin_cuts<T>& cuts, matrix_view<const T> X,
              std::uint8_t* rows, index row_bytes) {
  struct kernel {
    const bin_table<T>& table;
    matrix_view<const T> X;
    std::uint8_t* rows;
    index row_bytes;
    std::atomic<bool>& saw_infinite;
    void operator()(index begin, index end, std::byte*) const {
      using P = typename Policy::template pack<T>;
      if (quantize_rows<P>(table, X, begin, end, rows + begin * row_bytes, row_bytes).infinite) saw_infinite = true;
    }
  };
  const bin_table<T> table(cuts);
  std::atomic<bool> saw_infinite = false;
  policy.for_blocks(X.rows, 4096, kernel{table, X, rows, row_bytes, saw_infinite});
  if (saw_infinite) detail::require_not_infinite(policy, who, "X", X);
}

}  // namespace tutti
