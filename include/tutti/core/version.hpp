#pragma once
// The version of the library. CMake and the package recipes read the three numbers from here.

namespace tutti {

inline constexpr int version_major = 0;
inline constexpr int version_minor = 1;
inline constexpr int version_patch = 0;

}  // namespace tutti
