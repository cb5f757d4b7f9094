#include <tutti/policy/transpose.hpp>

#include <cstring>
#include <vector>

#include <doctest/doctest.h>

namespace {

/// column[c], lane r must be x[r * stride + c].
template <int Bytes, class T>
void check_columns() {
  constexpr int rows = Bytes / int(sizeof(T)), stride = 7;
  std::vector<T> x(rows * stride);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = T(i);
  tutti::detail::wide_t<T, Bytes> column[4];
  tutti::detail::transpose_columns<Bytes>(x.data() + 1, stride, column);
  for (int c = 0; c < 4; ++c) {
    T lanes[rows];
    std::memcpy(lanes, &column[c], sizeof lanes);
    for (int r = 0; r < rows; ++r) CHECK(lanes[r] == x[std::size_t(1 + r * stride + c)]);
  }
}

}  // namespace

TEST_CASE_TEMPLATE("rows become columns in registers of every size of the build", T, float, double) {
  check_columns<16, T>();
#if defined(__AVX__)
  check_columns<32, T>();
#endif
#if defined(__AVX512F__)
  check_columns<64, T>();
#endif
}
