// read_csv: bytes of file a second, beside reading them into memory and nothing more.

#include <tutti/data/csv.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "../learners.hpp"

namespace tutti_benchmark {
namespace {

constexpr index rows = 100'000;

/// A file that goes when the program ends.
class csv_file {
 public:
  /// texts   whether every fourth column holds words
  explicit csv_file(bool texts)
      : path_(std::filesystem::temp_directory_path() /
              ("tutti_benchmark_" + std::to_string(::getpid()) + (texts ? "_texts.csv" : "_numbers.csv"))) {
    static constexpr const char* words[] = {"red", "green", "blue", "\"light, grey\""};
    const auto& X = classified<float>(rows).X;
    std::ofstream out(path_);
    for (index j = 0; j < X.cols(); ++j) out << (j > 0 ? ",x" : "x") << j;
    for (index i = 0; i < rows; ++i)
      for (index j = 0; j < X.cols(); ++j) {
        out << (j > 0 ? ',' : '\n');
        if (texts && j % 4 == 0)
          out << words[(i + j) % 3 + (i % 100 == 0)];
        else
          out << X(i, j);
      }
    out << '\n';
  }
  csv_file(const csv_file&) = delete;
  csv_file& operator=(const csv_file&) = delete;
  ~csv_file() { std::filesystem::remove(path_); }

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

const csv_file& file(bool texts) {
  if (texts) {
    static const csv_file made(true);
    return made;
  }
  static const csv_file made(false);
  return made;
}

template <class Read>
void add_reader(const std::string& job, bool texts, const Read& read) {
  add(job + "/rows:100000/columns:28", [=](benchmark::State& state) {
    const auto& path = file(texts).path();
    const double seconds = repeat(state, [&] { return read(path); });
    state.counters["bytes_per_second"] = static_cast<double>(std::filesystem::file_size(path)) / seconds;
  });
}

const bool registered = [] {
  const auto read_csv = [](const auto& path) { return tutti::read_csv(path); };
  add_reader("read_csv/numbers", false, read_csv);
  add_reader("read_csv/texts", true, read_csv);
  add_reader("read_file", false, [](const auto& path) { return tutti::detail::read_file(path); });
  return true;
}();

}  // namespace
}  // namespace tutti_benchmark
