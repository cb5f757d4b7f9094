#pragma once
// What the tests of saved models share: data for any label type, the checks of a model that came back from its file.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/matrix.hpp>
#include <tutti/data/model_file.hpp>

#include "../policies.hpp"
#include "../support/check.hpp"
#include "../support/shapes.hpp"
#include "files.hpp"
#include "printing.hpp"

namespace tutti_test {

enum class species : std::int16_t { setosa = -300, versicolor = 7, virginica = 300 };

/// The class number c, 0 to 2, in any label type: ascending, with gaps, at the ends of the type where it has some.
template <class L>
L label_of(index c) {
  if constexpr (std::is_same_v<L, species>)
    return std::vector{species::setosa, species::versicolor, species::virginica}[std::size_t(c)];
  else if constexpr (std::is_same_v<L, bool>)
    return c > 0;
  else
    return std::vector<L>{std::numeric_limits<L>::min(), L(7), std::numeric_limits<L>::max()}[std::size_t(c)];
}

/// n labels of k classes that follow the first feature, noisily.
template <class L, class T>
std::vector<L> labels_for(const tutti::matrix<T>& X, index k) {
  std::vector<L> y;
  for (index i = 0; i < X.rows(); ++i) {
    const index c = i < k ? i : i % 7 == 0 ? i % k : X(i, 0) < T(2.5) ? 0 : X(i, 0) < T(3.5) || k == 2 ? 1 : 2;
    y.push_back(label_of<L>(c));
  }
  return y;
}

/// A model saved and loaded: equal to the original, and saved again the same file.
template <class M>
M saved_and_loaded(const M& model) {
  const temporary_folder folder;
  const auto first = folder.path() / "first.safetensors", second = folder.path() / "second.safetensors";
  tutti::save(first, model);
  M loaded = tutti::load<M>(first);
  CHECK(loaded == model);
  tutti::save(second, loaded);
  CHECK(bytes_of(first) == bytes_of(second));
  return loaded;
}

template <class M, class Policy, class T>
void check_same_answers_on(const Policy& policy, const M& a, const M& b, const tutti::matrix<T>& X) {
  if constexpr (requires { a.transform(policy, X); }) {
    CHECK(doubles(b.transform(policy, X)) == doubles(a.transform(policy, X)));
    CHECK(doubles(b.inverse_transform(policy, X)) == doubles(a.inverse_transform(policy, X)));
  } else {
    CHECK((b.predict(policy, X) == a.predict(policy, X)));
  }
  if constexpr (requires { a.predict_proba(policy, X); })
    CHECK(doubles(b.predict_proba(policy, X)) == doubles(a.predict_proba(policy, X)));
}

/// Two models that say the same of samples, on every policy and to the last bit.
template <class M, class T>
void check_same_answers(const M& a, const M& b, const tutti::matrix<T>& X) {
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    check_same_answers_on(policy, a, b, X);
  });
}

}  // namespace tutti_test
