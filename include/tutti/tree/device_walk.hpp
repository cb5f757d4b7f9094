#pragma once
// The walk of samples through a forest on a device: a thread for each sample, through one tree after the other.
//
// Bins and nodes are those of the host's walk, and values are added in the order of the trees: the same bits.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/number_line.hpp>
#include <tutti/algorithm/quantize.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>
#include <tutti/tree/descend.hpp>
#include <tutti/tree/forest.hpp>
#include <tutti/tree/tree.hpp>

namespace tutti::detail {

/// The arrays of a tree_set, by the same names.
template <class V>
struct tree_pointers {
  struct {
    const std::int32_t* child;
    const std::uint16_t* feature;
    const std::uint32_t* cut;
    const std::uint8_t* flags;
    const std::int32_t* category_set;
    const std::uint64_t* categories;
    const V* values;

    constexpr std::uint32_t cut_of(std::size_t i) const { return cut[i]; }
  } all;
  const std::int64_t* node_start;
  const std::int64_t* leaf_start;
  const std::int64_t* set_start;
  index outputs;
  index size;
};

/// The cuts of all features: those of feature j from start[j] on.
template <class T>
struct cut_pointers {
  const std::int64_t* start;
  const T* cut;
  const std::uint8_t* categorical;

  /// Of any model, bins are as wide as those of exact splits.
  constexpr std::uint32_t bin_of(index j, T x) const {
    const index size = start[j + 1] - start[j];
    const halving_search<T> search({cut + start[j], static_cast<std::size_t>(size)});
    std::uint32_t bin = 0;
    auto* const to = reinterpret_cast<std::uint8_t*>(&bin);
    special_values seen;
    if (categorical[j] == 0)
      quantize_values<std::uint32_t, false>(search, -1, &x, 1, 1, to, 1, seen);
    else
      quantize_values<std::uint32_t, true>(search, size, &x, 1, 1, to, 1, seen);
    return bin;
  }
};

/// sums[i * outputs + o] = value o of the leaves that sample i reaches, added up.
template <class V>
struct sum_leaves {
  using element = double;
  double* sums;

  static constexpr index width(const tree_pointers<V>& trees) { return trees.outputs; }

  constexpr void start(const tree_pointers<V>& trees, index i) const {
    std::fill_n(sums + i * trees.outputs, trees.outputs, 0.0);
  }
  constexpr void take(const tree_pointers<V>& trees, index i, index t, std::int32_t node) const {
    const std::int64_t leaf = trees.leaf_start[t] + ~trees.all.child[trees.node_start[t] + node];
    for (index o = 0; o < trees.outputs; ++o)
      sums[i * trees.outputs + o] += static_cast<double>(trees.all.values[leaf * trees.outputs + o]);
  }
};

/// leaf[i * trees + t] = the node in which sample i ends in tree t.
template <class V>
struct keep_leaves {
  using element = std::int32_t;
  std::int32_t* leaf;

  static constexpr index width(const tree_pointers<V>& trees) { return trees.size; }

  constexpr void start(const tree_pointers<V>&, index) const {}
  constexpr void take(const tree_pointers<V>& trees, index i, index t, std::int32_t node) const {
    leaf[i * trees.size + t] = node;
  }
};

/// Takes each sample through all trees.
///
/// Take   sum_leaves or keep_leaves
template <class P, class T, class V, class Take>
struct device_walk_kernel {
  static constexpr index block = 64;

  tree_pointers<V> trees;
  cut_pointers<T> cuts;
  matrix_view<const T> X;
  Take take;

  constexpr index scratch_bytes() const { return P::lanes * X.cols * static_cast<index>(sizeof(std::uint32_t)); }

  constexpr void operator()(index begin, index end, std::byte* scratch) const {
    auto* const bins = reinterpret_cast<std::uint32_t*>(scratch) + P::lane() * X.cols;
    const auto of_row = [bins](index j) { return bins[j]; };
    for (index i = begin + P::lane(); i < end; i += P::step()) {
      for (index j = 0; j < X.cols; ++j) bins[j] = cuts.bin_of(j, X(i, j));
      take.start(trees, i);
      for (index t = 0; t < trees.size; ++t) take.take(trees, i, t, leaf_of(trees, t, 0, of_row));
    }
  }
};

/// A forest in memory that the policy's tasks may read.
template <class Policy, class T, class V>
class device_forest {
  template <class E>
  using brought = decltype(std::declval<const Policy&>().bring(std::declval<vector_view<const E>>()));

 public:
  device_forest(const Policy& policy, const forest<T, V>& from)
      : size_(from.trees.size()),
        outputs_(from.trees.outputs),
        child_(bring(policy, from.trees.all.child)),
        feature_(bring(policy, from.trees.all.feature)),
        own_cut_(cuts_of(from.trees.all)),
        cut_(bring(policy, own_cut_)),
        flags_(bring(policy, from.trees.all.flags)),
        category_set_(bring(policy, from.trees.all.category_set)),
        categories_(bring(policy, from.trees.all.categories)),
        values_(bring(policy, from.trees.all.values)),
        node_start_(bring(policy, from.trees.node_start)),
        leaf_start_(bring(policy, from.trees.leaf_start)),
        set_start_(bring(policy, from.trees.set_start)),
        bin_start_(bring(policy, from.cuts.start)),
        bin_cut_(bring(policy, from.cuts.cut)),
        categorical_(bring(policy, from.cuts.categorical)) {}

  tree_pointers<V> trees() const {
    return {{at(child_), at(feature_), at(cut_), at(flags_), at(category_set_), at(categories_), at(values_)},
            at(node_start_), at(leaf_start_), at(set_start_), outputs_, size_};
  }
  cut_pointers<T> cuts() const { return {at(bin_start_), at(bin_cut_), at(categorical_)}; }

 private:
  template <class E>
  static brought<E> bring(const Policy& policy, const std::vector<E>& v) {
    return policy.bring(vector_view<const E>{v.data(), static_cast<index>(v.size()), 1});
  }
  template <class B>
  static auto at(const B& b) {
    return b.view().data;
  }

  static std::vector<std::uint32_t> cuts_of(const tree_nodes<V>& nodes) {
    std::vector<std::uint32_t> out(nodes.child.size());
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = nodes.cut_of(i);
    return out;
  }

  index size_;
  index outputs_;
  brought<std::int32_t> child_;
  brought<std::uint16_t> feature_;
  std::vector<std::uint32_t> own_cut_;
  brought<std::uint32_t> cut_;
  brought<std::uint8_t> flags_;
  brought<std::int32_t> category_set_;
  brought<std::uint64_t> categories_;
  brought<V> values_;
  brought<std::int64_t> node_start_, leaf_start_, set_start_;
  brought<std::int64_t> bin_start_;
  brought<T> bin_cut_;
  brought<std::uint8_t> categorical_;
};

/// finish(i, numbers) on the host, for one sample after the other: what Take makes of it.
///
/// throws   as walk_samples
template <template <class> class Take, class Policy, class T, class V, class Finish>
void walk_on_device(const Policy& policy, std::string_view who, const forest<T, V>& trees, matrix_view<const T> X,
                    const Finish& finish) {
  using element = typename Take<V>::element;
  constexpr index most = index{1} << 24;  // numbers at a time
  require_features(who, X, trees.n_features());
  if (X.rows == 0) return;
  const auto near_X = policy.bring(X);
  require_not_infinite(policy, who, "X", near_X.view());
  const device_forest<Policy, T, V> there(policy, trees);
  const index width = Take<V>::width(there.trees()), at_once = std::min(X.rows, std::max<index>(1, most / width));
  auto near_numbers = policy.template make_buffer<element>(at_once * width);
  std::vector<element> numbers(static_cast<std::size_t>(near_numbers.size()));
  using kernel_type = device_walk_kernel<typename Policy::template pack<float>, T, V, Take<V>>;
  for (index begin = 0; begin < X.rows; begin += at_once) {
    const index rows = std::min(at_once, X.rows - begin);
    policy.for_blocks(rows, kernel_type::block,
                      kernel_type{there.trees(), there.cuts(), near_X.view().middle_rows(begin, begin + rows),
                                  {near_numbers.data()}});
    policy.copy_to_host(vector_view<const element>{near_numbers.data(), rows * width, 1}, numbers.data());
    for (index i = 0; i < rows; ++i) finish(begin + i, static_cast<const element*>(numbers.data() + i * width));
  }
}

/// As on a host, but that infinite elements are looked for first.
template <class Policy, class T, class V, class Finish>
  requires(!host_policy<Policy>)
void walk_samples(const Policy& policy, std::string_view who, const forest<T, V>& trees, matrix_view<const T> X,
                  const Finish& finish) {
  walk_on_device<sum_leaves>(policy, who, trees, X, finish);
}

/// As on a host, but that infinite elements are looked for first.
template <class Policy, class T, class V, class Finish>
  requires(!host_policy<Policy>)
void walk_to_nodes(const Policy& policy, std::string_view who, const forest<T, V>& trees, matrix_view<const T> X,
                   const Finish& finish) {
  walk_on_device<keep_leaves>(policy, who, trees, X, finish);
}

}  // namespace tutti::detail
