#pragma once
// npy: NumPy's files of one array.
//
// **Source** NEP 1, A Simple File Format for NumPy Arrays; versions 1, 2 and 3 of the format.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <tutti/core/error.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>
#include <tutti/data/text_file.hpp>

namespace tutti {

namespace detail {

static_assert(std::endian::native == std::endian::little, "files are written and read on little-endian machines");

template <class T>
constexpr const char* npy_type() {
  static_assert(std::is_same_v<T, float> || std::is_same_v<T, double> || std::is_integral_v<T>,
                "an npy file holds whole numbers, float or double");
  if constexpr (std::is_same_v<T, float>) return "<f4";
  else if constexpr (std::is_same_v<T, double>) return "<f8";
  else if constexpr (std::is_signed_v<T> && sizeof(T) == 1) return "|i1";
  else if constexpr (std::is_signed_v<T> && sizeof(T) == 2) return "<i2";
  else if constexpr (std::is_signed_v<T> && sizeof(T) == 4) return "<i4";
  else if constexpr (std::is_signed_v<T>) return "<i8";
  else if constexpr (sizeof(T) == 1) return "|u1";
  else if constexpr (sizeof(T) == 2) return "<u2";
  else if constexpr (sizeof(T) == 4) return "<u4";
  else return "<u8";
}

/// What the header of an npy file says.
struct npy_header {
  std::string type;
  bool column_major = false;
  std::vector<index> shape;
  std::size_t data_begin = 0;
};

/// Reads the small Python dictionary of an npy header.
class npy_header_parser {
 public:
  npy_header_parser(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  npy_header parse() {
    npy_header out;
    bool type = false, order = false, shape = false;
    expect('{');
    while (!accept('}')) {
      const std::string key = quoted();
      expect(':');
      if (key == "descr") {
        out.type = quoted();
        type = true;
      } else if (key == "fortran_order") {
        out.column_major = truth();
        order = true;
      } else if (key == "shape") {
        out.shape = tuple();
        shape = true;
      } else {
        fail("unknown key \"" + key + "\"");
      }
      if (!accept(',') && (skip(), at_ >= text_.size() || text_[at_] != '}')) fail("expected , or }");
    }
    skip();
    if (at_ != text_.size()) fail("something follows the dictionary");
    if (!type || !order || !shape) fail("descr, fortran_order or shape is missing");
    return out;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw format_error(file_ + ": npy header, character " + std::to_string(at_) + ": " + what);
  }
  void skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  bool accept(char c) {
    skip();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) fail(std::string("expected ") + c);
  }
  std::string quoted() {
    skip();
    const char quote = at_ < text_.size() ? text_[at_] : ' ';
    if (quote != '\'' && quote != '"') fail("expected a string");
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) fail("a string is not closed");
    const std::string out(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return out;
  }
  bool truth() {
    skip();
    for (const bool value : {true, false}) {
      const std::string_view word = value ? "True" : "False";
      if (text_.substr(at_, word.size()) == word) {
        at_ += word.size();
        return value;
      }
    }
    fail("expected True or False");
  }
  std::vector<index> tuple() {
    std::vector<index> out;
    expect('(');
    while (!accept(')')) {
      skip();
      const std::size_t begin = at_;
      while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
      const auto size = parse_whole(text_.substr(begin, at_ - begin));
      if (!size) fail("expected a size");
      out.push_back(static_cast<index>(*size));
      if (!accept(',') && (skip(), at_ >= text_.size() || text_[at_] != ')')) fail("expected , or )");
    }
    return out;
  }

  std::string_view text_;
  const std::string& file_;
  std::size_t at_ = 0;
};

inline npy_header read_npy_header(std::string_view bytes, const std::string& file) {
  constexpr std::string_view magic("\x93NUMPY", 6);
  if (bytes.size() < 10 || bytes.substr(0, 6) != magic) throw format_error(file + ": not an npy file");
  const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i])); };
  if (byte(6) < 1 || byte(6) > 3) throw format_error(file + ": npy version " + std::to_string(byte(6)) + ", expected 1 to 3");
  const std::size_t begin = byte(6) == 1 ? 10 : 12;
  if (bytes.size() < begin) throw format_error(file + ": truncated npy header");
  std::size_t length = byte(8) | byte(9) << 8;
  if (begin == 12) length |= byte(10) << 16 | byte(11) << 24;
  if (length > bytes.size() - begin) throw format_error(file + ": truncated npy header");
  npy_header out = npy_header_parser(bytes.substr(begin, length), file).parse();
  out.data_begin = begin + length;
  return out;
}

/// Copies the array of a file into X if its elements are From; false if they are not.
template <class From, class T>
bool copy_npy(std::string_view bytes, const npy_header& header, const std::string& file, matrix<T>& X) {
  if (header.type != npy_type<From>()) return false;
  // Two names of one integer type, such as long and long long, are the same to a file.
  constexpr bool same = std::string_view(npy_type<From>()) == npy_type<T>();
  constexpr bool lossless = same || (std::is_same_v<T, double> && sizeof(From) < 8) ||
                            (std::is_same_v<T, float> && std::is_integral_v<From> && sizeof(From) < 4) ||
                            (std::is_integral_v<T> && std::is_integral_v<From> && sizeof(From) < sizeof(T) &&
                             (std::is_signed_v<T> || std::is_unsigned_v<From>));
  if constexpr (lossless) {
    const index rows = X.size() > 0 ? X.rows() : 0, cols = X.cols();
    for (index i = 0; i < rows; ++i)
      for (index j = 0; j < cols; ++j) {
        const index at = header.column_major ? j * rows + i : i * cols + j;
        From value;
        std::memcpy(&value, bytes.data() + header.data_begin + static_cast<std::size_t>(at) * sizeof(From), sizeof value);
        X(i, j) = static_cast<T>(value);
      }
  } else {
    throw format_error(file + ": holds " + header.type + ", which " + npy_type<T>() + " cannot hold without loss");
  }
  return true;
}

template <class T, class From, class... More>
void copy_npy_of(std::string_view bytes, const npy_header& header, const std::string& file, matrix<T>& X) {
  const std::size_t count = static_cast<std::size_t>(X.size());
  if (header.type == npy_type<From>() && bytes.size() - header.data_begin != count * sizeof(From))
    throw format_error(file + ": " + std::to_string(bytes.size() - header.data_begin) + " bytes of data for " +
                       std::to_string(count) + " elements of " + header.type);
  if (copy_npy<From>(bytes, header, file, X)) return;
  if constexpr (sizeof...(More) > 0)
    copy_npy_of<T, More...>(bytes, header, file, X);
  else
    throw format_error(file + ": elements of type " + header.type + " are not supported");
}

}  // namespace detail

/// Reads an array of one or two dimensions.
///
/// path      of the file; read as a whole
/// returns   [n x p], or [n x 1] for one dimension
/// throws    format_error if the file is unreadable, no npy file, truncated, of more dimensions, or holds numbers that T
///           cannot hold without loss
template <class T>
matrix<T> read_npy(const std::filesystem::path& path) {
  const std::string bytes = detail::read_file(path), file = path.string();
  const detail::npy_header header = detail::read_npy_header(bytes, file);
  if (header.shape.empty() || header.shape.size() > 2)
    throw format_error(file + ": " + std::to_string(header.shape.size()) + " dimensions, expected 1 or 2");
  const index rows = header.shape[0], cols = header.shape.size() == 2 ? header.shape[1] : 1;
  const auto available = static_cast<index>(bytes.size() - header.data_begin);
  if (rows < 0 || cols < 0 || (cols > 0 && rows > available / cols)) throw format_error(file + ": truncated npy data");
  matrix<T> X(rows, cols);
  detail::copy_npy_of<T, float, double, std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint8_t,
                      std::uint16_t, std::uint32_t, std::uint64_t>(bytes, header, file, X);
  return X;
}

/// Writes a matrix as a two-dimensional array, row after row.
///
/// throws   invalid_input if the file cannot be written
template <matrix_like M>
void write_npy(const std::filesystem::path& path, const M& X) {
  using T = scalar_of<M>;
  const auto x = view(X);
  std::string header = std::string("{'descr': '") + detail::npy_type<T>() + "', 'fortran_order': False, 'shape': (" +
                       std::to_string(x.rows) + ", " + std::to_string(x.cols) + "), }";
  header.append(63 - (10 + header.size()) % 64, ' ');
  header.push_back('\n');
  std::ofstream out(path, std::ios::binary);
  const char start[] = {'\x93', 'N', 'U', 'M', 'P', 'Y', 1, 0, static_cast<char>(header.size() & 255),
                        static_cast<char>(header.size() >> 8)};
  out.write(start, sizeof start);
  out.write(header.data(), static_cast<std::streamsize>(header.size()));
  for (index i = 0; i < x.rows; ++i)
    for (index j = 0; j < x.cols; ++j) {
      const T value = x(i, j);
      out.write(reinterpret_cast<const char*>(&value), sizeof value);
    }
  out.flush();
  if (!out) throw invalid_input("write_npy: " + path.string() + " cannot be written");
}

}  // namespace tutti
