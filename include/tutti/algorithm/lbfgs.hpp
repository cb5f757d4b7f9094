#pragma once
// lbfgs: a limited-memory quasi-Newton method, for problems whose Hessian is too large to form.
//
// **Source** Nocedal and Wright, Numerical Optimization (2006), algorithms 7.4 and 7.5 (two loops),
// 3.5 and 3.6 (a line search for the strong Wolfe conditions), 7.20 (the first scale).

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <deque>
#include <utility>
#include <vector>

#include <tutti/algorithm/solver.hpp>
#include <tutti/core/arithmetic.hpp>

namespace tutti {

namespace detail {

struct lbfgs_pair {
  std::vector<double> step;    ///< difference of two points
  std::vector<double> change;  ///< difference of their gradients
  double curvature;            ///< their inner product
};

/// minus the approximate inverse Hessian times the gradient.
inline std::vector<double> lbfgs_direction(const std::deque<lbfgs_pair>& memory, const std::vector<double>& gradient) {
  std::vector<double> d = gradient;
  std::vector<double> alpha(memory.size());
  for (std::size_t i = memory.size(); i-- > 0;) {
    alpha[i] = inner_product(memory[i].step, d) / memory[i].curvature;
    d = along(d, -alpha[i], memory[i].change);
  }
  if (!memory.empty()) {
    const lbfgs_pair& last = memory.back();
    const double scale = last.curvature / inner_product(last.change, last.change);
    for (double& x : d) x *= scale;
  }
  for (std::size_t i = 0; i < memory.size(); ++i) {
    const double beta = inner_product(memory[i].change, d) / memory[i].curvature;
    d = along(d, alpha[i] - beta, memory[i].step);
  }
  for (double& x : d) x = -x;
  return d;
}

/// A point of a line search.
struct line_point {
  double t;
  double value;
  double slope;
  evaluation at;
};

/// The minimum of the cubic through two points and their slopes, kept well inside the interval.
inline double cubic_minimum(const line_point& a, const line_point& b) {
  const double d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.t - b.t);
  const double root = product(d1, d1) - product(a.slope, b.slope);
  const double low = std::min(a.t, b.t), high = std::max(a.t, b.t), margin = product(0.1, high - low);
  double t = 0.5 * (low + high);
  if (root >= 0) {
    const double d2 = (b.t > a.t ? 1 : -1) * std::sqrt(root);
    const double cubic = b.t - (b.t - a.t) * (b.slope + d2 - d1) / (b.slope - a.slope + product(2.0, d2));
    if (cubic > low && cubic < high) t = cubic;
  }
  return std::clamp(t, low + margin, high - margin);
}

/// A step along a descent direction that lowers the value and flattens the slope enough (strong Wolfe).
///
/// probe     line_point probe(t)
/// returns   the point; t is 0 if none was found
template <class Probe>
line_point wolfe_search(const Probe& probe, const line_point& start, double first, double slack) {
  constexpr double decrease = 1e-4, flatten = 0.9;
  const auto lower_enough = [&](const line_point& p) { return p.value <= start.value + product(decrease * p.t, start.slope) + slack; };
  const auto flat_enough = [&](const line_point& p) { return std::abs(p.slope) <= -flatten * start.slope; };
  line_point low = start, high = start;
  bool bracketed = false;
  double t = first;
  for (int trial = 0; trial < 30; ++trial) {
    line_point p = probe(t);
    if (!p.at.finite() || !lower_enough(p) || (low.t > 0 && p.value > low.value + slack)) {
      high = std::move(p);
      bracketed = true;
    } else {
      if (flat_enough(p)) return p;
      if (p.slope * (bracketed ? high.t - low.t : 1.0) >= 0) {
        high = std::move(low);
        bracketed = true;
      }
      low = std::move(p);
    }
    t = !bracketed ? 2 * t : is_finite(high.value) ? cubic_minimum(low, high) : 0.5 * (low.t + high.t);
  }
  if (low.t > 0) return low;
  return line_point{0, start.value, start.slope, {}};
}

}  // namespace detail

/// Minimises a smooth function from w on.
///
/// f           evaluation f(w, hessian_rows::none); finite at w, elsewhere it may be infinite or NaN
/// w           start; becomes the solution
/// tolerance   on the largest element of the gradient
/// noise       relative error of f's values; a step may raise the value by as much
/// step_done   called after each step with the number of steps done
/// returns     report; its objective and gradient are those at w
template <class F, class StepDone>
solver_report lbfgs(const F& f, std::vector<double>& w, double tolerance, index max_iter, double noise,
                    const StepDone& step_done) {
  constexpr std::size_t memory_length = 10;
  constexpr int patience = 5;  // steps that gain neither in value nor in gradient
  int idle = 0;
  solver_report report;
  evaluation here = f(w, hessian_rows::none);
  report.passes = 1;
  std::deque<detail::lbfgs_pair> memory;
  const auto finish = [&](solver_status status) { return detail::finished(report, status, here); };
  while (detail::largest(here.gradient) > tolerance) {
    if (report.iterations == max_iter) return finish(solver_status::max_iter);
    std::vector<double> direction = detail::lbfgs_direction(memory, here.gradient);
    double slope = detail::inner_product(here.gradient, direction);
    if (!(slope < 0)) {  // the memory misleads: forget it
      memory.clear();
      direction = detail::lbfgs_direction(memory, here.gradient);
      slope = detail::inner_product(here.gradient, direction);
    }
    const auto probe = [&](double t) {
      evaluation at = f(detail::along(w, t, direction), hessian_rows::none);
      ++report.passes;
      const double s = detail::inner_product(at.gradient, direction), value = at.value;
      return detail::line_point{t, value, s, std::move(at)};
    };
    const double first = memory.empty() ? std::min(1.0, 1 / std::sqrt(-slope)) : 1.0;
    const double slack = noise * std::abs(here.value);
    detail::line_point p = detail::wolfe_search(probe, {0, here.value, slope, {}}, first, slack);
    if (p.t == 0) {
      if (memory.empty()) return finish(solver_status::precision);
      memory.clear();
      continue;
    }
    detail::lbfgs_pair pair{detail::along(std::vector<double>(w.size()), p.t, direction),
                            detail::along(p.at.gradient, -1, here.gradient), 0};
    pair.curvature = detail::inner_product(pair.step, pair.change);
    const bool gained = p.value < here.value - slack ||
                        detail::largest(p.at.gradient) < 0.9 * detail::largest(here.gradient);
    idle = gained ? 0 : idle + 1;
    w = detail::along(w, p.t, direction);
    here = std::move(p.at);
    if (pair.curvature > 1e-16 * detail::inner_product(pair.change, pair.change)) {
      memory.push_back(std::move(pair));
      if (memory.size() > memory_length) memory.pop_front();
    }
    step_done(++report.iterations);
    if (idle == patience) return finish(solver_status::precision);
  }
  return finish(solver_status::converged);
}

}  // namespace tutti
