#pragma once
// tile_product: each of some rows with each of many others, a tile of pairs in registers at a time. What becomes of a
// finished tile is up to an epilogue, which is compiled into the loop: the pairs are never in memory.
//
// **Source** Goto, van de Geijn, Anatomy of High-Performance Matrix Multiplication, ACM TOMS 34 (2008), 12, section 4.

#include <algorithm>
#include <cstddef>

#include <tutti/algorithm/panels.hpp>
#include <tutti/core/view.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti::detail {

/// How many pairs of rows and panels a machine's registers hold, and with them one panel's feature and one row's.
template <class P>
struct tile_shape {
  static constexpr bool many = P::registers >= 32;
  static constexpr int rows = many ? std::min(12, (P::registers - 2) / P::parts - 1) : std::max(1, 12 / P::parts);
  static constexpr int packs = many && P::parts == 1 ? 2 : 1;
  static constexpr index lanes = packs * panel_rows;
};

/// Pairs of `rows` rows and `packs` panels.
template <class P>
struct register_tile {
  static constexpr int rows = tile_shape<P>::rows;
  static constexpr int packs = tile_shape<P>::packs;

  P pair[rows][packs];
};

inline constexpr index tile_depth = 128;  ///< features of one pass: the panels of a pass stay in the first cache

/// The most roundings that a sum of p terms goes through.
constexpr double tile_roundings(index p) {
  return static_cast<double>(std::min(p, tile_depth) + block_count(p, tile_depth) + 2);
}

/// a + x y.
struct product_term {
  template <class V>
  [[gnu::always_inline]] constexpr V add_fast(const V& sum, const V& x, const V& y) const {
    return madd(x, y, sum);
  }
  template <class V>
  [[gnu::always_inline]] constexpr V join(const V& a, const V& b) const {
    return a + b;
  }
};

/// sum with the term of x and y: by the term's own fast way if it has one.
template <class Term, class V>
[[gnu::always_inline]] constexpr V add_fast(const Term& term, const V& sum, const V& x, const V& y) {
  if constexpr (requires { term.add_fast(sum, x, y); })
    return term.add_fast(sum, x, y);
  else
    return term.add(sum, x, y);
}

/// What is multiplied.
template <class T>
struct tile_operands {
  const T* rows;     ///< in groups of a tile's rows, feature after feature; features times rows
  index row_count;   ///< a multiple of a tile's rows
  const T* panels;   ///< [lanes / 16 x features x 16]
  index first_lane;  ///< of those that take part; a multiple of a tile's lanes, as is the last one
  index last_lane;
  index features;
  T* held;  ///< room for row_count times a tile's lanes if there are more than tile_depth features; aligned

  /// Bytes of `held`.
  template <class P>
  static constexpr index held_bytes(index rows, index features) {
    return features > tile_depth ? rows * tile_shape<P>::lanes * index{sizeof(T)} : 0;
  }
};

/// pair[r][c] of the tile becomes what the terms of `depth` features add to it.
template <class P, class Term, class T = typename P::value_type>
[[gnu::always_inline]] constexpr void add_features(const Term& term, register_tile<P>& tile, const T* rows,
                                                   const T* panels, index panel_stride, index depth) {
  constexpr int R = register_tile<P>::rows, C = register_tile<P>::packs;
#pragma GCC unroll 1
  for (index j = 0; j < depth; ++j) {
    P y[C];
#pragma GCC unroll 4
    for (int c = 0; c < C; ++c) y[c] = P::load(panels + c * panel_stride + j * panel_rows);
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
      const P x = P::all(rows[j * R + r]);
#pragma GCC unroll 4
      for (int c = 0; c < C; ++c) tile.pair[r][c] = add_fast(term, tile.pair[r][c], x, y[c]);
    }
  }
}

/// f(pair, r, c) for the pairs of a tile.
template <class P, class F>
[[gnu::always_inline]] constexpr void for_pairs(register_tile<P>& tile, const F& f) {
#pragma GCC unroll 16
  for (int r = 0; r < register_tile<P>::rows; ++r)
#pragma GCC unroll 4
    for (int c = 0; c < register_tile<P>::packs; ++c) f(tile.pair[r][c], r, c);
}

/// The panels that come next, asked for an even share at a time.
template <class P>
struct panel_prefetch {
  using T = typename P::value_type;

  const T* next;
  index panel_stride;
  index depth;
  index share;
  index line = 0;

  [[gnu::always_inline]] constexpr void ask() {
    const index lines = depth * register_tile<P>::packs;
    for (index i = 0; i < share && line < lines; ++i, ++line)
      P::prefetch(next + line / depth * panel_stride + line % depth * panel_rows);
  }
};

/// For every group of rows and panels: start(lane) for each pack, the terms of all features, epilogue(tile, row, lane).
///
/// start      a pack for the lanes from `lane` on
/// epilogue   called with the number of the first row and of the first lane
/// cost       rows times lanes times features terms; the rows should fit in half of the second cache
template <class P, class Term, class Start, class Epilogue, class T = typename P::value_type>
constexpr void tile_product(const tile_operands<T>& of, const Term& term, const Start& start, Epilogue& epilogue) {
  constexpr index R = register_tile<P>::rows, lanes = tile_shape<P>::lanes;
  const index p = of.features, stride = panel_rows * p, groups = of.row_count / R;
  for (index lane = of.first_lane; lane < of.last_lane; lane += lanes) {
    const T* const panels = of.panels + lane * p;
    for (index from = 0; from < p; from += tile_depth) {
      const index depth = std::min(tile_depth, p - from);
      const bool first = from == 0, last = from + depth == p;
      panel_prefetch<P> next{last ? panels + lanes * p : panels + (from + depth) * panel_rows, stride, depth,
                             block_count(depth * register_tile<P>::packs, groups)};
      for (index row = 0; row < of.row_count; row += R) {
        next.ask();
        register_tile<P> tile;
        for_pairs(
            tile, [&](P & pair, int, int c)
                      __attribute__((always_inline)) { pair = first ? start(lane + c * panel_rows) : P::all(0); });
        add_features(term, tile, of.rows + row * p + from * R, panels + from * panel_rows, stride, depth);
        T* const held = of.held + row * lanes;
        if (!first)
          for_pairs(
              tile, [&](P & pair, int r, int c) __attribute__((always_inline)) {
                pair = term.join(pair, P::load(held + r * lanes + c * panel_rows));
              });
        if (last)
          epilogue(tile, row, lane);
        else
          for_pairs(
              tile, [&](P & pair, int r, int c)
                        __attribute__((always_inline)) { pair.store(held + r * lanes + c * panel_rows); });
      }
    }
  }
}

}  // namespace tutti::detail
