#pragma once
// Rows whose targets are numbers: what every criterion on them has to know.

#include <cstdint>
#include <vector>

#include <tutti/core/view.hpp>
#include <tutti/tree/criterion.hpp>
#include <tutti/tree/split.hpp>
#include <tutti/tree/target_scale.hpp>

namespace tutti::detail {

/// Format   how rows lie in memory, whose targets are whole numbers
template <class T, class Format>
class value_rows {
 public:
  using value_type = T;
  using format_type = Format;

  value_rows(const format_type& format, const target_scale& scale) : format_(format), scale_(scale) {}

  const format_type& format() const { return format_; }
  index channels() const { return 2; }
  index outputs() const { return 1; }
  std::int64_t weight(node_sums sums) const { return value_measure::weight(sums); }

  /// Puts a row to the sums of a node.
  void add(std::int64_t* sums, const std::uint8_t* row) const {
    const std::int64_t w = format_.weight(row);
    sums[0] += w * format_.target(row);
    sums[1] += w;
  }

  bool is_pure(const open_node& node) const {
    const std::int32_t first = format_.target(node.rows);
    for (index i = 1; i < node.count; ++i)
      if (format_.target(node.rows + i * format_.bytes) != first) return false;
    return true;
  }

 protected:
  auto add_to() const {
    return [this](std::int64_t* sums, const std::uint8_t* row) { add(sums, row); };
  }

  format_type format_;
  target_scale scale_;
};

}  // namespace tutti::detail
