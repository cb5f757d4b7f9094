// The contract of a policy: one set of laws, run on every policy.

#include <tutti/policy/policy.hpp>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <numeric>
#include <span>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/random.hpp>

#include "../policies.hpp"

namespace tutti_test {

using tutti::index;

namespace {

/// Marks each element it is given, and its block.
struct mark_kernel {
  int* times;
  index* first;

  constexpr void operator()(index begin, index end, std::byte*) const {
    for (index i = begin; i < end; ++i) {
      ++times[i];
      first[i] = begin;
    }
  }
};

/// Writes its scratch memory and reads it back.
struct scratch_kernel {
  index bytes;
  int* wrong;

  constexpr index scratch_bytes() const { return bytes; }
  constexpr void operator()(index begin, index, std::byte* scratch) const {
    for (index i = 0; i < bytes; ++i) scratch[i] = static_cast<std::byte>((begin + i) & 255);
    for (index i = 0; i < bytes; ++i) wrong[begin] += scratch[i] != static_cast<std::byte>((begin + i) & 255) ? 1 : 0;
  }
};

/// Sums of numbers whose addition is not associative, beside the largest block seen.
struct sum_kernel {
  const double* x;

  constexpr void map(index begin, index end, double* slot, std::byte*) const {
    for (index i = begin; i < end; ++i) slot[0] += x[i];
    slot[1] = static_cast<double>(end - begin);
  }
  constexpr void combine(double* left, const double* right) const {
    left[0] += right[0];
    left[1] = std::max(left[1], right[1]);
  }
};

double tree_sum(const std::vector<double>& block, std::size_t first, std::size_t last) {
  if (last - first == 1) return block[first];
  const auto middle = first + static_cast<std::size_t>(tutti::detail::left_leaves(static_cast<index>(last - first)));
  return tree_sum(block, first, middle) + tree_sum(block, middle, last);
}

struct throwing_kernel {
  void operator()(index begin, index, std::byte*) const {
    if (begin >= 500) throw std::out_of_range("block " + std::to_string(begin));
  }
};

struct is_even {
  constexpr bool operator()(std::int32_t x) const { return x % 2 == 0; }
};

struct count_up {
  template <class T>
  constexpr void operator()(T* out) const {
    for (int i = 0; i < 100; ++i) out[i] = static_cast<T>(i);
  }
};

}  // namespace

TEST_CASE("every policy is what the concept asks for, and a small literal value") {
  for_policies([](const auto& policy, const std::string&) {
    using P = std::remove_cvref_t<decltype(policy)>;
    static_assert(tutti::execution_policy<P>);
    static_assert(std::is_trivially_copyable_v<P> && sizeof(P) <= 40);
    static_assert(tutti::execution_policy<std::remove_cvref_t<decltype(policy.inner())>>);
    static_assert(tutti::execution_policy<std::remove_cvref_t<decltype(policy.host())>>);
    static_assert(P::template pack<float>::lanes == 16 && P::template pack<double>::lanes == 16);
    CHECK(policy.control() == nullptr);
  });
}

TEST_CASE("for_blocks gives each element to one block, blocks begin at multiples of their size") {
  for_policies([](const auto& policy, const std::string& name) {
    CAPTURE(name);
    for (const index n : {0, 1, 7, 64, 65, 10007})
      for (const index block : {1, 16, 64, 20000}) {
        std::vector<int> times(std::size_t(n), 0);
        std::vector<index> first(std::size_t(n), 0);
        policy.for_blocks(n, block, mark_kernel{times.data(), first.data()});
        for (index i = 0; i < n; ++i) {
          if (times[std::size_t(i)] != 1 || first[std::size_t(i)] != i / block * block) FAIL("element " << i);
        }
      }
  });
}

TEST_CASE("scratch memory is private to a block while it runs") {
  for_policies([](const auto& policy, const std::string& name) {
    CAPTURE(name);
    std::vector<int> wrong(1000, 0);
    policy.for_blocks(1000, 1, scratch_kernel{3000, wrong.data()});
    CHECK(std::count(wrong.begin(), wrong.end(), 0) == 1000);
  });
}

TEST_CASE("reduce_blocks joins blocks in the same tree on every policy and any number of threads") {
  const tutti::random_source source(1);
  std::vector<double> x(30011);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = source.normal(i) * (i % 7 == 0 ? 1e12 : 1);
  for (const index n : {1, 2, 63, 64, 65, 1000, 30011})
    for (const index block : {1, 64, 4096}) {
      std::vector<double> block_sum;
      for (index b = 0; b < n; b += block) {
        double sum = 0;
        for (index i = b; i < std::min(n, b + block); ++i) sum += x[std::size_t(i)];
        block_sum.push_back(sum);
      }
      const double expected = tree_sum(block_sum, 0, block_sum.size());
      const auto check = [&](const auto& policy, const auto& name) {
        CAPTURE(name);
        CAPTURE(n);
        const auto sums = policy.template reduce_blocks<double>(n, block, 2, sum_kernel{x.data()});
        CHECK(sums[0] == expected);
        CHECK(sums[1] == double(std::min(n, block)));
      };
      for_policies(check);
      tutti_test::for_thread_counts(check);
    }
}

TEST_CASE("reduce_blocks of nothing is zeros") {
  for_policies([](const auto& policy, const std::string& name) {
    CAPTURE(name);
    CHECK(policy.template reduce_blocks<double>(0, 16, 3, sum_kernel{nullptr}) == std::vector<double>(3, 0.0));
  });
}

TEST_CASE("an exception of a task reaches the caller with its type and words") {
  for_policies([](const auto& policy, const std::string& name) {
    CAPTURE(name);
    try {
      policy.for_blocks(1000, 10, throwing_kernel{});
      FAIL("nothing was thrown");
    } catch (const std::out_of_range& e) {
      CHECK(std::string(e.what()).starts_with("block "));
    }
  });
}

TEST_CASE("exclusive_scan agrees with the standard one") {
  for_policies([](const auto& policy, const std::string& name) {
    CAPTURE(name);
    for (const index n : {0, 1, 100, 70001}) {
      std::vector<std::int64_t> x(std::size_t(n), 0), out(std::size_t(n), 0), expected(std::size_t(n), 0);
      for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::int64_t(i * 2654435761u % 1000) - 300;
      std::exclusive_scan(x.begin(), x.end(), expected.begin(), std::int64_t{0});
      const std::int64_t total = policy.exclusive_scan(x.data(), out.data(), n);
      CHECK(out == expected);
      CHECK(total == std::accumulate(x.begin(), x.end(), std::int64_t{0}));
      policy.exclusive_scan(x.data(), x.data(), n);
      CHECK(x == expected);
    }
  });
}

TEST_CASE_TEMPLATE("sort_pairs sorts by key and keeps the order of equals", K, float, double, std::int32_t, std::uint64_t) {
  const tutti::random_source source(2);
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    for (const index n : {0, 1, 2, 1000, 40009}) {
      std::vector<K> keys(std::size_t(n), K(0));
      std::vector<std::int32_t> values(std::size_t(n), 0);
      for (std::size_t i = 0; i < keys.size(); ++i) {
        const double x = source.normal(i) * 300;
        keys[i] = std::is_unsigned_v<K> ? K(std::abs(x)) : K(i % 3 == 0 ? double(int(x)) : x);
        values[i] = std::int32_t(i);
      }
      std::vector<std::int32_t> expected = values;
      std::stable_sort(expected.begin(), expected.end(),
                       [&](auto a, auto b) { return keys[std::size_t(a)] < keys[std::size_t(b)]; });
      const std::vector<K> before = keys;
      policy.sort_pairs(keys.data(), values.data(), n);
      CHECK(values == expected);
      for (std::size_t i = 0; i < keys.size(); ++i)
        if (keys[i] != before[std::size_t(values[i])]) FAIL("key " << i << " has left its value");
    }
  });
}

TEST_CASE("zeros of either sign are equal keys") {
  for_policies([](const auto& policy, const std::string& name) {
    CAPTURE(name);
    std::vector<float> keys{0.0f, -0.0f, -1.0f, 0.0f, -0.0f};
    std::vector<int> values{0, 1, 2, 3, 4};
    policy.sort_pairs(keys.data(), values.data(), 5);
    CHECK(values == std::vector<int>{2, 0, 1, 3, 4});
  });
}

TEST_CASE("stable_partition moves what holds to the front and keeps both orders") {
  for_policies([](const auto& policy, const std::string& name) {
    CAPTURE(name);
    for (const index n : {0, 1, 50, 50021}) {
      std::vector<std::int32_t> x(std::size_t(n), 0);
      for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::int32_t(i * 2654435761u >> 7);
      std::vector<std::int32_t> expected = x;
      const auto middle = std::stable_partition(expected.begin(), expected.end(), is_even{});
      CHECK(policy.stable_partition(x.data(), n, is_even{}) == middle - expected.begin());
      CHECK(x == expected);
    }
  });
}

TEST_CASE("what is brought has the caller's elements, in any layout") {
  const tutti::random_source source(3);
  std::vector<double> x(600);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = source.uniform(i);
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    const double* const p = x.data();
    for (const auto& m : {tutti::view(p, 20, 30), tutti::view(p, 20, 30, 1, 20), tutti::view(p + 5, 10, 6, 30, 2),
                          tutti::view(p + 599, 10, 60, -60, -1), tutti::view(p, 7, 3, 0, 1)}) {
      const auto brought = policy.bring(m);
      const tutti::matrix_view<const double> v = brought.view();
      CHECK(v.rows == m.rows);
      CHECK(v.cols == m.cols);
      for (index i = 0; i < m.rows; ++i)
        for (index j = 0; j < m.cols; ++j)
          if (v(i, j) != m(i, j)) FAIL("element " << i << ", " << j);
    }
    const auto strided = policy.bring(tutti::vector_view<const double>{p + 1, 100, 5});
    for (index i = 0; i < 100; ++i) CHECK(strided.view()(i) == x[std::size_t(1 + 5 * i)]);
    std::vector<double> back(100);
    policy.copy_to_host(strided.view(), back.data());
    CHECK(back[99] == x[496]);
  });
}

TEST_CASE("what is produced is in the caller's memory afterwards") {
  for_policies([](const auto& policy, const std::string& name) {
    CAPTURE(name);
    std::vector<int> out(100, -1);
    policy.produce(std::span<int>(out), count_up{});
    CHECK(out.front() == 0);
    CHECK(out.back() == 99);
    policy.produce(std::span<int>(), [](int*) {});
  });
}

TEST_CASE("buffers have room for what was asked and count against the caller's limit") {
  for_policies([](const auto& policy, const std::string& name) {
    CAPTURE(name);
    const tutti::run_control control{.memory_limit = 10000};
    const auto limited = policy.with(control);
    {
      auto buffer = limited.template make_buffer<double>(1000);
      CHECK(buffer.size() == 1000);
      buffer.data()[999] = 1;
      CHECK(control.memory_in_use == 8000);
      try {
        const auto more = limited.template make_buffer<double>(1000);
        FAIL("the limit was passed");
      } catch (const tutti::out_of_memory& e) {
        CHECK(e.required == 8000);
        CHECK(e.available == 2000);
      }
      auto moved = std::move(buffer);
      CHECK(control.memory_in_use == 8000);
    }
    CHECK(control.memory_in_use == 0);
  });
}

TEST_CASE("a stop ends loops and reductions") {
  for_policies([](const auto& policy, const std::string& name) {
    CAPTURE(name);
    std::stop_source source;
    const tutti::run_control control{.stop = source.get_token()};
    const auto stoppable = policy.with(control);
    std::vector<int> times(100, 0);
    std::vector<index> first(100, 0);
    stoppable.for_blocks(100, 10, mark_kernel{times.data(), first.data()});
    source.request_stop();
    CHECK_THROWS_AS(stoppable.for_blocks(100, 10, mark_kernel{times.data(), first.data()}), tutti::cancelled);
    const std::vector<double> x(100, 1.0);
    CHECK_THROWS_AS(stoppable.template reduce_blocks<double>(100, 10, 2, sum_kernel{x.data()}), tutti::cancelled);
  });
}

TEST_CASE("inner and host policies stay under the same control") {
  for_policies([](const auto& policy, const std::string& name) {
    CAPTURE(name);
    const tutti::run_control control{.memory_limit = 1000};
    const auto limited = policy.with(control);
    CHECK(limited.inner().control() == &control);
    CHECK(limited.host().control() == &control);
    CHECK(policy.inner().control() == nullptr);
  });
}

}  // namespace tutti_test
