#include <tutti/algorithm/number_line.hpp>

#include <algorithm>
#include <limits>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/policy/par_simd.hpp>
#include <tutti/policy/seq.hpp>

namespace tutti_test {

namespace {

using tutti::index;

template <class T>
std::vector<T> ascending(index count) {
  std::vector<T> numbers;
  for (index k = 0; k < count; ++k) numbers.push_back(static_cast<T>(k * k) / 3 - static_cast<T>(20 * k) - 1);
  std::ranges::sort(numbers);
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

/// Numbers of a line, those right beside them, and those at the ends of all numbers.
template <class T>
std::vector<T> asked(const std::vector<T>& numbers) {
  constexpr T infinite = std::numeric_limits<T>::infinity();
  std::vector<T> out{-infinite, std::numeric_limits<T>::lowest(), T{-0.0}, T{0}, std::numeric_limits<T>::denorm_min()};
  for (const T x : numbers) {
    out.push_back(std::nextafter(x, -infinite));
    out.push_back(x);
    out.push_back(std::nextafter(x, infinite));
  }
  return out;
}

template <class T, class Search>
void check_counts(const std::vector<T>& numbers, const Search& search) {
  for (const T x : asked(numbers)) {
    const index place = search.below(x);
    CHECK(place == std::ranges::count_if(numbers, [x](T cut) { return cut < x; }));
    CHECK(search.holds(place, x) == (std::ranges::find(numbers, x) != numbers.end()));
  }
}

}  // namespace

TEST_CASE_TEMPLATE("a line of numbers counts those below another, in registers and one by one", T, float, double) {
  using lanes = decltype(tutti::par_simd)::pack<T>;
  for (const index count : {0, 1, 2, 15, 16, 17, 31, 128, 254, 255}) {
    const std::vector<T> numbers = ascending<T>(count);
    CAPTURE(numbers.size());
    tutti::detail::number_line<T> line;
    line.assign(numbers.data(), static_cast<index>(numbers.size()));
    check_counts(numbers, tutti::detail::line_search<lanes, true>(line));
    check_counts(numbers, tutti::detail::line_search<lanes, false>(line));
  }
}

TEST_CASE_TEMPLATE("halving counts as a line does, of any number of numbers", T, float, double) {
  for (const index count : {0, 1, 2, 3, 7, 8, 9, 255, 1000}) {
    const std::vector<T> numbers = ascending<T>(count);
    CAPTURE(numbers.size());
    check_counts(numbers, tutti::detail::halving_search<T>(numbers));
  }
}

}  // namespace tutti_test
