// Memory that runs out, at every allocation in turn, in any task: std::bad_alloc on the calling thread, nothing leaked,
// nothing half changed.

#include <atomic>
#include <cstdlib>
#include <new>

#include <tutti/ensemble/extra_trees.hpp>
#include <tutti/ensemble/random_forest.hpp>
#include <tutti/linear_model/linear_regression.hpp>
#include <tutti/linear_model/logistic_regression.hpp>
#include <tutti/linear_model/ridge.hpp>
#include <tutti/naive_bayes/gaussian_nb.hpp>
#include <tutti/preprocessing/standard_scaler.hpp>
#include <tutti/tree/decision_tree.hpp>

#include "../support/own_allocator.hpp"
#include "incremental.hpp"

namespace {

std::atomic<long> allocations_left = -1;  // negative: no end
std::atomic<long> blocks_in_use = 0;

}  // namespace

namespace tutti_test {

void* allocate(std::size_t bytes, std::size_t alignment) {
  if (allocations_left.load() >= 0 && allocations_left.fetch_sub(1) <= 0) {
    allocations_left = 0;
    throw std::bad_alloc();
  }
  void* const p = aligned_block(bytes, alignment);
  ++blocks_in_use;
  return p;
}

void release(void* p) {
  if (p == nullptr) return;
  --blocks_in_use;
  std::free(p);
}

namespace {

/// Runs f with 0, 1, 2, ... allocations until it succeeds. Returns how often it failed; `unharmed` is asked after each.
template <class F, class Unharmed>
long fails_cleanly(const F& f, const Unharmed& unharmed) {
  for (long allowed = 0;; ++allowed) {
    bool failed = false;
    const long before = blocks_in_use;
    allocations_left = allowed;
    try {
      f();
    } catch (const std::bad_alloc&) {
      failed = true;
    }
    allocations_left = -1;
    const long kept = blocks_in_use - before;
    if (!failed) return allowed;
    CAPTURE(allowed);
    CHECK(kept == 0);
    CHECK(unharmed());
  }
}

template <class L>
void check_learner(const L& learner) {
  const problem<float> d(9001, 5, 2);
  const auto always = [] { return true; };
  for_policies_of<L, float>([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    const auto model = fit(learner, policy, d.view(), d);
    CHECK(fails_cleanly([&] { fit_weighted(learner, policy, d, d.weights); }, always) > 3);
    CHECK(fails_cleanly([&] { answers(model, policy, d.view()); }, always) >= 1);
  });
}

/// A batch that fails leaves the model as it was.
template <class L>
void check_batches(const L& learner) {
  const problem<float> d(9001, 5, 2);
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    auto model = start(learner, d);
    learn(learner, policy, model, d, 0, 4500);
    const auto before = model;
    // The batch that succeeds ends the loop, so the model may change only then.
    CHECK(fails_cleanly([&] { learn(learner, policy, model, d, 4500, 9001); }, [&] { return model == before; }) > 3);
    CHECK(!(model == before));
  });
}

}  // namespace

TEST_CASE("standard_scaler") { check_learner(tutti::standard_scaler{}); }
TEST_CASE("linear_regression") { check_learner(tutti::linear_regression{}); }
TEST_CASE("ridge") { check_learner(tutti::ridge{}); }
TEST_CASE("logistic_regression") { check_learner(tutti::logistic_regression{.max_iter = 3}); }
TEST_CASE("logistic_regression, newton_cholesky") {
  check_learner(tutti::logistic_regression{.solver = tutti::glm_solver::newton_cholesky, .max_iter = 2});
}
TEST_CASE("gaussian_nb") { check_learner(tutti::gaussian_nb{}); }
TEST_CASE("decision_tree_classifier") { check_learner(tutti::decision_tree_classifier{.max_depth = 3}); }
TEST_CASE("decision_tree_regressor") { check_learner(tutti::decision_tree_regressor{.max_depth = 3}); }
TEST_CASE("random_forest_classifier") {
  check_learner(tutti::random_forest_classifier{.n_estimators = 3, .max_depth = 2, .oob_score = true});
}
TEST_CASE("random_forest_regressor") {
  check_learner(tutti::random_forest_regressor{.n_estimators = 3, .max_depth = 2, .oob_score = true});
}
TEST_CASE("extra_trees_classifier") { check_learner(tutti::extra_trees_classifier{.n_estimators = 3, .max_depth = 2}); }
TEST_CASE("extra_trees_regressor") { check_learner(tutti::extra_trees_regressor{.n_estimators = 3, .max_depth = 2}); }
TEST_CASE("standard_scaler in batches") { check_batches(tutti::standard_scaler{}); }
TEST_CASE("gaussian_nb in batches") { check_batches(tutti::gaussian_nb{}); }

}  // namespace tutti_test
