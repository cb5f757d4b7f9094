#pragma once
// encode_labels: from a caller's labels to 0, 1, 2, ... in the order of the sorted classes.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <tutti/algorithm/check.hpp>
#include <tutti/core/labels.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti::detail {

inline constexpr index label_block = index{1} << 14;

/// Smallest and largest label.
template <class L, class Number>
struct label_range_kernel {
  vector_view<const L> y;

  void map(index begin, index end, Number* slot, std::byte*) const {
    Number low = static_cast<Number>(y(begin)), high = low;
    for (index i = begin + 1; i < end; ++i) {
      const auto value = static_cast<Number>(y(i));
      low = std::min(low, value);
      high = std::max(high, value);
    }
    slot[0] = low;
    slot[1] = high;
  }
  void combine(Number* left, const Number* right) const {
    left[0] = std::min(left[0], right[0]);
    left[1] = std::max(left[1], right[1]);
  }
};

/// One flag for each number between the smallest and the largest label.
template <class L, class Number>
struct label_flags_kernel {
  vector_view<const L> y;
  Number low;
  index span;

  void map(index begin, index end, std::uint8_t* slot, std::byte*) const {
    for (index i = begin; i < end; ++i)
      slot[static_cast<std::uint64_t>(static_cast<Number>(y(i))) - static_cast<std::uint64_t>(low)] = 1;
  }
  void combine(std::uint8_t* left, const std::uint8_t* right) const {
    for (index i = 0; i < span; ++i) left[i] |= right[i];
  }
};

/// The classes that occur in y.
///
/// policy   a host's
/// y        [n], n >= 1
/// cost     O(n), or O(n log n) where the labels lie far apart
template <class Host, class L>
class_set<L> find_classes(const Host& policy, vector_view<const L> y) {
  using number = std::conditional_t<std::is_same_v<L, std::uint64_t>, std::uint64_t, std::int64_t>;
  using range_kernel = label_range_kernel<L, number>;
  const auto range = policy.template reduce_blocks<number>(y.size, label_block, 2, range_kernel{y});
  const std::uint64_t span = static_cast<std::uint64_t>(range[1]) - static_cast<std::uint64_t>(range[0]);
  std::vector<L> found;
  if (span < 1024) {
    const label_flags_kernel<L, number> kernel{y, range[0], static_cast<index>(span) + 1};
    const auto flags = policy.template reduce_blocks<std::uint8_t>(y.size, label_block, kernel.span, kernel);
    for (std::size_t i = 0; i < flags.size(); ++i)
      if (flags[i] != 0) found.push_back(static_cast<L>(static_cast<std::uint64_t>(range[0]) + i));
  } else {
    for (index i = 0; i < y.size; ++i) found.push_back(y(i));
  }
  return class_set<L>(std::move(found));
}

/// The labels of the samples that have a weight; the others are absent.
template <class L, class W>
std::vector<L> present_labels(vector_view<const L> y, vector_view<const W> weight) {
  std::vector<L> out;
  for (index i = 0; i < y.size; ++i)
    if (weight(i) != W(0)) out.push_back(y(i));
  return out;
}

/// out[i] = the place of label i among the classes.
///
/// policy   a host's
/// weight   [n] or empty; a sample of weight 0 is absent: its label may be unknown and becomes 0
/// out      [n] of any arithmetic type
/// throws   invalid_input naming the first label that is no class, and its row
template <class Host, class L, class W, class Out>
void encode_labels(const Host& policy, std::string_view who, vector_view<const L> y, vector_view<const W> weight,
                   const class_set<L>& classes, Out* out) {
  struct encode_kernel {
    vector_view<const L> y;
    vector_view<const W> weight;
    const class_set<L>& classes;
    Out* out;
    void map(index begin, index end, std::int64_t* slot, std::byte*) const {
      for (index i = begin; i < end; ++i) {
        const std::int32_t code = classes.find(y(i));
        const bool absent = weight.size > 0 && weight(i) == W(0);
        if (code < 0 && !absent && *slot == 0) *slot = i + 1;
        out[i] = static_cast<Out>(code < 0 ? 0 : code);
      }
    }
    void combine(std::int64_t* left, const std::int64_t* right) const {
      if (*left == 0) *left = *right;
    }
  };
  const encode_kernel kernel{y, weight, classes, out};
  const auto unknown = policy.template reduce_blocks<std::int64_t>(y.size, label_block, 1, kernel);
  if (unknown[0] == 0) return;
  const index row = static_cast<index>(unknown[0]) - 1;
  require(false, who, "label " + label_text(y(row)) + " at row " + std::to_string(row) + " is none of the model's classes");
}

/// Total weight of each class.
template <class Host, class Code, class W>
std::vector<double> class_totals(const Host& policy, const Code* codes, vector_view<const W> weight, index n, index k) {
  struct totals_kernel {
    const Code* codes;
    vector_view<const W> weight;
    index k;
    void map(index begin, index end, double* slot, std::byte*) const {
      for (index i = begin; i < end; ++i)
        slot[static_cast<index>(codes[i])] += weight.size > 0 ? static_cast<double>(weight(i)) : 1.0;
    }
    void combine(double* left, const double* right) const {
      for (index c = 0; c < k; ++c) left[c] += right[c];
    }
  };
  return policy.template reduce_blocks<double>(n, label_block, k, totals_kernel{codes, weight, k});
}

/// What each class counts, from what the caller asked for.
///
/// totals   [k] weight of each class, for `balanced`
/// throws   invalid_input for a label that is no class or a weight that is negative or not finite
template <class L>
std::vector<double> class_factors(std::string_view who, const class_weights& wanted, const class_set<L>& classes,
                                  const std::vector<double>& totals) {
  std::vector<double> factor(static_cast<std::size_t>(classes.size()), 1.0);
  if (wanted.is_balanced()) {
    double sum = 0;
    for (const double t : totals) sum += t;
    for (std::size_t c = 0; c < factor.size(); ++c) factor[c] = sum / (static_cast<double>(factor.size()) * totals[c]);
  }
  for (const auto& [label, weight] : wanted.given()) {
    require_at_least(who, "class_weight of " + std::to_string(label), weight, 0);
    const L wanted_label = static_cast<L>(label);
    const std::int32_t code = label_number(wanted_label) == label ? classes.find(wanted_label) : -1;
    require(code >= 0, who, "class_weight names " + std::to_string(label) + ", which is no label in y");
    factor[static_cast<std::size_t>(code)] = weight;
  }
  return factor;
}

}  // namespace tutti::detail
