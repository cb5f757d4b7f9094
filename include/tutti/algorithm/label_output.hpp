#pragma once
// Predicted labels in the caller's type, whatever that is.

#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

#include <tutti/core/labels.hpp>
#include <tutti/core/storage.hpp>
#include <tutti/core/view.hpp>

namespace tutti::detail {

/// n labels that f(classes, out) writes, both pointers into memory of the policy's tasks.
template <class Policy, class L, class F>
std::vector<L> produce_labels(const Policy& policy, const class_set<L>& classes, index n, const F& f) {
  storage<L> names(classes.size());
  for (index c = 0; c < classes.size(); ++c) names[c] = classes[c];
  const auto near_names = policy.bring(vector_view<const L>{names.data(), names.size(), 1});
  const auto fill = [&](std::span<L> out) {
    policy.produce(out, [&](L* to) { f(near_names.view().data, to); });
  };
  if constexpr (std::is_same_v<L, bool>) {  // std::vector<bool> has no elements to write to
    storage<bool> out(n);
    fill(std::span<bool>(out.data(), static_cast<std::size_t>(n)));
    return std::vector<bool>(out.begin(), out.end());
  } else {
    std::vector<L> out(static_cast<std::size_t>(n));
    fill(std::span<L>(out));
    return out;
  }
}

}  // namespace tutti::detail
