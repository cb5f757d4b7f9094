// A long fit that tells how far it is and can be stopped: from a callback, from another thread, by a memory limit.

#include <cstdio>
#include <stop_token>
#include <thread>

#include <tutti/core/error.hpp>
#include <tutti/data/synthetic.hpp>
#include <tutti/linear_model/logistic_regression.hpp>
#include <tutti/policy/control.hpp>
#include <tutti/policy/par.hpp>

int main() {
  const auto data = tutti::make_classification<double>(20000, {.n_features = 40, .n_informative = 10, .flip_y = 0.1});
  const tutti::logistic_regression learner{.tol = 1e-12, .max_iter = 1000};

  // Progress comes on the thread that called `fit`, after each step of the solver. This callback gives up after ten.
  std::stop_source stop;
  const tutti::run_control control{.stop = stop.get_token(), .progress = [&](tutti::index done, tutti::index most) {
                                     if (done % 5 == 0) std::printf("step %td of at most %td\n", done, most);
                                     if (done == 10) stop.request_stop();
                                   }};
  try {
    learner.fit(tutti::par.with(control), data.X, data.y);
    std::printf("fitted\n");
  } catch (const tutti::cancelled& e) {
    std::printf("%s\n", e.what());
  }

  // A std::jthread passes its own token on. The request comes from outside; the fit ends between two blocks of rows.
  std::jthread worker([&](std::stop_token asked) {
    const tutti::run_control outside{.stop = asked};
    try {
      for (;;) learner.fit(tutti::par.with(outside), data.X, data.y);  // work without end
    } catch (const tutti::cancelled&) {
      std::printf("the worker was stopped\n");
    }
  });
  worker.request_stop();
  worker.join();

  // The same control bounds the working memory of a call. What was taken is given back.
  const tutti::run_control small{.memory_limit = 1000};
  try {
    learner.fit(tutti::par.with(small), data.X, data.y);
  } catch (const tutti::out_of_memory& e) {
    std::printf("%s; in use now: %zu\n", e.what(), small.memory_in_use.load());
  }
}
