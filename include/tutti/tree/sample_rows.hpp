#pragma once
// The samples of a tree as rows of memory: bins first, target and weight at the end, moved as a whole when a node
// splits.
//
// After a few splits a node's rows lie in the nearest cache, and no index is followed any more.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#include <tutti/core/view.hpp>

namespace tutti::detail {

/// How a row lies in memory: `features` bins, padding, the targets, the weight; a multiple of 16 bytes.
template <class Target, class Weight, class Bin = std::uint8_t>
struct row_format {
  using target_type = Target;
  using weight_type = Weight;
  using bin_type = Bin;
  static constexpr bool has_bytes = sizeof(Bin) == 1;

  index features = 0;
  index targets = 1;
  index bytes = 0;

  /// p features, k targets
  explicit constexpr row_format(index p, index k = 1)
      : features(p), targets(k), bytes((p * bin_bytes + k * target_bytes + weight_bytes + 15) / 16 * 16) {}

  /// The bin of feature j.
  Bin bin(const std::uint8_t* row, index j) const { return read<Bin>(row + j * bin_bytes); }
  /// The last target; of one, the only one.
  Target target(const std::uint8_t* row) const { return read<Target>(row + target_at()); }
  /// Target k of several.
  Target target(const std::uint8_t* row, index k) const { return read<Target>(row + target_at(k)); }
  Weight weight(const std::uint8_t* row) const { return read<Weight>(row + weight_at()); }
  void set_bin(std::uint8_t* row, index j, Bin bin) const { std::memcpy(row + j * bin_bytes, &bin, sizeof bin); }
  void set_target(std::uint8_t* row, Target value) const { std::memcpy(row + target_at(), &value, sizeof value); }
  void set_target(std::uint8_t* row, index k, Target value) const {
    std::memcpy(row + target_at(k), &value, sizeof value);
  }
  void set_weight(std::uint8_t* row, Weight value) const { std::memcpy(row + weight_at(), &value, sizeof value); }

 private:
  static constexpr index bin_bytes = sizeof(Bin), target_bytes = sizeof(Target), weight_bytes = sizeof(Weight);

  constexpr index weight_at() const { return bytes - weight_bytes; }
  constexpr index target_at() const { return weight_at() - target_bytes; }
  constexpr index target_at(index k) const { return weight_at() - (targets - k) * target_bytes; }

  template <class T>
  static T read(const std::uint8_t* p) {
    T value;
    std::memcpy(&value, p, sizeof value);
    return value;
  }
};

/// Which bins go left: those up to a cut, those and the missing ones, or those of a set.
struct bins_up_to {
  std::uint32_t cut;
  template <class Bin>
  bool operator()(Bin bin) const {
    return bin <= static_cast<Bin>(cut);
  }
};
struct bins_up_to_and_missing {
  std::uint32_t cut;
  template <class Bin>
  bool operator()(Bin bin) const {
    return (bin <= static_cast<Bin>(cut)) | (bin == std::numeric_limits<Bin>::max());
  }
};
struct bins_of_set {
  std::array<std::uint64_t, 4> set{};
  /// Categories are bytes, and the missing ones of any width are 255 in the last of them.
  constexpr bool operator()(std::uint32_t bin) const { return (set[bin >> 6 & 3] >> (bin & 63) & 1) != 0; }
  constexpr void insert(std::uint8_t bin) { set[bin >> 6] |= std::uint64_t{1} << (bin & 63); }
};

/// What a partition saw.
struct partition_result {
  index left_rows;
  std::uint32_t next_bin;  ///< the lowest bin that went right; that of missing values if none did
};

/// Moves the rows that go left to the front, both parts in their old order. Every row is written to both places, and
/// the place that is right moves on: no branch depends on the data.
template <class Bin, index Bytes, class Left>
partition_result partition_short_rows(std::uint8_t* rows, std::uint8_t* spare, index count, index feature,
                                      const Left left) {
  constexpr std::uint32_t none = std::numeric_limits<Bin>::max();
  index kept = 0, aside = 0;
  std::uint32_t next = none;
  for (index i = 0; i < count; ++i) {
    const std::uint8_t* const row = rows + i * Bytes;
    Bin bin;
    std::memcpy(&bin, row + feature * static_cast<index>(sizeof(Bin)), sizeof bin);
    const auto goes_left = static_cast<std::uint32_t>(left(bin));
    std::array<std::uint8_t, static_cast<std::size_t>(Bytes)> moved;
    std::memcpy(moved.data(), row, moved.size());
    std::memcpy(spare + aside, moved.data(), moved.size());
    std::memcpy(rows + kept, moved.data(), moved.size());
    const std::uint32_t right_bin = bin | (goes_left * none);
    next = std::min(next, right_bin);
    // Products, where a compiler would make a branch of a choice.
    kept += static_cast<index>(goes_left) * Bytes;
    aside += static_cast<index>(goes_left ^ 1u) * Bytes;
  }
  std::memcpy(rows + kept, spare, static_cast<std::size_t>(aside));
  return {kept / Bytes, next};
}

/// The same for rows of any length.
template <class Bin, class Left>
partition_result partition_long_rows(std::uint8_t* rows, std::uint8_t* spare, index count, index bytes, index feature,
                                     const Left& left) {
  index kept = 0, aside = 0;
  std::uint32_t next = std::numeric_limits<Bin>::max();
  for (index i = 0; i < count; ++i) {
    const std::uint8_t* const row = rows + i * bytes;
    Bin bin;
    std::memcpy(&bin, row + feature * static_cast<index>(sizeof(Bin)), sizeof bin);
    if (left(bin)) {
      if (kept != i) std::memmove(rows + kept * bytes, row, static_cast<std::size_t>(bytes));
      ++kept;
    } else {
      next = std::min<std::uint32_t>(next, bin);
      std::memcpy(spare + aside * bytes, row, static_cast<std::size_t>(bytes));
      ++aside;
    }
  }
  std::memcpy(rows + kept * bytes, spare, static_cast<std::size_t>(aside * bytes));
  return {kept, next};
}

/// One of the two, by the length of a row.
///
/// spare   room for count rows
template <class Bin, class Left>
partition_result partition_rows(std::uint8_t* rows, std::uint8_t* spare, index count, index bytes, index feature,
                                const Left& left) {
  switch (bytes) {
    case 16: return partition_short_rows<Bin, 16>(rows, spare, count, feature, left);
    case 32: return partition_short_rows<Bin, 32>(rows, spare, count, feature, left);
    case 48: return partition_short_rows<Bin, 48>(rows, spare, count, feature, left);
    case 64: return partition_short_rows<Bin, 64>(rows, spare, count, feature, left);
    default: return partition_long_rows<Bin>(rows, spare, count, bytes, feature, left);
  }
}

}  // namespace tutti::detail
