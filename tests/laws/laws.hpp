#pragma once
// The laws: what every learner keeps, on every policy, for float and double. A learner joins with one line in a file of
// its own: its hyper-parameters and what docs/determinism.md promises for it.

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/error.hpp>
#include <tutti/core/learner.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/core/random.hpp>
#include <tutti/data/model_file.hpp>
#include <tutti/data/split.hpp>

#include "../policies.hpp"
#include "../support/check.hpp"

namespace tutti_test {

using tutti::index;

/// What a learner promises.
struct promise {
  bool same_bits_on_all_policies;  ///< of the model; predictions of one model always are the same bits
  double tolerance_double;         ///< relative, of the model's numbers between policies, and for weights and batches
  double tolerance_float;
  bool weights_are_copies = true;     ///< weight k is k copies; false: it is a chance to be drawn, or rows are counted
  bool takes_missing_values = false;  ///< NaN in X is a value like others
  index least_samples = 1;            ///< that a fit needs; fewer are refused in words
  index one_in = 1;                   ///< of the usual numbers of samples, for those who look at all of them to predict

  template <class T>
  double tolerance() const {
    return sizeof(T) == 4 ? tolerance_float : tolerance_double;
  }
};

/// Samples for any learner: dependent features, a noisy target, labels with gaps, whole weights with zeros.
template <class T>
struct problem {
  tutti::matrix<T> X;
  std::vector<T> y;
  std::vector<int> labels;
  std::vector<T> weights;

  problem(index n, index p, int classes, std::uint64_t seed = 1)
      : X(n, p), y(std::size_t(n)), labels(std::size_t(n)), weights(std::size_t(n)) {
    const tutti::random_source numbers(seed), noise = numbers.stream(1), counts = numbers.stream(2);
    const int names[] = {-5, 0, 40, 41};
    for (index i = 0; i < n; ++i) {
      double z = 0;
      for (index j = 0; j < p; ++j) {
        const double x = numbers.normal(std::uint64_t(i * p + j)) * (1 + 0.3 * double(j % 4)) + double(j % 3);
        X(i, j) = T(j > 0 && j % 5 == 0 ? 0.5 * x + 0.5 * double(X(i, j - 1)) : x);
        z += double(X(i, j)) * (j % 2 == 0 ? 0.8 : -0.6) / std::sqrt(double(p));
      }
      const double e = noise.normal(std::uint64_t(i));
      y[std::size_t(i)] = T(3 * z + e + 10);
      int c = 0;
      for (int k = 1; k < classes; ++k) c += z + e > double(k) - 0.5 * classes ? 1 : 0;
      labels[std::size_t(i)] = names[c];
      weights[std::size_t(i)] = T(counts.below(std::uint64_t(i), 4));
    }
    for (int k = 0; k < classes && k < n; ++k) labels[std::size_t(k)] = names[k];  // each class occurs
  }

  tutti::matrix_view<const T> view() const { return tutti::view(X); }
};

template <class L, class T>
concept takes_labels = requires(const L& l, const tutti::matrix<T>& X, const std::vector<int>& y) {
  l.fit(tutti::seq, X, y).classes();
};
template <class L, class T>
concept takes_no_target = requires(const L& l, const tutti::matrix<T>& X) { l.fit(tutti::seq, X); };

template <class L, class T>
concept takes_weights = requires(const L& l, const tutti::matrix<T>& X, const std::vector<T>& w) { l.fit(tutti::seq, X, w, w); } ||
                        requires(const L& l, const tutti::matrix<T>& X, const std::vector<int>& y, const std::vector<T>& w) {
                          l.fit(tutti::seq, X, y, w);
                        } ||
                        (takes_no_target<L, T> && requires(const L& l, const tutti::matrix<T>& X, const std::vector<T>& w) {
                          l.fit(tutti::seq, X, w);
                        });

template <class L, class T, class P>
concept fits_on = requires(const L& l, const P& policy, const problem<T>& d) { l.fit(policy, d.X); } ||
                  requires(const L& l, const P& policy, const problem<T>& d) { l.fit(policy, d.X, d.y); } ||
                  requires(const L& l, const P& policy, const problem<T>& d) { l.fit(policy, d.X, d.labels); };

/// f(policy, name) for each policy that the learner fits on.
template <class L, class T, class F>
void for_policies_of(const F& f) {
  for_policies([&](const auto& policy, const std::string& name) {
    if constexpr (fits_on<L, T, std::remove_cvref_t<decltype(policy)>>) f(policy, name);
  });
}

/// The fit of any learner.
template <class T, class L, class P>
auto fit(const L& learner, const P& policy, tutti::matrix_view<const T> X, const problem<T>& d) {
  if constexpr (takes_no_target<L, T>) return learner.fit(policy, X);
  else if constexpr (takes_labels<L, T>) return learner.fit(policy, X, d.labels);
  else return learner.fit(policy, X, d.y);
}

template <class T, class L, class P>
auto fit_weighted(const L& learner, const P& policy, const problem<T>& d, const std::vector<T>& weights) {
  if constexpr (takes_no_target<L, T>) return learner.fit(policy, d.view(), weights);
  else if constexpr (takes_labels<L, T>) return learner.fit(policy, d.view(), d.labels, weights);
  else return learner.fit(policy, d.view(), d.y, weights);
}

template <class L, class T>
using model_of = decltype(fit(std::declval<const L&>(), tutti::seq, std::declval<const problem<T>&>().view(),
                              std::declval<const problem<T>&>()));

/// A model as the bytes of its file.
template <class M>
std::string bytes(const M& model) {
  tutti::detail::tensor_file file;
  M copy = model;
  copy.fields(tutti::detail::field_writer(file));
  return tutti::detail::serialise(file);
}

/// Collects the arrays of a model; what a solver says of its way is not compared.
struct number_collector {
  std::vector<double>& out;

  template <class X>
  void operator()(const char*, const std::vector<X>& v, index = 0) const {
    for (const X x : v) out.push_back(double(x));
  }
  template <class X>
  void operator()(const char*, const X&) const {}
};

template <class M>
std::vector<double> numbers(const M& model) {
  std::vector<double> out;
  M copy = model;
  copy.fields(number_collector{out});
  return out;
}

/// Everything that a model says about samples.
template <class M, class P, class T>
std::vector<double> answers(const M& model, const P& policy, tutti::matrix_view<const T> X) {
  if constexpr (requires { model.transform(policy, X); }) {
    return doubles(model.transform(policy, X));
  } else {
    std::vector<double> out = doubles(model.predict(policy, X));
    if constexpr (requires { model.predict_proba(policy, X); })
      for (const double p : doubles(model.predict_proba(policy, X))) out.push_back(p);
    return out;
  }
}

inline bool all_finite(const std::vector<double>& numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [](double x) { return std::isfinite(x); });
}

inline void check_same(const std::string& a, const std::string& b) { CHECK(a == b); }

/// Every policy learns what `seq` learns, and predicts the same bits from the same model.
template <class T, class L>
void law_policies_agree(const L& learner, const promise& promised, index n, index p, int classes) {
  const problem<T> d(n, p, classes);
  const auto reference = fit(learner, tutti::seq, d.view(), d);
  const auto expected = answers(reference, tutti::seq, d.view());
  for_policies_of<L, T>([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    const auto model = fit(learner, policy, d.view(), d);
    if (promised.same_bits_on_all_policies)
      CHECK(bytes(model) == bytes(reference));
    else
      check_close(numbers(model), numbers(reference), promised.tolerance<T>());
    CHECK(answers(reference, policy, d.view()) == expected);
  });
}

/// A second fit and any number of threads give the same bits.
template <class T, class L>
void law_threads_do_not_matter(const L& learner, index n, index p, int classes) {
  const problem<T> d(n, p, classes);
  const std::string once = bytes(fit(learner, tutti::par_simd, d.view(), d));
  CHECK(bytes(fit(learner, tutti::par_simd, d.view(), d)) == once);
  const auto model = fit(learner, tutti::par_simd, d.view(), d);
  const auto expected = answers(model, tutti::par_simd, d.view());
  for_thread_counts([&](const auto& policy, int threads) {
    CAPTURE(threads);
    CHECK(bytes(fit(learner, policy, d.view(), d)) == once);
    CHECK(answers(model, policy, d.view()) == expected);
  });
}

/// Row-major, column-major, strided and reversed samples in memory give the same bits.
template <class T, class L>
void law_layout_does_not_matter(const L& learner, index n, index p, int classes) {
  const problem<T> d(n, p, classes);
  std::vector<T> columns(std::size_t(n * p)), wide(std::size_t(n * (3 * p + 5)), T(NAN));
  tutti::matrix_view<T> by_columns{columns.data(), n, p, 1, n};
  tutti::matrix_view<T> strided{wide.data() + 1, n, p, 3 * p + 5, 3};
  tutti::matrix_view<T> reversed{wide.data() + (n - 1) * (3 * p + 5), n, p, -(3 * p + 5), 3};
  const std::string once = bytes(fit(learner, tutti::simd, d.view(), d));
  const auto expected = answers(fit(learner, tutti::simd, d.view(), d), tutti::simd, d.view());
  for (auto* v : {&by_columns, &strided, &reversed}) {
    for (index i = 0; i < n; ++i)
      for (index j = 0; j < p; ++j) (*v)(i, j) = d.X(i, j);
    const tutti::matrix_view<const T> X = *v;
    const auto model = fit(learner, tutti::simd, X, d);
    CHECK(bytes(model) == once);
    CHECK(answers(model, tutti::simd, X) == expected);
    CHECK(bytes(fit(learner, tutti::seq, X, d)) == bytes(fit(learner, tutti::seq, d.view(), d)));
  }
}

/// Weight k is k copies, weight 0 none.
template <class T, class L>
void law_weights_are_repetition(const L& learner, const promise& promised, index n, index p, int classes) {
  const problem<T> d(n, p, classes);
  problem<T> copies(1, p, 1);
  std::vector<index> rows;
  for (index i = 0; i < n; ++i)
    for (int k = 0; k < int(d.weights[std::size_t(i)]); ++k) rows.push_back(i);
  copies.X = tutti::take(d.X, rows);
  copies.y = tutti::take(d.y, rows);
  copies.labels = tutti::take(d.labels, rows);
  for_policies_of<L, T>([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    check_close(numbers(fit_weighted(learner, policy, d, d.weights)),
                numbers(fit(learner, policy, copies.view(), copies)), promised.tolerance<T>());
  });
}

/// Weights of one are no weights.
template <class T, class L>
void law_ones_are_no_weights(const L& learner, const promise& promised, index n, index p, int classes) {
  const problem<T> d(n, p, classes);
  const std::vector<T> ones(std::size_t(n), T(1));
  check_close(numbers(fit_weighted(learner, tutti::seq, d, ones)), numbers(fit(learner, tutti::seq, d.view(), d)),
              promised.tolerance<T>());
}

/// What is loaded is what was saved, and predicts the same.
template <class T, class L>
void law_files_keep_models(const L& learner, index n, index p, int classes) {
  const problem<T> d(n, p, classes);
  const auto model = fit(learner, tutti::seq, d.view(), d);
  const auto path = std::filesystem::temp_directory_path() /
                    ("tutti-law-" + std::to_string(reinterpret_cast<std::uintptr_t>(&d)) + ".safetensors");
  tutti::save(path, model);
  using model_type = std::remove_cvref_t<decltype(model)>;
  const auto loaded = tutti::load<model_type>(path);
  std::filesystem::remove(path);
  CHECK(bytes(loaded) == bytes(model));
  CHECK(loaded == model);
  const auto expected = answers(model, tutti::seq, d.view());
  for_policies_of<L, T>([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    CHECK(answers(loaded, policy, d.view()) == expected);
  });
}

/// One learner and one model serve many threads at once.
template <class T, class L>
void law_const_is_thread_safe(const L& learner, index n, index p, int classes) {
  const problem<T> d(n, p, classes);
  const auto model = fit(learner, tutti::seq, d.view(), d);
  const std::string expected_model = bytes(fit(learner, tutti::par, d.view(), d));
  const auto expected = answers(model, tutti::par, d.view());
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int r = 0; r < 2; ++r) {
        wrong += bytes(fit(learner, tutti::par, d.view(), d)) != expected_model;
        wrong += answers(model, tutti::par, d.view()) != expected;
      }
    });
  for (std::thread& t : threads) t.join();
  CHECK(wrong == 0);
}

/// What a caller may not hand in, and what is said about it.
template <class T, class L>
void law_bad_input_is_refused(const L& learner, const promise& promised, index p, int classes) {
  using tutti::invalid_input;
  const problem<T> d(300, p, classes);
  for_policies_of<L, T>([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    const auto model = fit(learner, policy, d.view(), d);
    problem<T> bad = d;
    check_throws<invalid_input>([&] { fit(learner, policy, bad.view().middle_rows(0, 0), bad); }, {"empty", "0 x"});
    if (!promised.takes_missing_values) {
      bad.X(17, p - 1) = T(NAN);
      check_throws<invalid_input>([&] { fit(learner, policy, bad.view(), bad); },
                                  {"X", "row 17", p > 1 ? "column" : "row"});
      check_throws<invalid_input>([&] { answers(model, policy, bad.view()); }, {"row 17"});
    }
    bad.X(17, p - 1) = T(INFINITY);
    check_throws<invalid_input>([&] { fit(learner, policy, bad.view(), bad); },
                                {"X", "row 17", p > 1 ? "column" : "row"});
    check_throws<invalid_input>([&] { answers(model, policy, bad.view()); }, {"row 17"});

    const tutti::matrix<T> other(4, p + 1, T(1));
    check_throws<invalid_input>([&] { answers(model, policy, tutti::view(other)); }, {"4 x", "expected n x"});
    if (p != 7) {
      const tutti::matrix<T> turned(p, 7, T(1));
      check_throws<invalid_input>([&] { answers(model, policy, tutti::view(turned)); }, {"transposed?"});
    }
    if constexpr (!takes_no_target<L, T>)
      check_throws<invalid_input>([&] { fit(learner, policy, d.view().middle_rows(0, 299), d); }, {"299", "300"});

    if constexpr (takes_weights<L, T>) {
      std::vector<T> w = d.weights;
      w[5] = T(-1);
      check_throws<invalid_input>([&] { fit_weighted(learner, policy, d, w); }, {"sample_weight", "negative"});
      w[5] = T(NAN);
      check_throws<invalid_input>([&] { fit_weighted(learner, policy, d, w); }, {"sample_weight", "row 5"});
      w.assign(w.size(), T(0));
      check_throws<invalid_input>([&] { fit_weighted(learner, policy, d, w); }, {"sample_weight", "zero"});
      w.pop_back();
      check_throws<invalid_input>([&] { fit_weighted(learner, policy, d, w); }, {"sample_weight", "299", "300"});
    }

    if constexpr (takes_labels<L, T>) {
      problem<T> one = d;
      one.labels.assign(one.labels.size(), 3);
      check_throws<invalid_input>([&] { fit(learner, policy, one.view(), one); }, {"one class", "3"});
    }
  });
}

/// Missing values are learned from and answered on every policy alike.
template <class T, class L>
void law_missing_values_are_welcome(const L& learner, index n, index p, int classes) {
  problem<T> d(n, p, classes);
  const tutti::random_source chance(3);
  for (index i = 0; i < n * p; ++i)
    if (chance.below(std::uint64_t(i), 5) == 0) d.X(i / p, i % p) = T(NAN);
  for (index i = 0; i < n; ++i) d.X(i, p / 2) = T(NAN);
  const auto reference = fit(learner, tutti::seq, d.view(), d);
  const auto expected = answers(reference, tutti::seq, d.view());
  CHECK(all_finite(expected));
  for_policies_of<L, T>([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    CHECK(bytes(fit(learner, policy, d.view(), d)) == bytes(reference));
    CHECK(answers(reference, policy, d.view()) == expected);
  });
}

/// One sample, one feature, constant features: an answer, or a refusal in words; never a crash or a NaN.
template <class T, class L>
void law_edges_are_defined(const L& learner, const promise& promised, int classes) {
  for (const index n : {index{1}, index{2}, index{15}, index{17}, index{4097}})
    for (const index p : {index{1}, index{3}, index{16}, index{18}}) {
      CAPTURE(n);
      CAPTURE(p);
      problem<T> d(n, p, classes);
      for (index i = 0; i < n; ++i) d.X(i, p / 2) = T(7.25);
      for_policies_of<L, T>([&](const auto& policy, const std::string& name) {
        CAPTURE(name);
        try {
          const auto model = fit(learner, policy, d.view(), d);
          CHECK(all_finite(numbers(model)));
          CHECK(all_finite(answers(model, policy, d.view())));
        } catch (const tutti::invalid_input& e) {
          const std::string said = e.what();
          const bool few = n < promised.least_samples;
          CHECK(said.find(few ? "X has " + std::to_string(n) + " rows" : std::string("one class")) != std::string::npos);
          CHECK(n < std::max(index{classes}, promised.least_samples));
        }
      });
    }
}

/// A stop token ends a fit, progress is told on the calling thread, a memory limit holds.
template <class T, class L>
void law_control_is_obeyed(const L& learner, index n, index p, int classes) {
  const problem<T> d(n, p, classes);
  for_policies_of<L, T>([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    std::stop_source source;
    const auto here = std::this_thread::get_id();
    index told = 0;
    tutti::run_control control{.stop = source.get_token(), .progress = [&](index done, index total) {
                                 CHECK(std::this_thread::get_id() == here);
                                 CHECK(done >= 1);
                                 CHECK(done <= total);
                                 ++told;
                               }};
    fit(learner, policy.with(control), d.view(), d);
    CHECK(told > 0);
    CHECK(control.memory_in_use == 0);
    source.request_stop();
    CHECK_THROWS_AS(fit(learner, policy.with(control), d.view(), d), tutti::cancelled);
    CHECK(control.memory_in_use == 0);
    tutti::run_control little{.memory_limit = 8};  // a fit may need no more than a sum or two
    CHECK_THROWS_AS(fit(learner, policy.with(little), d.view(), d), tutti::out_of_memory);
    CHECK(little.memory_in_use == 0);
  });
}

/// All laws that concern any learner.
template <class T, class L>
void all_laws(const L& learner, const promise& promised, int classes = 2) {
  SUBCASE("policies agree") { law_policies_agree<T>(learner, promised, 9001 / promised.one_in, 7, classes); }
  SUBCASE("policies agree on many features") { law_policies_agree<T>(learner, promised, 700, 41, classes); }
  SUBCASE("threads do not matter") { law_threads_do_not_matter<T>(learner, 20011 / promised.one_in, 5, classes); }
  SUBCASE("layout does not matter") { law_layout_does_not_matter<T>(learner, 4133 / promised.one_in, 18, classes); }
  SUBCASE("layout does not matter for few features") { law_layout_does_not_matter<T>(learner, 131, 3, classes); }
  if constexpr (takes_weights<L, T>) {
    if (promised.weights_are_copies) {
      SUBCASE("weights are repetition") { law_weights_are_repetition<T>(learner, promised, 5003, 6, classes); }
    }
    SUBCASE("ones are no weights") { law_ones_are_no_weights<T>(learner, promised, 5003, 6, classes); }
  }
  SUBCASE("files keep models") { law_files_keep_models<T>(learner, 600, 5, classes); }
  SUBCASE("const is thread safe") { law_const_is_thread_safe<T>(learner, 9001 / promised.one_in, 4, classes); }
  SUBCASE("bad input is refused") { law_bad_input_is_refused<T>(learner, promised, 4, classes); }
  if (promised.takes_missing_values) {
    SUBCASE("missing values are welcome") { law_missing_values_are_welcome<T>(learner, 3001, 5, classes); }
  }
  SUBCASE("edges are defined") { law_edges_are_defined<T>(learner, promised, classes); }
  SUBCASE("control is obeyed") { law_control_is_obeyed<T>(learner, 9001 / promised.one_in, 5, classes); }
}

}  // namespace tutti_test
