#pragma once
// The checks that every fit and predict begins with, and the search for the culprit when a result is not finite.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tutti/core/arithmetic.hpp>
#include <tutti/core/error.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti::detail {

inline std::string shape_text(index rows, index cols) {
  return std::to_string(rows) + " x " + std::to_string(cols);
}

/// who   the function as the user wrote it, for the message: "ridge::fit"
inline void require(bool holds, std::string_view who, const std::string& message) {
  if (!holds) throw invalid_input(std::string(who) + ": " + message);
}

/// throws   invalid_input if X has no row or no column
template <class T>
void require_samples(std::string_view who, const matrix_view<T>& X) {
  require(X.rows > 0 && X.cols > 0, who, "X is empty: " + shape_text(X.rows, X.cols));
}

/// throws   invalid_input unless X is n x p; says so if its transpose would do
template <class T>
void require_features(std::string_view who, const matrix_view<T>& X, index p) {
  if (X.cols == p) return;
  const bool turned = X.rows == p;
  require(false, who, "X is " + shape_text(X.rows, X.cols) + ", expected n x " + std::to_string(p) +
                          (turned ? " (transposed?)" : ""));
}

/// throws   invalid_input unless there are as many `what` as X has rows; says so if X seems transposed
template <class T>
void require_length(std::string_view who, std::string_view what, index length, const matrix_view<T>& X) {
  if (length == X.rows) return;
  const bool turned = length == X.cols;
  require(false, who, "X is " + shape_text(X.rows, X.cols) + ", but " + std::string(what) + " has " +
                          std::to_string(length) + " elements, expected " + std::to_string(X.rows) +
                          (turned ? " (X transposed?)" : ""));
}

/// throws   invalid_input unless low <= value and, if bounded, value is finite
inline void require_at_least(std::string_view who, std::string_view name, double value, double low) {
  require(is_finite(value) && value >= low, who,
          std::string(name) + " must be a finite number >= " + std::to_string(low) + ", got " + std::to_string(value));
}

struct is_not_finite {
  template <class T>
  constexpr bool operator()(T x) const {
    return !is_finite(x);
  }
};

struct is_infinite {
  template <class T>
  constexpr bool operator()(T x) const {
    return !is_finite(x) && !is_nan(x);
  }
};

/// Position + 1 of the first element of a block that is not wanted, 0 if there is none; positions count row after row.
template <class P, class Unwanted>
struct first_unwanted {
  using T = typename P::value_type;
  static constexpr index block = 4096;

  matrix_view<const T> X;

  constexpr void map(index begin, index end, std::int64_t* slot, std::byte*) const {
    if (!P::leader()) return;
    for (index i = begin; i < end; ++i)
      for (index j = 0; j < X.cols; ++j)
        if (Unwanted{}(X(i, j))) {
          *slot = i * X.cols + j + 1;
          return;
        }
  }
  constexpr void combine(std::int64_t* left, const std::int64_t* right) const {
    if (P::leader() && *left == 0) *left = *right;
  }
};

/// throws   invalid_input naming the first row and column that is not wanted, and what it is
template <class Unwanted, class Policy, class T>
void refuse_first(const Policy& policy, std::string_view who, std::string_view name, std::string_view what,
                  matrix_view<const T> X) {
  using kernel_type = first_unwanted<typename Policy::template pack<T>, Unwanted>;
  const auto found = policy.template reduce_blocks<std::int64_t>(X.rows, kernel_type::block, 1, kernel_type{X});
  if (found[0] == 0) return;
  const index at = static_cast<index>(found[0]) - 1;
  require(false, who, std::string(name) + " is " + std::string(what) + " at row " + std::to_string(at / X.cols) +
                          (X.cols > 1 ? ", column " + std::to_string(at % X.cols) : ""));
}

/// The search for what made a result infinite or NaN: throws unless every element of X is finite.
///
/// X        in memory that the policy's tasks may read
/// name     of X in the message
/// throws   invalid_input naming the first row and column that is not finite
template <class Policy, class T>
void require_finite(const Policy& policy, std::string_view who, std::string_view name, matrix_view<const T> X) {
  refuse_first<is_not_finite>(policy, who, name, "not finite", X);
}

/// The same where NaN is a missing value.
template <class Policy, class T>
void require_not_infinite(const Policy& policy, std::string_view who, std::string_view name, matrix_view<const T> X) {
  refuse_first<is_infinite>(policy, who, name, "infinite", X);
}

/// A vector as the matrix of one column.
template <class T>
constexpr matrix_view<const T> as_column(const T* data, index n) {
  return {data, n, 1, 1, 1};
}

/// What is left to say when every input is finite and a result is not.
[[noreturn]] inline void throw_overflow(std::string_view who) {
  throw invalid_input(std::string(who) +
                      ": the values are so large that their products overflow; scale the features");
}

inline bool all_finite(const std::vector<double>& v) {
  return std::all_of(v.begin(), v.end(), [](double x) { return is_finite(x); });
}

}  // namespace tutti::detail
