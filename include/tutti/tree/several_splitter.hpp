#pragma once
// The best split of a node of several numbers a sample: the mean of their squared errors.

#include <cstddef>
#include <cstdint>
#include <vector>

#include <tutti/core/view.hpp>
#include <tutti/tree/criterion.hpp>
#include <tutti/tree/feature_search.hpp>
#include <tutti/tree/node_draws.hpp>
#include <tutti/tree/split.hpp>
#include <tutti/tree/target_scale.hpp>

namespace tutti::detail {

/// Format   how rows lie in memory, whose targets are whole numbers
template <class T, class Format>
class several_splitter : public keeps_nothing {
 public:
  using value_type = T;
  using format_type = Format;

  /// scales   of each target
  several_splitter(const split_task& asked, const format_type& format, const std::vector<target_scale>& scales)
      : format_(format), scales_(scales), features_(asked, measure_, format, channels()) {
    const auto targets = static_cast<double>(scales.size());
    for (const target_scale& scale : scales) measure_.unit.push_back(product(scale.step, scale.step) / targets);
  }

  const format_type& format() const { return format_; }
  index channels() const { return format_.targets + 1; }
  index outputs() const { return format_.targets; }
  std::int64_t weight(node_sums sums) const { return several_measure::weight(sums); }

  /// Puts a row to the sums of a node.
  void add(std::int64_t* sums, const std::uint8_t* row) const {
    const std::int64_t w = format_.weight(row);
    for (index k = 0; k < format_.targets; ++k) sums[k] += w * format_.target(row, k);
    sums[format_.targets] += w;
  }

  bool is_pure(const open_node& node) const {
    for (index i = 1; i < node.count; ++i)
      for (index k = 0; k < format_.targets; ++k)
        if (format_.target(node.rows + i * format_.bytes, k) != format_.target(node.rows, k)) return false;
    return true;
  }

  double decrease(const split_choice&, node_sums left, node_sums right, node_sums node) const {
    return measure_.kept(left) + measure_.kept(right) - measure_.kept(node);
  }

  void write_leaf(const open_node& node, std::vector<T>& values) const {
    for (std::size_t k = 0; k < scales_.size(); ++k)
      values.push_back(scales_[k].template value<T>(as_double(node.sums[k]) / as_double(weight(node.sums))));
  }

  void search(const open_node& node, memory, node_draws& draws, split_choice& best) {
    features_.visit(node, draws, best, [this](std::int64_t* sums, const std::uint8_t* row) { add(sums, row); });
  }

 private:
  format_type format_;
  const std::vector<target_scale>& scales_;
  several_measure measure_;
  feature_search<several_measure, format_type> features_;
};

}  // namespace tutti::detail
