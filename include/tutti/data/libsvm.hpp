#pragma once
// libsvm (svmlight) files: "target index:value index:value ...", one sample a line, zeros left out.
//
// **Source** Chang and Lin, LIBSVM's README; lines may end in a comment after '#'.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tutti/core/arithmetic.hpp>
#include <tutti/core/error.hpp>
#include <tutti/core/labels.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>
#include <tutti/data/text_file.hpp>

namespace tutti {

/// Samples of which only the features that are not zero are written down.
struct sparse_data {
  std::vector<double> target;      ///< [n]
  std::vector<index> row_start;    ///< [n + 1] where each sample's entries begin
  std::vector<std::int64_t> column;  ///< [entries] feature numbers from 0, ascending within a sample
  std::vector<double> value;         ///< [entries]
  index n_features = 0;              ///< the largest feature number plus one

  index rows() const { return static_cast<index>(target.size()); }

  /// All features, zeros included.
  ///
  /// n_columns   0, or more than the file's own number: as another file has them
  /// returns     [n x max(n_features, n_columns)]
  template <class T>
  matrix<T> dense(index n_columns = 0) const {
    matrix<T> X(rows(), std::max(n_features, n_columns), T(0));
    for (index i = 0; i < rows(); ++i)
      for (index e = row_start[static_cast<std::size_t>(i)]; e < row_start[static_cast<std::size_t>(i) + 1]; ++e)
        X(i, column[static_cast<std::size_t>(e)]) = as<T>(value[static_cast<std::size_t>(e)], i);
    return X;
  }

  /// The targets as labels.
  ///
  /// throws   invalid_input if one is not a whole number that L can hold
  template <label L>
  std::vector<L> labels() const {
    std::vector<L> out;
    for (std::size_t i = 0; i < target.size(); ++i) {
      const std::optional<L> as_label = detail::label_of_number<L>(target[i]);
      if (!as_label)
        throw invalid_input("libsvm: target " + std::to_string(target[i]) + " at row " + std::to_string(i) + " is no label");
      out.push_back(*as_label);
    }
    return out;
  }

 private:
  template <class T>
  static T as(double x, index row) {
    const T out = static_cast<T>(x);
    if (!is_finite(out))
      throw invalid_input("libsvm: a value at row " + std::to_string(row) + " is too large for the scalar type");
    return out;
  }
};

namespace detail {

/// Cuts a line at blanks; gives each word and the column where it begins.
class line_words {
 public:
  explicit line_words(std::string_view line) : line_(line) {}

  bool next(std::string_view& word, index& column) {
    while (at_ < line_.size() && blank(line_[at_])) ++at_;
    if (at_ == line_.size()) return false;
    const std::size_t begin = at_;
    while (at_ < line_.size() && !blank(line_[at_])) ++at_;
    word = line_.substr(begin, at_ - begin);
    column = static_cast<index>(begin) + 1;
    return true;
  }

 private:
  static bool blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

  std::string_view line_;
  std::size_t at_ = 0;
};

inline double required_number(std::string_view word, const text_place& place) {
  const auto x = parse_number(word);
  if (!x || !is_finite(*x)) place.fail("expected a finite number, got \"" + std::string(word) + "\"");
  return *x;
}

/// Adds "index:value" to the current sample.
inline void add_entry(sparse_data& data, std::string_view word, index first_feature, const text_place& place) {
  const std::size_t colon = word.find(':');
  if (colon == std::string_view::npos) place.fail("expected index:value, got \"" + std::string(word) + "\"");
  const auto number = parse_whole(word.substr(0, colon));
  if (number && *number > (1LL << 40))
    place.fail("expected a feature number of at most 1099511627776, got " + std::to_string(*number));
  if (!number || *number < first_feature)
    place.fail("expected a feature number of at least " + std::to_string(first_feature) + ", got \"" +
               std::string(word.substr(0, colon)) + "\"");
  const std::int64_t feature = *number - first_feature;
  if (static_cast<index>(data.column.size()) > data.row_start.back() && feature <= data.column.back())
    place.fail("feature numbers must ascend");
  data.column.push_back(feature);
  data.value.push_back(required_number(word.substr(colon + 1), place));
  data.n_features = std::max(data.n_features, static_cast<index>(feature) + 1);
}

}  // namespace detail

/// Reads a libsvm file.
///
/// path            of the file; read as a whole
/// first_feature   1 if the file counts features from one, as usual, or 0
/// returns         its samples in order
/// throws          format_error naming file, line and column: unreadable, not a number, features out of order
/// cost            O(size of the file) time and memory
inline sparse_data read_libsvm(const std::filesystem::path& path, index first_feature = 1) {
  const std::string text = detail::read_file(path);
  sparse_data data;
  data.row_start.push_back(0);
  detail::text_place place{path.string(), 0, 1};
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = std::string_view(text).substr(begin, end - begin);
    begin = end + 1;
    ++place.line;
    line = line.substr(0, line.find('#'));
    detail::line_words words(line);
    std::string_view word;
    if (!words.next(word, place.column)) continue;
    data.target.push_back(detail::required_number(word, place));
    while (words.next(word, place.column)) detail::add_entry(data, word, first_feature, place);
    data.row_start.push_back(static_cast<index>(data.column.size()));
  }
  return data;
}

}  // namespace tutti
