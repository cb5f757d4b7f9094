#pragma once
// Reading text: a whole file at a time, and errors that name file, line and column.

#include <charconv>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include <tutti/core/error.hpp>
#include <tutti/core/view.hpp>

namespace tutti::detail {

/// The bytes of a file.
///
/// throws   format_error naming the file if it cannot be read
inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw format_error(path.string() + ": cannot be opened");
  std::string text;
  in.seekg(0, std::ios::end);
  const auto size = in.tellg();
  if (size > 0) {
    text.resize(static_cast<std::size_t>(size));
    in.seekg(0);
    in.read(text.data(), size);
  }
  if (!in) throw format_error(path.string() + ": cannot be read");
  return text;
}

/// A place in a text file, for messages; lines and columns count from 1.
struct text_place {
  std::string file;
  index line = 1;
  index column = 1;

  [[noreturn]] void fail(const std::string& what) const {
    throw format_error(file + ":" + std::to_string(line) + ":" + std::to_string(column) + ": " + what);
  }
};

inline std::string_view trimmed(std::string_view s) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!s.empty() && blank(s.front())) s.remove_prefix(1);
  while (!s.empty() && blank(s.back())) s.remove_suffix(1);
  return s;
}

/// A number that takes the whole of s; nothing if it is none, infinity if it is beyond the range of a double.
inline std::optional<double> parse_number(std::string_view s) {
  if (!s.empty() && s.front() == '+') s.remove_prefix(1);
  double value = 0;
  const auto [end, status] = std::from_chars(s.data(), s.data() + s.size(), value);
  if (end != s.data() + s.size() || s.empty()) return std::nullopt;
  if (status == std::errc::result_out_of_range) return std::numeric_limits<double>::infinity();
  return status == std::errc{} ? std::optional(value) : std::nullopt;
}

/// The same for a whole number.
inline std::optional<long long> parse_whole(std::string_view s) {
  long long value = 0;
  const auto [end, status] = std::from_chars(s.data(), s.data() + s.size(), value);
  if (status != std::errc{} || end != s.data() + s.size() || s.empty()) return std::nullopt;
  return value;
}

}  // namespace tutti::detail
