#include <tutti/algorithm/quantize.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "../policies.hpp"
#include "../support/check.hpp"
#include "../support/shapes.hpp"

namespace tutti_test {

namespace {

using tutti::bin_cuts;
using tutti::invalid_input;
using tutti::matrix_view;

/// f(policy, name) for each policy whose tasks run on the host.
template <class F>
void for_host_policies(const F& f) {
  f(tutti::seq, std::string("seq"));
  f(tutti::simd, std::string("simd"));
  f(tutti::par, std::string("par"));
  f(tutti::par_simd, std::string("par_simd"));
  f(tutti::par_simd.threads(3), std::string("par_simd, 3 threads"));
}

template <class T>
bin_cuts<T> cuts_of(matrix_view<const T> X, const T* weight = nullptr, std::span<const std::uint8_t> categorical = {}) {
  return tutti::find_cuts(tutti::seq, "f", X, weight, categorical);
}

template <class T>
bin_cuts<T> cuts_of(const std::vector<T>& column, const T* weight = nullptr,
                    std::span<const std::uint8_t> categorical = {}) {
  return cuts_of(matrix_view<const T>{column.data(), index(column.size()), 1, 1, 1}, weight, categorical);
}

/// The bin as its definition says.
template <class T>
std::uint8_t plain_bin(const bin_cuts<T>& cuts, index j, T x) {
  if (tutti::is_nan(x)) return tutti::missing_bin;  // std::isnan is always false in a build with -ffast-math
  const auto of = cuts.of(j);
  const auto below = std::uint8_t(std::count_if(of.begin(), of.end(), [&](T cut) { return cut < x; }));
  if (cuts.categorical[std::size_t(j)] == 0) return below;
  return below < of.size() && of[below] == x ? below : tutti::missing_bin;
}

/// The cuts of many values that all count, as their definition says: in whole numbers.
template <class T>
std::vector<T> plain_quantile_cuts(const std::vector<T>& values, const std::vector<T>& weights) {
  std::map<T, std::int64_t> weight;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (weights[i] > 0) weight[values[i]] += std::int64_t(weights[i]);
  std::int64_t total = 0, light = 0, parts = 255;
  for (const auto& [x, w] : weight) total += w;
  const auto heavy = [&](std::int64_t w) { return 255 * w > 2 * total; };
  for (const auto& [x, w] : weight) heavy(w) ? parts -= 2 : light += w;
  std::vector<T> cuts;
  std::int64_t below = 0;
  for (auto at = weight.begin(), after = std::next(at); after != weight.end(); at = after++) {
    const std::int64_t before = below * parts / std::max<std::int64_t>(light, 1);
    if (!heavy(at->second)) below += at->second;
    const bool passes = below * parts / std::max<std::int64_t>(light, 1) > before;
    const T middle = at->first / 2 + after->first / 2;
    if (passes || heavy(at->second) || heavy(after->second)) cuts.push_back(middle < after->first ? middle : at->first);
  }
  return cuts;
}

/// Numbers that bins tell apart: two features of many values, one of few, one with missing values, one of categories.
template <class T>
tutti::matrix<T> mixed_matrix(index n, std::uint64_t seed = 1) {
  auto X = random_matrix<T>(n, 5, seed);
  for (index i = 0; i < n; ++i) {
    X(i, 1) = std::exp(X(i, 1));
    X(i, 2) = std::floor(10 * X(i, 2));
    if (i % 7 == 3) X(i, 3) = T(NAN);
    X(i, 4) = std::floor(4 * X(i, 4));
  }
  return X;
}

constexpr std::array<std::uint8_t, 5> last_is_categorical{0, 0, 0, 0, 1};

}  // namespace

TEST_CASE_TEMPLATE("bins are the number of cuts below, on every policy, shape and layout", T, float, double) {
  for_shapes([&](index n, index p) {
    CAPTURE(n);
    CAPTURE(p);
    auto X = random_matrix<T>(n, p);
    for (index i = 0; i < n * p; ++i) {
      if (i % 11 == 5 && i / p % 3 == 0) X.data()[i] = T(NAN);
      if (i % p % 4 == 1) X.data()[i] = std::floor(20 * X.data()[i]);
    }
    std::vector<std::uint8_t> categorical;
    for (index j = 0; j < p; ++j) categorical.push_back(j % 8 == 5);
    const auto cuts = cuts_of(matrix_view<const T>(view(X)), static_cast<const T*>(nullptr), categorical);
    const index row_bytes = p + 3;
    std::vector<std::uint8_t> expected(std::size_t(n * row_bytes), 77);
    for (index i = 0; i < n; ++i)
      for (index j = 0; j < p; ++j) expected[std::size_t(i * row_bytes + j)] = plain_bin(cuts, j, X(i, j));
    for_layouts(X, [&](const auto& v) {
      for_host_policies([&](const auto& policy, const std::string& name) {
        CAPTURE(name);
        std::vector<std::uint8_t> rows(expected.size(), 77);
        tutti::quantize(policy, "f", cuts, v, rows.data(), row_bytes);
        CHECK(rows == expected);
      });
    });
  });
}

TEST_CASE_TEMPLATE("values at a cut and beside it, and values that no training sample had", T, float, double) {
  for (const index n : {1, 2, 17, 255, 256, 257, 5000}) {
    const auto X = random_matrix<T>(n, 2);
    const std::array<std::uint8_t, 2> categorical{0, std::uint8_t(n <= 255)};
    const auto cuts = cuts_of(matrix_view<const T>(view(X)), static_cast<const T*>(nullptr), categorical);
    using limits = std::numeric_limits<T>;
    std::vector<T> probes{0, T(-0.0), T(1e30), T(-1e30), T(NAN), limits::max(), limits::lowest(), limits::denorm_min(),
                          limits::infinity(), -limits::infinity()};
    for (const T cut : cuts.cut)
      for (const T x : {cut, std::nextafter(cut, T(-1e30)), std::nextafter(cut, T(1e30))}) probes.push_back(x);
    const index count = index(probes.size());
    const matrix_view<const T> V{probes.data(), count, 2, 1, 0};  // both features see every probe
    const tutti::bin_table<T> table(cuts);
    for_host_policies([&](const auto& policy, const std::string& name) {
      CAPTURE(name);
      using P = typename std::decay_t<decltype(policy)>::template pack<T>;
      std::vector<std::uint8_t> rows(std::size_t(2 * count), 0);
      const tutti::special_values seen = tutti::quantize_rows<P>(table, V, 0, count, rows.data(), 2);
      CHECK(seen.missing);
      CHECK(seen.infinite);
      for (index i = 0; i < count; ++i)
        for (index j = 0; j < 2; ++j) CHECK(rows[std::size_t(2 * i + j)] == plain_bin(cuts, j, probes[std::size_t(i)]));
    });
  }
}

TEST_CASE_TEMPLATE("some rows are quantized alone, and whether a value was missing is known", T, float, double) {
  auto X = mixed_matrix<T>(300);
  for (index i = 0; i < 300; ++i) X(i, 3) = 1;
  const matrix_view<const T> v = view(X);
  const auto cuts = cuts_of(v, static_cast<const T*>(nullptr), last_is_categorical);
  const tutti::bin_table<T> table(cuts);
  X(123, 0) = T(NAN);
  X(200, 4) = T(0.5);  // no category
  for_host_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    using P = typename std::decay_t<decltype(policy)>::template pack<T>;
    for (const auto& range :
         {std::array<index, 2>{0, 123}, {123, 124}, {123, 123}, {124, 200}, {120, 300}, {199, 300}, {201, 300}}) {
      const index begin = range[0], end = range[1];
      CAPTURE(begin);
      std::vector<std::uint8_t> rows(std::size_t(end - begin) * 5, 77);
      const tutti::special_values seen = tutti::quantize_rows<P>(table, v, begin, end, rows.data(), 5);
      CHECK_FALSE(seen.infinite);
      CHECK(seen.missing == ((begin <= 123 && 123 < end) || (begin <= 200 && 200 < end)));
      for (index i = begin; i < end; ++i)
        for (index j = 0; j < 5; ++j) CHECK(rows[std::size_t((i - begin) * 5 + j)] == plain_bin(cuts, j, X(i, j)));
    }
  });
}

TEST_CASE_TEMPLATE("between few values there is a cut each", T, float, double) {
  const auto cuts = cuts_of(std::vector<T>{3, 1, 1, 7, T(NAN), 3});
  CHECK(cuts.cut == std::vector<T>{2, 5});
  CHECK(cuts.bins(0) == 3);
  CHECK(cuts.features() == 1);
  CHECK(cuts.low[0] == 1);
  CHECK(cuts.high[0] == 7);
  CHECK(cuts.missing[0] == 1);
  CHECK(cuts.categorical[0] == 0);
  CHECK(cuts_of(std::vector<T>{T(-0.0), 0, 0}).cut.empty());
  CHECK(!std::signbit(cuts_of(std::vector<T>{T(-0.0)}).low[0]));

  std::vector<T> many;
  for (int i = 0; i < 255; ++i) many.push_back(T(i)), many.push_back(T(i));
  const auto whole = cuts_of(many);
  CHECK(whole.of(0).size() == 254);
  for (std::size_t i = 0; i < 254; ++i) CHECK(whole.of(0)[i] == T(double(i) + 0.5));
}

TEST_CASE_TEMPLATE("a cut is below its upper neighbour and not below the lower one, however near", T, float, double) {
  using limits = std::numeric_limits<T>;
  const T tiny = limits::denorm_min(), most = limits::max();
  const std::vector<T> values{-most, -1, std::nextafter(T(-1), T(0)), -2 * tiny, -tiny, 0, tiny, 2 * tiny, 3 * tiny,
                              limits::min(), 1, std::nextafter(T(1), T(2)), std::nextafter(most, T(0)), most};
  const auto cuts = cuts_of(values);
  CHECK(cuts.cut.size() == values.size() - 1);
  for (std::size_t i = 0; i + 1 < values.size(); ++i) {
    CHECK(values[i] <= cuts.cut[i]);
    CHECK(cuts.cut[i] < values[i + 1]);
  }
}

TEST_CASE_TEMPLATE("many values are cut at quantiles, by weight", T, float, double) {
  for (const index n : {256, 300, 1000, 32768}) {
    CAPTURE(n);
    const auto x = random_vector<T>(n);
    const auto w = random_weights<T>(n);
    const std::vector<T> ones(std::size_t(n), T(1));
    CHECK(cuts_of(x).cut == plain_quantile_cuts(x, ones));
    if (n > 300) CHECK(cuts_of(x, w.data()).cut == plain_quantile_cuts(x, w));
    CHECK(cuts_of(x).cut.size() <= 254);
  }
  const auto x = random_vector<T>(32768);
  const auto cuts = cuts_of(x);
  CHECK(cuts.cut.size() == 254);
  std::array<int, 255> count{};
  for (const T value : x) ++count[plain_bin(cuts, 0, value)];
  for (const int c : count) CHECK(std::abs(c - 32768.0 / 255) < 2);
}

TEST_CASE_TEMPLATE("values that differ in their last bits only are told apart", T, float, double) {
  auto x = random_vector<T>(5000);
  for (T& value : x) value = T(1) + std::floor(value * 200) * std::numeric_limits<T>::epsilon();
  x[17] = T(-1e30);
  CHECK(cuts_of(x).cut == plain_quantile_cuts(x, std::vector<T>(x.size(), T(1))));
}

TEST_CASE_TEMPLATE("a heavy value has a bin of its own, and the others share what it leaves", T, float, double) {
  auto x = random_vector<T>(20000);
  for (std::size_t i = 0; i < x.size(); ++i)
    if (i % 10 != 0) x[i] = i % 10 < 8 ? T(3) : T(5);
  const auto cuts = cuts_of(x);
  CHECK(cuts.cut == plain_quantile_cuts(x, std::vector<T>(x.size(), T(1))));
  CHECK(cuts.cut.size() > 240);
  CHECK(cuts.cut.size() <= 254);
  for (const T heavy : {T(3), T(5)})
    for (const T value : x) CHECK((plain_bin(cuts, 0, value) == plain_bin(cuts, 0, heavy)) == (value == heavy));
}

TEST_CASE_TEMPLATE("any share of heavy values leaves at most 254 cuts", T, float, double) {
  for (const int heavies : {1, 2, 50, 100, 126, 127}) {
    std::vector<T> x;
    for (int h = 0; h < heavies; ++h)
      for (int k = 0; k < 30000 / heavies; ++k) x.push_back(T(h));
    for (int k = 0; k < 400; ++k) x.push_back(T(k % heavies) + T(0.001) * T(1 + k / heavies));
    const auto cuts = cuts_of(x);
    CHECK(cuts.cut.size() <= 254);
    CHECK(cuts.cut == plain_quantile_cuts(x, std::vector<T>(x.size(), T(1))));
  }
}

TEST_CASE_TEMPLATE("cuts are the same on every policy and layout and for any number of threads", T, float, double) {
  for (const index n : {1, 300, 5000, 40000}) {
    const auto X = mixed_matrix<T>(n);
    const auto w = random_weights<T>(n);
    for (const T* weight : {static_cast<const T*>(nullptr), w.data()}) {
      const auto expected = cuts_of(matrix_view<const T>(view(X)), weight, last_is_categorical);
      CHECK(expected.of(4).size() <= 40);
      for_layouts(X, [&](const auto& v) {
        for_host_policies([&](const auto& policy, const std::string& name) {
          CAPTURE(name);
          CHECK(tutti::find_cuts(policy, "f", v, weight, last_is_categorical) == expected);
        });
      });
      for_thread_counts([&](const auto& policy, int threads) {
        CAPTURE(threads);
        CHECK(tutti::find_cuts(policy, "f", matrix_view<const T>(view(X)), weight, last_is_categorical) == expected);
      });
    }
  }
}

TEST_CASE_TEMPLATE("a whole weight is as many copies, and weight 0 is an absent row", T, float, double) {
  for (const index n : {200, 2000, 16000}) {
    auto X = mixed_matrix<T>(n);
    auto w = random_weights<T>(n);
    w[0] = 0;
    for (index j = 0; j < 4; ++j) X(0, j) = T(-1e20);
    std::vector<T> copies;
    for (index i = 0; i < n; ++i)
      for (T k = 0; k < w[std::size_t(i)]; ++k) copies.insert(copies.end(), X.row(i).begin(), X.row(i).end());
    const matrix_view<const T> repeated =
        tutti::view(static_cast<const T*>(copies.data()), index(copies.size()) / 5, 5);
    CHECK(repeated.rows <= 32768);
    const auto weighted = cuts_of(matrix_view<const T>(view(X)), w.data(), last_is_categorical);
    CHECK(weighted == cuts_of(repeated, static_cast<const T*>(nullptr), last_is_categorical));
    CHECK(weighted.low[0] > T(-100));
  }
}

TEST_CASE_TEMPLATE("absent rows are absent from a sample, too", T, float, double) {
  const index n = 100000;
  const auto X = random_matrix<T>(n, 2);
  auto w = random_weights<T>(n);
  std::vector<T> present, weight;
  for (index i = 0; i < n; ++i)
    if (w[std::size_t(i)] > 0) {
      present.insert(present.end(), X.row(i).begin(), X.row(i).end());
      weight.push_back(w[std::size_t(i)]);
    }
  CHECK(weight.size() > 32768);
  const matrix_view<const T> rest = tutti::view(static_cast<const T*>(present.data()), index(weight.size()), 2);
  CHECK(cuts_of(matrix_view<const T>(view(X)), w.data()) == cuts_of(rest, weight.data()));
}

TEST_CASE_TEMPLATE("of more rows than a sample has, quantiles are near and the range is exact", T, float, double) {
  const index n = 100003;
  auto x = random_vector<T>(n);
  x[77777] = T(-1000);
  x[77779] = T(1000);
  const auto cuts = cuts_of(x);
  CHECK(cuts.low[0] == T(-1000));
  CHECK(cuts.high[0] == T(1000));
  CHECK(cuts.cut.size() == 254);
  std::array<int, 255> count{};
  for (const T value : x) ++count[plain_bin(cuts, 0, value)];
  for (const int c : count) CHECK(std::abs(c - double(n) / 255) < 200);
}

TEST_CASE_TEMPLATE("values that a sample misses count among few, and turn few into many", T, float, double) {
  const index n = 100003, outside = 50001;  // of the sample: rows i * n / 32768
  std::vector<T> x;
  for (index i = 0; i < n; ++i) x.push_back(T(i % 100));
  x[std::size_t(outside)] = T(50.5);
  auto cuts = cuts_of(x);
  CHECK(cuts.of(0).size() == 100);
  CHECK(plain_bin(cuts, 0, T(50.5)) == 51);

  const std::array<std::uint8_t, 1> categorical{1};
  cuts = cuts_of(x, static_cast<const T*>(nullptr), categorical);
  CHECK(cuts.of(0).size() == 101);
  CHECK(cuts.of(0)[51] == T(50.5));

  std::vector<T> w(x.size(), T(1));
  w[std::size_t(outside)] = 0;
  CHECK(cuts_of(x, w.data()).of(0).size() == 99);

  for (index k = 0; k < 400; ++k) x[std::size_t(3 * k + 1)] = T(1000 + k);
  cuts = cuts_of(x);
  CHECK(cuts.of(0).size() <= 254);
  check_throws<invalid_input>([&] { cuts_of(x, static_cast<const T*>(nullptr), categorical); },
                              {"f: ", "column 0", "255 categories"});
}

TEST_CASE_TEMPLATE("255 categories are the most", T, float, double) {
  const std::array<std::uint8_t, 3> categorical{0, 1, 1};
  tutti::matrix<T> X(600, 3);
  for (index i = 0; i < 600; ++i) X(i, 0) = T(i), X(i, 1) = T(i % 255), X(i, 2) = T(i % 256);
  for_host_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    const matrix_view<const T> v = view(X);
    check_throws<invalid_input>(
        [&] { tutti::find_cuts(policy, "f", v, static_cast<const T*>(nullptr), categorical); },
        {"column 2", "255 categories"});
  });
  for (index i = 0; i < 600; ++i) X(i, 2) = T(-1);
  const auto cuts = cuts_of(matrix_view<const T>(view(X)), static_cast<const T*>(nullptr), categorical);
  CHECK(cuts.bins(1) == 255);
  CHECK(cuts.bins(2) == 1);
  CHECK(plain_bin(cuts, 1, T(254)) == 254);
}

TEST_CASE_TEMPLATE("an infinite value is refused by row and column, beside missing ones", T, float, double) {
  for (const auto& [row, col] : {std::array<index, 2>{0, 0}, {4095, 2}, {4096, 0}, {8999, 1}}) {
    auto X = random_matrix<T>(9000, 3);
    const auto cuts = cuts_of(matrix_view<const T>(view(X)));
    for (index i = 0; i < 9000; i += 5) X(i, 1) = T(NAN);
    X(8999, 2) = T(INFINITY);
    X(row, col) = row == 4096 ? T(-INFINITY) : T(INFINITY);
    std::vector<T> w(9000, T(1));
    w[std::size_t(row)] = 0;
    std::vector<std::uint8_t> rows(9000 * 3);
    const std::string place = "row " + std::to_string(row) + ", column " + std::to_string(col);
    for_layouts(X, [&](const auto& v) {
      for_host_policies([&](const auto& policy, const std::string& name) {
        CAPTURE(name);
        check_throws<invalid_input>([&] { tutti::find_cuts(policy, "f", v, w.data(), {}); }, {"f: X", place.c_str()});
        check_throws<invalid_input>([&] { tutti::quantize(policy, "g", cuts, v, rows.data(), 3); },
                                    {"g: X", place.c_str()});
      });
    });
  }
}

TEST_CASE("a memory limit is kept") {
  const auto X = random_matrix<float>(40000, 5);
  const matrix_view<const float> v = view(X);
  tutti::run_control control;
  const auto find = [&] { tutti::find_cuts(tutti::par.with(control), "f", v, static_cast<const float*>(nullptr), {}); };
  control.memory_limit = 100'000;
  check_throws<tutti::out_of_memory>(find, {"bytes required"});
  control.memory_limit = 20'000'000;
  CHECK_NOTHROW(find());
  CHECK(control.memory_in_use == 0);
}

TEST_CASE_TEMPLATE("features without a value have one bin, and no samples have no cuts", T, float, double) {
  const auto cuts = cuts_of(std::vector<T>{T(NAN), T(NAN)});
  CHECK(cuts.of(0).empty());
  CHECK(cuts.bins(0) == 1);
  CHECK(cuts.low[0] == 0);
  CHECK(cuts.high[0] == 0);
  CHECK(cuts.missing[0] == 1);

  const std::vector<T> x{T(NAN), 2}, w{0, 1};
  CHECK(cuts_of(x, w.data()).missing[0] == 0);
  CHECK(cuts_of(x, w.data()).low[0] == 2);

  for_host_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    const matrix_view<const T> none{x.data(), 0, 2, 2, 1};
    const auto nothing = tutti::find_cuts(policy, "f", none, static_cast<const T*>(nullptr), {});
    CHECK(nothing.features() == 2);
    CHECK(nothing.bins(1) == 1);
    CHECK(nothing.missing == std::vector<std::uint8_t>{0, 0});
    CHECK_NOTHROW(tutti::quantize(policy, "f", nothing, none, static_cast<std::uint8_t*>(nullptr), 2));
  });
  CHECK(bin_cuts<T>{}.features() == 0);
}

}  // namespace tutti_test
