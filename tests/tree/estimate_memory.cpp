#include <tutti/tree/estimate_memory.hpp>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <malloc.h>
#include <new>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/random.hpp>
#include <tutti/data/synthetic.hpp>
#include <tutti/ensemble/extra_trees.hpp>
#include <tutti/ensemble/random_forest.hpp>
#include <tutti/policy/par_simd.hpp>
#include <tutti/policy/seq.hpp>
#include <tutti/tree/decision_tree.hpp>

#include "../support/check.hpp"
#include "../support/own_allocator.hpp"

namespace {

std::atomic<long> bytes_in_use = 0, most_in_use = 0;

}  // namespace

namespace tutti_test {

void* allocate(std::size_t bytes, std::size_t alignment) {
  void* const p = aligned_block(bytes, alignment);
  const long now = bytes_in_use += long(malloc_usable_size(p));
  for (long most = most_in_use; most < now && !most_in_use.compare_exchange_weak(most, now);) {
  }
  return p;
}

void release(void* p) {
  if (p == nullptr) return;
  bytes_in_use -= long(malloc_usable_size(p));
  std::free(p);
}

namespace {

using tutti::index;

/// A fit takes no more than was said, and not much less.
template <class T, class Policy, class Learner, class M, class Y>
void check_estimate(const Policy& policy, int threads, const Learner& learner, const M& X, const Y& y, index classes,
                    double least) {
  const tutti::forest_memory said = tutti::estimate_memory<T>(learner, X.rows(), X.cols(), threads, classes);
  const long before = bytes_in_use;
  most_in_use = before;
  const auto model = learner.fit(policy, X, y);
  const long peak = most_in_use - before, kept = bytes_in_use - before;
  CAPTURE(X.rows());
  CAPTURE(kept);
  CAPTURE(said.model);
  CAPTURE(peak);
  CAPTURE(said.fit);
  CHECK(double(kept) <= double(said.model));
  CHECK(double(kept) >= least * double(said.model));
  CHECK(double(peak) <= double(said.fit));
  CHECK(double(peak) >= least * double(said.fit));
}

}  // namespace

TEST_CASE("a fit takes what was said") {
  const auto par2 = tutti::par_simd.threads(2);
  const auto curve = tutti::friedman1<float>(30000);
  check_estimate<float>(tutti::seq, 1, tutti::random_forest_regressor{.n_estimators = 10}, curve.X, curve.y, 0, 0.4);
  check_estimate<float>(par2, 2, tutti::random_forest_regressor{.n_estimators = 10, .max_depth = 9, .oob_score = true},
                        curve.X, curve.y, 0, 0.3);
  check_estimate<float>(par2, 2, tutti::random_forest_regressor{.n_estimators = 10, .keep_targets = true}, curve.X,
                        curve.y, 0, 0.4);
  check_estimate<float>(tutti::seq, 1, tutti::decision_tree_regressor{.max_leaf_nodes = 1000}, curve.X, curve.y, 0, 0.2);
  check_estimate<float>(par2, 2, tutti::random_forest_regressor{.n_estimators = 10, .exact_splits = true}, curve.X,
                        curve.y, 0, 0.3);

  // Labels that no feature tells: a leaf for nearly every sample.
  auto noise = tutti::make_classification<double>(30000, {.n_informative = 3, .n_classes = 3});
  const tutti::random_source source(3);
  for (std::size_t i = 0; i < noise.y.size(); ++i) noise.y[i] = int(source.below(i, 3));
  check_estimate<double>(par2, 2, tutti::random_forest_classifier{.n_estimators = 10}, noise.X, noise.y, 3, 0.3);
  check_estimate<double>(tutti::seq, 1, tutti::extra_trees_classifier{.n_estimators = 5}, noise.X, noise.y, 3, 0.3);
}

TEST_CASE("what cannot be fitted cannot be estimated") {
  check_throws<tutti::invalid_input>([] { tutti::estimate_memory<float>(tutti::random_forest_classifier{}, 0, 3); },
                                     {"estimate_memory", ">= 1"});
  check_throws<tutti::invalid_input>(
      [] { tutti::estimate_memory<float>(tutti::random_forest_classifier{.n_estimators = 0}, 10, 3); },
      {"estimate_memory", "n_estimators"});
}

}  // namespace tutti_test
