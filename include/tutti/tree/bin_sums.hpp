#pragma once
// Sums by bin of one feature of one node, on the bins that occur: places, counted from the lowest bin on.
//
// Bins that are bytes have a slot each. Where there may be as many bins as rows, these are sorted.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

#include <tutti/algorithm/quantize.hpp>
#include <tutti/core/view.hpp>
#include <tutti/tree/sample_rows.hpp>
#include <tutti/tree/split.hpp>

namespace tutti::detail {

/// Of bytes. Empty between uses.
class byte_bin_sums {
 public:
  /// width   numbers a bin
  explicit byte_bin_sums(index width) : width_(width), sums_(static_cast<std::size_t>(256 * width)) {}

  /// add   add(sums, row): puts a row to sums
  template <class Format, class Add>
  void fill(const open_node& node, const Format& format, index feature, const Add& add) {
    for (index i = 0; i < node.count; ++i) {
      const std::uint8_t* const row = node.rows + i * format.bytes;
      const std::uint8_t bin = row[feature];
      present_.insert(bin);
      add(sums(bin), row);
    }
    for (std::uint8_t bin = 0; bin < missing_bin; ++bin)
      if (present_(bin)) bin_[static_cast<std::size_t>(places_++)] = bin;
  }

  index places() const { return places_; }
  std::uint8_t bin(index place) const { return bin_[static_cast<std::size_t>(place)]; }
  const std::int64_t* of(index place) { return sums(bin(place)); }
  bool has_missing() const { return present_(missing_bin); }
  const std::int64_t* missing() { return sums(missing_bin); }

  void clear() {
    for (index place = 0; place < places_; ++place) std::fill_n(sums(bin(place)), width_, 0);
    if (has_missing()) std::fill_n(sums(missing_bin), width_, 0);
    present_ = {};
    places_ = 0;
  }

 private:
  std::int64_t* sums(std::uint8_t bin) { return sums_.data() + index{bin} * width_; }

  index width_;
  std::vector<std::int64_t> sums_;
  bins_of_set present_{};
  std::array<std::uint8_t, 256> bin_{};
  index places_ = 0;
};

/// Of four bytes. Empty between uses.
class wide_bin_sums {
 public:
  /// width   numbers a bin
  explicit wide_bin_sums(index width) : width_(width), missing_(static_cast<std::size_t>(width)) {}

  /// add   add(sums, row): puts a row to sums
  template <class Format, class Add>
  void fill(const open_node& node, const Format& format, index feature, const Add& add) {
    collect(node, format, feature);
    const keyed_row* const end = sorted_ + keys_.size();
    for (const keyed_row* k = sorted_; k != end; ++k) {
      const std::uint8_t* const row = node.rows + index{k->row} * format.bytes;
      if (k->bits == missing_wide_bin) {
        has_missing_ = true;
        add(missing_.data(), row);
        continue;
      }
      if (bin_.empty() || bin_.back() != k->bits) {
        bin_.push_back(k->bits);
        sums_.resize(sums_.size() + static_cast<std::size_t>(width_), 0);
      }
      add(sums_.data() + (sums_.size() - static_cast<std::size_t>(width_)), row);
    }
  }

  index places() const { return static_cast<index>(bin_.size()); }
  std::uint32_t bin(index place) const { return bin_[static_cast<std::size_t>(place)]; }
  const std::int64_t* of(index place) const { return sums_.data() + place * width_; }
  bool has_missing() const { return has_missing_; }
  const std::int64_t* missing() const { return missing_.data(); }

  void clear() {
    if (has_missing_) std::fill(missing_.begin(), missing_.end(), 0);
    has_missing_ = false;
    bin_.clear();
    sums_.clear();
  }

 private:
  struct keyed_row {
    std::uint32_t bits;  ///< the bin
    std::int32_t row;
  };

  /// The node's rows by their bins.
  template <class Format>
  void collect(const open_node& node, const Format& format, index feature) {
    keys_.resize(static_cast<std::size_t>(node.count));
    spare_.resize(keys_.size());
    for (index i = 0; i < node.count; ++i)
      keys_[static_cast<std::size_t>(i)] = {format.bin(node.rows + i * format.bytes, feature),
                                            static_cast<std::int32_t>(i)};
    constexpr index few = 256;
    if (node.count < few) {
      std::sort(keys_.begin(), keys_.end(), [](const keyed_row& a, const keyed_row& b) { return a.bits < b.bits; });
      sorted_ = keys_.data();
    } else {
      sorted_ = sort_bytes<4>(keys_.data(), spare_.data(), node.count);
    }
  }

  index width_;
  std::vector<keyed_row> keys_, spare_;
  const keyed_row* sorted_ = nullptr;
  std::vector<std::uint32_t> bin_;
  std::vector<std::int64_t> sums_;
  std::vector<std::int64_t> missing_;
  bool has_missing_ = false;
};

/// The one for bins of this type.
template <class Bin>
using bin_sums = std::conditional_t<sizeof(Bin) == 1, byte_bin_sums, wide_bin_sums>;

}  // namespace tutti::detail
