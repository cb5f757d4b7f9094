#pragma once
// The best split of a node of classes: small nodes row by row, larger ones of two classes by packed histograms, the
// rest by the way that serves every case.
//
// **Source** criterion.hpp, split.hpp.

#include <cstddef>
#include <cstdint>
#include <vector>

#include <tutti/core/view.hpp>
#include <tutti/tree/criterion.hpp>
#include <tutti/tree/feature_search.hpp>
#include <tutti/tree/level_cuts.hpp>
#include <tutti/tree/node_draws.hpp>
#include <tutti/tree/sample_rows.hpp>
#include <tutti/tree/search_way.hpp>
#include <tutti/tree/small_class_node.hpp>
#include <tutti/tree/split.hpp>
#include <tutti/tree/two_class_histogram.hpp>

namespace tutti::detail {

/// P        the pack of floats to compute with
/// Format   how rows lie in memory, whose targets are classes
template <class P, class Format>
class class_splitter : public keeps_nothing {
 public:
  using value_type = float;
  using format_type = Format;

  class_splitter(const split_task& asked, const class_measure& measure, const format_type& format, index classes)
      : measure_(measure), format_(format), classes_(classes),
        features_(asked, measure_, format, classes),
        is_plain_(format_type::has_bytes && asked.rules.are_plain() && measure.criterion == class_criterion::gini) {}

  const format_type& format() const { return format_; }
  index channels() const { return classes_; }
  index outputs() const { return classes_ == 2 ? 1 : classes_; }
  std::int64_t weight(node_sums sums) const { return class_measure::weight(sums); }

  /// Puts a row to the sums of a node.
  void add(std::int64_t* sums, const std::uint8_t* row) const { sums[class_of(row)] += format_.weight(row); }

  bool is_pure(const open_node& node) const { return class_pair(node.sums).present < 2; }

  double decrease(const split_choice&, node_sums left, node_sums right, node_sums node) const {
    return measure_.kept(left) + measure_.kept(right) - measure_.kept(node);
  }

  /// The shares of the classes; of two, the share of the second.
  void write_leaf(const open_node& node, std::vector<float>& values) const {
    if (classes_ == 2) return values.push_back(static_cast<float>(node.bounds.clamp(class_measure::value(node.sums))));
    const double all = as_double(weight(node.sums));
    for (const std::int64_t sum : node.sums) values.push_back(static_cast<float>(as_double(sum) / all));
  }

  /// How the splits of a node are found, where its features are plain.
  ///
  /// rows   of the node
  search_way way(index rows, node_sums sums) const { return way(rows, class_pair(sums).present, weight(sums)); }

  void search(const open_node& node, memory, node_draws& draws, split_choice& best) {
    if constexpr (format_type::has_bytes) {
      const class_pair pair(node.sums);
      switch (way(node.count, pair.present, weight(node.sums))) {
        case search_way::few_rows: return search_small(node, pair, draws, best);
        case search_way::packed: return search_words<std::uint32_t>(node, pair, draws, best, packed_);
        case search_way::wide: return search_words<std::uint64_t>(node, pair, draws, best, wide_);
        case search_way::general: break;
      }
    }
    features_.visit(node, draws, best, add_to());
  }

  /// For growing level by level: what is asked, what a row adds to a histogram and what a cut is worth.
  const split_task& asked() const { return features_.asked(); }
  class_cuts cuts() const { return {measure_, classes_}; }
  bool is_pure(node_sums sums, const target_range&) const { return class_pair(sums).present < 2; }
  target_rounding rounding(search_way, node_sums, const target_range&, int) const { return {}; }
  int inherited_shift(int, node_sums) const { return -1; }

 private:
  search_way way(index rows, index present, std::int64_t all) const {
    if (!is_plain_) return search_way::general;
    if (rows <= small_.most_rows && all <= small_.most_weight && present <= small_.most_classes)
      return search_way::few_rows;
    if (present == 2 && all <= packed_.most_weight) return search_way::packed;
    return present == 2 && all <= wide_.most_weight ? search_way::wide : search_way::general;
  }

  index class_of(const std::uint8_t* row) const { return static_cast<index>(format_.target(row)); }

  auto add_to() const {
    return [this](std::int64_t* sums, const std::uint8_t* row) { add(sums, row); };
  }

  void search_small(const open_node& node, const class_pair& pair, node_draws& draws, split_choice& best) {
    const auto weight_of = [this](const std::uint8_t* row) { return format_.weight(row); };
    if (classes_ == 2) {
      small_.open(node, format_.bytes, 2, [this](const std::uint8_t* row) { return class_of(row); }, weight_of);
    } else {
      number_classes(node.sums);
      small_.open(
          node, format_.bytes, pair.present,
          [this](const std::uint8_t* row) { return place_[static_cast<std::size_t>(class_of(row))]; }, weight_of);
    }
    features_.visit(node, draws, best, add_to(), small_,
                    [&](index j, index first) { return small_.try_feature(j, first); });
  }

  template <class Word, class Histogram>
  void search_words(const open_node& node, const class_pair& pair, node_draws& draws, split_choice& best,
                    Histogram& histogram) {
    const auto word_of = [this, second = pair.second](const std::uint8_t* row) {
      return static_cast<Word>(format_.weight(row)) << (class_of(row) == second ? 4 * sizeof(Word) : 0);
    };
    histogram.open(node, format_.bytes, node.sums[static_cast<std::size_t>(pair.first)],
                   node.sums[static_cast<std::size_t>(pair.second)], word_of);
    histogram.reset();
    features_.visit(node, draws, best, add_to(), histogram,
                    [&](index j, index number) { return histogram.try_feature(j, number); });
  }

  /// place_[c] = how many classes before c have a weight in the node.
  void number_classes(node_sums sums) {
    place_.resize(sums.size());
    index present = 0;
    for (std::size_t c = 0; c < sums.size(); ++c) {
      place_[c] = present;
      present += sums[c] != 0 ? 1 : 0;
    }
  }

  class_measure measure_;
  format_type format_;
  index classes_;
  feature_search<class_measure, format_type> features_;
  bool is_plain_;
  small_class_node<P> small_;
  two_class_histogram<P> packed_;
  wide_two_class_histogram wide_;
  std::vector<index> place_;
};

}  // namespace tutti::detail
