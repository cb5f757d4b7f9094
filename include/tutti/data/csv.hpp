#pragma once
// CSV with a header: columns of numbers, and columns of text as category codes with their levels kept.
//
// **Source** RFC 4180 for quoting; missing cells are empty or NA, and become NaN.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <initializer_list>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <tutti/core/arithmetic.hpp>
#include <tutti/core/error.hpp>
#include <tutti/core/labels.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/core/view.hpp>
#include <tutti/data/text_file.hpp>

namespace tutti {

/// A column of a table.
struct table_column {
  std::string name;
  std::vector<double> values;       ///< [n] numbers, or codes 0, 1, 2, ... of categories; NaN where missing
  std::vector<std::string> levels;  ///< the categories in ascending order; empty for numbers

  bool is_category() const { return !levels.empty(); }
};

/// Named columns of the same length.
class table {
 public:
  /// throws   invalid_input if the columns are not of the same length
  explicit table(std::vector<table_column> columns) : columns_(std::move(columns)) {
    for (const table_column& c : columns_)
      if (c.values.size() != columns_.front().values.size())
        throw invalid_input("table: column \"" + c.name + "\" has " + std::to_string(c.values.size()) +
                            " cells, expected " + std::to_string(columns_.front().values.size()));
  }

  index rows() const { return columns_.empty() ? 0 : static_cast<index>(columns_.front().values.size()); }
  const std::vector<table_column>& columns() const { return columns_; }

  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const table_column& c : columns_) out.push_back(c.name);
    return out;
  }

  /// throws   invalid_input if there is no such column
  const table_column& column(std::string_view name) const {
    for (const table_column& c : columns_)
      if (c.name == name) return c;
    throw invalid_input("table: there is no column \"" + std::string(name) + "\"");
  }

  /// The named columns as a matrix, categories as their codes, missing cells as NaN.
  ///
  /// returns   [n x names]
  /// throws    invalid_input if there is no such column
  template <class T>
  matrix<T> select(std::span<const std::string> names) const {
    matrix<T> X(rows(), static_cast<index>(names.size()));
    for (index j = 0; j < X.cols(); ++j) {
      const table_column& c = column(names[static_cast<std::size_t>(j)]);
      for (index i = 0; i < X.rows(); ++i) X(i, j) = as<T>(c, static_cast<std::size_t>(i));
    }
    return X;
  }

  /// All other columns.
  template <class T>
  matrix<T> without(std::initializer_list<std::string_view> left_out) const {
    std::vector<std::string> keep;
    for (const std::string_view name : left_out) static_cast<void>(column(name));
    for (const table_column& c : columns_)
      if (std::find(left_out.begin(), left_out.end(), c.name) == left_out.end()) keep.push_back(c.name);
    return select<T>(keep);
  }

  /// A column as numbers.
  ///
  /// throws   invalid_input if there is no such column, or a cell is missing
  template <class T>
  std::vector<T> numbers(std::string_view name) const {
    const table_column& c = column(name);
    std::vector<T> out;
    for (std::size_t i = 0; i < c.values.size(); ++i) {
      require_present(c, i);
      out.push_back(as<T>(c, i));
    }
    return out;
  }

  /// A column as labels: whole numbers as they are, categories as their codes.
  ///
  /// throws   invalid_input if there is no such column, a cell is missing, or no whole number that L can hold
  template <label L>
  std::vector<L> labels(std::string_view name) const {
    const table_column& c = column(name);
    std::vector<L> out;
    for (std::size_t i = 0; i < c.values.size(); ++i) {
      require_present(c, i);
      const double x = c.values[i];
      const std::optional<L> as_label = detail::label_of_number<L>(x);
      if (!as_label)
        throw invalid_input("table: column \"" + c.name + "\" is no label at row " + std::to_string(i) + ": " +
                            std::to_string(x));
      out.push_back(*as_label);
    }
    return out;
  }

 private:
  template <class T>
  static T as(const table_column& c, std::size_t i) {
    const T x = static_cast<T>(c.values[i]);
    if (is_finite(c.values[i]) && !is_finite(x))
      throw invalid_input("table: column \"" + c.name + "\" is too large for the scalar type at row " +
                          std::to_string(i));
    return x;
  }
  static void require_present(const table_column& c, std::size_t i) {
    if (!is_finite(c.values[i]))
      throw invalid_input("table: column \"" + c.name + "\" has a missing cell at row " + std::to_string(i));
  }

  std::vector<table_column> columns_;
};

/// How a CSV file is written.
struct csv_format {
  char separator = ',';
  std::vector<std::string> missing = {"", "NA", "NaN", "nan"};  ///< unquoted cells that hold no value
};

namespace detail {

struct csv_cell {
  std::string_view text;  ///< of the file, or of the reader until the next record
  index line;    ///< where it begins in its file, from 1
  index column;  ///< where it begins in its line, from 1
  bool quoted;
};

/// Cuts a text into records of cells.
class csv_reader {
 public:
  csv_reader(std::string_view text, std::string file, char separator)
      : text_(text), place_{std::move(file), 1, 1}, separator_(separator) {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;  // a byte order mark
  }

  const text_place& place() const { return place_; }

  /// The next record; false at the end. Empty lines are passed over.
  bool next(std::vector<csv_cell>& record) {
    record.clear();
    unquoted_.clear();
    while (at_ < text_.size() && end_of_line()) {
    }
    if (at_ >= text_.size()) return false;
    for (;;) {
      record.push_back(cell());
      if (at_ >= text_.size() || end_of_line()) return true;
      step();  // the separator
    }
  }

 private:
  char here() const { return text_[at_]; }
  void step() {
    ++at_;
    ++place_.column;
  }

  bool end_of_line() {
    if (here() == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
    if (here() != '\n') return false;
    ++at_;
    ++place_.line;
    place_.column = 1;
    return true;
  }

  bool at_end_of_cell() const {
    return at_ >= text_.size() || here() == separator_ || here() == '\n' ||
           (here() == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n');
  }

  csv_cell cell() {
    csv_cell out{{}, place_.line, place_.column, at_ < text_.size() && here() == '"'};
    if (out.quoted) {
      out.text = quoted();
      if (!at_end_of_cell()) place_.fail("a quoted field must end at its closing quote");
    } else {
      const std::size_t begin = at_;
      while (!at_end_of_cell()) {
        if (here() == '"') place_.fail("a quote inside an unquoted field");
        step();
      }
      out.text = trimmed(text_.substr(begin, at_ - begin));
    }
    return out;
  }

  std::string_view quoted() {
    const text_place opened = place_;
    std::string& out = unquoted_.emplace_back();
    for (step();; step()) {
      if (at_ >= text_.size()) opened.fail("a quoted field is not closed");
      if (here() == '"') {
        step();
        if (at_ >= text_.size() || here() != '"') return out;
      }
      out.push_back(here());
      if (here() == '\n') {
        ++place_.line;
        place_.column = 0;
      }
    }
  }

  std::string_view text_;
  text_place place_;
  char separator_;
  std::size_t at_ = 0;
  std::deque<std::string> unquoted_;  // what the quotes of a record held
};

/// Whether a cell holds no value.
inline bool is_missing(const csv_cell& cell, const csv_format& format) {
  return !cell.quoted && std::find(format.missing.begin(), format.missing.end(), cell.text) != format.missing.end();
}

/// f(record) for each record after the header.
template <class F>
void for_records(const std::string& text, const std::string& file, const csv_format& format, std::size_t columns,
                 const F& f) {
  csv_reader reader(text, file, format.separator);
  std::vector<csv_cell> record;
  reader.next(record);
  while (reader.next(record)) {
    if (record.size() != columns)
      text_place{file, record.back().line, record.back().column}.fail(std::to_string(record.size()) +
                                                                      " fields, expected " + std::to_string(columns));
    f(record);
  }
}

/// Fills the columns whose cells are numbers or missing. Returns which columns hold text instead; those stay empty.
inline std::vector<bool> read_numbers(const std::string& text, const std::string& file, const csv_format& format,
                                      std::vector<table_column>& columns) {
  std::vector<bool> is_text(columns.size(), false);
  std::vector<std::optional<text_place>> infinite(columns.size());  // text elsewhere, an error among numbers
  for_records(text, file, format, columns.size(), [&](const std::vector<csv_cell>& record) {
    for (std::size_t j = 0; j < columns.size(); ++j) {
      if (is_text[j]) continue;
      const csv_cell& cell = record[j];
      double value = std::numeric_limits<double>::quiet_NaN();
      if (!is_missing(cell, format)) {
        if (const auto number = cell.quoted ? std::nullopt : parse_number(cell.text)) value = *number;
        else is_text[j] = true;
        if (!is_text[j] && !is_finite(value) && !infinite[j]) infinite[j] = text_place{file, cell.line, cell.column};
      }
      columns[j].values.push_back(value);
    }
  });
  for (std::size_t j = 0; j < columns.size(); ++j) {
    if (is_text[j]) columns[j].values.clear();
    else if (infinite[j]) infinite[j]->fail("not a finite number in a column of numbers");
  }
  return is_text;
}

/// Codes of the texts in the order of the sorted levels.
inline void encode_levels(table_column& column, const std::vector<std::string>& texts, const std::vector<bool>& missing) {
  for (std::size_t i = 0; i < texts.size(); ++i)
    if (!missing[i]) column.levels.push_back(texts[i]);
  std::sort(column.levels.begin(), column.levels.end());
  column.levels.erase(std::unique(column.levels.begin(), column.levels.end()), column.levels.end());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto at = std::lower_bound(column.levels.begin(), column.levels.end(), texts[i]) - column.levels.begin();
    column.values.push_back(missing[i] ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(at));
  }
}

/// Fills the columns that hold text.
inline void read_texts(const std::string& text, const std::string& file, const csv_format& format,
                       const std::vector<bool>& is_text, std::vector<table_column>& columns) {
  std::vector<std::vector<std::string>> texts(columns.size());
  std::vector<std::vector<bool>> missing(columns.size());
  for_records(text, file, format, columns.size(), [&](const std::vector<csv_cell>& record) {
    for (std::size_t j = 0; j < columns.size(); ++j) {
      if (!is_text[j]) continue;
      texts[j].emplace_back(record[j].text);
      missing[j].push_back(is_missing(record[j], format));
    }
  });
  for (std::size_t j = 0; j < columns.size(); ++j)
    if (is_text[j]) encode_levels(columns[j], texts[j], missing[j]);
}

/// Columns named by a header, still empty.
inline std::vector<table_column> header_columns(const std::string& text, const std::string& file, char separator) {
  csv_reader reader(text, file, separator);
  std::vector<csv_cell> record;
  if (!reader.next(record)) reader.place().fail("no header");
  std::vector<table_column> columns;
  for (const csv_cell& cell : record) {
    const std::string name(cell.text);
    for (const table_column& c : columns)
      if (c.name == name)
        text_place{file, cell.line, cell.column}.fail("the column name \"" + name + "\" is repeated");
    columns.push_back({name, {}, {}});
  }
  return columns;
}

}  // namespace detail

/// Reads a CSV file whose first line names the columns.
///
/// A column is numeric if each of its cells is a number or missing; otherwise it is a category of texts.
///
/// path      of the file; read as a whole
/// returns   its columns in order
/// throws    format_error naming file, line and column: unreadable, no header, a repeated name, a record with more or
///           fewer fields than the header, broken quotes, a number too large for a double
/// cost      O(size of the file) time and memory
inline table read_csv(const std::filesystem::path& path, const csv_format& format = {}) {
  const std::string text = detail::read_file(path), file = path.string();
  std::vector<table_column> columns = detail::header_columns(text, file, format.separator);
  const std::vector<bool> is_text = detail::read_numbers(text, file, format, columns);
  if (std::find(is_text.begin(), is_text.end(), true) != is_text.end())
    detail::read_texts(text, file, format, is_text, columns);
  return table(std::move(columns));
}

}  // namespace tutti
