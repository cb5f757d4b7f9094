#pragma once
// logistic_regression: binary and multinomial, with an L2 penalty.
//
// **Source** McCullagh and Nelder, Generalized Linear Models (1989), chapters 4 and 5; the symmetric softmax:
// Hastie, Tibshirani, Friedman, The Elements of Statistical Learning (2009), 18.3.2.

#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/class_targets.hpp>
#include <tutti/algorithm/glm_pass.hpp>
#include <tutti/algorithm/lbfgs.hpp>
#include <tutti/algorithm/loss.hpp>
#include <tutti/algorithm/newton_cholesky.hpp>
#include <tutti/algorithm/solver.hpp>
#include <tutti/core/labels.hpp>
#include <tutti/core/view.hpp>
#include <tutti/linear_model/linear_classifier.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti {

template <class T, label L>
using logistic_regression_model = linear_classifier<T, L>;

namespace detail {

/// Mean loss plus l2 / 2 |w|^2, the constants unpenalised, for k outputs of q columns.
template <class Policy, class T, class Loss>
struct penalised_objective {
  const Policy& policy;
  const glm_data<T>& data;
  const Loss& loss;
  double total_weight;
  double l2;

  evaluation operator()(std::span<const double> coef, hessian_rows hessian) const {
    glm_sums sums = glm_pass(policy, data, loss, coef, hessian);
    const index p = data.X.cols, q = data.columns();
    evaluation out{sums.loss / total_weight, std::move(sums.gradient), std::move(sums.hessian)};
    for (std::size_t i = 0; i < out.gradient.size(); ++i) {
      const bool penalised = static_cast<index>(i) % q < p;
      out.gradient[i] /= total_weight;
      if (!penalised) continue;
      out.value += product(0.5 * l2 * coef[i], coef[i]);
      out.gradient[i] += product(l2, coef[i]);
    }
    if (hessian != hessian_rows::none) finish_hessian(out.hessian);
    return out;
  }

 private:
  void finish_hessian(matrix<double>& H) const {
    const index p = data.X.cols, q = data.columns(), outputs = loss.outputs();
    for (index i = 0; i < H.rows(); ++i) {
      for (double& h : H.row(i)) h /= total_weight;
      if (i % q < p) H(i, i) += l2;
    }
    // Adding the same to all of several outputs changes no probability: where no penalty does, a curvature in that
    // direction makes the system regular and the step stays out of it, because the gradient does.
    const index first_free = outputs == 1 ? q : l2 > 0 ? p : 0;
    for (index c = first_free; c < q; ++c) {
      double diagonal = 0;
      for (index k = 0; k < outputs; ++k) diagonal += H(k * q + c, k * q + c);
      const double add = diagonal / static_cast<double>(outputs * outputs);
      for (index k = 0; k < outputs; ++k)
        for (index l = 0; l < outputs; ++l) H(k * q + c, l * q + c) += add;
    }
  }
};

}  // namespace detail

/// A logistic regression learner.
///
///     const auto model = tutti::logistic_regression{.C = 10}.fit(tutti::par_simd, X, y);
///     if (!model.report().converged()) ...
///     const auto labels = model.predict(tutti::par_simd, X_new);
struct logistic_regression {
  double C = 1.0;  ///< > 0, may be infinite; weight of the losses' sum beside |w|^2 / 2; more of it: less shrinkage
  double tol = 1e-4;  ///< > 0; bound on the largest element of the gradient of the mean objective
  bool fit_intercept = true;        ///< an unpenalised constant term
  class_weights class_weight = {};  ///< what each class counts: `balanced`, or pairs of label and weight
  glm_solver solver = glm_solver::lbfgs;  ///< how the objective is minimised; both find the same minimum
  index max_iter = 100;                   ///< >= 1; steps of the solver

  /// The w, b that minimise  sum_i s_i loss_i / S + |w|^2 / (2 C S),  S = sum s_i, s = sample and class weights together.
  ///
  /// Two classes: loss = log(1 + e^z) - [y is classes()[1]] z. More: cross entropy of the softmax of k linear predictors.
  ///
  /// X               [n x p]  samples, either storage order; not copied on a host
  /// y               [n]      labels: any integral or enum type, any values
  /// sample_weight   [n]      >= 0, not all zero; ones if left out; 0 is an absent sample, k stands for k copies
  /// returns         model; `report()` tells whether and how the fit converged
  /// throws          invalid_input if the shapes disagree, X is empty, there is one class only, a hyper-parameter is out
  ///                 of range, a weight is negative or all are zero, or a value is not finite
  /// cost            one pass over X for each evaluation; newton_cholesky: some with n q^2 / 32 to n q^2 / 2 products
  ///                 more, q = outputs (p + 1)
  /// note            any number of threads: the same bits; policies: lbfgs the same bits, newton_cholesky 1e-6 relative
  ///                 in double and 2e-4 in float at a tight tolerance
  template <execution_policy Policy, samples_like M, labels_like Y, weights_like W = no_weights>
  auto fit(const Policy& policy, const M& X, const Y& y, const W& sample_weight = {}) const {
    using model = logistic_regression_model<scalar_of<M>, element_of<Y>>;
    return fit_from_start(policy, static_cast<const model*>(nullptr), X, y, sample_weight);
  }

  /// The same, beginning at another model's coefficients: a warm start.
  ///
  /// start    a model of the same classes and features
  /// throws   invalid_input also if start has other classes or features
  template <execution_policy Policy, class T, label L, samples_like M, labels_like Y, weights_like W = no_weights>
    requires std::is_same_v<scalar_of<M>, T> && std::is_same_v<element_of<Y>, L>
  logistic_regression_model<T, L> fit_from(const Policy& policy, const logistic_regression_model<T, L>& start,
                                           const M& X, const Y& y, const W& sample_weight = {}) const {
    return fit_from_start(policy, &start, X, y, sample_weight);
  }

 private:
  static constexpr const char* who = "logistic_regression::fit";

  void check() const {
    detail::require(!is_nan(C) && C > 0, who, "C must be > 0, got " + std::to_string(C));
    detail::require(is_finite(tol) && tol > 0, who, "tol must be a finite number > 0, got " + std::to_string(tol));
    detail::require(max_iter >= 1, who, "max_iter must be >= 1, got " + std::to_string(max_iter));
  }

  template <class Policy, class T, class L, class M, class Y, class W>
  logistic_regression_model<T, L> fit_from_start(const Policy& policy, const logistic_regression_model<T, L>* start,
                                                 const M& X, const Y& y, const W& sample_weight) const {
    check();
    const matrix_view<const T> x = view(X);
    detail::require_samples(who, x);
    detail::require_length(who, "y", view(y).size, x);
    const detail::class_targets<T, L> targets(policy, who, vector_view<const L>(view(y)), sample_weight, x, class_weight);
    const index k = targets.classes().size(), outputs = k == 2 ? 1 : k;
    detail::require(k > 1, who, "y holds one class only: " + detail::label_text(targets.classes()[0]));
    const auto near_x = policy.bring(x);
    const auto near_y = policy.bring(targets.codes()), near_w = policy.bring(targets.weights());
    const glm_data<T> data{near_x.view(), near_y.view().data, near_w.view().data, fit_intercept};
    std::vector<double> w = start_point(start, targets.classes(), x.cols, data.columns(), outputs);
    const auto solve = [&](const auto& loss) { return minimise(policy, data, loss, targets.total_weight(), w); };
    const solver_report report = outputs == 1 ? solve(binomial_loss{}) : solve(softmax_loss{k});
    return make_model<T>(targets.classes(), w, x.cols, data.columns(), outputs, report);
  }

  template <class T, class L>
  static std::vector<double> start_point(const logistic_regression_model<T, L>* start, const class_set<L>& classes,
                                         index p, index q, index outputs) {
    std::vector<double> w(static_cast<std::size_t>(outputs * q));
    if (start == nullptr) return w;
    detail::require(start->classes() == classes.labels(), who, "the model to start from has other classes");
    detail::require(start->n_features() == p, who, "the model to start from has " + std::to_string(start->n_features()) +
                                                       " features, X has " + std::to_string(p));
    for (index k = 0; k < outputs; ++k)
      for (index c = 0; c < q; ++c)
        w[static_cast<std::size_t>(k * q + c)] =
            static_cast<double>(c < p ? start->coef()(k, c) : start->intercept()[static_cast<std::size_t>(k)]);
    return w;
  }

  template <class Policy, class T, class Loss>
  solver_report minimise(const Policy& policy, const glm_data<T>& data, const Loss& loss, double total_weight,
                         std::vector<double>& w) const {
    using D = typename std::remove_cvref_t<decltype(policy.host())>::template pack<double>;
    const detail::penalised_objective<Policy, T, Loss> objective{policy, data, loss, total_weight, 1 / (C * total_weight)};
    bool first = true;
    // Functions without the type of the loss: the solvers are compiled once.
    const std::function<evaluation(std::span<const double>, hessian_rows)> checked = [&](std::span<const double> at,
                                                                                           hessian_rows hessian) {
      evaluation e = objective(at, hessian);
      if (std::exchange(first, false) && !e.finite()) {
        detail::require_finite(policy, who, "X", data.X);
        detail::throw_overflow(who);
      }
      return e;
    };
    const std::function<void(index)> step_done = [&](index steps) { report_progress(policy, steps, max_iter); };
    const double noise = 8 * static_cast<double>(std::numeric_limits<T>::epsilon());
    solver_report report = solver == glm_solver::newton_cholesky
                               ? newton_cholesky<D>(checked, w, tol, max_iter, noise, step_done)
                               : lbfgs(checked, w, tol, max_iter, noise, step_done);
    // No sample's loss reaches log 2, so each is on its side: without a penalty there is no minimum to converge to.
    const bool separated = 1 / C == 0 && report.objective * total_weight < std::log(2.0);
    if (separated) report.status = solver_status::separation;
    return report;
  }

  template <class T, class L>
  static logistic_regression_model<T, L> make_model(const class_set<L>& classes, const std::vector<double>& w, index p, index q,
                                                    index outputs, const solver_report& report) {
    std::vector<T> coef, intercept;
    for (index k = 0; k < outputs; ++k) {
      const auto row = w.begin() + k * q;
      for (index c = 0; c < p; ++c) coef.push_back(static_cast<T>(row[c]));
      intercept.push_back(p < q ? static_cast<T>(row[p]) : T(0));
    }
    return {classes, std::move(coef), std::move(intercept), report};
  }
};

}  // namespace tutti
