#pragma once
// multiply: X W' + b, the predictions of every linear model. multiply_transposed: X'R, its counterpart.

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include <tutti/algorithm/gram.hpp>
#include <tutti/algorithm/panels.hpp>
#include <tutti/algorithm/scores.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti {

namespace detail {

template <class P>
struct transposed_kernel {
  using T = typename P::value_type;
  static constexpr index block = 4096;

  matrix_view<const T> X;
  matrix_view<const T> R;
  panel_layout layout;  ///< of the columns of X

  constexpr index columns() const { return layout.strips() * strip_columns; }
  constexpr index scratch_bytes() const {
    return (layout.size() + R.cols * columns() * panel_rows) * static_cast<index>(sizeof(T));
  }

  constexpr void map(index begin, index end, double* slot, std::byte* scratch) const {
    T* const B = reinterpret_cast<T*>(scratch);
    T* const sum = B + layout.size();
    for (index e = 0; e < R.cols * columns(); ++e) P::all(T(0)).store(sum + e * panel_rows);
    for (index row = begin; row < end; row += panel_rows) {
      const index count = std::min(panel_rows, end - row);
      load_panel<false, P>(X, row, count, nullptr, layout, 0, B);
      for (index k = 0; k < R.cols; ++k) {
        const P r = load_column<false, P>(R, row, count, k, nullptr);
        for (index c = 0; c < X.cols; ++c) {
          T* const s = sum + (k * columns() + c) * panel_rows;
          (P::load(s) + r * P::load(B + layout.at(0, c))).store(s);
        }
      }
    }
    sum_lanes<P>(sum, R.cols * columns(), slot);
  }

  constexpr void combine(double* left, const double* right) const {
    for (index e = P::lane(); e < R.cols * columns(); e += P::step()) left[e] += right[e];
  }
};

}  // namespace detail

/// out = X W' + intercept.
///
/// X           [n x p]  in memory that the policy's tasks may read
/// W           [t x p]  host memory, row after row
/// intercept   [t]      host memory
/// out         [n x t]  memory that the policy's tasks may write, row after row
/// throws      invalid_input if a result is not finite, naming the element of X that is not
/// cost        one pass over X, n p t products
/// note        the same bits on every policy and for any number of threads
template <execution_policy Policy, class T>
void multiply(const Policy& policy, matrix_view<const T> X, std::span<const T> W, std::span<const T> intercept, T* out) {
  const auto near_W = policy.bring(view(W)), near_intercept = policy.bring(view(intercept));
  const auto outputs = static_cast<index>(intercept.size());
  const detail::linear_score<T> score{near_W.view().data, near_intercept.view().data, X.cols};
  detail::score_samples(policy, "multiply", X, outputs, score, detail::store_scores<T>{out, outputs});
}

/// X'R, the sums over the samples of features times columns of R.
///
/// X         [n x p]  in memory that the policy's tasks may read
/// R         [n x t]  the same
/// returns   [t x p]  in double, row after row; not finite where an element is not
/// cost      one pass over X and R, n p t products; memory O(p t) a thread
/// note      the same bits on every policy and for any number of threads
template <execution_policy Policy, class T>
std::vector<double> multiply_transposed(const Policy& policy, matrix_view<const T> X, matrix_view<const T> R) {
  using kernel_type = detail::transposed_kernel<typename Policy::template pack<T>>;
  const kernel_type kernel{X, R, {X.cols, 1}};
  const index columns = kernel.columns();
  const auto sums = policy.template reduce_blocks<double>(X.rows, kernel_type::block, R.cols * columns, kernel);
  std::vector<double> out(static_cast<std::size_t>(R.cols * X.cols));
  for (index k = 0; k < R.cols; ++k) std::copy_n(sums.data() + k * columns, X.cols, out.data() + k * X.cols);
  return out;
}

}  // namespace tutti
