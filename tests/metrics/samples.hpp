#pragma once
// What the tests of metrics share: labels of several types, and what is said of bad arguments.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/error.hpp>
#include <tutti/core/random.hpp>

#include "../policies.hpp"
#include "../support/check.hpp"
#include "../support/shapes.hpp"

namespace tutti_test {

enum class colour : signed char { red = -3, green = 0, blue = 7 };

/// Three labels of a type, ascending.
template <class L>
std::vector<L> names_of() {
  if constexpr (std::is_same_v<L, colour>)
    return {colour::red, colour::green, colour::blue};
  else if constexpr (std::is_unsigned_v<L>)
    return {L(0), L(5), std::numeric_limits<L>::max()};
  else
    return {std::numeric_limits<L>::min(), L(-1), L(100)};
}

/// n of the names in random order.
template <class L>
std::vector<L> random_labels(index n, const std::vector<L>& names, std::uint64_t seed) {
  const tutti::random_source source(seed);
  std::vector<L> out;
  for (index i = 0; i < n; ++i) out.push_back(names[std::size_t(source.below(std::uint64_t(i), index(names.size())))]);
  return out;
}

/// From 0.5 to 1.5.
template <class T>
std::vector<T> positive_numbers(index n, std::uint64_t seed) {
  const tutti::random_source source(seed);
  std::vector<T> out;
  for (index i = 0; i < n; ++i) out.push_back(T(0.5 + source.uniform(std::uint64_t(i))));
  return out;
}

/// Each element as often as its weight says.
template <class V, class W>
std::vector<V> copies(const std::vector<V>& v, const std::vector<W>& w) {
  std::vector<V> out;
  for (std::size_t i = 0; i < v.size(); ++i) out.insert(out.end(), std::size_t(w[i]), v[i]);
  return out;
}

/// What a metric of two vectors and weights says of wrong lengths and weights: score(y, predicted, weights).
template <class Y, class Z, class F>
void check_refusals(const std::vector<Y>& y, const std::vector<Z>& predicted, const char* who, const F& score) {
  using tutti::invalid_input;
  const std::vector<Y> no_y;
  const std::vector<Z> none, fewer(predicted.begin(), predicted.end() - 1);
  const std::vector<double> ones(y.size(), 1.0);
  const std::string n = std::to_string(y.size()), less = std::to_string(fewer.size());
  check_throws<invalid_input>([&] { score(no_y, none, std::vector<double>()); }, {who, "y is empty"});
  check_throws<invalid_input>([&] { score(no_y, predicted, ones); }, {who, "y is empty"});
  check_throws<invalid_input>([&] { score(y, fewer, ones); }, {who, "y has", n.c_str(), "predictions", less.c_str()});
  const auto with = [&](double first) {
    auto w = ones;
    w[1] = first;
    return w;
  };
  check_throws<invalid_input>([&] { score(y, predicted, with(-1)); }, {who, "sample_weight", "negative"});
  check_throws<invalid_input>([&] { score(y, predicted, with(NAN)); }, {who, "sample_weight", "not finite", "row 1"});
  check_throws<invalid_input>([&] { score(y, predicted, with(INFINITY)); }, {who, "sample_weight", "row 1"});
  const std::vector<double> zeros(y.size()), short_weights(fewer.size(), 1.0);
  check_throws<invalid_input>([&] { score(y, predicted, zeros); }, {who, "sample_weight", "all zero"});
  check_throws<invalid_input>([&] { score(y, predicted, short_weights); },
                              {who, "sample_weight", less.c_str(), n.c_str()});
}

}  // namespace tutti_test
