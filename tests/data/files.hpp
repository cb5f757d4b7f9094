#pragma once
// Files of a test: a folder of its own that goes with it, and the message that a call throws.

#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tutti_test {

/// A folder that nobody else has, removed with everything in it.
class temporary_folder {
 public:
  temporary_folder() {
    std::random_device random;
    do
      path_ = std::filesystem::temp_directory_path() / ("tutti-" + std::to_string(random()) + std::to_string(random()));
    while (!std::filesystem::create_directory(path_));
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }

  /// A file of these bytes.
  std::filesystem::path write(const std::string& name, std::string_view bytes) const {
    std::ofstream out(path_ / name, std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) throw std::runtime_error("a test file cannot be written: " + (path_ / name).string());
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

/// The names of what is in a folder.
inline std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) out.push_back(entry.path().filename().string());
  return out;
}

inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("a test file cannot be read: " + path.string());
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// The numbers as they lie in memory.
template <class T>
std::string bytes_in(const std::vector<T>& values) {
  std::string out(values.size() * sizeof(T), '\0');
  if (!values.empty()) std::memcpy(out.data(), values.data(), out.size());
  return out;
}

/// The message of the E that f throws; anything else that it throws ends the test.
template <class E, class F>
std::string message_of(const F& f) {
  try {
    f();
  } catch (const E& e) {
    return e.what();
  }
  return "nothing was thrown";
}

/// What is left of a message after the path and what follows it at once; the whole of it if it begins otherwise.
inline std::string after(const std::filesystem::path& path, std::string_view then, const std::string& message) {
  const std::string start = path.string() + std::string(then);
  return message.starts_with(start) ? message.substr(start.size()) : message;
}

}  // namespace tutti_test
