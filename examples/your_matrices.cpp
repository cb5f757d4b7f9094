// Data as they lie in memory, not copied: Eigen of either storage order, standard containers, pointers with strides.

#include <cstddef>
#include <cstdio>
#include <span>
#include <vector>

#include <Eigen/Core>

#include <tutti/core/eigen.hpp>
#include <tutti/core/view.hpp>
#include <tutti/linear_model/ridge.hpp>
#include <tutti/policy/par.hpp>

int main() {
  using tutti::par;
  constexpr Eigen::Index n = 1000, p = 3;
  Eigen::MatrixXd X(n, p);  // column-major
  Eigen::VectorXd y(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    for (Eigen::Index j = 0; j < p; ++j) X(i, j) = double((i * (2 * j + 3)) % 17) - 8;
    y(i) = 1 * X(i, 0) - 2 * X(i, 1) + 3 * X(i, 2) + 4;
  }
  const tutti::ridge learner{.alpha = 1e-6};
  const auto say = [](const char* what, const auto& model) {
    const auto w = model.coef();
    std::printf("%-27s %6.3f %6.3f %6.3f, constant %.3f\n", what, w[0], w[1], w[2], model.intercept());
  };

  // Eigen: anything with memory of its own or of another. An expression such as 2 * X has none: write (2 * X).eval().
  say("Eigen, by columns", learner.fit(par, X, y));
  const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> by_rows = X;
  say("Eigen, by rows", learner.fit(par, by_rows, y));
  say("Eigen, a block of rows", learner.fit(par, X.middleRows(100, 300), y.segment(100, 300)));
  using strides = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
  const Eigen::Map<const Eigen::MatrixXd, 0, strides> even_rows(X.data(), n / 2, p, strides(n, 2));
  const Eigen::Map<const Eigen::VectorXd, 0, Eigen::InnerStride<2>> even_y(y.data(), n / 2);
  say("Eigen::Map, every other row", learner.fit(par, even_rows, even_y));

  // A pointer, the sizes, and two strides counted in elements: here records of an id, three features and a target.
  std::vector<double> records(std::size_t(n * 5));
  for (Eigen::Index i = 0; i < n; ++i) {
    double* const record = records.data() + i * 5;
    record[0] = double(i);
    for (Eigen::Index j = 0; j < p; ++j) record[1 + j] = X(i, j);
    record[4] = y(i);
  }
  const auto features = tutti::view(records.data() + 1, n, p, 5, 1);
  const tutti::vector_view<const double> targets{records.data() + 4, n, 5};
  say("a pointer with strides", learner.fit(par, features, targets));

  // Targets and weights: any vector of numbers. Those side by side, of the type of X, are read in place.
  const std::vector<double> weight(std::size_t(n), 2.0);
  const std::span<const double> target(y.data(), std::size_t(n));
  const auto model = learner.fit(par, X, target, weight);
  say("std::span and std::vector", model);
  // The way back: what a model holds, as an Eigen::Map.
  const auto w = tutti::as_eigen(model.coef());
  std::printf("an Eigen vector of %td coefficients, the last %.3f\n", w.size(), w(w.size() - 1));
}
