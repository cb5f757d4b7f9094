#pragma once
// newton_cholesky: Newton's method with a line search; the Hessian is factored, and kept while it changes little.
//
// **Source** Nocedal and Wright, Numerical Optimization (2006), algorithm 3.2 with modified Hessian (3.4).
// A kept factor: Shamanskii, A modification of Newton's method, Ukrainian Mathematical Journal 19 (1967).

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <tutti/algorithm/cholesky.hpp>
#include <tutti/algorithm/solver.hpp>
#include <tutti/core/arithmetic.hpp>
#include <tutti/core/matrix.hpp>

namespace tutti {

namespace detail {

/// The factor of a Hessian; where it is not positive definite, of the Hessian plus the smallest shift tried that is.
template <class D>
matrix<double> factor_hessian(const matrix<double>& H) {
  double largest_diagonal = 0;
  for (index i = 0; i < H.rows(); ++i) largest_diagonal = std::max(largest_diagonal, H(i, i));
  const double unit = largest_diagonal > 0 ? largest_diagonal : 1.0;
  for (double shift = 0;; shift = shift == 0 ? 1e-12 * unit : 100 * shift) {
    matrix<double> L = H;
    for (index i = 0; i < H.rows(); ++i) L(i, i) += shift;
    if (cholesky<D>(L, 1e-15)) return L;
  }
}

}  // namespace detail

/// Minimises a convex function from w on.
///
/// f           evaluation f(w, with_hessian); finite at the start
/// w           start; becomes the solution
/// tolerance   on the largest element of the gradient
/// noise       relative error of f's values; a step may raise the value by as much
/// step_done   called after each step with the number of steps done
/// returns     report; its objective and gradient are those at w
template <class D, class F, class StepDone>
solver_report newton_cholesky(const F& f, std::vector<double>& w, double tolerance, index max_iter, double noise,
                              const StepDone& step_done) {
  solver_report report;
  evaluation here = f(w, true);
  report.passes = 1;
  matrix<double> L;
  const auto finish = [&](solver_status status) { return detail::finished(report, status, here); };
  while (detail::largest(here.gradient) > tolerance) {
    if (report.iterations == max_iter) return finish(solver_status::max_iter);
    if (here.hessian.size() > 0) L = detail::factor_hessian<D>(here.hessian);
    std::vector<double> step = here.gradient;
    cholesky_solve<D>(L, step);
    const double decrement = detail::inner_product(here.gradient, step);
    // Half the decrement is what the step should gain. Once that is little, the curvature is nearly what it was.
    const bool keep = here.hessian.size() > 0 && decrement < 1e-3 * std::abs(here.value);
    const double slack = noise * std::abs(here.value);
    double t = 1;
    evaluation there;
    for (;; t *= 0.5) {
      if (t < 1e-10) return finish(solver_status::precision);
      const std::vector<double> trial = detail::along(w, -t, step);
      there = f(trial, !keep);
      ++report.passes;
      if (there.finite() && there.value <= here.value - detail::product(1e-4 * t, decrement) + slack) {
        // Below the noise of the values only the gradient can tell progress.
        const bool gained = decrement > slack || detail::largest(there.gradient) < detail::largest(here.gradient);
        if (!gained) return finish(solver_status::precision);
        w = trial;
        break;
      }
    }
    here = std::move(there);
    step_done(++report.iterations);
  }
  return finish(solver_status::converged);
}

}  // namespace tutti
