#pragma once
// newton_cholesky: Newton's method with a line search. Its Hessian comes from a sample first, and a factor serves as long
// as it leads down fast.
//
// **Source** Nocedal and Wright, Numerical Optimization (2006), algorithm 3.2 with modified Hessian (3.4).
// Sampled Hessians: Roosta-Khorasani and Mahoney, Sub-sampled Newton methods, Mathematical Programming 174 (2019).
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
/// f           evaluation f(w, hessian_rows); finite at the start
/// w           start; becomes the solution
/// tolerance   on the largest element of the gradient
/// noise       relative error of f's values; a step may raise the value by as much
/// step_done   called after each step with the number of steps done
/// returns     report; its objective and gradient are those at w
template <class D, class F, class StepDone>
solver_report newton_cholesky(const F& f, std::vector<double>& w, double tolerance, index max_iter, double noise,
                              const StepDone& step_done) {
  solver_report report;
  hessian_rows source = hessian_rows::sample;  // until a step from it disappoints
  hessian_rows known = source;                 // what `here` was evaluated with
  hessian_rows wanted = source;                // what the next point will be
  const auto evaluate = [&](std::span<const double> at, hessian_rows hessian) {
    ++report.passes;
    return f(at, hessian);
  };
  evaluation here = evaluate(w, known);
  matrix<double> L;
  const auto finish = [&](solver_status status) { return detail::finished(report, status, here); };
  while (detail::largest(here.gradient) > tolerance) {
    if (report.iterations == max_iter) return finish(solver_status::max_iter);
    if (known != hessian_rows::none) L = detail::factor_hessian<D>(here.hessian);
    std::vector<double> step = here.gradient;
    cholesky_solve<D>(L, step);
    const double decrement = detail::inner_product(here.gradient, step);
    const double slack = noise * std::abs(here.value);
    std::vector<double> trial;
    evaluation there;
    double t = 1;
    const auto lower_enough = [&] {
      trial = detail::along(w, -t, step);
      there = evaluate(trial, wanted);
      return there.finite() && there.value <= here.value - detail::product(1e-4 * t, decrement) + slack;
    };
    bool found = lower_enough();
    if (!found && known != hessian_rows::all) {
      source = known = wanted = hessian_rows::all;
      here = evaluate(w, known);
      continue;
    }
    for (; !found; found = lower_enough())
      if ((t *= 0.5) < 1e-10) return finish(solver_status::precision);
    const double before = detail::largest(here.gradient), after = detail::largest(there.gradient), rate = after / before;
    // Below the noise of the values only the gradient can tell progress.
    if (decrement <= slack && rate >= 1) return finish(solver_status::precision);
    w = std::move(trial);
    here = std::move(there);
    known = wanted;
    step_done(++report.iterations);
    // A factor serves on while at most three more such steps are needed: a pass with the Hessian costs about that many.
    const bool serves = detail::product(rate * rate, rate * after) <= tolerance;
    if (!serves && rate > 0.25) source = hessian_rows::all;
    wanted = serves ? hessian_rows::none : source;
  }
  return finish(solver_status::converged);
}

}  // namespace tutti
