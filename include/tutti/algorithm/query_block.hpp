#pragma once
// query_block: some queries as tiles read them, in a task's memory, and the way past the samples.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <tutti/algorithm/neighbor_filter.hpp>
#include <tutti/algorithm/tile_product.hpp>
#include <tutti/core/view.hpp>

namespace tutti::detail {

/// Hands out parts of a task's memory, each aligned to a cache line.
class scratch_plan {
 public:
  /// Where the next n elements of U begin, in bytes.
  template <class U>
  constexpr index take(index n) {
    const index at = bytes_;
    bytes_ += (n * index{sizeof(U)} + 63) / 64 * 64;
    return at;
  }
  constexpr index bytes() const { return bytes_; }

 private:
  index bytes_ = 0;
};

/// The epilogue that hands pairs whose keys are not above a query's threshold to a sink:
/// sink.take(query, keys of some lanes, bits of those that pass, first lane), by all lanes together.
template <class P, class Sink, class T = typename P::value_type>
struct passing_pairs {
  const T* threshold;  ///< [rows]
  index queries;       ///< rows behind them are padding
  T* keys;             ///< room for a tile
  Sink& sink;

  [[gnu::always_inline]] constexpr void operator()(const register_tile<P>& tile, index row, index lane) const {
    constexpr int R = register_tile<P>::rows, C = register_tile<P>::packs;
    constexpr std::uint32_t all = C == 2 ? 0xffffffffu : 0xffffu;
    std::uint32_t above[R], every = all;
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
      const P limit = P::all(threshold[row + r]);
      above[r] = 0;
#pragma GCC unroll 4
      for (int c = 0; c < C; ++c) above[r] |= (limit < tile.pair[r][c]).bits() << (16 * c);
      every &= above[r];
    }
    if (every == all) [[likely]]
      return;
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
      for (int c = 0; c < C; ++c) tile.pair[r][c].store(keys + (r * C + c) * P::lanes);
    P::sync();
    for (int r = 0; r < R; ++r)
      if (above[r] != all && row + r < queries) sink.take(row + r, keys + r * C * P::lanes, ~above[r] & all, lane);
  }
};

/// P       the policy's pack<T>
/// Filter  see neighbor_filter.hpp
template <class P, class Filter>
class query_block {
 public:
  using T = typename P::value_type;

  /// Where what lies in a task's memory.
  struct layout {
    index query, rows, held, threshold, keys, bounds;
  };

  static constexpr index padded(index queries) {
    constexpr index R = register_tile<P>::rows;
    return block_count(queries, R) * R;
  }

  /// Makes room for at most so many queries.
  static constexpr layout plan(scratch_plan& memory, index queries, index p) {
    const index rows = padded(queries);
    layout at{};
    at.query = memory.take<T>(queries * p);
    at.rows = memory.take<T>(rows * p);
    at.held = memory.take<std::byte>(tile_operands<T>::template held_bytes<P>(rows, p));
    at.threshold = memory.take<T>(rows);
    at.keys = memory.take<T>(register_tile<P>::rows * tile_shape<P>::lanes);
    at.bounds = memory.take<key_bounds>(queries);
    return at;
  }

  /// Queries [first, first + count) of Q; their thresholds let everything pass.
  constexpr query_block(const searched_samples<T>& samples, const Filter& filter, matrix_view<const T> Q, index first,
                        index count, const layout& at, std::byte* memory)
      : samples_(samples),
        filter_(filter),
        count_(count),
        query_(reinterpret_cast<T*>(memory + at.query)),
        rows_(reinterpret_cast<T*>(memory + at.rows)),
        held_(reinterpret_cast<T*>(memory + at.held)),
        threshold_(reinterpret_cast<T*>(memory + at.threshold)),
        keys_(reinterpret_cast<T*>(memory + at.keys)),
        bounds_(reinterpret_cast<key_bounds*>(memory + at.bounds)) {
    constexpr index R = register_tile<P>::rows;
    const index p = samples.features;
    for (index e = P::lane(); e < padded(count) * p; e += P::step()) rows_[e] = T(0);
    for (index i = P::lane(); i < padded(count); i += P::step())
      threshold_[i] = (i < count ? 1 : -1) * std::numeric_limits<T>::infinity();
    P::sync();
    for (index i = P::lane(); i < count; i += P::step()) {
      T* const x = query_ + i * p;
      for (index j = 0; j < p; ++j) x[j] = Q(first + i, j);
      bounds_[i] = filter.load(samples, x, rows_ + i / R * R * p + i % R, R);
    }
    P::sync();
  }

  constexpr index size() const { return count_; }
  constexpr const key_bounds& bounds(index i) const { return bounds_[i]; }
  /// Only one lane may change it, with all others waiting.
  constexpr T& threshold(index i) { return threshold_[i]; }

  /// The sum in double of query i and a sample, infinite where it overflows; by all lanes.
  constexpr double sum(index i, index at) const {
    const index p = samples_.features;
    const double sum = filter_.template sum<P>(query_ + i * p, samples_.rows + at * p, p);
    return is_nan(sum) ? std::numeric_limits<double>::infinity() : sum;
  }

  /// Asks for a sample that will be read soon.
  constexpr void prefetch(index at) const {
    const T* const row = samples_.rows + at * samples_.features;
    for (index j = 0; j < samples_.features; j += 64 / index{sizeof(T)}) P::prefetch(row + j);
  }

  /// Takes all queries past the samples of lanes [first, last); the sink may lower thresholds.
  template <class Sink>
  constexpr void pass(index first, index last, Sink& sink) {
    const tile_operands<T> of{rows_, padded(count_), samples_.panels, first, last, samples_.features, held_};
    passing_pairs<P, Sink> epilogue{threshold_, count_, keys_, sink};
    tile_product<P>(
        of, filter_.term(),
        [start = samples_.start](index lane) __attribute__((always_inline)) { return P::load(start + lane); },
        epilogue);
  }

 private:
  const searched_samples<T>& samples_;
  const Filter& filter_;
  index count_;
  T* query_;
  T* rows_;
  T* held_;
  T* threshold_;
  T* keys_;
  key_bounds* bounds_;
};

}  // namespace tutti::detail
