// Saving: the whole file or nothing, and nothing beside it.

#include <tutti/data/model_file.hpp>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>
#if defined(__unix__)
#include <csignal>
#include <sys/resource.h>
#endif

#include <doctest/doctest.h>

#include <tutti/core/error.hpp>
#include <tutti/linear_model/linear_regressor.hpp>

#include "files.hpp"
#include "printing.hpp"

namespace tutti_test {

namespace {

using tutti::invalid_input;
using regressor = tutti::linear_regressor<double>;
using texts = std::vector<std::string>;

/// A regression whose file has about 8 n bytes.
regressor large_model(std::size_t n) { return {std::vector<double>(n, 0.1), {0.5}, 1}; }

}  // namespace

TEST_CASE("a saved model replaces the whole of an older file, and leaves nothing beside it") {
  const temporary_folder folder;
  const auto path = folder.path() / "model";
  tutti::save(path, large_model(1000));
  tutti::save(path, large_model(1));
  CHECK(tutti::load<regressor>(path) == large_model(1));
  CHECK(std::filesystem::file_size(path) < 1000);
  CHECK(names_in(folder.path()) == texts{"model"});
}

TEST_CASE("a folder that is not there is not made") {
  const temporary_folder folder;
  const auto path = folder.path() / "absent" / "model";
  CHECK(message_of<invalid_input>([&] { tutti::save(path, large_model(1)); }) ==
        "save: " + path.string() + " cannot be written");
  CHECK(names_in(folder.path()).empty());
}

TEST_CASE("a folder is not replaced by a model") {
  const temporary_folder folder;
  const auto path = folder.path() / "folder";
  std::filesystem::create_directory(path);
  CHECK(message_of<invalid_input>([&] {
          tutti::save(path, large_model(1));
        }).starts_with("save: " + path.string() + " cannot be replaced: "));
  CHECK(std::filesystem::is_directory(path));
  CHECK(names_in(folder.path()) == texts{"folder"});
}

TEST_CASE("a folder that may not be written to keeps its file") {
  const temporary_folder folder;
  const auto path = folder.path() / "model";
  tutti::save(path, large_model(3));
  using std::filesystem::perms;
  std::filesystem::permissions(folder.path(), perms::owner_read | perms::owner_exec);
  const bool may_write = static_cast<bool>(std::ofstream(folder.path() / "probe"));
  if (may_write) {
    MESSAGE("not tested: this user may write to any folder");
  } else {
    CHECK(message_of<invalid_input>([&] { tutti::save(path, large_model(4)); }) ==
          "save: " + path.string() + " cannot be written");
    CHECK(tutti::load<regressor>(path) == large_model(3));
    CHECK(names_in(folder.path()) == texts{"model"});
  }
  std::filesystem::permissions(folder.path(), perms::owner_all);
}

#if defined(__unix__)
TEST_CASE("a write that fails half-way leaves the old file and nothing beside it") {
  const temporary_folder folder;
  const auto path = folder.path() / "model";
  tutti::save(path, large_model(3));
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);  // the write reports the error then
  for (const rlim_t limit : {rlim_t{0}, rlim_t{1}, rlim_t{4096}, rlim_t{100000}}) {
    const rlimit small{limit, before.rlim_max};
    REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
    const std::string message = message_of<invalid_input>([&] { tutti::save(path, large_model(50000)); });
    setrlimit(RLIMIT_FSIZE, &before);
    CAPTURE(limit);
    CHECK(message == "save: " + path.string() + " cannot be written");
    CHECK(tutti::load<regressor>(path) == large_model(3));
    CHECK(names_in(folder.path()) == texts{"model"});
  }
  std::signal(SIGXFSZ, handler);
}
#endif

TEST_CASE("a reader beside a writer sees one model or the other, never a part") {
  const temporary_folder folder;
  const auto path = folder.path() / "model";
  const regressor one = large_model(3000), other = large_model(5000);
  tutti::save(path, one);
  std::thread writer([&] {
    for (int i = 0; i < 200; ++i) tutti::save(path, i % 2 == 0 ? other : one);
  });
  int strange = 0;
  for (int i = 0; i < 200; ++i) {
    try {
      const regressor loaded = tutti::load<regressor>(path);
      strange += loaded == one || loaded == other ? 0 : 1;
    } catch (const tutti::error&) {
      ++strange;
    }
  }
  writer.join();
  CHECK(strange == 0);
  CHECK(names_in(folder.path()) == texts{"model"});
}

TEST_CASE("of many writers at once one comes last") {
  const temporary_folder folder;
  const auto path = folder.path() / "model";
  std::vector<std::thread> writers;
  for (const std::size_t size : {1000u, 2000u, 3000u})
    writers.emplace_back([&path, size] {
      for (int i = 0; i < 50; ++i) tutti::save(path, large_model(size));
    });
  for (std::thread& writer : writers) writer.join();
  const regressor last = tutti::load<regressor>(path);
  CHECK(last == large_model(static_cast<std::size_t>(last.n_features())));
  CHECK(names_in(folder.path()) == texts{"model"});
}

}  // namespace tutti_test
