// nearest_neighbors: the search of brute force, for few and many features. Its limit is max(2 p / peak, 0.06 ns) for
// each pair: the products, or the loads, comparison and mask that a pair costs however few features it has.

#include <tutti/neighbors/nearest_neighbors.hpp>

#include <algorithm>
#include <map>
#include <utility>

#include <tutti/data/synthetic.hpp>

#include "../support.hpp"

namespace tutti_benchmark {
namespace {

constexpr double seconds_of_a_pair = 0.06e-9;  // on one thread

/// n uniform samples of p features. Made when first asked for, then kept.
template <class T>
const tutti::matrix<T>& uniform(index n, index p) {
  static std::map<std::pair<index, index>, tutti::matrix<T>> made;
  const auto found = made.find({n, p});
  return found != made.end() ? found->second : made.emplace(std::pair(n, p), tutti::friedman1<T>(n, p).X).first->second;
}

template <class T>
void add_search(index n, index queries, index p, index k) {
  const std::string facts = shape<T>(n, p) + "/queries:" + std::to_string(queries) + "/k:" + std::to_string(k);
  add_for_policies("nearest_neighbors/kneighbors", facts, [=](benchmark::State& state, const auto& policy) {
    const auto all = tutti::view(uniform<T>(n + queries, p));
    const auto Q = all.middle_rows(n, n + queries);
    const auto model = tutti::nearest_neighbors{.n_neighbors = k}.fit(policy, all.middle_rows(0, n));
    const double seconds = repeat(state, [&] { return model.kneighbors(policy, Q).distances(0, 0); });
    using pack = typename std::remove_cvref_t<decltype(policy)>::template pack<T>;
    const double pairs = static_cast<double>(n) * static_cast<double>(queries);
    const double products = static_cast<double>(p) / multiply_add_rate<pack>(1);
    const double limit = pairs * std::max(products, seconds_of_a_pair) / threads_of(policy);
    report_arithmetic<T>(state, policy, pairs * static_cast<double>(p), seconds);
    state.counters["share_of_limit"] = limit / seconds;
  });
}

const bool registered = (add_search<float>(100'000, 2'000, 8, 10), add_search<float>(100'000, 2'000, 28, 10),
                         add_search<float>(100'000, 2'000, 128, 10), add_search<float>(100'000, 2'000, 128, 100),
                         add_search<float>(60'000, 1'000, 784, 10), add_search<double>(100'000, 2'000, 28, 10), true);

}  // namespace
}  // namespace tutti_benchmark
