#pragma once
// What the iterative solvers share: what they minimise and what they report.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <tutti/core/arithmetic.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>

namespace tutti {

/// How a GLM's objective is minimised.
enum class glm_solver {
  lbfgs,            ///< gradients only; for many features
  newton_cholesky,  ///< Newton steps; fewest passes over the data, memory O((features x outputs)^2)
};

/// Why an iterative fit ended.
enum class solver_status : std::int32_t {
  converged = 0,    ///< the largest gradient element is within the tolerance
  max_iter = 1,     ///< the iterations ran out first
  precision = 2,    ///< no step lowers the objective any more: the numbers cannot carry the tolerance
  separation = 3,   ///< the classes are separable and unpenalised: the coefficients grow without end
};

/// How an iterative fit went.
struct solver_report {
  solver_status status = solver_status::converged;
  index iterations = 0;
  index passes = 0;         ///< over the data
  double objective = 0;     ///< at the coefficients returned, as the learner documents it
  double gradient_max = 0;  ///< largest absolute element of the objective's gradient there

  bool converged() const { return status == solver_status::converged; }

  friend bool operator==(const solver_report&, const solver_report&) = default;
};

/// The samples that a Hessian is computed from.
enum class hessian_rows {
  none,    ///< no Hessian
  sample,  ///< enough for a direction: an estimate of the Hessian; all of them where they are few
  all,
};

/// An objective at a point.
struct evaluation {
  double value = 0;
  std::vector<double> gradient;
  matrix<double> hessian;  ///< empty if not asked for

  bool finite() const {
    const auto all = [](const double* v, index n) { return std::all_of(v, v + n, [](double x) { return is_finite(x); }); };
    return is_finite(value) && all(gradient.data(), static_cast<index>(gradient.size())) && all(hessian.data(), hessian.size());
  }
};

namespace detail {

inline double largest(std::span<const double> v) {
  double out = 0;
  for (const double x : v) out = std::max(out, std::abs(x));
  return out;
}

/// The report of a fit that ends at a point.
inline solver_report finished(solver_report report, solver_status status, const evaluation& at) {
  report.status = status;
  report.objective = at.value;
  report.gradient_max = largest(at.gradient);
  return report;
}

inline double inner_product(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += product(a[i], b[i]);
  return sum;
}

/// a + t b
inline std::vector<double> along(std::span<const double> a, double t, std::span<const double> b) {
  std::vector<double> out(a.begin(), a.end());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] += product(t, b[i]);
  return out;
}

}  // namespace detail

}  // namespace tutti
