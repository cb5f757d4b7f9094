#include <tutti/data/synthetic.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/error.hpp>
#include <tutti/core/matrix.hpp>

#include "../support/check.hpp"
#include "files.hpp"
#include "printing.hpp"

namespace tutti_test {

namespace {

using tutti::index;
using tutti::invalid_input;

using shape = tutti::classification_shape;
using numbers = std::vector<double>;

/// FNV-1a of 64 bits over the bytes of X, then those of y.
template <class Data>
std::uint64_t checksum(const Data& data) {
  std::uint64_t hash = 14695981039346656037u;
  const auto add = [&](const void* bytes, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) hash = (hash ^ static_cast<const unsigned char*>(bytes)[i]) * 1099511628211u;
  };
  add(data.X.data(), static_cast<std::size_t>(data.X.size()) * sizeof *data.X.data());
  add(data.y.data(), data.y.size() * sizeof data.y[0]);
  return hash;
}

struct summary {
  double mean = 0;
  double variance = 0;
};

summary summarise(const numbers& v) {
  summary out;
  for (const double x : v) out.mean += x / static_cast<double>(v.size());
  for (const double x : v) out.variance += (x - out.mean) * (x - out.mean) / static_cast<double>(v.size());
  return out;
}

/// Feature j of the samples whose label is c; of all if c < 0.
template <class Data>
numbers feature(const Data& data, index j, int c = -1) {
  numbers out;
  for (index i = 0; i < data.X.rows(); ++i)
    if (c < 0 || data.y[static_cast<std::size_t>(i)] == c) out.push_back(static_cast<double>(data.X(i, j)));
  return out;
}

numbers centred(const numbers& v) {
  numbers out;
  const double mean = summarise(v).mean;
  for (const double x : v) out.push_back(x - mean);
  return out;
}

double correlation(const numbers& a, const numbers& b) {
  const numbers u = centred(a), v = centred(b);
  double sum = 0;
  for (std::size_t i = 0; i < u.size(); ++i) sum += u[i] * v[i];
  return sum / (static_cast<double>(u.size()) * std::sqrt(summarise(a).variance * summarise(b).variance));
}

template <class Data>
numbers targets(const Data& data) {
  return numbers(data.y.begin(), data.y.end());
}

/// Whether the first rows of b are the rows of a.
template <class Data>
bool begins_with(const Data& b, const Data& a) {
  return std::equal(a.X.data(), a.X.data() + a.X.size(), b.X.data()) && std::equal(a.y.begin(), a.y.end(), b.y.begin());
}

/// How many of n standard deviations of a mean of independent numbers a sample of n may be off.
double five_sigma(double deviation, double n) { return 5 * deviation / std::sqrt(n); }

}  // namespace

TEST_CASE("the bytes are the same on every platform, compiler and instruction set") {
  const shape wide{
      .n_features = 12, .n_informative = 5, .n_redundant = 4, .n_classes = 7, .class_sep = 0.7, .flip_y = 0.2};
  CHECK(checksum(tutti::higgs_like<float>(500, 1)) == 5120487572207096967u);
  CHECK(checksum(tutti::higgs_like<double>(500, 1)) == 16989387236884574806u);
  CHECK(checksum(tutti::make_classification<float>(500, wide, 2)) == 16874806332351451450u);
  CHECK(checksum(tutti::make_classification<double>(500, wide, 2)) == 6130305225984613430u);
  CHECK(checksum(tutti::friedman1<float>(500, 7, 0.3, 3)) == 12571920131821089057u);
  CHECK(checksum(tutti::friedman1<double>(500, 7, 0.3, 3)) == 17325259803743101179u);
  CHECK(checksum(tutti::blobs<float>(500, 5, 40, 0.3, 4)) == 7875146280402499358u);
  CHECK(checksum(tutti::blobs<double>(500, 5, 40, 0.3, 4)) == 12325352116494720924u);
}

TEST_CASE_TEMPLATE("fewer samples are the first of more, and another seed gives others", T, float, double) {
  CHECK(begins_with(tutti::higgs_like<T>(300, 5), tutti::higgs_like<T>(17, 5)));
  CHECK(begins_with(tutti::make_classification<T>(300, {}, 5), tutti::make_classification<T>(17, {}, 5)));
  CHECK(begins_with(tutti::friedman1<T>(300, 6, 1.0, 5), tutti::friedman1<T>(17, 6, 1.0, 5)));
  CHECK(begins_with(tutti::blobs<T>(300, 2, 3, 1.0, 5), tutti::blobs<T>(17, 2, 3, 1.0, 5)));
  CHECK(!begins_with(tutti::higgs_like<T>(300, 5), tutti::higgs_like<T>(1, 6)));
  CHECK(!begins_with(tutti::make_classification<T>(300, {}, 5), tutti::make_classification<T>(1, {}, 6)));
  CHECK(!begins_with(tutti::friedman1<T>(300, 6, 1.0, 5), tutti::friedman1<T>(1, 6, 1.0, 6)));
  CHECK(!begins_with(tutti::blobs<T>(300, 2, 3, 1.0, 5), tutti::blobs<T>(1, 2, 3, 1.0, 6)));
}

TEST_CASE("features in float are those in double, rounded") {
  const auto check = [](const auto& narrow, const auto& wide) {
    for (index i = 0; i < wide.X.size(); ++i) CHECK(narrow.X.data()[i] == static_cast<float>(wide.X.data()[i]));
  };
  check(tutti::higgs_like(40), tutti::higgs_like<double>(40));
  check(tutti::make_classification(40), tutti::make_classification<double>(40));
  check(tutti::friedman1(40), tutti::friedman1<double>(40));
  check(tutti::blobs(40), tutti::blobs<double>(40));
}

TEST_CASE("higgs_like has 28 standard normal features and two classes") {
  const index n = 20000;
  const auto data = tutti::higgs_like<double>(n, 3);
  CHECK(data.X.rows() == n);
  CHECK(data.X.cols() == 28);
  CHECK(data.y.size() == 20000);
  CHECK(std::all_of(data.y.begin(), data.y.end(), [](int y) { return y == 0 || y == 1; }));
  for (index j = 0; j < 28; ++j) {
    CAPTURE(j);
    const summary s = summarise(feature(data, j));
    CHECK(std::abs(s.mean) < five_sigma(1, n));
    CHECK(std::abs(s.variance - 1) < five_sigma(std::sqrt(2.0), n));
    if (j > 0) CHECK(std::abs(correlation(feature(data, j), feature(data, j - 1))) < five_sigma(1, n));
  }
}

TEST_CASE("higgs_like draws each label with the probability that its formula gives") {
  const index n = 20000;
  const auto data = tutti::higgs_like<double>(n, 3);
  double surplus = 0, variance = 0, log_loss = 0, entropy = 0;
  for (index i = 0; i < n; ++i) {
    const auto x = [&](index j) { return data.X(i, j); };
    const double s = x(0) * x(1) + std::abs(x(2)) - (x(4) > 0 ? 0.8 * x(3) : 0) + 0.6 * std::sin(2 * x(5)) +
                     0.5 * x(6) - 0.4 * x(7) * x(7) + 0.4;
    const double p = 1 / (1 + std::exp(-1.2 * s));
    const int y = data.y[static_cast<std::size_t>(i)];
    surplus += y - p;
    variance += p * (1 - p);
    log_loss -= std::log(y == 1 ? p : 1 - p) / static_cast<double>(n);
    entropy -= (p * std::log(p) + (1 - p) * std::log(1 - p)) / static_cast<double>(n);
  }
  CHECK(std::abs(surplus) < 5 * std::sqrt(variance));
  CHECK(std::abs(log_loss - entropy) < 0.02);
}

TEST_CASE("what higgs_like is about lies in products and bends, not in the features alone") {
  const auto data = tutti::higgs_like<double>(20000, 3);
  numbers product;
  for (index i = 0; i < data.X.rows(); ++i) product.push_back(data.X(i, 0) * data.X(i, 1));
  const numbers y = targets(data);
  CHECK(correlation(product, y) > 0.3);
  CHECK(std::abs(correlation(feature(data, 0), y)) < five_sigma(1, 20000));
  CHECK(std::abs(correlation(feature(data, 1), y)) < five_sigma(1, 20000));
}

TEST_CASE("make_classification deals out its classes in turn, before labels are flipped") {
  const auto data = tutti::make_classification(103, {.n_informative = 3, .n_classes = 5, .flip_y = 0}, 1);
  CHECK(data.X.rows() == 103);
  CHECK(data.X.cols() == 20);
  for (std::size_t i = 0; i < data.y.size(); ++i) CHECK(data.y[i] == static_cast<int>(i % 5));
}

TEST_CASE("flipped labels are drawn anew from all classes") {
  const index n = 20000;
  const auto flipped = [&](double part) {
    const auto data = tutti::make_classification(n, {.n_informative = 3, .n_classes = 4, .flip_y = part}, 8);
    double changed = 0;
    for (std::size_t i = 0; i < data.y.size(); ++i) changed += data.y[i] != static_cast<int>(i % 4);
    for (int c = 0; c < 4; ++c)
      CHECK(std::abs(static_cast<double>(std::count(data.y.begin(), data.y.end(), c)) / static_cast<double>(n) - 0.25) <
            five_sigma(0.5, n));
    return changed / static_cast<double>(n);
  };
  CHECK(flipped(0) == 0);
  CHECK(std::abs(flipped(0.2) - 0.2 * 0.75) < five_sigma(0.4, n));
  CHECK(std::abs(flipped(1) - 0.75) < five_sigma(0.5, n));
}

TEST_CASE("classes are normal clusters around corners of a hypercube, neighbours along an edge") {
  const index n = 32000;
  const auto data = tutti::make_classification<double>(
      n, {.n_features = 6, .n_informative = 3, .n_redundant = 0, .n_classes = 8, .class_sep = 1.5, .flip_y = 0}, 4);
  std::vector<numbers> corners(8);
  for (int c = 0; c < 8; ++c)
    for (index j = 0; j < 6; ++j) {
      const summary s = summarise(feature(data, j, c));
      const double centre = j < 3 ? (s.mean > 0 ? 1.5 : -1.5) : 0;
      CHECK(std::abs(s.mean - centre) < five_sigma(1, 4000));
      CHECK(std::abs(s.variance - 1) < five_sigma(std::sqrt(2.0), 4000));
      if (j < 3) corners[static_cast<std::size_t>(c)].push_back(centre);
    }
  for (std::size_t c = 0; c < 8; ++c) {
    CHECK(std::count(corners.begin(), corners.end(), corners[c]) == 1);
    if (c == 0) continue;
    int differ = 0;
    for (std::size_t j = 0; j < 3; ++j) differ += corners[c][j] != corners[c - 1][j];
    CHECK(differ == 1);
  }
}

TEST_CASE("redundant features are mixtures of the informative ones, the same for all samples") {
  const auto data = tutti::make_classification<double>(200, {.n_features = 7, .n_redundant = 3}, 6);
  const auto& X = data.X;
  for (index r = 2; r < 5; ++r) {
    const double det = X(0, 0) * X(1, 1) - X(0, 1) * X(1, 0);
    const double a = (X(0, r) * X(1, 1) - X(0, 1) * X(1, r)) / det, b = (X(0, 0) * X(1, r) - X(0, r) * X(1, 0)) / det;
    CHECK(std::abs(a) <= 1);
    CHECK(std::abs(b) <= 1);
    for (index i = 0; i < 200; ++i) CHECK(std::abs(X(i, r) - a * X(i, 0) - b * X(i, 1)) < 1e-12);
  }
  CHECK(std::abs(correlation(feature(data, 0), feature(data, 5))) < five_sigma(1, 200));
  CHECK(std::abs(correlation(feature(data, 2), feature(data, 6))) < five_sigma(1, 200));
}

TEST_CASE("friedman1 has uniform features and its formula's targets") {
  const index n = 20000;
  const auto exact = tutti::friedman1<double>(n, 7, 0, 2), noisy = tutti::friedman1<double>(n, 7, 0.5, 2);
  CHECK(exact.X.cols() == 7);
  CHECK(noisy.X == exact.X);
  for (index j = 0; j < 7; ++j) {
    const numbers x = feature(exact, j);
    CHECK(*std::min_element(x.begin(), x.end()) >= 0);
    CHECK(*std::max_element(x.begin(), x.end()) < 1);
    CHECK(std::abs(summarise(x).mean - 0.5) < five_sigma(std::sqrt(1.0 / 12), n));
    CHECK(std::abs(summarise(x).variance - 1.0 / 12) < five_sigma(std::sqrt(1.0 / 180), n));
  }
  numbers noise;
  for (index i = 0; i < n; ++i) {
    const auto x = [&](index j) { return exact.X(i, j); };
    const double pi = std::acos(-1.0), bend = x(2) - 0.5;
    const double y = 10 * std::sin(pi * x(0) * x(1)) + 20 * bend * bend + 10 * x(3) + 5 * x(4);
    CHECK(std::abs(exact.y[static_cast<std::size_t>(i)] - y) < 1e-13);
    noise.push_back((noisy.y[static_cast<std::size_t>(i)] - y) / 0.5);
  }
  CHECK(std::abs(summarise(noise).mean) < five_sigma(1, n));
  CHECK(std::abs(summarise(noise).variance - 1) < five_sigma(std::sqrt(2.0), n));
  CHECK(std::abs(correlation(noise, feature(exact, 0))) < five_sigma(1, n));
}

TEST_CASE("blobs are round clusters of a standard deviation around centres in [-10, 10)") {
  const index n = 30000;
  const auto centres = tutti::blobs<double>(300, 4, 300, 0.0, 9);
  const summary all = summarise(numbers(centres.X.data(), centres.X.data() + centres.X.size()));
  CHECK(std::abs(all.mean) < five_sigma(20 / std::sqrt(12.0), 1200));
  CHECK(std::all_of(centres.X.data(), centres.X.data() + 1200, [](double x) { return x >= -10 && x < 10; }));
  const auto data = tutti::blobs<double>(n, 4, 3, 2.5, 9);
  CHECK(data.X.rows() == n);
  for (int c = 0; c < 3; ++c)
    for (index j = 0; j < 4; ++j) {
      const summary s = summarise(feature(data, j, c));
      CHECK(std::abs(s.mean - centres.X(c, j)) < five_sigma(2.5, 10000));
      CHECK(std::abs(s.variance - 6.25) < five_sigma(6.25 * std::sqrt(2.0), 10000));
    }
  for (std::size_t i = 0; i < data.y.size(); ++i) CHECK(data.y[i] == static_cast<int>(i % 3));
}

TEST_CASE("sizes that cannot be are refused, with the numbers") {
  const auto sizes = [](const char* who, const char* p, const char* n, const char* features) {
    return std::string(who) + ": expected n >= 1 and at least " + p + " features, got n = " + n + ", p = " + features;
  };
  CHECK(message_of<invalid_input>([] { tutti::higgs_like(0); }) == sizes("higgs_like", "28", "0", "28"));
  CHECK(message_of<invalid_input>([] { tutti::higgs_like(-1); }) == sizes("higgs_like", "28", "-1", "28"));
  CHECK(message_of<invalid_input>([] { tutti::make_classification(0); }) ==
        sizes("make_classification", "4", "0", "20"));
  CHECK(message_of<invalid_input>([] { tutti::make_classification(9, {.n_features = 3}); }) ==
        sizes("make_classification", "4", "9", "3"));
  CHECK(message_of<invalid_input>([] { tutti::friedman1(0); }) == sizes("friedman1", "5", "0", "10"));
  CHECK(message_of<invalid_input>([] { tutti::friedman1(9, 4); }) == sizes("friedman1", "5", "9", "4"));
  CHECK(message_of<invalid_input>([] { tutti::blobs(0); }) == sizes("blobs", "1", "0", "2"));
  CHECK(message_of<invalid_input>([] { tutti::blobs(9, 0); }) == sizes("blobs", "1", "9", "0"));
  CHECK(message_of<invalid_input>([] { tutti::blobs(9, 2, 0); }) == "blobs: centers must be >= 1, got 0");
}

TEST_CASE("classes that have no corners are refused") {
  const auto refused = [](const shape& s) {
    return message_of<invalid_input>([&] { tutti::make_classification(9, s); });
  };
  const std::string need = " classes need at least 2 and at most 2^";
  CHECK(refused({.n_classes = 5}) == "make_classification: 5" + need + "2 corners");
  CHECK(refused({.n_classes = 1}) == "make_classification: 1" + need + "2 corners");
  CHECK(refused({.n_informative = 0}) == "make_classification: 2" + need + "0 corners");
  CHECK(refused({.n_informative = 5, .n_redundant = -1}).starts_with("make_classification: "));
  CHECK_NOTHROW(tutti::make_classification(9, {.n_classes = 4}));
  CHECK_NOTHROW(tutti::make_classification(9, {.n_features = 70, .n_informative = 63, .n_classes = 9}));
  for (const double part : {-0.1, 1.1, std::nan("")})
    CHECK(refused({.flip_y = part}) == "make_classification: flip_y must be in [0, 1]");
}

}  // namespace tutti_test
