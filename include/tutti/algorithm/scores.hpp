#pragma once
// Scores: one number a sample and output, and what becomes of it. How every linear model and naive Bayes predict.
//
// A Score says how output k follows from the features of 16 samples; a Finish says where the outputs go: as they are,
// as probabilities, as the label of the largest. Terms are added one after the other in four fixed sums, each product
// and sum rounded once, so a model predicts the same bits on every policy.

#include <algorithm>
#include <cstddef>
#include <string_view>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/panels.hpp>
#include <tutti/core/math.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti::detail {

/// The sum of term(c) over c < p on top of start, in the four sums of c mod 4.
template <class V, class Term>
[[gnu::always_inline]] constexpr V sum_terms(index p, const V& start, const Term& term) {
  using T = typename V::value_type;
  V sum[4] = {start, V::all(T(0)), V::all(T(0)), V::all(T(0))};
  index c = 0;
  for (; c + 4 <= p; c += 4)
#pragma GCC unroll 4
    for (index k = 0; k < 4; ++k) sum[k] = sum[k] + term(c + k);
  for (index k = 0; c < p; ++c, ++k) sum[k] = sum[k] + term(c);
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/// intercept[k] + the product of the features with row k of W.
template <class T>
struct linear_score {
  const T* W;          ///< [outputs x p]
  const T* intercept;  ///< [outputs]
  index features;

  /// feature(c): feature c of the samples, a register
  template <class V, class Feature>
  [[gnu::always_inline]] constexpr V operator()(index k, const Feature& feature) const {
    const T* const w = W + k * features;
    return sum_terms<V>(features, V::all(intercept[k]), [&](index c) { return feature(c) * V::all(w[c]); });
  }
};

/// The scores themselves: [n x outputs], row after row.
template <class T>
struct store_scores {
  T* out;
  index outputs;

  template <class P>
  constexpr void operator()(index row, index count, const T* scores) const {
    for (index k = 0; k < outputs; ++k) {
      const P z = P::load(scores + k * panel_rows);
      if (outputs == 1)
        z.store_first(out + row, count);
      else
        z.scatter_first(out + row * outputs + k, outputs, count);
    }
  }
};

/// Probabilities [n x classes]: the softmax of the scores, or for a single score z the logistic function of -z and z.
template <class T>
struct store_probabilities {
  T* out;
  index outputs;
  bool logarithm = false;  ///< their logarithms instead

  template <class P>
  constexpr void operator()(index row, index count, const T* scores) const {
    if (outputs == 1)
      store_two<P>(row, count, P::load(scores));
    else
      store_many<P>(row, count, scores);
  }

 private:
  template <class P>
  constexpr void store_two(index row, index count, const P& z) const {
    const P minus = P::all(T(0)) - z;
    const P first = logarithm ? log_sigmoid(minus) : math::sigmoid(minus);
    const P second = logarithm ? log_sigmoid(z) : math::sigmoid(z);
    first.scatter_first(out + row * 2, 2, count);
    second.scatter_first(out + row * 2 + 1, 2, count);
  }

  /// log(1 / (1 + e^-z)) = min(z, 0) - log(1 + e^-|z|)
  template <class P>
  static constexpr P log_sigmoid(const P& z) {
    const P zero = P::all(T(0)), below = min(z, zero);
    return below - math::log1p(math::exp((below + below) - z));  // 2 min(z, 0) - z = -|z|
  }

  template <class P>
  constexpr void store_many(index row, index count, const T* scores) const {
    P largest = P::load(scores);
    for (index k = 1; k < outputs; ++k) largest = max(P::load(scores + k * panel_rows), largest);
    P sum = P::all(T(0));
    for (index k = 0; k < outputs; ++k) sum = sum + math::exp(P::load(scores + k * panel_rows) - largest);
    const P log_sum = math::log(sum);
    for (index k = 0; k < outputs; ++k) {
      const P z = P::load(scores + k * panel_rows) - largest;
      (logarithm ? z - log_sum : math::exp(z) / sum).scatter_first(out + row * outputs + k, outputs, count);
    }
  }
};

/// The label of the largest score, of the lowest class among equals; of class 1 for a single score above zero.
template <class T, class L>
struct store_labels {
  const L* classes;
  L* out;
  index outputs;

  template <class P>
  constexpr void operator()(index row, index count, const T* scores) const {
    P best = outputs == 1 ? P::all(T(0)) : P::load(scores);
    P code = P::all(T(0));
    for (index k = outputs == 1 ? 0 : 1; k < outputs; ++k) {
      const P z = P::load(scores + k * panel_rows);
      code = select(best < z, P::all(T(outputs == 1 ? 1 : k)), code);
      best = max(z, best);
    }
    alignas(64) T place[panel_rows];
    code.store(place);
    for (index l = P::lane(); l < count; l += P::step()) out[row + l] = classes[static_cast<index>(place[l])];
  }
};

template <class P, class Score, class Finish>
struct scores_kernel {
  using T = typename P::value_type;
  using V = typename P::slice;
  static constexpr index block = 1024;

  matrix_view<const T> X;
  Score score;
  Finish finish;
  index outputs;

  constexpr panel_layout layout() const { return {X.cols, 1}; }
  constexpr index scratch_bytes() const {
    return (layout().size() + outputs * panel_rows) * static_cast<index>(sizeof(T));
  }

  /// Leaves 0 in the slot, or NaN if a score is not finite.
  constexpr void map(index begin, index end, double* slot, std::byte* scratch) const {
    constexpr index ahead = 8;  // panels between asking for a row and reading it
    T* const B = reinterpret_cast<T*>(scratch);
    T* const z = B + layout().size();
    P witness = P::all(T(0));
    for (index row = begin; row < end; row += panel_rows) {
      const index count = std::min(panel_rows, end - row);
      load_panel<false, P>(X, row, count, nullptr, layout(), 0, B);
      prefetch_panel<P>(X, row + ahead * panel_rows);
      for (index k = 0; k < outputs; ++k) {
        for (index s = 0; s < panel_rows; s += V::lanes)
          score.template operator()<V>(k, [&](index c) { return V::load(B + layout().at(0, c) + s); })
              .store(z + k * panel_rows + s);
        const P scored = P::load(z + k * panel_rows);
        witness = witness + (opaque(scored) - scored);  // 0, or NaN from infinity and NaN
      }
      finish.template operator()<P>(row, count, z);
    }
    const double sum = static_cast<double>(witness.lane_sum());
    if (P::leader()) *slot = sum;
  }

  constexpr void combine(double* left, const double* right) const {
    if (P::leader()) *left += *right;
  }
};

/// Scores every sample and finishes it.
///
/// X        [n x p]  in memory that the policy's tasks may read
/// score, finish     with pointers to such memory
/// throws   invalid_input if a score is not finite, naming the element of X that is not
/// cost     one pass over X
template <class Policy, class T, class Score, class Finish>
void score_samples(const Policy& policy, std::string_view who, matrix_view<const T> X, index outputs,
                   const Score& score, const Finish& finish) {
  using kernel_type = scores_kernel<typename Policy::template pack<T>, Score, Finish>;
  const auto witness = policy.template reduce_blocks<double>(X.rows, kernel_type::block, 1,
                                                             kernel_type{X, score, finish, outputs});
  if (is_finite(witness[0])) return;
  require_finite(policy, who, "X", X);
  throw_overflow(who);
}

}  // namespace tutti::detail
