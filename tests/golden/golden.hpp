#pragma once
// Golden answers: what scikit-learn says of real data, from the tables that make_golden.py writes into expected/.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>
#include <tutti/data/csv.hpp>
#include <tutti/policy/seq.hpp>
#include <tutti/preprocessing/standard_scaler.hpp>

#include "../policies.hpp"
#include "../support/check.hpp"

namespace tutti_test {

using tutti::index;

inline constexpr double coefficients_agree = 1e-6;   ///< of GLMs in double: the largest error beside the largest number
inline constexpr double floats_agree = 1e-3;         ///< of float models of standardised data
inline constexpr double moments_agree = 1e-9;        ///< of the scaler and naive Bayes, for each number
inline constexpr double float_moments_agree = 1e-5;  ///< of the same, of data rounded to floats
inline constexpr double metrics_agree = 1e-12;       ///< for each score

/// A data set: shipped with the examples, or in the folder that the environment variable TUTTI_TEST_DATA names. Empty
/// if it is in neither.
inline std::filesystem::path data_file(const std::string& name) {
  std::vector<std::filesystem::path> folders;
#if defined(TUTTI_SHIPPED_DATA)
  folders.emplace_back(TUTTI_SHIPPED_DATA);
#endif
  if (const char* const more = std::getenv("TUTTI_TEST_DATA")) folders.emplace_back(more);
  for (const auto& folder : folders)
    if (std::filesystem::exists(folder / name)) return folder / name;
  return {};
}

/// Ends the program as skipped, before any test, if a data set is not there.
struct needs_data {
  needs_data(std::initializer_list<const char*> names) {
    for (const char* const name : names) {
      if (!data_file(name).empty()) continue;
      std::printf("skipped: %s is neither shipped nor in the folder that TUTTI_TEST_DATA names\n", name);
      std::exit(77);
    }
  }
};

/// The numbers of one table.
class golden_table {
 public:
  explicit golden_table(const std::string& name) {
    const auto path = std::filesystem::path(__FILE__).parent_path() / "expected" / (name + ".csv");
    const tutti::table table = tutti::read_csv(path);
    const tutti::table_column &cases = table.columns().at(0), &items = table.columns().at(1);
    const std::vector<double>&at = table.columns().at(2).values, &value = table.columns().at(3).values;
    std::vector<double>* numbers = nullptr;
    std::string of_case;
    for (std::size_t row = 0; row < value.size(); ++row) {
      if (!std::isnan(cases.values[row])) of_case = level(cases, row);  // empty: as in the row before
      if (!std::isnan(items.values[row])) numbers = &numbers_[{of_case, level(items, row)}];
      if (at[row] != double(numbers->size())) throw std::runtime_error(path.string() + ": numbers are out of order");
      numbers->push_back(value[row]);
    }
  }

  const std::vector<double>& operator()(const std::string& of_case, const std::string& item) const {
    const auto found = numbers_.find({of_case, item});
    if (found == numbers_.end()) throw std::runtime_error("no golden numbers for " + of_case + ", " + item);
    return found->second;
  }
  double number(const std::string& of_case, const std::string& item) const { return (*this)(of_case, item).at(0); }

  /// Whole numbers, such as labels.
  std::vector<int> whole(const std::string& of_case, const std::string& item) const {
    const std::vector<double>& v = (*this)(of_case, item);
    return std::vector<int>(v.begin(), v.end());
  }

 private:
  static const std::string& level(const tutti::table_column& column, std::size_t row) {
    return column.levels[static_cast<std::size_t>(column.values[row])];
  }

  std::map<std::pair<std::string, std::string>, std::vector<double>> numbers_;
};

/// A data set of numbers.
struct data_set {
  tutti::matrix<double> X;
  std::vector<double> y;

  data_set(const std::string& name, const char* target) : data_set(tutti::read_csv(data_file(name)), target) {}
  data_set(const tutti::table& table, const char* target)
      : X(table.without<double>({target})), y(table.numbers<double>(target)) {}

  std::vector<int> labels() const { return std::vector<int>(y.begin(), y.end()); }
};

inline tutti::matrix<double> standardised(const tutti::matrix<double>& X) {
  return tutti::standard_scaler{}.fit(tutti::seq, X).transform(tutti::seq, X);
}

template <class T>
tutti::matrix<T> convert(const tutti::matrix<double>& X) {
  tutti::matrix<T> out(X.rows(), X.cols());
  std::transform(X.data(), X.data() + X.size(), out.data(), [](double x) { return static_cast<T>(x); });
  return out;
}

/// The rows whose predictions the tables hold.
template <class T>
tutti::matrix_view<const T> first_rows(const tutti::matrix<T>& X, index n) {
  return tutti::view(X).middle_rows(0, n);
}

/// The weights of make_golden.py: 1, 2, 3, 1, 2, 3, ...
template <class T>
std::vector<T> row_weights(index n) {
  std::vector<T> out;
  for (index i = 0; i < n; ++i) out.push_back(static_cast<T>(1 + i % 3));
  return out;
}

/// The largest of |a - b| / |b|, each number beside its own size; of no size and no difference is 0.
inline double largest_relative_difference(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return INFINITY;
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = a[i] == b[i] ? 0.0 : std::abs(a[i] - b[i]) / std::abs(b[i]);
    if (!(difference <= largest)) largest = std::isnan(difference) ? INFINITY : difference;
  }
  return largest;
}

inline void check_each_close(const std::vector<double>& a, const std::vector<double>& b, double tolerance) {
  CHECK(a.size() == b.size());
  CHECK(largest_relative_difference(a, b) <= tolerance);
}

}  // namespace tutti_test
