#pragma once
// Which features a node tries, and in which order.
//
// **Source** Breiman, Random Forests, Machine Learning 45 (2001); the quota's rule is scikit-learn's: constant features
// count, but the search goes on until one feature varies.

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include <tutti/core/view.hpp>
#include <tutti/tree/node_draws.hpp>

namespace tutti::detail {

class feature_order {
 public:
  explicit feature_order(index features) : order_(static_cast<std::size_t>(features)), swapped_(order_.size()) {
    std::iota(order_.begin(), order_.end(), std::int32_t{0});
  }

  /// Features drawn without replacement until `quota` of them were tried and one of these varies.
  ///
  /// try_feature   says whether the feature varies in the node
  template <class Try>
  void visit(node_draws& draws, index quota, const Try& try_feature) {
    const auto p = static_cast<index>(order_.size());
    if (quota >= p) {  // all of them: only who comes first among equals is left to chance
      const index first = draws.below(p);
      for (index i = first; i < p; ++i) try_feature(i);
      for (index i = 0; i < first; ++i) try_feature(i);
      return;
    }
    bool varied = false;
    std::size_t tried = 0;
    for (; tried < order_.size() && (static_cast<index>(tried) < quota || !varied); ++tried) {
      swapped_[tried] = tried + static_cast<std::size_t>(draws.below(p - static_cast<index>(tried)));
      std::swap(order_[tried], order_[swapped_[tried]]);
      varied |= try_feature(index{order_[tried]});
    }
    while (tried-- > 0) std::swap(order_[tried], order_[swapped_[tried]]);
  }

 private:
  std::vector<std::int32_t> order_;
  std::vector<std::size_t> swapped_;
};

}  // namespace tutti::detail
