// Models whose bits no build may change: not the compiler, its flags or the instruction set, nor the threads. The numbers
// below were the same for g++ 12 and clang 14, for SSE2, AVX2 and AVX-512. A change of an algorithm changes them; a change
// of a machine must not.

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include <tutti/data/synthetic.hpp>
#include <tutti/linear_model/logistic_regression.hpp>
#include <tutti/naive_bayes/gaussian_nb.hpp>
#include <tutti/preprocessing/standard_scaler.hpp>

#include "laws.hpp"

namespace tutti_test {

namespace {

/// FNV-1a of the numbers of a model and of what it says.
template <class M, class P, class T>
std::uint64_t fingerprint(const M& model, const P& policy, const tutti::matrix<T>& X) {
  std::vector<double> all = numbers(model);
  for (const double x : answers(model, policy, tutti::matrix_view<const T>(view(X)))) all.push_back(x);
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const double x : all) {
    const auto bits = std::bit_cast<std::uint64_t>(x);
    for (int byte = 0; byte < 8; ++byte) hash = (hash ^ (bits >> (8 * byte) & 0xff)) * 0x100000001b3;
  }
  return hash;
}

template <class T>
struct expected;  // of float and of double

template <>
struct expected<float> {
  static constexpr std::uint64_t scaler = 0xa4fbc55c91d5f6c7;
  static constexpr std::uint64_t bayes = 0x679d041f97146e5c;
  static constexpr std::uint64_t two_classes = 0x116a9aba1c6a1f35;
  static constexpr std::uint64_t three_classes = 0xaff21a8a121e7594;
};
template <>
struct expected<double> {
  static constexpr std::uint64_t scaler = 0x69808abefce5b5f1;
  static constexpr std::uint64_t bayes = 0x2292e8757be2d161;
  static constexpr std::uint64_t two_classes = 0xe36d711acc36143c;
  static constexpr std::uint64_t three_classes = 0xfd5d00501fe535e0;
};

}  // namespace

TEST_CASE_TEMPLATE("the bits of a model are those of every other build", T, float, double) {
  const auto two = tutti::higgs_like<T>(20011);
  const auto three = tutti::make_classification<T>(9001, {.n_informative = 4, .n_classes = 3});
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    CHECK(fingerprint(tutti::standard_scaler{}.fit(policy, two.X), policy, two.X) == expected<T>::scaler);
    CHECK(fingerprint(tutti::gaussian_nb{}.fit(policy, two.X, two.y), policy, two.X) == expected<T>::bayes);
    CHECK(fingerprint(tutti::logistic_regression{}.fit(policy, two.X, two.y), policy, two.X) == expected<T>::two_classes);
    CHECK(fingerprint(tutti::logistic_regression{}.fit(policy, three.X, three.y), policy, three.X) == expected<T>::three_classes);
  });
}

}  // namespace tutti_test
