// cross: X'X and X'y about the means. Few features: bound by reading; 200: by arithmetic.

#include <tutti/algorithm/cross.hpp>

#include <vector>

#include "../learners.hpp"

namespace tutti_benchmark {
namespace {

template <class T>
const tutti::regression_data<T>& wide(index n) {
  static const tutti::regression_data<T> made = tutti::friedman1<T>(n, 200);
  return made;
}

template <class T>
auto cross_of(const auto& policy, const tutti::regression_data<T>& data, const T* weight) {
  return tutti::cross(policy, tutti::view(data.X), tutti::view(data.y.data(), data.X.rows(), index{1}), weight, true);
}

template <class T>
void add_all() {
  const auto plain = [](const auto& policy, const auto& data) {
    return cross_of(policy, data, static_cast<const T*>(nullptr));
  };
  const auto weighted = [](const auto& policy, const auto& data) {
    static const std::vector<T> weight(data.y.size(), T(2));
    return cross_of(policy, data, weight.data());
  };
  const auto products = [](double p) { return (p + 1) * (p + 2) / 2; };
  add_fit<T>("cross", measured<T>, 1'000'000, measured_features, plain, products(measured_features));
  add_fit<T>("cross/weighted", measured<T>, 1'000'000, measured_features, weighted, products(measured_features));
  add_fit<T>("cross", wide<T>, 100'000, 200, plain, products(200));
}

const bool registered = (add_all<float>(), add_all<double>(), true);

}  // namespace
}  // namespace tutti_benchmark
