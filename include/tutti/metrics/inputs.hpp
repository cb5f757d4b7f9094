#pragma once
// What all metrics do with their arguments: check lengths and weights, bring vectors to where the policy's tasks read.

#include <string>
#include <string_view>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/near_vector.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti::detail {

/// n elements as a matrix of one column, for the checks that speak of rows.
constexpr matrix_view<const double> rows_only(index n) { return {nullptr, n, 1, 1, 1}; }

/// throws   invalid_input if there is nothing to score, or y and the predictions differ in length
inline void require_pairs(std::string_view who, index n, index predicted) {
  require(n > 0, who, "y is empty");
  require(n == predicted, who,
          "y has " + std::to_string(n) + " elements, the predictions " + std::to_string(predicted));
}

/// Sample weights where tasks may read them, checked; one for each of n samples.
template <class Policy, class W>
near_weights<Policy, double> weights_of_pairs(const Policy& policy, std::string_view who, const W& weights, index n) {
  if constexpr (vector_like<W>)
    require(view(weights).size == n, who,
            "y has " + std::to_string(n) + " elements, sample_weight " + std::to_string(view(weights).size));
  return {policy, who, weights, rows_only(n)};
}

/// The weight of sample i in double; ones if there are none.
template <class T>
struct weight_at {
  const T* weight;

  constexpr double operator()(index i) const { return weight == nullptr ? 1.0 : static_cast<double>(weight[i]); }
};

/// Targets or predictions as doubles, checked to be finite.
template <class Policy>
class near_numbers : public near_vector<Policy, double> {
 public:
  template <class V>
  near_numbers(const Policy& policy, std::string_view who, std::string_view name, const V& v)
      : near_vector<Policy, double>(policy, vector_view<const element_of<V>>(view(v))) {
    require_finite(policy, who, name, as_column(this->data(), this->size()));
  }
};

}  // namespace tutti::detail
