#pragma once
// The nouns of the library as concepts: learners are structs of hyper-parameters, models are what their verbs return.
//
// Learning never changes a learner, predicting never changes a model: both may be shared by any number of threads.

#include <concepts>
#include <type_traits>

#include <tutti/core/view.hpp>

namespace tutti {

/// A plain value whose members are hyper-parameters.
template <class L>
concept learner = std::is_aggregate_v<L> && std::copyable<L>;

/// Learns from samples and targets, weighted or not; `fit` always begins afresh.
template <class L, class Policy, class X, class Y>
concept supervised_learner = learner<L> && requires(const L& l, const Policy& policy, const X& x, const Y& y) {
  l.fit(policy, x, y);
};

/// Learns from samples alone.
template <class L, class Policy, class X>
concept unsupervised_learner = learner<L> && requires(const L& l, const Policy& policy, const X& x) {
  l.fit(policy, x);
};

/// Maps samples to targets.
template <class M, class Policy, class X>
concept predictor = requires(const M& m, const Policy& policy, const X& x) {
  m.predict(policy, x);
  { m.n_features() } -> std::same_as<index>;
};

/// Maps samples to labels and to probabilities of each of its classes.
template <class M, class Policy, class X>
concept classifier = predictor<M, Policy, X> && requires(const M& m, const Policy& policy, const X& x) {
  m.classes();
  m.predict_proba(policy, x);
};

/// Maps samples to other samples.
template <class M, class Policy, class X>
concept transformer = requires(const M& m, const Policy& policy, const X& x) {
  m.transform(policy, x);
  { m.n_features() } -> std::same_as<index>;
};

/// What a loader makes a model from before it fills its fields; nobody else has a model that was not fitted.
struct unfilled {
  explicit unfilled() = default;
};

namespace detail {

/// Takes any field.
struct field_visitor {
  template <class... Field>
  constexpr void operator()(const char*, Field&&...) const {}
};

}  // namespace detail

/// A model that a file can hold: it names its kind, shows its fields to a visitor, and tells what is wrong with them.
template <class M>
concept persistent = std::constructible_from<M, unfilled> && requires(M& m, const M& fixed) {
  { M::kind } -> std::convertible_to<const char*>;
  m.fields(detail::field_visitor{});
  { fixed.inconsistency() } -> std::convertible_to<const char*>;
};

}  // namespace tutti
