#pragma once
// Files with a right checksum and anything else wrong.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <tutti/data/safetensors.hpp>

#include "files.hpp"

namespace tutti_test {

/// A file whose header goes on as given after the checksum: with more metadata, or with a brace and arrays.
inline std::string signed_file(const std::string& header_end, const std::string& data) {
  const std::string before = "{\"__metadata__\":{\"checksum\":\"", behind = "\"" + header_end;
  tutti::detail::fnv_hash hash;
  hash.add(before + std::string(16, '0') + behind + data);
  const std::string header = before + hash.text() + behind;
  return bytes_in(std::vector<std::uint64_t>{header.size()}) + header + data;
}

}  // namespace tutti_test
