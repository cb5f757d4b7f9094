#pragma once
// Labels: any integral or enum type, any values, gaps and negatives too. Learners see 0, 1, 2, ... in sorted order.

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <tutti/core/error.hpp>
#include <tutti/core/view.hpp>

namespace tutti {

/// A type that can name a class: an integer, a character, a bool or an enumeration.
template <class L>
concept label = std::is_integral_v<L> || std::is_enum_v<L>;

/// A vector of labels.
template <class V>
concept labels_like = vector_like<V> && label<element_of<V>>;

namespace detail {

/// A label as a number, for messages, files and tables.
template <label L>
constexpr std::int64_t label_number(L value) {
  return static_cast<std::int64_t>(value);
}

/// The label that a number names; nothing if it is not whole, beyond 2^53, or none that L can hold.
template <label L>
std::optional<L> label_of_number(double x) {
  if (!(x > -0x1p53 && x < 0x1p53)) return std::nullopt;
  const auto value = static_cast<L>(static_cast<std::int64_t>(x));
  const bool same = static_cast<double>(label_number(value)) == x && (value < L{}) == (x < 0);
  return same ? std::optional(value) : std::nullopt;
}

template <label L>
std::string label_text(L value) {
  if constexpr (std::is_integral_v<L> && std::is_unsigned_v<L>)
    return std::to_string(static_cast<std::uint64_t>(value));
  else
    return std::to_string(label_number(value));
}

}  // namespace detail

/// The classes of a problem in ascending order, and the way from a label to its place among them.
template <label L>
class class_set {
 public:
  class_set() = default;

  /// From labels in any order, repeated or not.
  explicit class_set(std::vector<L> labels) : classes_(std::move(labels)) {
    std::sort(classes_.begin(), classes_.end());
    classes_.erase(std::unique(classes_.begin(), classes_.end()), classes_.end());
    if (!classes_.empty() && span() < table_limit) {
      table_.assign(static_cast<std::size_t>(span()) + 1, -1);
      for (std::size_t i = 0; i < classes_.size(); ++i)
        table_[static_cast<std::size_t>(offset(classes_[i]))] = static_cast<std::int32_t>(i);
    }
  }

  const std::vector<L>& labels() const { return classes_; }
  index size() const { return static_cast<index>(classes_.size()); }
  L operator[](index i) const { return classes_[static_cast<std::size_t>(i)]; }

  /// The place of a label among the classes; -1 if it is none of them.
  std::int32_t find(L value) const {
    if (!table_.empty()) {
      const std::uint64_t at = offset(value);
      return at < table_.size() ? table_[static_cast<std::size_t>(at)] : -1;
    }
    const auto it = std::lower_bound(classes_.begin(), classes_.end(), value);
    return it != classes_.end() && *it == value ? static_cast<std::int32_t>(it - classes_.begin()) : -1;
  }

  friend bool operator==(const class_set& a, const class_set& b) { return a.classes_ == b.classes_; }

 private:
  static constexpr std::uint64_t table_limit = std::uint64_t{1} << 16;

  // Differences of labels in unsigned arithmetic: exact for any two of them.
  std::uint64_t offset(L value) const {
    return static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(classes_.front());
  }
  std::uint64_t span() const { return offset(classes_.back()); }

  std::vector<L> classes_;
  std::vector<std::int32_t> table_;
};

/// How much each class counts beside the sample weights.
///
///     .class_weight = tutti::balanced                     n / (k n_c) for a class of n_c samples
///     .class_weight = {{0, 1.0}, {1, 5.0}}                for these labels; 1 for others
class class_weights {
 public:
  constexpr class_weights() = default;

  /// Pairs of a label (as a number) and the weight of its class.
  class_weights(std::initializer_list<std::pair<std::int64_t, double>> weights) : weights_(weights) {}
  explicit class_weights(std::vector<std::pair<std::int64_t, double>> weights) : weights_(std::move(weights)) {}

  struct balanced_tag {};
  constexpr class_weights(balanced_tag) : balanced_(true) {}

  bool is_balanced() const { return balanced_; }
  bool is_uniform() const { return !balanced_ && weights_.empty(); }
  const std::vector<std::pair<std::int64_t, double>>& given() const { return weights_; }

 private:
  std::vector<std::pair<std::int64_t, double>> weights_;
  bool balanced_ = false;
};

/// Classes weighted so that each counts as much as any other.
inline constexpr class_weights::balanced_tag balanced{};

}  // namespace tutti
