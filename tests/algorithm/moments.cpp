#include <tutti/algorithm/moments.hpp>

#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include "../policies.hpp"
#include "../support/check.hpp"
#include "../support/shapes.hpp"

namespace tutti_test {

namespace {

/// Two passes of plain loops in long double.
template <class T>
tutti::group_moments plain_moments(tutti::matrix_view<const T> X, const T* w, const std::int32_t* g, index k) {
  tutti::group_moments out(k, X.cols);
  const auto weight = [&](index i) { return w == nullptr ? 1.0L : static_cast<long double>(w[i]); };
  for (index c = 0; c < k; ++c)
    for (index j = 0; j < X.cols; ++j) {
      long double total = 0, sum = 0, square = 0;
      for (index i = 0; i < X.rows; ++i)
        if (g == nullptr || g[i] == c) total += weight(i), sum += weight(i) * static_cast<long double>(X(i, j));
      const long double mean = total > 0 ? sum / total : 0;
      for (index i = 0; i < X.rows; ++i)
        if (g == nullptr || g[i] == c) {
          const long double d = static_cast<long double>(X(i, j)) - mean;
          square += weight(i) * d * d;
        }
      out.weight[std::size_t(c)] = double(total);
      out.mean[std::size_t(c * X.cols + j)] = double(mean);
      out.square[std::size_t(c * X.cols + j)] = double(square);
    }
  return out;
}

void check_moments(const tutti::group_moments& got, const tutti::group_moments& expected, double tolerance) {
  CHECK(got.weight == expected.weight);
  check_close(got.mean, expected.mean, tolerance);
  check_close(got.square, expected.square, tolerance);
}

}  // namespace

TEST_CASE_TEMPLATE("moments agree with plain loops on every policy, shape and layout", T, float, double) {
  for_shapes([&](index n, index p) {
    CAPTURE(n);
    CAPTURE(p);
    const auto X = random_matrix<T>(n, p);
    const auto w = random_weights<T>(n);
    std::vector<std::int32_t> group;
    for (index i = 0; i < n; ++i) group.push_back(std::int32_t((i * 7) % 3));
    const auto plain = plain_moments<T>(view(X), nullptr, nullptr, 1);
    const auto grouped = plain_moments<T>(view(X), w.data(), group.data(), 4);
    const auto reference = tutti::moments(tutti::seq, tutti::matrix_view<const T>(view(X)), w.data(), group.data(), 4);
    for_layouts(X, [&](const auto& v) {
      for_policies([&](const auto& policy, const std::string& name) {
        CAPTURE(name);
        const auto near = policy.bring(v);
        check_moments(tutti::moments(policy, near.view()), plain, close_to<T>);
        const auto both = tutti::moments(policy, near.view(), w.data(), group.data(), 4);
        check_moments(both, grouped, close_to<T>);
        CHECK(both == reference);
      });
    });
  });
}

TEST_CASE_TEMPLATE("a large mean does not drown a small variance", T, float, double) {
  const double offset = sizeof(T) == 4 ? 1e4 : 1e9;
  tutti::matrix<T> X(10000, 2);
  for (index i = 0; i < X.rows(); ++i) X(i, 0) = T(offset + double(i % 2)), X(i, 1) = T(offset);
  const auto m = tutti::moments(tutti::par_simd, tutti::matrix_view<const T>(view(X)));
  CHECK(m.square[0] / 10000 == doctest::Approx(0.25).epsilon(1e-6));
  CHECK(m.mean[0] == doctest::Approx(offset + 0.5).epsilon(1e-12));
  CHECK(m.square[1] == 0);
}

TEST_CASE("moments of two parts merge to those of the whole, and with nothing to themselves") {
  const auto X = random_matrix<double>(1000, 6);
  const tutti::matrix_view<const double> v = view(X);
  const auto whole = tutti::moments(tutti::seq, v);
  const auto merged = merge(tutti::moments(tutti::seq, v.middle_rows(0, 300)), tutti::moments(tutti::seq, v.middle_rows(300, 1000)));
  check_moments(merged, whole, 1e-14);
  CHECK(merge(whole, tutti::group_moments(1, 6)) == whole);
  CHECK(merge(tutti::group_moments(1, 6), whole) == whole);
}

TEST_CASE("of no samples there is nothing") {
  const tutti::matrix<float> none(0, 3);
  CHECK(tutti::moments(tutti::par, tutti::matrix_view<const float>(view(none))) == tutti::group_moments(1, 3));
}

}  // namespace tutti_test
