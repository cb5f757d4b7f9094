// Threads belong to the caller: how many, whose arena, and many fits at once from one learner.

#include <cstddef>
#include <cstdio>
#include <span>
#include <thread>
#include <vector>

#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include <tutti/data/synthetic.hpp>
#include <tutti/linear_model/ridge.hpp>
#include <tutti/metrics/regression.hpp>
#include <tutti/policy/par.hpp>
#include <tutti/policy/seq.hpp>

int main() {
  const auto data = tutti::friedman1<double>(40000);
  const auto X = tutti::view(data.X);
  const std::span y(data.y);
  const tutti::ridge learner{.alpha = 0.5};

  // As many threads as the application lets the library have; at most two; those of an arena of yours.
  const auto model = learner.fit(tutti::par, X, y);
  const auto two = learner.fit(tutti::par.threads(2), X, y);
  tbb::task_arena arena;
  const auto there = learner.fit(tutti::par.on(arena), X, y);
  std::printf("any number of threads, the same bits: %s\n", model == two && model == there ? "yes" : "no");

  // Many fits at once: learners and models never change, so all tasks share one. Each task works alone with `seq`; with
  // `par` inside the tasks oneTBB would share the same threads among them, never start more.
  constexpr std::size_t parts = 8;
  constexpr tutti::index rows = 5000;
  std::vector<double> score(parts);
  arena.execute([&] {
    tbb::parallel_for(std::size_t{0}, parts, [&](std::size_t k) {
      const auto part = X.middle_rows(tutti::index(k) * rows, tutti::index(k + 1) * rows);
      const auto part_y = y.subspan(k * std::size_t(rows), std::size_t(rows));
      const auto small = learner.fit(tutti::seq, part, part_y);
      score[k] = tutti::r2_score(tutti::seq, y, small.predict(tutti::seq, X));
    });
  });
  for (std::size_t k = 0; k < parts; ++k) std::printf("fitted to part %zu: R2 of all %.4f\n", k, score[k]);

  // A model may predict on any number of threads of any kind.
  std::vector<double> first(4);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < first.size(); ++t)
    threads.emplace_back([&, t] { first[t] = model.predict(tutti::par, X)[t]; });
  for (std::thread& t : threads) t.join();
  std::printf("predictions from four threads: %.3f %.3f %.3f %.3f\n", first[0], first[1], first[2], first[3]);
}
