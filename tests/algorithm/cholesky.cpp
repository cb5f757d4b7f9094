#include <tutti/algorithm/cholesky.hpp>

#include <cmath>
#include <span>
#include <vector>

#include <Eigen/Dense>
#include <doctest/doctest.h>

#include <tutti/core/eigen.hpp>

#include "../policies.hpp"
#include "../support/shapes.hpp"

namespace tutti_test {

namespace {

/// Z'Z of random Z [m x p]: positive definite for m >= p, of rank m below.
tutti::matrix<double> random_gram(index m, index p) {
  const auto Z = random_matrix<double>(m, p);
  tutti::matrix<double> A(p, p);
  const auto z = tutti::as_eigen(Z);
  const Eigen::MatrixXd G = z.transpose() * z;
  for (index i = 0; i < p; ++i)
    for (index j = 0; j < p; ++j) A(i, j) = G(i, j);
  return A;
}

}  // namespace

TEST_CASE("a regular system is factored and solved on every policy") {
  for (const index p : {1, 2, 15, 16, 17, 60}) {
    CAPTURE(p);
    const auto A = random_gram(2 * p + 3, p);
    const auto b = random_vector<double>(p);
    const Eigen::VectorXd expected = Eigen::MatrixXd(tutti::as_eigen(A)).ldlt().solve(tutti::as_eigen(b));
    for_policies([&](const auto& policy, const std::string& name) {
      CAPTURE(name);
      using D = typename std::remove_cvref_t<decltype(policy.host())>::template pack<double>;
      auto L = A;
      CHECK(tutti::cholesky<D>(L, 1e-14));
      auto x = b;
      tutti::cholesky_solve<D>(L, x);
      CHECK((tutti::as_eigen(x) - expected).norm() <= 1e-8 * expected.norm());
    });
  }
}

TEST_CASE("a matrix that is not positive definite is refused") {
  using D = tutti::basic_seq<>::pack<double>;
  tutti::matrix<double> A(2, 2, 1.0);
  A(1, 1) = 0.5;
  CHECK(!tutti::cholesky<D>(A, 0));
  A(0, 0) = 0;
  CHECK(!tutti::cholesky<D>(A, 0));
  A(0, 0) = NAN;
  CHECK(!tutti::cholesky<D>(A, 0));
}

TEST_CASE("a system of lower rank gives its rank and its shortest solution") {
  using D = tutti::basic_seq<>::pack<double>;
  for (const auto& shape : {std::array<index, 2>{1, 3}, {4, 6}, {7, 20}}) {
    const index rank = shape[0], p = shape[1];
    CAPTURE(p);
    auto A = random_gram(rank, p);
    // Different units of the features must change neither the rank nor what "shortest" means.
    for (index i = 0; i < p; ++i)
      for (index j = 0; j < p; ++j) A(i, j) *= std::pow(10.0, double(i % 3 + j % 3) - 2);
    const Eigen::MatrixXd a = tutti::as_eigen(A);
    const Eigen::VectorXd b = a * Eigen::VectorXd::LinSpaced(p, 1, 2);
    tutti::matrix<double> B(1, p);
    for (index j = 0; j < p; ++j) B(0, j) = b(j);
    CHECK(tutti::solve_symmetric<D>(A, B, 1e-10) == rank);
    const Eigen::VectorXd expected = a.completeOrthogonalDecomposition().solve(b);
    CHECK((tutti::as_eigen(B).row(0).transpose() - expected).norm() <= 1e-6 * expected.norm());
  }
}

TEST_CASE("columns of zeros take no part") {
  using D = tutti::basic_seq<>::pack<double>;
  tutti::matrix<double> A(3, 3, 0.0), B(1, 3, 0.0);
  A(0, 0) = 4, A(2, 2) = 1, B(0, 0) = 8, B(0, 2) = -1;
  CHECK(tutti::solve_symmetric<D>(A, B, 1e-12) == 2);
  CHECK(B(0, 0) == doctest::Approx(2));
  CHECK(B(0, 1) == 0);
  CHECK(B(0, 2) == doctest::Approx(-1));
  tutti::matrix<double> none(2, 2, 0.0), nothing(1, 2, 0.0);
  CHECK(tutti::solve_symmetric<D>(none, nothing, 1e-12) == 0);
  CHECK(nothing(0, 1) == 0);
}

}  // namespace tutti_test
