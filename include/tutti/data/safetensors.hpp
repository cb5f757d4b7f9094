#pragma once
// safetensors: named arrays and strings in one file, readable from Python with two lines.
//
// **Source** The format of Hugging Face's safetensors: eight bytes of header length, a JSON header, the arrays' bytes.

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tutti/core/error.hpp>
#include <tutti/core/view.hpp>
#include <tutti/data/text_file.hpp>

namespace tutti::detail {

static_assert(std::endian::native == std::endian::little, "files are written and read on little-endian machines");

/// An array of a file.
struct tensor {
  std::string type;          ///< "F32", "F64", "I32", "I64", "U8"
  std::vector<index> shape;  ///< empty for a single number
  std::string bytes;         ///< little-endian, row after row

  index elements() const {
    index n = 1;
    for (const index s : shape) n *= s;
    return n;
  }
};

/// What a file holds.
struct tensor_file {
  std::map<std::string, std::string> metadata;
  std::map<std::string, tensor> tensors;
};

inline std::size_t type_size(std::string_view type) {
  if (type == "F64" || type == "I64" || type == "U64") return 8;
  if (type == "F32" || type == "I32" || type == "U32") return 4;
  if (type == "F16" || type == "BF16" || type == "I16" || type == "U16") return 2;
  if (type == "I8" || type == "U8" || type == "BOOL") return 1;
  return 0;
}

inline std::string json_quoted(std::string_view s) {
  std::string out = "\"";
  for (const char c : s) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + "\"";
}

/// Fowler, Noll and Vo's hash FNV-1a of 64 bits.
class fnv_hash {
 public:
  void add(std::string_view bytes) {
    for (const char c : bytes) value_ = (value_ ^ static_cast<unsigned char>(c)) * 1099511628211u;
  }
  /// 16 hexadecimal digits.
  std::string text() const {
    std::string out(16, '0');
    for (int i = 0; i < 16; ++i) out[static_cast<std::size_t>(i)] = "0123456789abcdef"[value_ >> (60 - 4 * i) & 15];
    return out;
  }

 private:
  std::uint64_t value_ = 14695981039346656037u;
};

// The header begins with the checksum, so that its digits stand at a fixed place: they count as zeros in the sum.
inline constexpr std::string_view header_start = "{\"__metadata__\":{\"checksum\":\"";
inline constexpr std::string_view no_checksum = "0000000000000000";

/// Eight bytes of length, header and data of a file.
inline std::string serialise(const tensor_file& file) {
  std::string header(header_start), data;
  header.append(no_checksum).append("\"");
  for (const auto& [key, value] : file.metadata) header.append(",").append(json_quoted(key)).append(":").append(json_quoted(value));
  header += "}";
  for (const auto& [name, t] : file.tensors) {
    header.append(",").append(json_quoted(name)).append(":{\"dtype\":").append(json_quoted(t.type)).append(",\"shape\":[");
    for (std::size_t i = 0; i < t.shape.size(); ++i) header.append(i > 0 ? "," : "").append(std::to_string(t.shape[i]));
    header.append("],\"data_offsets\":[").append(std::to_string(data.size())).append(",");
    data += t.bytes;
    header.append(std::to_string(data.size())).append("]}");
  }
  header += "}";
  header.append((8 - header.size() % 8) % 8, ' ');
  fnv_hash hash;
  hash.add(header);
  hash.add(data);
  header.replace(header_start.size(), no_checksum.size(), hash.text());
  const std::uint64_t length = header.size();
  std::string out(sizeof length, '\0');
  std::memcpy(out.data(), &length, sizeof length);
  return out + header + data;
}

/// Reads the JSON of a header: an object of objects of strings and lists of whole numbers, and nothing else.
class header_parser {
 public:
  header_parser(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  struct entry {
    std::string type;
    std::vector<index> shape;
    std::vector<index> offsets;
  };
  struct result {
    std::map<std::string, std::string> metadata;
    std::map<std::string, entry> entries;
  };

  result parse() {
    result out;
    object([&](const std::string& name) {
      if (name == "__metadata__") {
        object([&](const std::string& key) { add(out.metadata, key, string()); });
      } else {
        entry e;
        object([&](const std::string& key) {
          if (key == "dtype") e.type = string();
          else if (key == "shape") e.shape = numbers();
          else if (key == "data_offsets") e.offsets = numbers();
          else fail("unknown key \"" + key + "\"");
        });
        add(out.entries, name, std::move(e));
      }
    });
    skip();
    if (at_ != text_.size()) fail("something follows the header");
    return out;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw format_error(file_ + ": header, byte " + std::to_string(at_ + 8) + ": " + what);
  }
  void skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r')) ++at_;
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
  template <class V>
  void add(std::map<std::string, V>& to, const std::string& key, V value) {
    if (!to.emplace(key, std::move(value)).second) fail("\"" + key + "\" is repeated");
  }
  template <class Member>
  void object(const Member& member) {
    expect('{');
    if (accept('}')) return;
    do {
      const std::string key = string();
      expect(':');
      member(key);
    } while (accept(','));
    expect('}');
  }
  std::string string() {
    expect('"');
    std::string out;
    for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') {
        if (++at_ == text_.size() || (text_[at_] != '"' && text_[at_] != '\\' && text_[at_] != '/'))
          fail("an escape that tutti does not write");
      }
      out.push_back(text_[at_]);
    }
    if (at_ == text_.size()) fail("a string is not closed");
    ++at_;
    return out;
  }
  std::vector<index> numbers() {
    std::vector<index> out;
    expect('[');
    if (accept(']')) return out;
    do {
      skip();
      const std::size_t begin = at_;
      while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
      const auto x = parse_whole(text_.substr(begin, at_ - begin));
      if (!x) fail("expected a whole number");
      out.push_back(static_cast<index>(*x));
    } while (accept(','));
    expect(']');
    return out;
  }

  std::string_view text_;
  const std::string& file_;
  std::size_t at_ = 0;
};

/// Takes a tensor's bytes out of the data of a file, after checking that they are what the header says.
inline tensor cut_tensor(const std::string& name, header_parser::entry&& e, std::string_view data, const std::string& file) {
  const auto fail = [&](const std::string& what) { throw format_error(file + ": \"" + name + "\": " + what); };
  const auto size = static_cast<index>(type_size(e.type)), available = static_cast<index>(data.size());
  if (size == 0) fail("unknown type \"" + e.type + "\"");
  if (e.offsets.size() != 2 || e.offsets[0] > e.offsets[1] || e.offsets[1] > available)
    fail("its bytes lie outside the file");
  index bytes = size;
  for (const index s : e.shape) {
    if (s > 0 && bytes > available / s) fail("its shape is larger than the file");
    bytes *= s;
  }
  if (bytes != e.offsets[1] - e.offsets[0]) fail("its shape and its bytes disagree");
  return {std::move(e.type), std::move(e.shape), std::string(data.substr(static_cast<std::size_t>(e.offsets[0]), static_cast<std::size_t>(bytes)))};
}

/// What a file of these bytes holds.
///
/// throws   format_error if they are truncated, damaged, or no such file
inline tensor_file deserialise(std::string_view bytes, const std::string& file) {
  std::uint64_t length = 0;
  if (bytes.size() < sizeof length) throw format_error(file + ": too short for a model file");
  std::memcpy(&length, bytes.data(), sizeof length);
  bytes.remove_prefix(sizeof length);
  if (length > bytes.size()) throw format_error(file + ": truncated, or no model file: the header is longer than the file");
  const std::string_view header = bytes.substr(0, static_cast<std::size_t>(length)), data = bytes.substr(header.size());
  auto parsed = header_parser(header, file).parse();
  tensor_file out{std::move(parsed.metadata), {}};
  std::vector<std::pair<index, index>> used;
  for (auto& [name, e] : parsed.entries) {
    const index begin = e.offsets.empty() ? 0 : e.offsets.front();
    tensor t = cut_tensor(name, std::move(e), data, file);
    used.emplace_back(begin, begin + static_cast<index>(t.bytes.size()));
    out.tensors.emplace(name, std::move(t));
  }
  std::sort(used.begin(), used.end());
  index end = 0;
  for (const auto& [from, to] : used) end = from == end ? to : -1;
  if (end != static_cast<index>(data.size()))
    throw format_error(file + ": truncated, or bytes that belong to no array");
  const auto checksum = out.metadata.find("checksum");
  if (!header.starts_with(header_start) || checksum == out.metadata.end())
    throw format_error(file + ": not written by tutti");
  std::string unsigned_header(header);
  unsigned_header.replace(header_start.size(), no_checksum.size(), no_checksum);
  fnv_hash hash;
  hash.add(unsigned_header);
  hash.add(data);
  if (checksum->second != hash.text()) throw format_error(file + ": damaged: its checksum is wrong");
  out.metadata.erase(checksum);
  return out;
}

}  // namespace tutti::detail
