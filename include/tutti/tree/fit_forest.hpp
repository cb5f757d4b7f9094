#pragma once
// Fitting: bins, rows, then every tree as a task of its own, and what they say of the samples they did not see.
//
// **Source** Breiman, Random Forests, Machine Learning 45 (2001), sections 3.1 (out-of-bag) and 10 (importance).

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tutti/algorithm/check.hpp>
#include <tutti/algorithm/quantize.hpp>
#include <tutti/core/random.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/host_memory.hpp>
#include <tutti/policy/policy.hpp>
#include <tutti/tree/bag.hpp>
#include <tutti/tree/forest.hpp>
#include <tutti/tree/forest_model.hpp>
#include <tutti/tree/grow.hpp>
#include <tutti/tree/level_forest.hpp>
#include <tutti/tree/sample_rows.hpp>
#include <tutti/tree/split.hpp>
#include <tutti/tree/tree_options.hpp>

namespace tutti::detail {

/// Bits of a sample in each tree: was it in the bag?
class bag_record {
 public:
  bag_record() = default;
  bag_record(index n, index trees)
      : words_((n + 63) / 64), bits_(static_cast<std::size_t>(words_ * trees)) {}

  bool is_kept() const { return words_ > 0; }
  void mark(index tree, index i) { bits_[at(tree, i)] |= std::uint64_t{1} << (i & 63); }
  bool has(index tree, index i) const { return (bits_[at(tree, i)] >> (i & 63) & 1) != 0; }

 private:
  std::size_t at(index tree, index i) const { return static_cast<std::size_t>(tree * words_ + (i >> 6)); }

  index words_ = 0;
  std::vector<std::uint64_t> bits_;
};

/// f(t, counts) for each tree: how often it drew each sample. Draws are functions of the tree's number.
template <class Count, class F>
struct bag_kernel {
  const bag& samples;
  random_source source;
  const F& f;

  index scratch_bytes() const { return samples.samples() * static_cast<index>(sizeof(Count)); }

  void operator()(index begin, index end, std::byte* scratch) const {
    auto* const counts = reinterpret_cast<Count*>(scratch);
    for (index t = begin; t < end; ++t) {
      samples.fill(source.fork(static_cast<std::uint64_t>(t)), counts);
      f(t, static_cast<const Count*>(counts));
    }
  }
};

/// Every draw of a sample counts one.
struct every_draw_counts_one {
  template <class Row, class Count>
  void operator()(const Row&, Count*, index) const {}
};

/// Grows tree after tree, each in a task.
///
/// MakeSplitter   makes what finds the splits, one for each tree
/// Weigh          weigh(row, counts, n): turns how often a tree drew sample i, of bytes row(i), into what it weighs
template <class V, class Format, class MakeSplitter, class Weigh>
struct grow_kernel {
  const Format& format;
  const growth_rules& rules;
  const bag& samples;
  const std::uint8_t* rows;  ///< [n x format.bytes] bins and targets of all samples
  random_source source;
  const MakeSplitter& make_splitter;
  const Weigh& weigh;
  grown_tree<V>* out;
  bag_record& record;
  index first;  ///< number of the first tree

  using count_type = typename Format::weight_type;

  index counts_bytes() const { return (samples.samples() * static_cast<index>(sizeof(count_type)) + 63) / 64 * 64; }
  index rows_bytes() const { return samples.most_rows() * format.bytes; }
  index scratch_bytes() const { return counts_bytes() + 2 * rows_bytes(); }

  void operator()(index begin, index end, std::byte* scratch) const {
    auto* const counts = reinterpret_cast<count_type*>(scratch);
    auto* const own = reinterpret_cast<std::uint8_t*>(scratch) + counts_bytes();
    for (index t = begin; t < end; ++t) {
      const random_source tree = source.fork(static_cast<std::uint64_t>(first + t));
      samples.fill(tree, counts);
      weigh([this](index i) { return rows + i * format.bytes; }, counts, samples.samples());
      const index taken = take(counts, t, own);
      auto splitter = make_splitter();
      out[t] = tree_grower(splitter, rules, own, own + rows_bytes()).grow(tree, taken);
    }
  }

 private:
  /// The rows that the tree sees, in their order.
  index take(const count_type* counts, index t, std::uint8_t* own) const {
    index taken = 0;
    for (index i = 0; i < samples.samples(); ++i) {
      if (counts[i] == 0) continue;
      std::uint8_t* const row = own + taken * format.bytes;
      std::copy_n(rows + i * format.bytes, format.bytes, row);
      format.set_weight(row, counts[i]);
      if (record.is_kept()) record.mark(first + t, i);
      ++taken;
    }
    return taken;
  }
};

/// What the trees see of the samples.
///
/// weight   [n], or empty for ones
template <class T>
bag make_bag(const tree_options& options, index n, vector_view<const T> weight) {
  double total = static_cast<double>(n);
  std::vector<std::int32_t> whole;
  if (weight.size > 0) {
    total = 0;
    for (index i = 0; i < n; ++i) total += static_cast<double>(weight(i));
    whole = whole_weights(weight);
  }
  const index draws = options.draws(n, total);
  return options.bootstrap ? bag::of_draws(n, draws, std::move(whole)) : bag::of_everything(n, std::move(whole));
}

/// The cuts of X, or the forest to which trees are added.
///
/// throws   invalid_input if that forest grew from other data
template <class Policy, class T, class V>
void start_forest(const Policy& policy, const tree_options& options, matrix_view<const T> X,
                  vector_view<const T> weight, const std::vector<std::uint8_t>& categorical, const forest<T, V>* before,
                  forest<T, V>& out) {
  bin_cuts<T> cuts = find_cuts(policy, options.who, X, weight.size > 0 ? weight.data : nullptr,
                               std::span<const std::uint8_t>(categorical),
                               options.exact_splits ? cut_places::everywhere : cut_places::at_quantiles);
  if (before != nullptr) {
    require(before->cuts == cuts, options.who, "the model to go on from was fitted to other samples");
    out = *before;
    return;
  }
  out.cuts = std::move(cuts);
  out.trees.features = X.cols;
  out.importance.assign(static_cast<std::size_t>(X.cols), 0.0);
}

/// Makes room for more trees.
template <class V>
void reserve(tree_set<V>& trees, const std::vector<grown_tree<V>>& more) {
  std::size_t nodes = trees.all.child.size(), values = trees.all.values.size();
  for (const grown_tree<V>& tree : more) {
    nodes += tree.nodes.child.size();
    values += tree.nodes.values.size();
  }
  trees.all.child.reserve(nodes);
  trees.all.feature.reserve(nodes);
  if (more.empty() || more.front().nodes.wide_cut.empty()) trees.all.cut.reserve(nodes);
  else trees.all.wide_cut.reserve(nodes);
  trees.all.flags.reserve(nodes);
  trees.all.values.reserve(values);
}

/// The rows of all samples, and the forest that grows from them.
template <class T, class V, class Format>
class forest_fit {
 public:
  using count_type = typename Format::weight_type;

  /// cuts   of X, which the model keeps
  template <class Policy>
  forest_fit(const Policy& policy, const tree_options& options, const Format& format, const bag& samples,
             const bin_cuts<T>& cuts, matrix_view<const T> X)
      : options_(options), format_(format), samples_(samples), source_(options.seed, 0x7ee5),
        keep_(policy.control(), X.rows * format.bytes) {
    quantize(policy, options.who, cuts, X, keep_.data(), format.bytes);
  }

  const Format& format() const { return format_; }
  const bag& samples() const { return samples_; }
  /// Of what a tree is drawn by.
  random_source source(index tree) const { return source_.fork(static_cast<std::uint64_t>(tree)); }

  std::uint8_t* row(index i) { return keep_.data() + i * format_.bytes; }
  const std::uint8_t* row(index i) const { return keep_.data() + i * format_.bytes; }
  /// What asks a row for its bins: f(j).
  auto bins_of(const std::uint8_t* row) const {
    return [row, this](index j) { return format_.bin(row, j); };
  }

  /// Adds trees to the forest until it has as many as are asked for.
  template <class Policy, class MakeSplitter, class Weigh = every_draw_counts_one>
  void grow(const Policy& policy, const growth_rules& rules, const MakeSplitter& make_splitter, forest<T, V>& grown,
            const Weigh& weigh = {}) {
    const index first = grown.trees.size(), more = options_.n_estimators - first;
    require(more >= 0, options_.who,
            "n_estimators is " + std::to_string(options_.n_estimators) + ", but the model has " +
                std::to_string(first) + " trees");
    if (options_.oob_score) {
      record_ = bag_record(samples_.samples(), options_.n_estimators);
      for_each_bag(policy, first, [this](index t, const count_type* counts) {
        for (index i = 0; i < samples_.samples(); ++i)
          if (counts[i] != 0) record_.mark(t, i);
      });
    }
    std::vector<grown_tree<V>> trees(static_cast<std::size_t>(more));
    grow_trees(policy, rules, make_splitter, weigh, first, trees);
    reserve(grown.trees, trees);
    for (grown_tree<V>& tree : trees) {
      append(grown.trees, tree.nodes);
      grown.add_importance(tree.decrease);
      tree = {};  // a forest need not be in memory twice
    }
    grown.prepare([&policy](index n, const auto& f) {
      policy.for_blocks(n, 1, [&f](index begin, index end, std::byte*) {
        for (index t = begin; t < end; ++t) f(t);
      });
    });
  }

  /// f(t, counts) for each of the first trees, in tasks: how often it drew each sample.
  template <class Policy, class F>
  void for_each_bag(const Policy& policy, index trees, const F& f) const {
    policy.for_blocks(trees, 1, bag_kernel<count_type, F>{samples_, source_, f});
  }

  /// Fills the out-of-bag predictions of a model, `width` numbers a sample.
  ///
  /// write   write(sums, trees, to): the prediction by the sums of the values of the `trees` trees that did not see it
  template <class Policy, class Write>
  void out_of_bag(const Policy& policy, index width, fitted_trees<T, V>& out, const Write& write) const {
    out.oob.assign(static_cast<std::size_t>(samples_.samples() * width), T(0));
    out.oob_covered.assign(static_cast<std::size_t>(samples_.samples()), 0);
    policy.for_blocks(samples_.samples(), 1024, [&](index begin, index end, std::byte*) {
      std::vector<double> sums(static_cast<std::size_t>(out.trees.trees.outputs));
      for (index i = begin; i < end; ++i) {
        const index unseen = add_unseen(out.trees, i, sums);
        if (unseen == 0) continue;
        out.oob_covered[static_cast<std::size_t>(i)] = 1;
        write(sums, static_cast<double>(unseen), out.oob.data() + i * width);
      }
    });
  }

 private:
  /// The trees themselves: a task for each, or many at once level by level where the policy has a device beside it.
  template <class Policy, class MakeSplitter, class Weigh>
  void grow_trees(const Policy& policy, const growth_rules& rules, const MakeSplitter& make_splitter,
                  const Weigh& weigh, index first, std::vector<grown_tree<V>>& trees) {
    if constexpr (requires { policy.device(); }) {
      auto splitter = make_splitter();
      if constexpr (Format::has_bytes && requires { splitter.cuts(); })
        grow_by_levels(policy.device(), format_, samples_, row(0), source_, splitter, weigh, first, trees,
                       [&](index t, index i) {
                         if (record_.is_kept()) record_.mark(first + t, i);
                       });
      else
        require(false, options_.who, "this criterion is not available on a device");
    } else {
      using kernel_type = grow_kernel<V, Format, MakeSplitter, Weigh>;
      policy.for_blocks(static_cast<index>(trees.size()), 1,
                        kernel_type{format_, rules, samples_, row(0), source_, make_splitter, weigh, trees.data(),
                                    record_, first});
    }
  }

  index add_unseen(const forest<T, V>& grown, index i, std::vector<double>& sums) const {
    std::fill(sums.begin(), sums.end(), 0.0);
    index trees = 0;
    for (index t = 0; t < grown.trees.size(); ++t) {
      if (record_.has(t, i)) continue;
      const auto tree = static_cast<std::size_t>(t);
      const V* const values = leaf_values(grown.trees, tree, leaf_of(grown.trees, t, 0, bins_of(row(i))));
      for (std::size_t o = 0; o < sums.size(); ++o) sums[o] += static_cast<double>(values[o]);
      ++trees;
    }
    return trees;
  }

  const tree_options& options_;
  Format format_;
  const bag& samples_;
  random_source source_;
  host_buffer<std::uint8_t> keep_;
  bag_record record_;
};

}  // namespace tutti::detail
