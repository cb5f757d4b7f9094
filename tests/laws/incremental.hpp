#pragma once
// The laws of learners that go on learning: batches equal the whole, models merge, a failed batch changes nothing.

#include <stdexcept>

#include "laws.hpp"

namespace tutti_test {

template <class T, class L>
auto start(const L& learner, const problem<T>& d) {
  if constexpr (takes_labels<L, T>) {
    std::vector<int> classes = d.labels;
    return learner.template start<T>(d.X.cols(), classes);
  } else {
    return learner.template start<T>(d.X.cols());
  }
}

/// Learns rows [begin, end).
template <class T, class L, class P, class M>
void learn(const L& learner, const P& policy, M& model, const problem<T>& d, index begin, index end) {
  const auto X = d.view().middle_rows(begin, end);
  const auto part = [&](const auto& v) { return std::span(v).subspan(std::size_t(begin), std::size_t(end - begin)); };
  if constexpr (takes_labels<L, T>) learner.partial_fit(policy, model, X, part(d.labels), part(d.weights));
  else learner.partial_fit(policy, model, X, part(d.weights));
}

template <class T, class L>
void law_batches_equal_the_whole(const L& learner, const promise& promised, index n, index p, int classes) {
  const problem<T> d(n, p, classes);
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    auto whole = start(learner, d), batches = start(learner, d);
    learn(learner, policy, whole, d, 0, n);
    const tutti::random_source cuts(5);
    for (index begin = 0, k = 0; begin < n; ++k) {
      const index end = std::min(n, begin + 4 + cuts.below(std::uint64_t(k), 1500));
      learn(learner, policy, batches, d, begin, end);
      begin = end;
    }
    check_close(numbers(batches), numbers(whole), promised.tolerance<T>());
  });
}

template <class T, class L>
void law_models_merge(const L& learner, const promise& promised, index n, index p, int classes) {
  const problem<T> d(n, p, classes);
  auto whole = start(learner, d), first = start(learner, d), second = start(learner, d), none = start(learner, d);
  learn(learner, tutti::seq, whole, d, 0, n);
  learn(learner, tutti::par, first, d, 0, n / 3);
  learn(learner, tutti::simd, second, d, n / 3, n);
  check_close(numbers(learner.merge(first, second)), numbers(whole), promised.tolerance<T>());
  CHECK(bytes(learner.merge(first, none)) == bytes(first));
  CHECK(bytes(learner.merge(none, first)) == bytes(first));
}

/// A state that is saved and loaded between two batches goes on as if nothing had happened.
template <class T, class L>
void law_saved_states_go_on(const L& learner, index n, index p, int classes) {
  const problem<T> d(n, p, classes);
  const auto path = std::filesystem::temp_directory_path() /
                    ("tutti-state-" + std::to_string(reinterpret_cast<std::uintptr_t>(&d)) + ".safetensors");
  auto straight = start(learner, d);
  auto resumed = start(learner, d);
  for (index begin = 0; begin < n; begin += 97) {
    learn(learner, tutti::seq, straight, d, begin, std::min(n, begin + 97));
    tutti::save(path, resumed);
    resumed = tutti::load<decltype(resumed)>(path);
    learn(learner, tutti::seq, resumed, d, begin, std::min(n, begin + 97));
  }
  std::filesystem::remove(path);
  CHECK(bytes(resumed) == bytes(straight));
  CHECK(resumed == straight);
}

template <class T, class L>
void law_failed_batches_change_nothing(const L& learner, index n, index p, int classes) {
  const problem<T> d(n, p, classes);
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    auto model = start(learner, d);
    learn(learner, policy, model, d, 0, n);
    const std::string before = bytes(model);
    problem<T> bad = d;
    bad.X(n - 1, 0) = T(NAN);
    check_throws<tutti::invalid_input>([&] { learn(learner, policy, model, bad, 0, n); }, {"not finite", "column 0"});
    CHECK(bytes(model) == before);
    bad = d;
    bad.weights[1] = T(-2);
    check_throws<tutti::invalid_input>([&] { learn(learner, policy, model, bad, 0, n); }, {"negative"});
    CHECK(bytes(model) == before);
    const problem<T> wider(n, p + 1, classes);
    check_throws<tutti::invalid_input>([&] { learn(learner, policy, model, wider, 0, n); }, {"expected n x"});
    CHECK(bytes(model) == before);
    if constexpr (takes_labels<L, T>) {
      bad = d;
      bad.weights[2] = T(1);
      bad.labels[2] = 777;
      check_throws<tutti::invalid_input>([&] { learn(learner, policy, model, bad, 0, n); }, {"777", "row 2"});
      CHECK(bytes(model) == before);
    }
    std::stop_source stopped;
    stopped.request_stop();
    const tutti::run_control control{.stop = stopped.get_token()};
    CHECK_THROWS_AS(learn(learner, policy.with(control), model, d, 0, n), tutti::cancelled);
    CHECK(bytes(model) == before);
    const tutti::run_control unhappy{.progress = [](index, index) { throw std::runtime_error("enough"); }};
    CHECK_THROWS_WITH(learn(learner, policy.with(unhappy), model, d, 0, n), "enough");
    CHECK(bytes(model) == before);
  });
}

template <class T, class L>
void incremental_laws(const L& learner, const promise& promised, int classes = 2) {
  SUBCASE("batches equal the whole") { law_batches_equal_the_whole<T>(learner, promised, 10007, 6, classes); }
  SUBCASE("models merge") { law_models_merge<T>(learner, promised, 5003, 19, classes); }
  SUBCASE("saved states go on") { law_saved_states_go_on<T>(learner, 500, 3, classes); }
  SUBCASE("failed batches change nothing") { law_failed_batches_change_nothing<T>(learner, 400, 5, classes); }
}

}  // namespace tutti_test
