#pragma once
// host_matrix: a caller's matrix in host memory, for what only a host does.

#include <tutti/core/view.hpp>
#include <tutti/policy/host_memory.hpp>
#include <tutti/policy/policy.hpp>

namespace tutti::detail {

/// A caller's matrix in host memory: as it is, unless the policy is a device's and may have it elsewhere. A copy counts
/// against the caller's limit.
template <class Policy, class T>
class host_matrix {
 public:
  host_matrix(const Policy& policy, matrix_view<const T> m) : view_(m) {
    if constexpr (!host_policy<Policy>) {
      const bool by_rows = m.col_stride == 1 && m.row_stride == m.cols;
      const bool by_columns = m.row_stride == 1 && m.col_stride == m.rows;
      copy_ = host_buffer<T>(policy.control(), m.rows * m.cols);
      view_ = {copy_.data(), m.rows, m.cols, by_columns ? 1 : m.cols, by_columns ? m.rows : 1};
      if (by_rows || by_columns)
        policy.copy_to_host(vector_view<const T>{m.data, m.rows * m.cols, 1}, copy_.data());
      else
        for (index i = 0; i < m.rows; ++i)
          policy.copy_to_host(vector_view<const T>{m.data + i * m.row_stride, m.cols, m.col_stride},
                              copy_.data() + i * m.cols);
    }
  }
  matrix_view<const T> view() const { return view_; }

 private:
  host_buffer<T> copy_;
  matrix_view<const T> view_;
};

}  // namespace tutti::detail
