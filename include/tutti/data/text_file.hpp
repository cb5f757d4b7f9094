#pragma once
// Reading text: a whole file at a time, and errors that name file, line and column.

#include <algorithm>
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
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) throw format_error(path.string() + ": cannot be read");
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

/// A decimal number beyond the range of a double, as from_chars read it: zero, or infinity of its sign.
inline double out_of_range(std::string_view s) {
  const bool negative = s.starts_with('-');
  if (negative) s.remove_prefix(1);
  const std::size_t e = std::min(s.find_first_of("eE"), s.size());
  const std::string_view digits = s.substr(0, e);
  const auto point = static_cast<long long>(std::min(digits.find('.'), digits.size()));
  const auto first = static_cast<long long>(digits.find_first_of("123456789"));
  const std::string_view power = s.substr(std::min(e + 1, s.size()));
  const std::string_view size = power.substr(power.starts_with('-') || power.starts_with('+') ? 1 : 0);
  long long exponent = 0;
  if (std::from_chars(size.data(), size.data() + size.size(), exponent).ec == std::errc::result_out_of_range)
    exponent = std::numeric_limits<long long>::max() / 2;
  const bool large = point - first + (power.starts_with('-') ? -exponent : exponent) > 0;
  const double magnitude = large ? std::numeric_limits<double>::infinity() : 0.0;
  return negative ? -magnitude : magnitude;
}

/// A number that takes the whole of s; nothing if it is none, infinity or zero if it is beyond the range of a double.
inline std::optional<double> parse_number(std::string_view s) {
  if (s.starts_with('+') && !s.starts_with("+-")) s.remove_prefix(1);
  double value = 0;
  const auto [end, status] = std::from_chars(s.data(), s.data() + s.size(), value);
  if (end != s.data() + s.size() || s.empty()) return std::nullopt;
  if (status == std::errc::result_out_of_range) return out_of_range(s);
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
