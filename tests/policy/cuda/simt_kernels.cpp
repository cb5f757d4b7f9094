// Every kernel of the library, run by the emulated device: 16 threads must give the slots that one thread gives.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/algorithm/brute_search.hpp>
#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/cross.hpp>
#include <tutti/algorithm/glm_pass.hpp>
#include <tutti/algorithm/moments.hpp>
#include <tutti/algorithm/multiply.hpp>
#include <tutti/algorithm/near_vector.hpp>
#include <tutti/algorithm/packed_samples.hpp>
#include <tutti/algorithm/scores.hpp>
#include <tutti/algorithm/sums.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/core/random.hpp>
#include <tutti/metrics/classification.hpp>
#include <tutti/metrics/ranking.hpp>
#include <tutti/metrics/regression.hpp>
#include <tutti/naive_bayes/gaussian_nb.hpp>
#include <tutti/neighbors/nearest_centroid.hpp>
#include <tutti/policy/seq.hpp>
#include <tutti/preprocessing/standard_scaler.hpp>

#include "../../support/check.hpp"
#include "simt_emulation.hpp"

namespace tutti_test {

namespace {

template <class T>
using host_pack = tutti::basic_seq<>::pack<T>;
using tutti::detail::scratch_bytes;

/// Samples, targets, weights and codes for kernels.
template <class T>
struct kernel_data {
  static constexpr index n = 83, p = 21;
  std::vector<T> X, y, w, W;
  std::vector<std::int32_t> code;

  kernel_data() : X(n * p), y(n), w(n), W(4 * (p + 1)), code(n) {
    const tutti::random_source s(3);
    for (std::size_t i = 0; i < X.size(); ++i) X[i] = T(s.normal(i));
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = T(i % 3), w[i] = T(0.5 + double(i % 4)), code[i] = std::int32_t(i % 3);
    for (std::size_t i = 0; i < W.size(); ++i) W[i] = T(s.uniform(i) - 0.5);
  }
  tutti::matrix_view<const T> view() const { return tutti::view(X.data(), n, p); }
  tutti::matrix_view<const T> rows_of_columns() const { return tutti::view(X.data(), n, p, 1, n); }
};

/// The slot of map over [begin, end), then joined with itself.
template <class V, class Kernel>
std::vector<V> mapped(const Kernel& kernel, index begin, index end, index width, bool emulated) {
  std::vector<V> slot(std::size_t(width), V{}), other = slot;
  tutti::storage<std::byte> scratch(scratch_bytes(kernel) + 64);
  const auto run = [&](auto sync) {
    kernel.map(begin, end, slot.data(), scratch.data());
    sync();
    kernel.map(begin, end, other.data(), scratch.data());
    sync();
    kernel.combine(slot.data(), other.data());
  };
  if (emulated)
    run_lanes([&] { run([] { emulated_pack<float>::sync(); }); });
  else
    run([] {});
  return slot;
}

/// One thread and 16 lanes give the same bits, or, where products are fused, nearly.
template <class V, class Host, class Device>
void check_same_slots(const Host& host, const Device& device, index begin, index end, index width, double tolerance = 0) {
  const auto expected = mapped<V>(host, begin, end, width, false), got = mapped<V>(device, begin, end, width, true);
  if (tolerance == 0)
    CHECK(std::memcmp(expected.data(), got.data(), expected.size() * sizeof(V)) == 0);
  else
    check_close(doubles(got), doubles(expected), tolerance);
}

template <class F>
void for_ranges(const F& f) {
  f(index{0}, index{83});
  f(index{16}, index{64});
  f(index{80}, index{83});
}

template <class T>
constexpr double fused = sizeof(T) == 4 ? 1e-5 : 1e-13;

/// Samples for a search: with ties, in clusters, or so large that keys say nothing in float.
template <class T>
tutti::matrix<T> searched_rows(const std::string& kind, index n, index p, std::uint64_t seed) {
  const tutti::random_source numbers(seed), groups = numbers.stream(1), centres(99);
  tutti::matrix<T> X(n, p);
  for (index i = 0; i < n; ++i)
    for (index j = 0; j < p; ++j) {
      const auto e = std::uint64_t(i * p + j);
      const index group = groups.below(std::uint64_t(i), 5);
      double x = double(numbers.below(e, 3));
      if (kind == "clusters") x = 10 * centres.normal(std::uint64_t(group * p + j)) + 1e-4 * numbers.normal(e);
      if (kind == "huge") x = 1e25 * numbers.normal(e);
      X(i, j) = T(x);
    }
  return X;
}

/// What a search finds by one thread or by 16.
struct found_by {
  std::vector<double> distance;
  std::vector<index> sample;

  friend bool operator==(const found_by&, const found_by&) = default;
};

/// A search in several blocks and pieces.
template <class P, class Filter, class T = typename P::value_type>
found_by search_by(const Filter& filter, const tutti::matrix<T>& X, const tutti::matrix<T>& Q, index k, bool emulated) {
  namespace detail = tutti::detail;
  const index m = Q.rows(), wanted = k - 1;
  const auto packed = detail::pack_samples(tutti::seq, "test", tutti::view(X), filter);
  const detail::searched_samples<T> samples{X.data(),     X.rows(), X.cols(), packed.panels.data(), packed.lanes(),
                                            packed.start.data(), packed.centre.data(), packed.longest};
  const detail::search_plan plan{m, 12, detail::block_count(packed.lanes(), 96), 96, 3};
  std::vector<detail::neighbor> found(std::size_t(m * plan.pieces * k));
  found_by out{std::vector<double>(std::size_t(m * wanted)), std::vector<index>(std::size_t(m * wanted))};
  const detail::brute_kernel<P, Filter> search{samples, filter, tutti::view(Q), k, plan, found.data()};
  const detail::join_pieces_kernel<P, Filter> join{
      plan, k, found.data(), detail::self_query::yes, X.cols(), filter, wanted, out.distance.data(), out.sample.data()};
  tutti::storage<std::byte> scratch(scratch_bytes(search));
  const auto run = [&] {
    search(0, plan.tasks() - 1, scratch.data());
    search(plan.tasks() - 1, plan.tasks(), scratch.data());
    P::sync();
    join(0, m, nullptr);
  };
  if (emulated)
    run_lanes(run);
  else
    run();
  return out;
}

}  // namespace

TEST_CASE_TEMPLATE("moments", T, float, double) {
  const kernel_data<T> d;
  const tutti::detail::moment_slots slots{3, d.p};
  for (const auto& X : {d.view(), d.rows_of_columns()})
    for_ranges([&](index begin, index end) {
      check_same_slots<double>(tutti::detail::moments_kernel<host_pack<T>>{X, d.w.data(), d.code.data(), slots},
                               tutti::detail::moments_kernel<emulated_pack<T>>{X, d.w.data(), d.code.data(), slots}, begin,
                               end, slots.size());
    });
}

TEST_CASE_TEMPLATE("cross", T, float, double) {
  const kernel_data<T> d;
  const auto Y = tutti::detail::as_column(d.y.data(), d.n);
  const std::vector<T> shift(d.p + 1, T(0.25));
  for (const T* const weight : {static_cast<const T*>(nullptr), d.w.data()}) {
    const tutti::detail::panel_layout layout{d.p + 2, 2};
    const auto gram = tutti::detail::make_gram_layout(layout, sizeof(T));
    for_ranges([&](index begin, index end) {
      check_same_slots<double>(
          tutti::detail::cross_kernel<host_pack<T>>{d.view(), Y, weight, shift.data(), layout, gram},
          tutti::detail::cross_kernel<emulated_pack<T>>{d.view(), Y, weight, shift.data(), layout, gram}, begin, end,
          gram.sums(), fused<T>);
    });
  }
}

TEST_CASE_TEMPLATE("X'R", T, float, double) {
  const kernel_data<T> d;
  const auto R = tutti::view(d.X.data(), d.n, index{2}, d.p, index{1});
  const tutti::detail::panel_layout layout{d.p, 1};
  for_ranges([&](index begin, index end) {
    const tutti::detail::transposed_kernel<host_pack<T>> host{d.view(), R, layout};
    check_same_slots<double>(host, tutti::detail::transposed_kernel<emulated_pack<T>>{d.view(), R, layout}, begin, end,
                             2 * host.columns());
  });
}

TEST_CASE_TEMPLATE("the GLM pass, gradient and Hessian, one output and three", T, float, double) {
  const kernel_data<T> d;
  const tutti::glm_data<T> data{d.view(), d.y.data(), d.w.data(), true};
  const tutti::detail::panel_layout layout{d.p + 1, 2};
  const auto gram = tutti::detail::make_gram_layout(layout, sizeof(T));
  const auto check = [&](const auto& loss, bool hessian) {
    using loss_type = std::remove_cvref_t<decltype(loss)>;
    const tutti::detail::glm_kernel<host_pack<T>, loss_type> host{data, loss, d.W.data(), layout, gram, hessian};
    const tutti::detail::glm_kernel<emulated_pack<T>, loss_type> device{data, loss, d.W.data(), layout, gram, hessian};
    for_ranges([&](index begin, index end) {
      check_same_slots<double>(host, device, begin, end, host.sums(), hessian ? fused<T> : 0);
    });
  };
  check(tutti::binomial_loss{}, false);
  check(tutti::binomial_loss{}, true);
  check(tutti::softmax_loss{3}, false);
  check(tutti::softmax_loss{3}, true);
}

TEST_CASE_TEMPLATE("scores and what becomes of them", T, float, double) {
  const kernel_data<T> d;
  const std::vector<int> classes{-1, 5, 9, 30};
  std::vector<T> out(d.n * 4), expected_out;
  std::vector<int> labels(d.n), expected_labels;
  const tutti::detail::linear_score<T> linear{d.W.data(), d.W.data() + 3, d.p};
  const tutti::detail::gaussian_score<T> gaussian{d.W.data(), d.W.data() + 1, d.W.data() + 2, d.p};
  const tutti::detail::centroid_score<T> centroids{d.W.data(), d.p};
  const auto check = [&](const auto& score, index outputs, const auto& finish) {
    using score_type = std::remove_cvref_t<decltype(score)>;
    using finish_type = std::remove_cvref_t<decltype(finish)>;
    const tutti::detail::scores_kernel<host_pack<T>, score_type, finish_type> host{d.view(), score, finish, outputs};
    const tutti::detail::scores_kernel<emulated_pack<T>, score_type, finish_type> device{d.view(), score, finish, outputs};
    for_ranges([&](index begin, index end) {
      out.assign(out.size(), T(-7));
      labels.assign(labels.size(), -7);
      const auto slot = mapped<double>(host, begin, end, 1, false);
      expected_out = out;
      expected_labels = labels;
      out.assign(out.size(), T(-7));
      labels.assign(labels.size(), -7);
      CHECK(mapped<double>(device, begin, end, 1, true) == slot);
      CHECK(out == expected_out);
      CHECK(labels == expected_labels);
    });
  };
  for (const index outputs : {1, 4}) {
    check(linear, outputs, tutti::detail::store_scores<T>{out.data(), outputs});
    check(linear, outputs, tutti::detail::store_probabilities<T>{out.data(), outputs});
    check(linear, outputs, tutti::detail::store_probabilities<T>{out.data(), outputs, true});
    check(linear, outputs, tutti::detail::store_labels<T, int>{classes.data(), labels.data(), outputs});
  }
  check(gaussian, index{3}, tutti::detail::store_labels<T, int>{classes.data(), labels.data(), 3});
  check(centroids, index{3}, tutti::detail::store_labels<T, int>{classes.data(), labels.data(), 3});
}

TEST_CASE_TEMPLATE("nearest neighbours", T, float, double) {
  const auto check = [](const auto& filter, const auto& X, const auto& Q, index k) {
    CHECK(search_by<emulated_pack<T>>(filter, X, Q, k, true) == search_by<host_pack<T>>(filter, X, Q, k, false));
  };
  for (const std::string kind : {"integers", "clusters", "huge"})
    for (const index p : {1, 3, 16, 130})
      for (const index k : {2, 11}) {
        if (kind == "huge" && p != 3) continue;
        CAPTURE(kind);
        CAPTURE(p);
        CAPTURE(k);
        const auto X = searched_rows<T>(kind, 120, p, 1), Q = searched_rows<T>(kind, 14, p, 2);
        check(tutti::detail::centred_filter<tutti::euclidean>{}, X, Q, k);
        check(tutti::detail::term_filter<tutti::manhattan>{}, X, Q, k);
        check(tutti::detail::cosine_filter{}, X, Q, k);
      }
}

TEST_CASE_TEMPLATE("rescaling", T, float, double) {
  const kernel_data<T> d;
  std::vector<T> out(d.n * d.p), expected;
  tutti::storage<T> centre(32), scale(32);
  for (index j = 0; j < 32; ++j) centre[j] = T(j) / 8, scale[j] = T(1 + j);
  const auto check = [&](const auto& host, const auto& device) {
    out.assign(out.size(), T(0));
    mapped<double>(host, 0, d.n, 1, false);
    expected = out;
    out.assign(out.size(), T(0));
    mapped<double>(device, 0, d.n, 1, true);
    CHECK(out == expected);
  };
  using tutti::detail::rescale_kernel;
  check(rescale_kernel<host_pack<T>, false>{d.view(), centre.data(), scale.data(), out.data()},
        rescale_kernel<emulated_pack<T>, false>{d.view(), centre.data(), scale.data(), out.data()});
  check(rescale_kernel<host_pack<T>, true>{d.view(), centre.data(), scale.data(), out.data()},
        rescale_kernel<emulated_pack<T>, true>{d.view(), centre.data(), scale.data(), out.data()});
}

TEST_CASE_TEMPLATE("weights, sums and counts", T, float, double) {
  const kernel_data<T> d;
  const std::vector<double> y = doubles(d.y), z = doubles(d.w);
  using tutti::detail::sums_kernel;
  using tutti::detail::squared_error_terms;
  const squared_error_terms terms{y.data(), z.data(), {z.data()}};
  for_ranges([&](index begin, index end) {
    check_same_slots<double>(tutti::detail::weight_kernel<host_pack<T>>{d.w.data()},
                             tutti::detail::weight_kernel<emulated_pack<T>>{d.w.data()}, begin, end, 2);
    check_same_slots<double>(sums_kernel<host_pack<double>, 2, squared_error_terms>{terms},
                             sums_kernel<emulated_pack<double>, 2, squared_error_terms>{terms}, begin, end, 2);
    check_same_slots<double>(
        tutti::detail::confusion_kernel<host_pack<double>>{d.code.data(), d.code.data(), {z.data()}, 3},
        tutti::detail::confusion_kernel<emulated_pack<double>>{d.code.data(), d.code.data(), {z.data()}, 3}, begin, end, 9);
  });
}

TEST_CASE_TEMPLATE("conversions and numbering", T, float, double) {
  const kernel_data<T> d;
  std::vector<double> to(d.n);
  std::vector<T> keys(d.n);
  std::vector<std::int32_t> sample(d.n);
  const tutti::detail::convert_kernel<emulated_pack<T>, T, double> convert{tutti::view(d.y), to.data()};
  const tutti::detail::number_samples_kernel<emulated_pack<T>, T> number{tutti::view(d.y), keys.data(), sample.data()};
  run_lanes([&] {
    convert(0, d.n, nullptr);
    number(0, d.n, nullptr);
  });
  CHECK(to == doubles(d.y));
  CHECK(keys == d.y);
  for (index i = 0; i < d.n; ++i) CHECK(sample[std::size_t(i)] == i);
}

}  // namespace tutti_test
