// The walk against one that follows every row from node to node, number by number.

#include <tutti/tree/walk.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/storage.hpp>

#include "../policies.hpp"

namespace tutti_test {

using tutti::index;
using tutti::matrix_view;

namespace {

/// What the forests of a test look like.
struct shape {
  index features = 5, trees = 7, outputs = 1;
  int depth = 9;
  double leaf = 0.1;          ///< how likely a node above the last level is one
  bool missing_left = false;  ///< whether some nodes send missing values left
  bool categories = false;    ///< whether every third feature is categorical
};

constexpr index test_bins = 20;

/// Bins 0 ... 19: numbers below 0.5, 1.5, ..., or the categories 0 ... 19.
template <class T>
tutti::bin_cuts<T> cuts_of(const shape& s) {
  tutti::bin_cuts<T> cuts;
  for (index j = 0; j < s.features; ++j) {
    const bool categorical = s.categories && j % 3 == 0;
    for (index b = 0; b < test_bins - (categorical ? 0 : 1); ++b)
      cuts.cut.push_back(T(b) + (categorical ? T(0) : T(0.5)));
    cuts.start.push_back(static_cast<std::int64_t>(cuts.cut.size()));
    cuts.low.push_back(T(0));
    cuts.high.push_back(T(test_bins));
    cuts.categorical.push_back(categorical);
    cuts.missing.push_back(1);
  }
  return cuts;
}

/// A tree of random splits; its nodes lie level by level or branch by branch.
template <class V>
tutti::tree_nodes<V> random_tree(const shape& s, bool branch_by_branch, std::mt19937& random) {
  const auto chance = [&](double p) { return std::uniform_real_distribution<>(0, 1)(random) < p; };
  const auto below = [&](auto n) { return std::uniform_int_distribution<index>(0, static_cast<index>(n) - 1)(random); };
  tutti::tree_nodes<V> tree;
  const auto add_node = [&] {
    tree.child.push_back(0);
    tree.feature.push_back(0);
    tree.cut.push_back(0);
    tree.flags.push_back(0);
    if (s.categories) tree.category_set.push_back(0);
  };
  struct open {
    std::size_t node;
    int depth;
  };
  add_node();
  std::vector<open> waiting{{0, 0}};
  while (!waiting.empty()) {
    const open now = branch_by_branch ? waiting.back() : waiting.front();
    waiting.erase(branch_by_branch ? waiting.end() - 1 : waiting.begin());
    const std::size_t i = now.node;
    if (now.depth == s.depth || chance(s.leaf)) {
      tree.child[i] = ~static_cast<std::int32_t>(static_cast<index>(tree.values.size()) / s.outputs);
      for (index o = 0; o < s.outputs; ++o) tree.values.push_back(static_cast<V>(below(1000)) / V(3));
      continue;
    }
    tree.child[i] = static_cast<std::int32_t>(tree.child.size());
    tree.feature[i] = static_cast<std::uint16_t>(below(s.features));
    tree.cut[i] = static_cast<std::uint8_t>(below(test_bins));
    if (s.missing_left && chance(0.5)) tree.flags[i] |= tutti::missing_goes_left;
    if (s.categories && tree.feature[i] % 3 == 0) {
      tree.flags[i] |= tutti::splits_categories;
      tree.category_set[i] = static_cast<std::int32_t>(tree.categories.size() / 4);
      for (int word = 0; word < 4; ++word) tree.categories.push_back(std::uint64_t(random()) << 32 | random());
    }
    add_node();
    add_node();
    waiting.push_back({tree.child.size() - 1, now.depth + 1});
    waiting.push_back({tree.child.size() - 2, now.depth + 1});
  }
  return tree;
}

template <class V>
tutti::tree_set<V> random_forest(const shape& s, std::mt19937& random) {
  tutti::tree_set<V> trees;
  trees.features = s.features;
  trees.outputs = s.outputs;
  for (index t = 0; t < s.trees; ++t) tutti::detail::append(trees, random_tree<V>(s, t % 2 == 0, random));
  return trees;
}

/// Whole numbers 0 ... 19, some of them missing: NaN, or a category that nobody knows.
template <class T>
std::vector<T> random_rows(index n, index features, double missing, std::mt19937& random) {
  std::vector<T> x(static_cast<std::size_t>(n * features));
  for (T& value : x) {
    value = T(std::uniform_int_distribution<int>(0, test_bins - 1)(random));
    if (std::uniform_real_distribution<>(0, 1)(random) < missing) value = std::numeric_limits<T>::quiet_NaN();
  }
  return x;
}

/// The node that a row ends in, by the meaning of tree_set.
template <class T, class V>
std::int32_t plain_walk(const tutti::tree_set<V>& trees, std::size_t t, const T* row, index stride) {
  const auto first = static_cast<std::size_t>(trees.node_start[t]);
  std::int32_t node = 0;
  while (trees.all.child[first + static_cast<std::size_t>(node)] > 0) {
    const std::size_t i = first + static_cast<std::size_t>(node);
    const T x = row[trees.all.feature[i] * stride];
    bool left = (trees.all.flags[i] & tutti::missing_goes_left) != 0;
    if (!std::isnan(x)) left = x <= T(trees.all.cut[i]);
    if (!std::isnan(x) && (trees.all.flags[i] & tutti::splits_categories) != 0) {
      const auto set = static_cast<std::size_t>(trees.set_start[t] + trees.all.category_set[i]);
      left = (trees.all.categories[4 * set] >> static_cast<int>(x) & 1) != 0;
    }
    node = trees.all.child[i] + (left ? 0 : 1);
  }
  return node;
}

template <class V>
const V* plain_values(const tutti::tree_set<V>& trees, std::size_t t, std::int32_t node) {
  const auto leaf = ~trees.all.child[static_cast<std::size_t>(trees.node_start[t] + node)];
  return trees.all.values.data() + (trees.leaf_start[t] + leaf) * trees.outputs;
}

struct walked {
  std::vector<std::int32_t> leaf;  ///< [n x trees]
  std::vector<double> sums;        ///< [n x outputs] the values, and 0.25
};

template <class T, class V>
walked plain(const tutti::tree_set<V>& trees, matrix_view<const T> X) {
  std::vector<std::int32_t> leaf;
  std::vector<double> sums(static_cast<std::size_t>(X.rows * trees.outputs), 0.25);
  for (index i = 0; i < X.rows; ++i)
    for (std::size_t t = 0; t < static_cast<std::size_t>(trees.size()); ++t) {
      leaf.push_back(plain_walk(trees, t, &X(i, 0), X.col_stride));
      const V* const values = plain_values(trees, t, leaf.back());
      for (index o = 0; o < trees.outputs; ++o)
        sums[static_cast<std::size_t>(i * trees.outputs + o)] += static_cast<double>(values[o]);
    }
  return {leaf, sums};
}

/// Both blocks and single rows of X end where they should.
template <class T, class V>
void check_ends(const tutti::tree_set<V>& trees, const tutti::bin_cuts<T>& cuts, matrix_view<const T> X,
                const walked& expected) {
  using namespace tutti::detail;
  const tutti::bin_table<T> table(cuts);
  const packed_forest<V> packed(trees);
  const index outputs = trees.outputs, block = walk_block(trees.features);
  const auto with = [&](const auto& policy, const char* name) {
    CAPTURE(std::string(name));
    using P = typename std::remove_cvref_t<decltype(policy)>::template pack<float>;
    tutti::storage<std::byte> scratch(walk_scratch_bytes(trees, packed));
    std::vector<std::int32_t> leaf(expected.leaf.size());
    std::vector<double> sums(expected.sums.size(), 0.25), of_rows = sums;
    for (index i = 0; i < X.rows; i += block) {
      const index end = std::min(X.rows, i + block);
      CHECK_FALSE(leaf_nodes<P>(trees, packed, table, X, i, end, leaf.data() + i * trees.size(), scratch.data()));
      CHECK_FALSE(add_leaf_values<P>(trees, packed, table, X, i, end, sums.data() + i * outputs, scratch.data()));
    }
    for (index i = 0; i < X.rows; ++i)
      CHECK_FALSE(
          add_leaf_values_of_row<P>(trees, packed, table, &X(i, 0), X.col_stride, of_rows.data() + i * outputs));
    CHECK(leaf == expected.leaf);
    CHECK(sums == expected.sums);
    CHECK(of_rows == expected.sums);
  };
  with(tutti::seq, "seq");
  with(tutti::simd, "simd");
  with(tutti::par, "par");
  with(tutti::par_simd, "par_simd");
}

/// The same trees with 300 more bins below all values of each feature that is not categorical, so that they take four
/// bytes.
template <class T, class V>
std::pair<tutti::tree_set<V>, tutti::bin_cuts<T>> widened(tutti::tree_set<V> trees, const tutti::bin_cuts<T>& cuts) {
  constexpr index more = 300;
  tutti::bin_cuts<T> wide = cuts;
  wide.cut.clear();
  wide.start = {0};
  for (index j = 0; j < cuts.features(); ++j) {
    if (cuts.categorical[std::size_t(j)] == 0)
      for (index k = 0; k < more; ++k) wide.cut.push_back(T(k - 1000));
    wide.cut.insert(wide.cut.end(), cuts.of(j).begin(), cuts.of(j).end());
    wide.start.push_back(std::int64_t(wide.cut.size()));
  }
  for (std::size_t i = 0; i < trees.all.cut.size(); ++i)
    trees.all.wide_cut.push_back(std::uint32_t(trees.all.cut[i] + more));
  trees.all.cut.clear();
  return {trees, wide};
}

/// The walk ends where the plain one does, by bins of one byte and of four.
template <class T, class V>
void check_walk(const tutti::tree_set<V>& trees, const tutti::bin_cuts<T>& cuts, matrix_view<const T> X) {
  const walked expected = plain(trees, X);
  check_ends(trees, cuts, X, expected);
  if (std::count(cuts.categorical.begin(), cuts.categorical.end(), 0) == 0) return;
  const auto [wide_trees, wide_cuts] = widened(trees, cuts);
  check_ends(wide_trees, wide_cuts, X, expected);
}

/// check_walk on n rows of random data.
template <class T, class V>
void check_random(const shape& s, index n, double missing, unsigned seed) {
  CAPTURE(n);
  CAPTURE(missing);
  CAPTURE(s.depth);
  std::mt19937 random(seed);
  const tutti::tree_set<V> trees = random_forest<V>(s, random);
  const std::vector<T> x = random_rows<T>(n, s.features, missing, random);
  check_walk(trees, cuts_of<T>(s), tutti::view(x.data(), n, s.features));
}

}  // namespace

TEST_CASE_TEMPLATE("a forest is walked like its trees", T, float, double) {
  for (const int depth : {0, 1, 3, 6, 7, 9, 12, 13, 17})
    check_random<T, T>({.depth = depth, .leaf = depth > 10 ? 0.15 : 0.05}, 300, 0.0, static_cast<unsigned>(depth));
}

TEST_CASE("any number of rows") {
  for (const index n : {0, 1, 15, 16, 17, 63, 64, 65, 128, 1000}) check_random<float, float>({}, n, 0.0, 5);
  check_random<float, float>({.depth = 15, .leaf = 0.2}, 8192 + 4096 + 100, 0.0, 6);
}

TEST_CASE("any number of values a leaf, as numbers and as doubles") {
  for (const index outputs : {1, 2, 5}) {
    check_random<float, float>({.outputs = outputs}, 200, 0.0, 7);
    check_random<float, double>({.outputs = outputs}, 200, 0.0, 8);
    check_random<double, float>({.outputs = outputs}, 200, 0.0, 9);
  }
}

TEST_CASE("missing values go right, or left where a node says so") {
  for (const double missing : {0.01, 0.5}) {
    check_random<float, float>({}, 300, missing, 10);
    check_random<float, float>({.missing_left = true}, 300, missing, 11);
    check_random<float, float>({.features = 150, .missing_left = true}, 300, missing, 12);
  }
  check_random<float, float>({.missing_left = true}, 300, 0.0, 13);
}

TEST_CASE("sets of categories") {
  check_random<float, float>({.categories = true}, 300, 0.0, 14);
  check_random<double, float>({.features = 7, .outputs = 3, .missing_left = true, .categories = true}, 300, 0.1, 15);
}

TEST_CASE("one feature, and more of them than a byte can count") {
  for (const index features : {1, 2, 16, 17, 28, 255, 256, 257, 1100, 3000})
    check_random<float, float>({.features = features, .trees = 4, .depth = 14, .leaf = 0.15}, 130, 0.0, 16);
}

TEST_CASE("many trees") {
  for (const index trees : {1, 15, 16, 17, 63, 64, 65, 100, 128, 300})
    check_random<float, float>({.trees = trees}, 70, 0.05, 17);
}

TEST_CASE("no trees") { check_random<float, float>({.trees = 0}, 10, 0.0, 18); }

TEST_CASE("trees of more nodes than a short offset spans") {
  shape s{.trees = 2, .depth = 17, .leaf = 0.0};
  std::mt19937 random(19);
  tutti::tree_set<float> trees;
  trees.features = s.features;
  for (const bool branch_by_branch : {false, true})
    tutti::detail::append(trees, random_tree<float>(s, branch_by_branch, random));
  const std::vector<float> x = random_rows<float>(500, s.features, 0.0, random);
  check_walk(trees, cuts_of<float>(s), tutti::view(x.data(), 500, s.features));
}

TEST_CASE("a tree that is one long branch") {
  for (const bool to_the_right : {false, true}) {
    tutti::tree_set<float> trees;
    trees.features = 2;
    tutti::tree_nodes<float> tree;
    constexpr std::int32_t depth = 700;
    for (std::int32_t d = 0; d <= depth; ++d)
      for (int side = 0; side < (d == 0 ? 1 : 2); ++side) {
        const bool on = d < depth && (d == 0 || (side == 1) == to_the_right);
        tree.child.push_back(on ? 2 * d + 1 : ~static_cast<std::int32_t>(tree.values.size()));
        if (!on) tree.values.push_back(static_cast<float>(d));
        tree.feature.push_back(static_cast<std::uint16_t>(d % 2));
        tree.cut.push_back(static_cast<std::uint8_t>(to_the_right ? d * 20 / depth : 19 - d * 19 / depth));
        tree.flags.push_back(0);
      }
    tutti::detail::append(trees, tree);
    std::mt19937 random(20);
    const std::vector<float> x = random_rows<float>(200, 2, 0.0, random);
    check_walk(trees, cuts_of<float>({.features = 2}), tutti::view(x.data(), 200, 2));
  }
}

TEST_CASE("matrices of any layout") {
  const shape s{.features = 6, .missing_left = true};
  std::mt19937 random(21);
  const auto trees = random_forest<float>(s, random);
  const std::vector<float> x = random_rows<float>(400, 9, 0.02, random);
  check_walk(trees, cuts_of<float>(s), matrix_view<const float>{x.data(), 300, 6, 1, 400});
  check_walk(trees, cuts_of<float>(s), matrix_view<const float>{x.data() + 2, 300, 6, 9, 1});
}

TEST_CASE("packed forests count as equal, and may be empty") {
  CHECK(tutti::detail::packed_forest<float>{} == tutti::detail::packed_forest<float>(tutti::tree_set<float>{}));
}

}  // namespace tutti_test
