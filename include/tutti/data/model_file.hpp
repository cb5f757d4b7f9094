#pragma once
// save and load: every model and every incremental state, one format for all. See docs/model-files.md.

#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include <tutti/core/arithmetic.hpp>
#include <tutti/core/error.hpp>
#include <tutti/core/labels.hpp>
#include <tutti/core/learner.hpp>
#include <tutti/core/version.hpp>
#include <tutti/core/view.hpp>
#include <tutti/data/safetensors.hpp>
#include <tutti/data/text_file.hpp>

namespace tutti {

namespace detail {

/// Raised when a model's fields change their meaning; a file of a higher number is refused.
inline constexpr int model_schema = 1;

template <class T>
constexpr const char* tensor_type() {
  static_assert(std::is_arithmetic_v<T>);
  if constexpr (std::is_same_v<T, float>) return "F32";
  else if constexpr (std::is_same_v<T, double>) return "F64";
  else if constexpr (sizeof(T) == 8) return std::is_signed_v<T> ? "I64" : "U64";
  else if constexpr (sizeof(T) == 4) return std::is_signed_v<T> ? "I32" : "U32";
  else if constexpr (sizeof(T) == 2) return std::is_signed_v<T> ? "I16" : "U16";
  else return std::is_signed_v<T> ? "I8" : "U8";
}

/// A number as text that reads back to the same bits.
template <class T>
std::string number_text(T x) {
  char text[64];
  const auto end = std::to_chars(text, text + sizeof text, x).ptr;
  return std::string(text, end);
}

/// Visits the fields of a model and writes them down.
class field_writer {
 public:
  explicit field_writer(tensor_file& file) : file_(file) {}

  /// An array; of `rows` rows if it is a matrix.
  template <class T>
  void operator()(const char* name, const std::vector<T>& values, index rows = 0) const {
    const auto n = static_cast<index>(values.size());
    tensor t{tensor_type<T>(), rows > 0 ? std::vector<index>{rows, n / rows} : std::vector<index>{n}, {}};
    t.bytes.resize(values.size() * sizeof(T));
    if (n > 0) std::memcpy(t.bytes.data(), values.data(), t.bytes.size());
    require_new(file_.tensors.emplace(name, std::move(t)).second, name);
  }

  template <class L>
  void operator()(const char* name, const class_set<L>& classes) const {
    std::vector<std::int64_t> numbers;
    for (const L c : classes.labels()) numbers.push_back(label_number(c));
    (*this)(name, numbers);
  }

  template <class T>
    requires std::is_arithmetic_v<T>
  void operator()(const char* name, const T& value) const {
    std::string text;
    if constexpr (std::is_same_v<T, bool>)
      text = value ? "true" : "false";
    else
      text = number_text(value);
    if constexpr (std::is_floating_point_v<T>)
      if (!is_finite(value)) throw invalid_input(std::string("save: \"") + name + "\" is not finite");
    require_new(file_.metadata.emplace(name, std::move(text)).second, name);
  }

  template <class E>
    requires std::is_enum_v<E>
  void operator()(const char* name, const E& value) const {
    (*this)(name, static_cast<std::underlying_type_t<E>>(value));
  }

 private:
  /// `kind`, `library` and `schema` are taken; `checksum` is added last.
  static void require_new(bool is_new, const char* name) {
    if (!is_new || std::string_view(name) == "checksum")
      throw error(std::string("save: the model has two fields \"") + name + "\", or one of a reserved name");
  }

  tensor_file& file_;
};

/// Visits the fields of a model and fills them.
class field_reader {
 public:
  field_reader(const tensor_file& file, const std::string& name) : file_(file), path_(name) {}

  template <class T>
  void operator()(const char* name, std::vector<T>& values, index = 0) {
    const auto it = file_.tensors.find(name);
    if (it == file_.tensors.end()) fail(name, "is missing");
    const tensor& t = it->second;
    if (t.type != tensor_type<T>()) fail(name, "holds " + t.type + ", expected " + tensor_type<T>());
    values.resize(static_cast<std::size_t>(t.elements()));
    if (!values.empty()) std::memcpy(values.data(), t.bytes.data(), t.bytes.size());
    ++tensors_read_;
    if constexpr (std::is_floating_point_v<T>)
      for (const T x : values)
        if (!is_finite(x)) fail(name, "holds a number that is not finite");
  }

  template <class L>
  void operator()(const char* name, class_set<L>& classes) {
    std::vector<std::int64_t> numbers;
    (*this)(name, numbers);
    std::vector<L> labels;
    for (const std::int64_t number : numbers) {
      const L label = static_cast<L>(number);
      if (label_number(label) != number) fail(name, "holds a label that the model's type cannot");
      labels.push_back(label);
    }
    classes = class_set<L>(labels);
    if (classes.labels() != labels) fail(name, "are not ascending");
  }

  template <class T>
    requires std::is_arithmetic_v<T>
  void operator()(const char* name, T& value) {
    const std::string& text = metadata(name);
    if constexpr (std::is_same_v<T, bool>) {
      if (text != "true" && text != "false") fail(name, "is neither true nor false");
      value = text == "true";
    } else {
      const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
      if (status != std::errc{} || end != text.data() + text.size() || text.empty()) fail(name, "is no number");
      if constexpr (std::is_floating_point_v<T>)
        if (!is_finite(value)) fail(name, "is not finite");
    }
  }

  template <class E>
    requires std::is_enum_v<E>
  void operator()(const char* name, E& value) {
    std::underlying_type_t<E> number{};
    (*this)(name, number);
    value = static_cast<E>(number);
  }

  const std::string& metadata(const char* name) const {
    const auto it = file_.metadata.find(name);
    if (it == file_.metadata.end()) fail(name, "is missing");
    return it->second;
  }
  void require_all_read() const {
    if (tensors_read_ != file_.tensors.size()) throw format_error(path_ + ": holds arrays that the model does not have");
  }

 private:
  [[noreturn]] void fail(const char* name, const std::string& what) const {
    throw format_error(path_ + ": \"" + name + "\" " + what);
  }

  const tensor_file& file_;
  const std::string& path_;
  std::size_t tensors_read_ = 0;
};

inline std::string library_version() {
  return std::to_string(version_major) + "." + std::to_string(version_minor) + "." + std::to_string(version_patch);
}

/// Writes beside the file, then takes its place: readers see the old file or the new one, never a part.
inline void replace_file(const std::filesystem::path& path, const std::string& bytes) {
  std::filesystem::path beside = path;
  beside += ".writing-" + std::to_string(std::chrono::steady_clock::now().time_since_epoch().count()) + "-" +
            std::to_string(std::random_device{}());
  std::error_code ignored;
  {
    std::ofstream out(beside, std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.flush();
    if (!out) {
      std::filesystem::remove(beside, ignored);
      throw invalid_input("save: " + path.string() + " cannot be written");
    }
  }
  std::error_code failed;
  std::filesystem::rename(beside, path, failed);
  if (failed) {
    std::filesystem::remove(beside, ignored);
    throw invalid_input("save: " + path.string() + " cannot be replaced: " + failed.message());
  }
}

}  // namespace detail

/// Writes a model to a file; an existing file is replaced as a whole.
///
/// throws   invalid_input if the file cannot be written; it is then as it was
/// note     the same model, the same bytes
template <persistent Model>
void save(const std::filesystem::path& path, const Model& model) {
  detail::tensor_file file;
  file.metadata.emplace("kind", Model::kind);
  file.metadata.emplace("library", "tutti " + detail::library_version());
  file.metadata.emplace("schema", std::to_string(detail::model_schema));
  Model copy = model;
  copy.fields(detail::field_writer(file));
  detail::replace_file(path, detail::serialise(file));
}

/// Reads a model from a file.
///
/// Model     the type that was saved, its scalar and label types included
/// returns   a model equal to it, byte for byte
/// throws    format_error if the file is unreadable, truncated, damaged, not a model of this type, or of a newer schema
template <persistent Model>
Model load(const std::filesystem::path& path) {
  const std::string name = path.string();
  const detail::tensor_file file = detail::deserialise(detail::read_file(path), name);
  detail::field_reader reader(file, name);
  int schema = 0;
  reader("schema", schema);
  if (schema > detail::model_schema)
    throw format_error(name + ": schema " + std::to_string(schema) + " of " + reader.metadata("library") +
                       ", this is tutti " + detail::library_version() + " with schema " +
                       std::to_string(detail::model_schema));
  if (reader.metadata("kind") != Model::kind)
    throw format_error(name + ": holds a " + reader.metadata("kind") + ", expected a " + Model::kind);
  Model model{unfilled{}};
  model.fields(reader);
  reader.require_all_read();
  const std::string wrong = model.inconsistency();
  if (!wrong.empty()) throw format_error(name + ": " + wrong);
  if constexpr (requires { model.prepare(); }) model.prepare();
  detail::tensor_file again;  // for the shapes: a matrix turned over has the right size, too
  model.fields(detail::field_writer(again));
  for (const auto& [field, t] : again.tensors)
    if (file.tensors.at(field).shape != t.shape) throw format_error(name + ": \"" + field + "\" has another shape");
  return model;
}

}  // namespace tutti
