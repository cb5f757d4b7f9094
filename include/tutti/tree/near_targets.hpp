#pragma once
// The targets of a fit: one number a sample, or several.

#include <optional>
#include <string_view>
#include <type_traits>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/near_vector.hpp>
#include <tutti/core/view.hpp>

namespace tutti::detail {

/// Targets in memory that tasks may read, [n x k], in the type that is computed with: those of a vector converted,
/// those of a matrix as they are.
template <class Policy, class T, class Y>
class near_targets {
 public:
  static constexpr bool several = !vector_like<Y>;

  /// throws   invalid_input if there is not one row for each of X, or an element is not finite
  near_targets(const Policy& policy, std::string_view who, const Y& y, matrix_view<const T> X) {
    if constexpr (several) {
      static_assert(std::is_same_v<scalar_of<Y>, T>, "several targets must have the scalar type of X");
      view_ = tutti::view(y);
      require_length(who, "Y", view_.rows, X);
      require(view_.cols > 0, who, "Y has no columns");
    } else {
      const vector_view<const element_of<Y>> v = tutti::view(y);
      require_length(who, "y", v.size, X);
      one_.emplace(policy, v);
      view_ = as_column(one_->data(), one_->size());
    }
    require_finite(policy, who, several ? "Y" : "y", view_);
  }

  matrix_view<const T> view() const { return view_; }

 private:
  std::optional<near_vector<Policy, T>> one_;
  matrix_view<const T> view_{};
};

}  // namespace tutti::detail
