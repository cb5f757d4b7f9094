#pragma once
// The data that the quickstart learns from: CSV files and generators, split and standardised.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <tutti/core/matrix.hpp>
#include <tutti/data/csv.hpp>
#include <tutti/data/split.hpp>
#include <tutti/policy/par_simd.hpp>
#include <tutti/preprocessing/standard_scaler.hpp>

namespace quickstart {

using tutti::index;

/// Samples to learn from and samples to be judged by. Y is int for classes, float for numbers.
template <class Y>
struct problem {
  std::string name;
  tutti::matrix<float> X_train, X_test;
  std::vector<Y> y_train, y_test;
};

/// Three quarters to learn from; all features on the scale of those.
template <class Y>
problem<Y> make_problem(std::string name, const tutti::matrix<float>& X, const std::vector<Y>& y) {
  const tutti::split rows = tutti::train_test_split(X.rows(), 0.25, 1);
  const tutti::matrix<float> train = tutti::take(X, rows.train);
  const auto scaler = tutti::standard_scaler{}.fit(tutti::par_simd, train);
  return {std::move(name), scaler.transform(tutti::par_simd, train),
          scaler.transform(tutti::par_simd, tutti::take(X, rows.test)), tutti::take(y, rows.train),
          tutti::take(y, rows.test)};
}

/// A table whose numeric columns are the features; what had to be left out, and why.
struct csv_problem {
  tutti::matrix<float> X;
  std::vector<double> target;  ///< numbers, or codes of categories
  bool classes = false;        ///< whether the target names classes
  std::vector<std::string> remarks;
};

/// Classes are texts, or few different whole numbers.
inline bool names_classes(const tutti::table_column& target) {
  if (target.is_category()) return true;
  const std::set<double> values(target.values.begin(), target.values.end());
  return values.size() <= 20 && std::all_of(values.begin(), values.end(), [](double v) { return v == std::floor(v); });
}

inline csv_problem read_problem(const std::filesystem::path& file, const std::string& target_name) {
  const tutti::table table = tutti::read_csv(file);
  const tutti::table_column& target = table.column(target_name);
  csv_problem out;
  std::vector<const tutti::table_column*> features;
  for (const tutti::table_column& c : table.columns()) {
    if (&c == &target) continue;
    if (c.is_category()) out.remarks.push_back("left out: column '" + c.name + "' holds text");
    else features.push_back(&c);
  }
  std::vector<std::size_t> complete;
  for (std::size_t i = 0; i < target.values.size(); ++i) {
    const auto present = [i](const tutti::table_column* c) { return !std::isnan(c->values[i]); };
    if (present(&target) && std::all_of(features.begin(), features.end(), present)) complete.push_back(i);
  }
  if (complete.size() < target.values.size())
    out.remarks.push_back("left out: " + std::to_string(target.values.size() - complete.size()) + " rows with missing cells");
  out.X = tutti::matrix<float>(index(complete.size()), index(features.size()));
  for (std::size_t i = 0; i < complete.size(); ++i) {
    for (std::size_t j = 0; j < features.size(); ++j)
      out.X(index(i), index(j)) = static_cast<float>(features[j]->values[complete[i]]);
    out.target.push_back(target.values[complete[i]]);
  }
  out.classes = names_classes(target);
  return out;
}

}  // namespace quickstart
