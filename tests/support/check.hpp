#pragma once
// Comparisons that say what they saw.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>

namespace tutti_test {

/// The largest |a - b| beside the largest |b|.
inline double relative_distance(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return INFINITY;
  double distance = 0, size = 1e-300;
  for (std::size_t i = 0; i < a.size(); ++i) {
    distance = std::max(distance, std::abs(a[i] - b[i]));
    size = std::max(size, std::abs(b[i]));
    if (std::isnan(a[i]) != std::isnan(b[i])) return INFINITY;
  }
  return distance / size;
}

template <class R>
std::vector<double> doubles(const R& range) {
  std::vector<double> out;
  for (const auto x : range) out.push_back(static_cast<double>(x));
  return out;
}

template <class T>
std::vector<double> doubles(const tutti::matrix<T>& m) {
  return doubles(std::vector<T>(m.data(), m.data() + m.size()));
}

template <class T>
std::vector<double> doubles(const tutti::matrix_view<T>& m) {
  std::vector<double> out;
  for (tutti::index i = 0; i < m.rows; ++i)
    for (tutti::index j = 0; j < m.cols; ++j) out.push_back(static_cast<double>(m(i, j)));
  return out;
}

inline void check_close(const std::vector<double>& a, const std::vector<double>& b, double tolerance) {
  CHECK(a.size() == b.size());
  CHECK(relative_distance(a, b) <= tolerance);
}

/// Whether f throws E with all the words in its message.
template <class E, class F>
void check_throws(const F& f, std::initializer_list<const char*> words) {
  bool thrown = false;
  try {
    f();
  } catch (const E& e) {
    thrown = true;
    const std::string message = e.what();
    for (const char* const word : words) {
      INFO("message: " << message << "; expected in it: " << std::string(word));
      CHECK(message.find(word) != std::string::npos);
    }
  }
  INFO("expected an exception that says: " << std::string(words.size() > 0 ? *words.begin() : ""));
  CHECK(thrown);
}

}  // namespace tutti_test
