#pragma once
// quantize: features as bins, at most 255 of them unless every value gets its own, which is what trees compare.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tutti/algorithm/bin_cuts.hpp>
#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/number_line.hpp>
#include <tutti/core/arithmetic.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti {

/// The bin of a value that is missing: NaN, or a category that was not seen.
inline constexpr std::uint8_t missing_bin = 255;
/// The same of bins that a byte cannot count.
inline constexpr std::uint32_t missing_wide_bin = 0xffffffff;

using detail::cut_places;

/// Where each feature is cut into bins. x falls into bin #{cuts < x}, so x <= cut[b] if and only if its bin <= b.
template <class T>
struct bin_cuts {
  std::vector<std::int64_t> start{0};     ///< [p + 1] the first cut of each feature
  std::vector<T> cut;                     ///< of each feature: cuts, or at most 255 categories, ascending
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

  /// Whether a byte counts the bins of every feature.
  bool fit_bytes() const {
    for (index j = 0; j < features(); ++j)
      if (bins(j) > detail::most_bins) return false;
    return true;
  }

  friend bool operator==(const bin_cuts&, const bin_cuts&) = default;
};

/// The cuts of the features of X: between all values if there are at most 255, else where it is asked for.
///
/// X             [n x p]  in memory that the policy's tasks may read; NaN is a missing value
/// weight        [n] or nullptr for ones; not negative; 0 is an absent row
/// categorical   [p] 1: each value is a category; or empty
/// returns       cuts
/// throws        invalid_input naming row and column of the first value that is infinite, or the first column of more
///               than 255 categories
/// cost          one pass over X; O(m log m) a feature for its m = min(n, 2^15) sampled values, m = n if cuts are
///               everywhere; where those are few, a second pass
/// note          host policies; the same bits on all of them and for any number of threads
template <class Policy, class T>
bin_cuts<T> find_cuts(const Policy& policy, std::string_view who, matrix_view<const T> X, const T* weight,
                      std::span<const std::uint8_t> categorical, cut_places places = cut_places::at_quantiles) {
  using P = typename Policy::template pack<T>;
  const index p = X.cols;
  const detail::range_kernel<P> ranges{X, weight};
  const std::vector<T> range = policy.template reduce_blocks<T>(X.rows, ranges.block, ranges.width(), ranges);
  const auto part = [&](index k) { return range.data() + k * ranges.padded(); };
  if (std::find(part(3), part(3) + p, T(1)) != part(3) + p) detail::require_not_infinite(policy, who, "X", X);

  const index most = places == cut_places::everywhere ? X.rows : detail::most_sampled;
  const detail::row_sample<Policy, T> sample(policy, weight, X.rows, most);
  std::vector<std::vector<T>> found(static_cast<std::size_t>(p));
  std::vector<std::uint8_t> too_many(static_cast<std::size_t>(p), 0);
  using kernel_type = detail::cuts_kernel<P>;
  policy.for_blocks(p, kernel_type::block,
                    kernel_type{X, weight, categorical.empty() ? nullptr : categorical.data(), sample.rows(),
                                sample.size(), sample.everything(), places, found.data(), too_many.data()});

  bin_cuts<T> out;
  out.missing.assign(part(2), part(2) + p);
  out.categorical.assign(static_cast<std::size_t>(p), 0);
  std::copy(categorical.begin(), categorical.end(), out.categorical.begin());
  std::size_t cuts = 0;
  for (const std::vector<T>& of_feature : found) cuts += of_feature.size();
  out.cut.reserve(cuts);
  for (index j = 0; j < p; ++j) {
    const auto at = static_cast<std::size_t>(j);
    detail::require(too_many[at] == 0, who, "column " + std::to_string(j) + " has more than 255 categories");
    out.cut.insert(out.cut.end(), found[at].begin(), found[at].end());
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
  explicit bin_table(const bin_cuts<T>& cuts) : is_wide_(!cuts.fit_bytes()) {
    for (index j = 0; j < cuts.features(); ++j)
      categories_.push_back(cuts.categorical[static_cast<std::size_t>(j)] != 0 ? cuts.bins(j) : -1);
    if (is_wide_) {
      start_ = cuts.start;
      sorted_ = cuts.cut;
      return;
    }
    lines_.resize(static_cast<std::size_t>(cuts.features()));
    for (index j = 0; j < cuts.features(); ++j)
      lines_[static_cast<std::size_t>(j)].assign(cuts.of(j).data(), static_cast<index>(cuts.of(j).size()));
  }

  index features() const { return static_cast<index>(categories_.size()); }
  /// Whether bins take four bytes each, not one.
  bool is_wide() const { return is_wide_; }
  index bytes_of_bin() const { return is_wide_ ? 4 : 1; }
  /// Of a table that is not wide.
  const detail::number_line<T>& line(index j) const { return lines_[static_cast<std::size_t>(j)]; }
  /// Of a wide one: the cuts, or the categories, of feature j.
  std::span<const T> sorted(index j) const {
    const auto at = static_cast<std::size_t>(j);
    return {sorted_.data() + start_[at], static_cast<std::size_t>(start_[at + 1] - start_[at])};
  }
  /// How many categories feature j has; -1 if it is not categorical.
  index categories(index j) const { return categories_[static_cast<std::size_t>(j)]; }

 private:
  bool is_wide_;
  std::vector<detail::number_line<T>> lines_;
  std::vector<std::int64_t> start_;
  std::vector<T> sorted_;
  std::vector<index> categories_;
};

/// What there is among values besides numbers.
struct special_values {
  bool missing = false;   ///< NaN, or a category that was not seen
  bool infinite = false;
};

namespace detail {

/// The bins of n values of a feature; missing ones are the largest number a bin can be.
template <class Bin, bool Categorical, class Search, class T>
constexpr void quantize_values(const Search& search, index categories, const T* x, index stride, index n,
                               std::uint8_t* to, index to_stride, special_values& seen) {
  constexpr Bin none = std::numeric_limits<Bin>::max();
  bool missing = false, infinite = false;
  for (index i = 0; i < n; ++i, x += stride, to += to_stride) {
    const index below = search.below(*x);
    auto bin = static_cast<Bin>(below);
    if (Categorical && (below >= categories || !search.holds(below, *x))) {
      bin = none;
      missing = true;
    }
    if (!is_finite(*x)) [[unlikely]] {
      if (is_nan(*x)) bin = none;
      (is_nan(*x) ? missing : infinite) = true;
    }
    std::memcpy(to, &bin, sizeof bin);
  }
  seen.missing |= missing;
  seen.infinite |= infinite;
}

/// The bins of n values of feature j.
template <class P, class T>
constexpr void quantize_feature(const bin_table<T>& table, index j, const T* x, index stride, index n, std::uint8_t* to,
                                index to_stride, special_values& seen) {
  const index categories = table.categories(j);
  const auto run = [&]<class Bin>(Bin, const auto& search) {
    if (categories < 0)
      quantize_values<Bin, false>(search, categories, x, stride, n, to, to_stride, seen);
    else
      quantize_values<Bin, true>(search, categories, x, stride, n, to, to_stride, seen);
  };
  if (table.is_wide())
    run(std::uint32_t{}, halving_search<T>(table.sorted(j)));
  else
    run(std::uint8_t{}, line_search<P>(table.line(j)));
}

}  // namespace detail

/// The bins of X(i, j), for i in [begin, end), each at rows + (i - begin) row_bytes + j bytes_of_bin; other kernels call
/// it inside a task.
///
/// P         the policy's pack<T>
/// rows      [(end - begin) x row_bytes], row_bytes >= p bytes_of_bin; the rest of each row is left alone
/// returns   what there is besides numbers; infinite values are binned as numbers are
/// cost      two comparisons of packs, or eight of numbers, a value; log2(cuts) of numbers of a wide table
template <class P, class T>
constexpr special_values quantize_rows(const bin_table<T>& table, matrix_view<const T> X, index begin, index end,
                                       std::uint8_t* rows, index row_bytes) {
  constexpr index few = 64;  // they stay in a cache while the features take turns
  special_values seen;
  for (index row = begin; row < end; row += few)
    for (index j = 0; j < X.cols; ++j)
      detail::quantize_feature<P>(table, j, &X(row, j), X.row_stride, std::min(few, end - row),
                                  rows + (row - begin) * row_bytes + j * table.bytes_of_bin(), row_bytes, seen);
  return seen;
}

/// The bins of all of X.
///
/// X         [n x p]  in memory that the policy's tasks may read
/// rows      [n x row_bytes]  as in quantize_rows
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
