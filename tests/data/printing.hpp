#pragma once
// Vectors in the messages of failing tests.

#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

namespace doctest {

template <class T>
struct StringMaker<std::vector<T>> {
  static String convert(const std::vector<T>& v) {
    std::ostringstream out;
    out.precision(17);
    for (const T& x : v) {
      if constexpr (std::is_enum_v<T> || (std::is_integral_v<T> && sizeof(T) == 1))
        out << static_cast<int>(x) << ' ';
      else
        out << x << ' ';
    }
    const std::string text = "{ " + out.str() + "}";
    return text.c_str();
  }
};

}  // namespace doctest
