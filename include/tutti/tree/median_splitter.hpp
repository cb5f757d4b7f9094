#pragma once
// The best split of a node of numbers by absolute errors.

#include <cstdint>
#include <vector>

#include <tutti/core/view.hpp>
#include <tutti/tree/absolute_deviation.hpp>
#include <tutti/tree/criterion.hpp>
#include <tutti/tree/feature_search.hpp>
#include <tutti/tree/node_draws.hpp>
#include <tutti/tree/split.hpp>
#include <tutti/tree/target_scale.hpp>
#include <tutti/tree/value_rows.hpp>

namespace tutti::detail {

/// Format   how rows lie in memory
template <class T, class Format>
class median_splitter : public value_rows<T, Format>, public keeps_nothing {
  using base = value_rows<T, Format>;
  using base::format_;
  using base::scale_;

 public:
  using format_type = typename base::format_type;

  median_splitter(const split_task& asked, const format_type& format, const target_scale& scale)
      : base(format, scale), features_(asked, measure_, format, base::channels()) {}

  double decrease(const split_choice& best, node_sums, node_sums, node_sums) const { return best.score; }

  void write_leaf(const open_node& node, std::vector<T>& values) {
    open(node);
    values.push_back(scale_.template value<T>(node.bounds.clamp(measure_.all().median)));
  }

  void search(const open_node& node, memory, node_draws& draws, split_choice& best) {
    open(node);
    features_.visit(node, draws, best, base::add_to());
  }

 private:
  void open(const open_node& node) {
    measure_.open(node, format_.bytes, [this](const std::uint8_t* row) {
      return weighted_target{format_.target(row), format_.weight(row)};
    });
  }

  absolute_measure measure_;
  feature_search<absolute_measure, format_type> features_;
};

}  // namespace tutti::detail
