#pragma once
// The table that the quickstart prints, and the bar that is seen while it works.

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>

namespace quickstart {

/// Best time of a job, repeated for half a second, and its last result.
template <class F>
auto timed(const F& job, double& seconds) {
  using clock = std::chrono::steady_clock;
  const auto begin = clock::now();
  for (seconds = 1e300;;) {
    const auto before = clock::now();
    auto result = job();
    const auto after = clock::now();
    seconds = std::min(seconds, std::chrono::duration<double>(after - before).count());
    if (after - begin > std::chrono::milliseconds(500)) return result;
  }
}

inline std::string time_text(double seconds) {
  char out[32];
  if (seconds < 1e-3) std::snprintf(out, sizeof out, "%.0f us", seconds * 1e6);
  else if (seconds < 1) std::snprintf(out, sizeof out, "%.2f ms", seconds * 1e3);
  else std::snprintf(out, sizeof out, "%.2f s", seconds);
  return out;
}

/// One line of the table.
struct line {
  std::string estimator, policy;
  double fit = 0, predict = 0;          ///< seconds
  double fit_seq = 0, predict_seq = 0;  ///< the same job's under seq
  std::string quality;
  std::string answer;
};

class report {
 public:
  explicit report(int jobs) : jobs_(jobs), terminal_(::isatty(STDERR_FILENO) == 1) {}
  report(const report&) = delete;
  report& operator=(const report&) = delete;
  ~report() { clear(); }

  void heading(const std::string& text) {
    clear();
    std::printf("\n%s\n%-28s %-9s %10s %7s %10s %7s  %-16s %s\n", text.c_str(), "estimator", "policy", "fit", "", "predict", "",
                "quality", "answer");
    std::fflush(stdout);
  }

  void remark(const std::string& text) {
    clear();
    std::printf("%s\n", text.c_str());
  }

  /// A job begins.
  void begin(const std::string& what) {
    if (!terminal_) return;
    constexpr int width = 30;
    const int full = jobs_ == 0 ? 0 : std::min(width, done_ * width / jobs_);
    std::fprintf(stderr, "\r\033[K[%s%s] %s", std::string(std::size_t(full), '#').c_str(),
                 std::string(std::size_t(width - full), ' ').c_str(), what.c_str());
    std::fflush(stderr);
  }

  /// A job has ended.
  void add(const line& l) {
    ++done_;
    clear();
    std::printf("%-28s %-9s %10s %7s %10s %7s  %-16s %s\n", l.estimator.c_str(), l.policy.c_str(), time_text(l.fit).c_str(),
                ratio(l.fit_seq, l.fit).c_str(), time_text(l.predict).c_str(), ratio(l.predict_seq, l.predict).c_str(),
                l.quality.c_str(), l.answer.c_str());
    std::fflush(stdout);
  }

 private:
  static std::string ratio(double seq, double own) {
    char out[32];
    std::snprintf(out, sizeof out, "%.1fx", seq / own);
    return out;
  }
  void clear() {
    if (terminal_) std::fprintf(stderr, "\r\033[K");
  }

  int jobs_;
  int done_ = 0;
  bool terminal_;
};

}  // namespace quickstart
