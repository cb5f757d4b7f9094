#pragma once
// npy files by hand: any header, any bytes of data.

#include <cstddef>
#include <string>
#include <string_view>

#include <tutti/core/error.hpp>
#include <tutti/core/matrix.hpp>
#include <tutti/data/npy.hpp>

#include "files.hpp"

namespace tutti_test {

/// An npy file by hand; `version` 2 and 3 have four bytes of header length.
inline std::string npy_bytes(const std::string& header, const std::string& data, int version = 1) {
  std::string out = "\x93NUMPY";
  out.push_back(static_cast<char>(version));
  out.push_back(0);
  for (int byte = 0; byte < (version == 1 ? 2 : 4); ++byte)
    out.push_back(static_cast<char>(header.size() >> 8 * byte & 255));
  return out + header + data;
}

inline std::string npy_header(const std::string& type, const std::string& shape, bool fortran = false) {
  return "{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape + ", }\n";
}

template <class T>
tutti::matrix<T> read_npy_bytes(std::string_view file) {
  const temporary_folder folder;
  return tutti::read_npy<T>(folder.write("x.npy", file));
}

/// What read_npy says about a file, after its name.
template <class T>
std::string npy_complaint(std::string_view file) {
  const temporary_folder folder;
  const auto path = folder.write("x.npy", file);
  return after(path, ": ", message_of<tutti::format_error>([&] { tutti::read_npy<T>(path); }));
}

}  // namespace tutti_test
