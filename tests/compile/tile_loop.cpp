// The loop in which a tile of pairs is computed, for tile_spills.sh to read.

#include <tutti/algorithm/tile_product.hpp>
#include <tutti/policy/simd.hpp>

using pack = decltype(tutti::simd)::pack<float>;
using tile_type = tutti::detail::register_tile<pack>;

extern "C" void tile_loop(tile_type& tile, const float* rows, const float* panels, tutti::index stride,
                          tutti::index depth) {
  tile_type own = tile;
  tutti::detail::add_features(tutti::detail::product_term{}, own, rows, panels, stride, depth);
  tile = own;
}
