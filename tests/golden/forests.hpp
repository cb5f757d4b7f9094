#pragma once
// What the tests of forests beside scikit-learn's share.

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/data/csv.hpp>
#include <tutti/data/split.hpp>
#include <tutti/metrics/ranking.hpp>
#include <tutti/policy/par_simd.hpp>

#include "golden.hpp"

namespace tutti_test {

using tutti::index;

/// A data set as make_forests.py thins and parts it; columns of text are categories.
struct parted_set {
  std::string name;
  std::vector<index> categorical;
  tutti::matrix<double> X, X_test;
  std::vector<double> y, y_test;

  parted_set(const golden_table& golden, const std::string& named, const char* target) : name(named) {
    const tutti::table table = tutti::read_csv(data_file(name + ".csv"));
    std::vector<index> kept, tested;
    const index step = (table.rows() + 9999) / 10000;
    for (index i = 0; i < table.rows(); i += step) (i / step % 4 == 0 ? tested : kept).push_back(i);
    const auto all = table.without<double>({target});
    const auto targets = table.numbers<double>(target);
    X = tutti::take(all, kept), X_test = tutti::take(all, tested);
    y = tutti::take(targets, kept), y_test = tutti::take(targets, tested);
    index j = 0;
    for (const tutti::table_column& column : table.columns()) {
      if (column.name == target) continue;
      if (column.is_category()) categorical.push_back(j);
      ++j;
    }
    CHECK(golden.whole(name, "rows") == std::vector{int(kept.size()), int(tested.size())});
  }
};

/// How many standard errors of the difference the mean of our forests' scores is above that of scikit-learn's.
inline double errors_above(const golden_table& golden, const parted_set& d, const std::string& item,
                           const std::vector<double>& scores) {
  const double n = double(scores.size());
  double mean = 0, square = 0;
  for (const double s : scores) mean += s / n;
  for (const double s : scores) square += (s - mean) * (s - mean);
  const double error = std::sqrt(square / (n - 1) / n);
  const std::vector<double>& theirs = golden(d.name, item);
  const double errors = (mean - theirs[0]) / std::sqrt(error * error + theirs[1] * theirs[1]);
  std::printf("%-20s %-18s ours %.5f +- %.5f, scikit-learn's %.5f +- %.5f: %+.1f standard errors\n", d.name.c_str(),
              item.c_str(), mean, error, theirs[0], theirs[1], errors);
  return errors;
}

inline std::vector<int> labels(const std::vector<double>& y) { return std::vector<int>(y.begin(), y.end()); }

/// Of the second class.
template <class Model>
double auc_of(const Model& model, const tutti::matrix<double>& X, const std::vector<int>& y) {
  std::vector<double> second;
  const auto p = model.predict_proba(tutti::par_simd, X);
  for (index i = 0; i < p.rows(); ++i) second.push_back(p(i, 1));
  return tutti::roc_auc_score(tutti::seq, y, second);
}

}  // namespace tutti_test
