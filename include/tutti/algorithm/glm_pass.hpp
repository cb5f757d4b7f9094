#pragma once
// glm_pass: loss, gradient and Hessian of a GLM in one pass over the rows, each block while it is in cache.
//
// What a Newton step needs of the data. Rows become panels, panels become linear predictors, those become residuals and
// curvatures, and the products of the same panels with them are the gradient and the Hessian's upper triangle.
//
// **Source** Iteratively reweighted least squares: McCullagh and Nelder, Generalized Linear Models (1989), section 2.5.

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include <tutti/algorithm/cross.hpp>
#include <tutti/algorithm/gram.hpp>
#include <tutti/algorithm/loss.hpp>
#include <tutti/algorithm/panels.hpp>
#include <tutti/algorithm/solver.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti {

/// The data of a GLM as its passes see it, in memory that the policy's tasks may read.
template <class T>
struct glm_data {
  matrix_view<const T> X;     ///< [n x p]
  const T* target = nullptr;  ///< [n] as the loss wants it
  const T* weight = nullptr;  ///< [n] or nullptr for ones
  bool intercept = true;      ///< whether a column of ones follows the p features

  constexpr index columns() const { return X.cols + (intercept ? 1 : 0); }
};

/// Sums over the samples at some coefficients, for k outputs of q columns each (features, then the constant).
struct glm_sums {
  double loss = 0;
  std::vector<double> gradient;  ///< [k x q]
  matrix<double> hessian;        ///< [k q x k q], empty if not asked for
};

namespace detail {

template <class P, class Loss>
struct glm_kernel {
  using T = typename P::value_type;
  using V = typename P::slice;
  static constexpr index block = 4096;

  glm_data<T> data;
  Loss loss;
  const T* coef;  ///< [k x strips x 4], padded with zeros
  panel_layout layout;
  gram_layout gram;
  index hessian_every;  ///< of so many runs of rows one counts in the Hessian; 0: none

  constexpr index outputs() const { return loss.outputs(); }
  constexpr index pairs() const { return outputs() * (outputs() + 1) / 2; }
  constexpr index hessian_sums() const { return hessian_every > 0 ? pairs() * gram.sums() : 0; }
  constexpr index gradient_columns() const { return layout.strips() * strip_columns; }
  constexpr index gradient_sums() const { return outputs() * gradient_columns(); }
  constexpr index sums() const { return hessian_sums() + gradient_sums() + 1; }

  constexpr index scratch_bytes() const {
    const index columns = (hessian_every > 0 ? 2 : 1) * layout.size();
    return (columns + (outputs() + outputs() + pairs()) * run_rows() + sums() * panel_rows) *
           static_cast<index>(sizeof(T));
  }

  /// Rows over those that count in the Hessian.
  constexpr double hessian_scale() const {
    const index n = data.X.rows, period = run_rows() * hessian_every;
    return static_cast<double>(n) / static_cast<double>(n / period * run_rows() + std::min(n % period, run_rows()));
  }

  constexpr void map(index begin, index end, double* slot, std::byte* scratch) const {
    const room m = lay_out(scratch);
    clear_padding(m.B);
    if (hessian_every > 0) clear_padding(m.A);
    for (index e = hessian_every == 1 ? hessian_sums() : 0; e < sums(); ++e) P::all(T(0)).store(m.sums + e * panel_rows);
    for (index row = begin; row < end; row += run_rows()) {
      const index rows = std::min(run_rows(), end - row), panels = block_count(rows, panel_rows);
      const bool curved = hessian_every > 0 && row / run_rows() % hessian_every == 0;
      const prefetch_run next = next_rows(data.X, row + rows, run_rows());
      prefetch_run meanwhile = curved ? prefetch_run{} : next;
      const index requests = block_count(meanwhile.requests(), panels);
      for (index p = 0; p < panels; ++p) {
        const index first = row + p * panel_rows;
        load(first, std::min(panel_rows, end - first), p, m.B);
        for (index i = 0; i < requests; ++i) meanwhile.ask<P>();
        score(p, m);
      }
      // In a loop of its own: a loss is one long chain of dependent steps, and those of several panels overlap.
      for (index p = 0; p < panels; ++p) {
        const index first = row + p * panel_rows;
        evaluate(first, std::min(panel_rows, end - first), p, m);
      }
      if (curved) add_hessian(panels, hessian_every == 1 && row == begin, next, m);
      add_gradient(panels, m);
    }
    sum_lanes<P>(m.sums, sums(), slot);
  }

  constexpr void combine(double* left, const double* right) const {
    for (index e = P::lane(); e < sums(); e += P::step()) left[e] += right[e];
  }

 private:
  /// The private memory of a task.
  struct room {
    T* B;          ///< columns of the pass
    T* A;          ///< the same times a curvature
    T* z;          ///< [k x rows of a run]
    T* residual;   ///< [k x rows]
    T* curvature;  ///< [pairs x rows]
    T* sums;       ///< packs: Hessian, gradient, loss
  };

  constexpr index run_rows() const { return layout.panels * panel_rows; }

  constexpr room lay_out(std::byte* scratch) const {
    room m{};
    m.B = reinterpret_cast<T*>(scratch);
    m.A = m.B + layout.size();
    m.z = hessian_every > 0 ? m.A + layout.size() : m.A;
    m.residual = m.z + outputs() * run_rows();
    m.curvature = m.residual + outputs() * run_rows();
    m.sums = m.curvature + pairs() * run_rows();
    return m;
  }

  constexpr void clear_padding(T* columns) const {
    for (index p = 0; p < layout.panels; ++p)
      for (index c = layout.columns; c < layout.strips() * strip_columns; ++c)
        P::all(T(0)).store(columns + layout.at(p, c));
  }

  constexpr void load(index row, index count, index panel, T* B) const {
    load_panel<false, P>(data.X, row, count, nullptr, layout, panel, B);
    if (data.intercept) ones_first<P>(count).store(B + layout.at(panel, data.X.cols));
  }

  /// Linear predictors of a panel. The padding adds zeros.
  constexpr void score(index panel, const room& m) const {
    for (index k = 0; k < outputs(); ++k)
      for (index s = 0; s < panel_rows; s += V::lanes) {
        V z[strip_columns] = {V::all(T(0)), V::all(T(0)), V::all(T(0)), V::all(T(0))};
        const T* column = m.B + layout.at(panel, 0) + s;
        const T* w = coef + k * gradient_columns();
        for (index strip = 0; strip < layout.strips(); ++strip, column += layout.strip_stride(), w += strip_columns)
#pragma GCC unroll 4
          for (index c = 0; c < strip_columns; ++c) z[c] = z[c] + V::load(column + c * panel_rows) * V::all(w[c]);
        ((z[0] + z[1]) + (z[2] + z[3])).store(m.z + k * run_rows() + panel * panel_rows + s);
      }
  }

  /// Loss, residuals and curvatures of a panel.
  constexpr void evaluate(index row, index count, index panel, const room& m) const {
    const index at = panel * panel_rows;
    alignas(64) T y[panel_rows];
    alignas(64) T w[panel_rows];
    P::load_first(data.target + row, count).store(y);
    (data.weight == nullptr ? ones_first<P>(count) : P::load_first(data.weight + row, count)).store(w);
    T* const total = m.sums + (sums() - 1) * panel_rows;
    for (index s = 0; s < panel_rows; s += V::lanes) {
      const V lost = loss.evaluate(m.z + at + s, V::load(y + s), V::load(w + s), m.residual + at + s,
                                   m.curvature + at + s, run_rows());
      (V::load(total + s) + lost).store(total + s);
    }
  }

  /// gradient[k, c] += residual[k] column[c], four columns at a time.
  constexpr void add_gradient(index panels, const room& m) const {
    for (index k = 0; k < outputs(); ++k)
      for (index strip = 0; strip < layout.strips(); ++strip)
        for (index s = 0; s < panel_rows; s += V::lanes) {
          const T* column = m.B + strip * layout.strip_stride() + s;
          const T* residual = m.residual + k * run_rows() + s;
          T* const sum = m.sums + (hessian_sums() + (k * layout.strips() + strip) * strip_columns) * panel_rows + s;
          V g[strip_columns];
#pragma GCC unroll 4
          for (index c = 0; c < strip_columns; ++c) g[c] = V::load(sum + c * panel_rows);
          for (index p = 0; p < panels; ++p, column += strip_columns * panel_rows, residual += panel_rows) {
            const V r = V::load(residual);
#pragma GCC unroll 4
            for (index c = 0; c < strip_columns; ++c) g[c] = g[c] + r * V::load(column + c * panel_rows);
          }
#pragma GCC unroll 4
          for (index c = 0; c < strip_columns; ++c) g[c].store(sum + c * panel_rows);
        }
  }

  /// For each pair of outputs the products of the columns, weighted by their curvature.
  constexpr void add_hessian(index panels, bool fresh, prefetch_run next, const room& m) const {
    for (index pair = 0; pair < pairs(); ++pair, next = {}) {
      const T* const curvature = m.curvature + pair * run_rows();
      for (index strip = 0; strip < layout.strips(); ++strip)
        for (index p = 0; p < panels; ++p) {
          const P w = P::load(curvature + p * panel_rows);
          const index at = strip * layout.strip_stride() + p * strip_columns * panel_rows;
#pragma GCC unroll 4
          for (index c = 0; c < strip_columns; ++c)
            (w * P::load(m.B + at + c * panel_rows)).store(m.A + at + c * panel_rows);
        }
      T* const sum = m.sums + pair * gram.sums() * panel_rows;
      add_gram<P>(m.A, m.B, layout, gram, panels, fresh, sum, next);
    }
  }
};

/// Of how many runs of rows one is enough to estimate the Hessian for `size` coefficients. A sample of m rows is off by
/// about sqrt(size / m) (Vershynin, High-Dimensional Probability (2018), 4.7): 64 rows a coefficient leave an eighth.
constexpr index sample_step(index n, index size) { return std::clamp<index>(n / (64 * size), 1, 16); }

/// Rows of q numbers, rounded to T, as rows of `width` with zeros at their ends.
template <class T>
std::vector<T> pad_rows(std::span<const double> rows, index q, index width) {
  const index count = static_cast<index>(rows.size()) / q;
  std::vector<T> out(static_cast<std::size_t>(count * width));
  for (index k = 0; k < count; ++k)
    for (index c = 0; c < q; ++c)
      out[static_cast<std::size_t>(k * width + c)] = static_cast<T>(rows[static_cast<std::size_t>(k * q + c)]);
  return out;
}

/// The blocks [k, l] of the Hessian, times a factor, from the tiles of each pair.
inline matrix<double> join_blocks(const std::vector<double>& sums, gram_layout gram, index outputs, index q,
                                  double scale) {
  matrix<double> H(outputs * q, outputs * q);
  const double* pair = sums.data();
  for (index k = 0; k < outputs; ++k)
    for (index l = k; l < outputs; ++l, pair += gram.sums()) {
      const matrix<double> G = untile(pair, gram, q);
      for (index a = 0; a < q; ++a)
        for (index b = 0; b < q; ++b) H(k * q + a, l * q + b) = H(l * q + b, k * q + a) = scale * G(a, b);
    }
  return H;
}

}  // namespace detail

/// Loss, gradient and, if asked for, Hessian, summed over the samples with their weights.
///
/// data      rows, targets, weights; see glm_data
/// coef      [k x q]  coefficients of each output, the constant last if there is one; host memory
/// hessian   the samples that it comes from; of a sample it is an estimate, in proportion to all
/// returns   sums in double; not finite where an element or a linear predictor is not
/// cost      one pass over X; 2 n k q products, with the Hessian of all n k^2 q^2 / 4 fused multiply-adds
/// note      loss and gradient: the same bits on every policy and for any number of threads; the Hessian: for any
///           number of threads, between instruction sets to rounding (fused or not)
template <execution_policy Policy, class T, class Loss>
glm_sums glm_pass(const Policy& policy, const glm_data<T>& data, const Loss& loss, std::span<const double> coef,
                  hessian_rows hessian) {
  using P = typename Policy::template pack<T>;
  using kernel_type = detail::glm_kernel<P, Loss>;
  const index q = data.columns(), outputs = loss.outputs(), n = data.X.rows;
  const detail::panel_layout layout{q, detail::panels_at_a_time(q)};
  const detail::gram_layout gram = detail::make_gram_layout(layout, sizeof(T));
  const std::vector<T> padded = detail::pad_rows<T>(coef, q, layout.strips() * detail::strip_columns);
  const auto near_coef = policy.bring(view(padded));
  const index every = hessian == hessian_rows::none  ? 0
                      : hessian == hessian_rows::all ? 1
                                                     : detail::sample_step(n, outputs * q);
  const kernel_type kernel{data, loss, near_coef.view().data, layout, gram, every};
  const auto sums = policy.template reduce_blocks<double>(n, kernel_type::block, kernel.sums(), kernel);

  glm_sums out{sums.back(), std::vector<double>(static_cast<std::size_t>(outputs * q)), {}};
  const double* const gradient = sums.data() + kernel.hessian_sums();
  for (index k = 0; k < outputs; ++k)
    std::copy_n(gradient + k * layout.strips() * detail::strip_columns, q, out.gradient.data() + k * q);
  if (every > 0) out.hessian = detail::join_blocks(sums, gram, outputs, q, kernel.hessian_scale());
  return out;
}

}  // namespace tutti
