#pragma once
// The samples of a tree as rows of bytes: bins first, target and weight at the end, moved as a whole when a node
// splits.
//
// After a few splits a node's rows lie in the nearest cache, and no index is followed any more.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <tutti/core/view.hpp>

namespace tutti::detail {

/// How a row lies in memory: `features` bins, padding, the targets, the weight; a multiple of 16 bytes.
template <class Target, class Weight>
struct row_format {
  using target_type = Target;
  using weight_type = Weight;

  index features = 0;
  index targets = 1;
  index bytes = 0;

  /// p features, k targets
  explicit constexpr row_format(index p, index k = 1)
      : features(p), targets(k), bytes((p + k * target_bytes + weight_bytes + 15) / 16 * 16) {}

  /// The last target; of one, the only one.
  Target target(const std::uint8_t* row) const { return read<Target>(row + target_at()); }
  /// Target k of several.
  Target target(const std::uint8_t* row, index k) const { return read<Target>(row + target_at(k)); }
  Weight weight(const std::uint8_t* row) const { return read<Weight>(row + weight_at()); }
  void set_target(std::uint8_t* row, Target value) const { std::memcpy(row + target_at(), &value, sizeof value); }
  void set_target(std::uint8_t* row, index k, Target value) const {
    std::memcpy(row + target_at(k), &value, sizeof value);
  }
  void set_weight(std::uint8_t* row, Weight value) const { std::memcpy(row + weight_at(), &value, sizeof value); }

 private:
  static constexpr index target_bytes = sizeof(Target), weight_bytes = sizeof(Weight);

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

/// Which bins go left: those up to a cut, or those of a set.
struct bins_up_to {
  std::uint8_t cut;
  bool operator()(std::uint8_t bin) const { return bin <= cut; }
};
struct bins_of_set {
  std::array<std::uint64_t, 4> set{};
  bool operator()(std::uint8_t bin) const { return (set[bin >> 6] >> (bin & 63) & 1) != 0; }
  void insert(std::uint8_t bin) { set[bin >> 6] |= std::uint64_t{1} << (bin & 63); }
};

/// What a partition saw.
struct partition_result {
  index left_rows;
  std::uint8_t next_bin;  ///< the lowest bin that went right; 255 if none did
};

/// Moves the rows that go left to the front, both parts in their old order. Every row is written to both places, and
/// the place that is right moves on: no branch depends on the data.
template <index Bytes, class Left>
partition_result partition_rows(std::uint8_t* rows, std::uint8_t* spare, index count, index feature, const Left left) {
  index kept = 0, aside = 0;
  std::uint32_t next = 255;
  for (index i = 0; i < count; ++i) {
    const std::uint8_t* const row = rows + i * Bytes;
    const std::uint32_t bin = row[feature];
    const auto goes_left = static_cast<std::uint32_t>(left(static_cast<std::uint8_t>(bin)));
    std::array<std::uint8_t, static_cast<std::size_t>(Bytes)> moved;
    std::memcpy(moved.data(), row, moved.size());
    std::memcpy(spare + aside, moved.data(), moved.size());
    std::memcpy(rows + kept, moved.data(), moved.size());
    const std::uint32_t right_bin = bin | (goes_left * 255u);
    next = std::min(next, right_bin);
    // Products, where a compiler would make a branch of a choice.
    kept += static_cast<index>(goes_left) * Bytes;
    aside += static_cast<index>(goes_left ^ 1u) * Bytes;
  }
  std::memcpy(rows + kept, spare, static_cast<std::size_t>(aside));
  return {kept / Bytes, static_cast<std::uint8_t>(next)};
}

/// The same for rows of any length.
template <class Left>
partition_result partition_long_rows(std::uint8_t* rows, std::uint8_t* spare, index count, index bytes, index feature,
                                     const Left& left) {
  index kept = 0, aside = 0;
  std::uint8_t next = 255;
  for (index i = 0; i < count; ++i) {
    const std::uint8_t* const row = rows + i * bytes;
    if (left(row[feature])) {
      if (kept != i) std::memmove(rows + kept * bytes, row, static_cast<std::size_t>(bytes));
      ++kept;
    } else {
      next = row[feature] < next ? row[feature] : next;
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
template <class Left>
partition_result partition_rows(std::uint8_t* rows, std::uint8_t* spare, index count, index bytes, index feature,
                                const Left& left) {
  switch (bytes) {
    case 16: return partition_rows<16>(rows, spare, count, feature, left);
    case 32: return partition_rows<32>(rows, spare, count, feature, left);
    case 48: return partition_rows<48>(rows, spare, count, feature, left);
    case 64: return partition_rows<64>(rows, spare, count, feature, left);
    default: return partition_long_rows(rows, spare, count, bytes, feature, left);
  }
}

}  // namespace tutti::detail
