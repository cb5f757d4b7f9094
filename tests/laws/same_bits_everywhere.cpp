// Models whose bits no build may change: not the compiler, its flags or the instruction set, nor the threads. The
// numbers below were the same for g++ 12 and clang 14, for SSE2, AVX2 and AVX-512. A change of an algorithm changes
// them; a change of a machine must not.

#include <bit>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <tutti/data/synthetic.hpp>
#include <tutti/ensemble/extra_trees.hpp>
#include <tutti/ensemble/random_forest.hpp>
#include <tutti/linear_model/logistic_regression.hpp>
#include <tutti/naive_bayes/gaussian_nb.hpp>
#include <tutti/preprocessing/standard_scaler.hpp>
#include <tutti/tree/decision_tree.hpp>

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
  static constexpr std::uint64_t tree = 0xe7cf638a93be634e;
  static constexpr std::uint64_t tree_with_gaps = 0x706367613827bd36;
  static constexpr std::uint64_t forest = 0xd5bb471bc15f576e;
  static constexpr std::uint64_t forest_of_three = 0xc3aa88815639ebd2;
  static constexpr std::uint64_t forest_of_numbers = 0x3d0e473d63264080;
  static constexpr std::uint64_t forest_of_counts = 0xc226b1e801813a26;
  static constexpr std::uint64_t random_cuts = 0xc8e3209845ffa871;
};
template <>
struct expected<double> {
  static constexpr std::uint64_t scaler = 0x69808abefce5b5f1;
  static constexpr std::uint64_t bayes = 0x2292e8757be2d161;
  static constexpr std::uint64_t two_classes = 0xe36d711acc36143c;
  static constexpr std::uint64_t three_classes = 0xfd5d00501fe535e0;
  static constexpr std::uint64_t tree = 0xc8cc009499d7962a;
  static constexpr std::uint64_t tree_with_gaps = 0x1aabd4bd68d146d4;
  static constexpr std::uint64_t forest = 0xa7abe77f8ead1c53;
  static constexpr std::uint64_t forest_of_three = 0x0de539a2a78f290d;
  static constexpr std::uint64_t forest_of_numbers = 0x01bf982579c98193;
  static constexpr std::uint64_t forest_of_counts = 0x7137c4d3dc56f8c8;
  static constexpr std::uint64_t random_cuts = 0x1dce5a6483a89d4d;
};

}  // namespace

TEST_CASE_TEMPLATE("the bits of a model are those of every other build", T, float, double) {
  const auto two = tutti::higgs_like<T>(20011);
  const auto three = tutti::make_classification<T>(9001, {.n_informative = 4, .n_classes = 3});
  for_policies([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    CHECK(fingerprint(tutti::standard_scaler{}.fit(policy, two.X), policy, two.X) == expected<T>::scaler);
    CHECK(fingerprint(tutti::gaussian_nb{}.fit(policy, two.X, two.y), policy, two.X) == expected<T>::bayes);
    CHECK(fingerprint(tutti::logistic_regression{}.fit(policy, two.X, two.y), policy, two.X) ==
          expected<T>::two_classes);
    CHECK(fingerprint(tutti::logistic_regression{}.fit(policy, three.X, three.y), policy, three.X) ==
          expected<T>::three_classes);
  });
}

TEST_CASE_TEMPLATE("the bits of a forest are those of every other build", T, float, double) {
  using namespace tutti;
  const auto two = higgs_like<T>(6007);
  const auto three = make_classification<T>(4003, {.n_informative = 4, .n_classes = 3});
  const auto curve = friedman1<T>(3001);
  std::vector<T> counts;
  for (const T y : curve.y) counts.push_back(std::floor(std::max(T(0), y) / 4));
  auto gaps = two.X;  // a column of categories, one with missing values
  for (index i = 0; i < gaps.rows(); ++i) {
    gaps(i, 0) = std::floor(3 * gaps(i, 0));
    if (i % 7 == 3) gaps(i, 3) = T(NAN);
  }
  for_policies_of<decision_tree_classifier, T>([&](const auto& policy, const std::string& name) {
    CAPTURE(name);
    const decision_tree_classifier with_gaps{
        .criterion = class_criterion::entropy, .min_samples_leaf = 5, .categorical_features = {0}};
    const random_forest_classifier forest{.n_estimators = 5, .oob_score = true};
    const random_forest_regressor of_numbers{.n_estimators = 5, .max_features = 0.4, .oob_score = true};
    const random_forest_regressor of_counts{.n_estimators = 3, .criterion = value_criterion::poisson, .max_depth = 6};
    const extra_trees_classifier random_cuts{.n_estimators = 4};
    CHECK(fingerprint(decision_tree_classifier{}.fit(policy, two.X, two.y), policy, two.X) == expected<T>::tree);
    CHECK(fingerprint(with_gaps.fit(policy, gaps, two.y), policy, gaps) == expected<T>::tree_with_gaps);
    CHECK(fingerprint(forest.fit(policy, two.X, two.y), policy, two.X) == expected<T>::forest);
    CHECK(fingerprint(forest.fit(policy, three.X, three.y), policy, three.X) == expected<T>::forest_of_three);
    CHECK(fingerprint(of_numbers.fit(policy, curve.X, curve.y), policy, curve.X) == expected<T>::forest_of_numbers);
    CHECK(fingerprint(of_counts.fit(policy, curve.X, counts), policy, curve.X) == expected<T>::forest_of_counts);
    CHECK(fingerprint(random_cuts.fit(policy, three.X, three.y), policy, three.X) == expected<T>::random_cuts);
  });
}

}  // namespace tutti_test
