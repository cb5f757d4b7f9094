#pragma once
// What tests of trees share: small matrices, a tree as text, where its samples end.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/seq.hpp>
#include <tutti/tree/tree.hpp>

namespace tutti_test {

using tutti::index;

/// A matrix of rows.
template <class T = double>
tutti::matrix<T> rows_of(std::initializer_list<std::initializer_list<double>> rows) {
  tutti::matrix<T> X(index(rows.size()), index(rows.begin()->size()));
  index i = 0;
  for (const auto& row : rows) {
    index j = 0;
    for (const double x : row) X(i, j++) = T(x);
    ++i;
  }
  return X;
}

/// A matrix of one column.
template <class T = double>
tutti::matrix<T> column_of(const std::vector<double>& x) {
  tutti::matrix<T> X(index(x.size()), 1);
  for (std::size_t i = 0; i < x.size(); ++i) X(index(i), 0) = T(x[i]);
  return X;
}

/// The node of a tree: an index into the nodes of all trees.
template <class Model>
std::size_t node_at(const Model& model, std::size_t tree, std::int32_t node) {
  return static_cast<std::size_t>(model.trees().node_start[tree] + node);
}

/// A tree as text: "[x0 <= 5.5 or missing: 0 else 1]" asks for x0 and ends in the leaves 0 and 1.
template <class Model>
std::string text_of(const Model& model, std::size_t tree = 0, std::int32_t node = 0) {
  const auto& trees = model.trees();
  const std::size_t i = node_at(model, tree, node);
  std::ostringstream out;
  const std::int32_t child = trees.all.child[i];
  if (child < 0) {
    const auto* const values = tutti::detail::leaf_values(trees, tree, node);
    for (index o = 0; o < trees.outputs; ++o) out << (o > 0 ? " " : "") << values[o];
    return out.str();
  }
  const index j = trees.all.feature[i];
  const auto bins = model.bins().of(j);
  out << "[x" << j;
  if ((trees.all.flags[i] & tutti::splits_categories) != 0) {
    out << " in";
    const std::int64_t set = trees.set_start[tree] + trees.all.category_set[i];
    for (std::size_t b = 0; b < bins.size(); ++b)
      if ((trees.all.categories[std::size_t(4 * set) + b / 64] >> (b % 64) & 1) != 0) out << " " << bins[b];
  } else if (trees.all.cut[i] >= bins.size()) {
    out << " present";
  } else {
    out << " <= " << bins[trees.all.cut[i]];
  }
  if ((trees.all.flags[i] & tutti::missing_goes_left) != 0) out << " or missing";
  out << ": " << text_of(model, tree, child) << " else " << text_of(model, tree, child + 1) << "]";
  return out.str();
}

/// The length of the longest way to a leaf.
template <class Model>
int depth_of(const Model& model, std::size_t tree = 0, std::int32_t node = 0) {
  const std::int32_t child = model.trees().all.child[node_at(model, tree, node)];
  return child < 0 ? 0 : 1 + std::max(depth_of(model, tree, child), depth_of(model, tree, child + 1));
}

/// How many samples end in each leaf that any ends in, tree after tree.
template <class Model, class M>
std::vector<int> leaf_sizes(const Model& model, const M& X) {
  const auto ends = model.apply(tutti::seq, X);
  std::vector<int> out;
  for (index t = 0; t < ends.cols(); ++t) {
    std::vector<int> count;
    for (index i = 0; i < ends.rows(); ++i) {
      const auto node = static_cast<std::size_t>(ends(i, t));
      if (count.size() <= node) count.resize(node + 1);
      ++count[node];
    }
    for (const int c : count)
      if (c > 0) out.push_back(c);
  }
  return out;
}

/// The samples that come through each node of the first tree.
template <class Model, class M>
std::vector<std::vector<index>> samples_of_nodes(const Model& model, const M& X) {
  const auto& child = model.trees().all.child;
  std::vector<std::vector<index>> out(std::size_t(model.trees().node_start[1]));
  const auto ends = model.apply(tutti::seq, X);
  for (index i = 0; i < ends.rows(); ++i) out[std::size_t(ends(i, 0))].push_back(i);
  for (std::size_t node = out.size(); node-- > 0;)
    for (std::int32_t k = 0; k < 2 && child[node] >= 0; ++k) {
      const auto& below = out[std::size_t(child[node] + k)];
      out[node].insert(out[node].end(), below.begin(), below.end());
    }
  return out;
}

/// The sum of squared distances of some targets from their mean.
inline double spread_of(const std::vector<double>& y, const std::vector<index>& samples) {
  double sum = 0, out = 0;
  for (const index i : samples) sum += y[std::size_t(i)];
  for (const index i : samples) out += std::pow(y[std::size_t(i)] - sum / double(samples.size()), 2);
  return out;
}

/// Every sample ends in a leaf, and the mean of its leaves' values is what is predicted: `predicted(i, o)` is output o.
template <class Model, class M, class Predicted>
void check_leaves_are_predictions(const Model& model, const M& X, double tolerance, const Predicted& predicted) {
  const auto ends = model.apply(tutti::seq, X);
  CHECK(ends.cols() == model.n_trees());
  for (index i = 0; i < ends.rows(); ++i)
    for (index o = 0; o < model.trees().outputs; ++o) {
      double sum = 0;
      for (index t = 0; t < ends.cols(); ++t) {
        REQUIRE(model.trees().all.child[node_at(model, std::size_t(t), ends(i, t))] < 0);
        sum += double(tutti::detail::leaf_values(model.trees(), std::size_t(t), ends(i, t))[o]);
      }
      CHECK(predicted(i, o) == doctest::Approx(sum / double(ends.cols())).epsilon(tolerance));
    }
}

}  // namespace tutti_test
