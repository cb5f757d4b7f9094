// Writes a data set for the harness in benchmarks/peers as npy: X, y and X_test, y_test.
//
//     make_data FOLDER generator=higgs_like n=200000 test=50000 [seed=0] [...]
//     make_data FOLDER file=magic_gamma.csv target=class test=4000
//
// The first n samples of the generator's n + test are to learn from, the rest to be judged by.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <tutti/core/error.hpp>
#include <tutti/core/random.hpp>
#include <tutti/data/csv.hpp>
#include <tutti/data/npy.hpp>
#include <tutti/data/split.hpp>
#include <tutti/data/synthetic.hpp>

namespace {

using tutti::index;

/// The key=value pairs of the command line.
class arguments {
 public:
  arguments(int argc, char** argv) {
    for (int i = 0; i < argc; ++i) {
      const std::string pair = argv[i];
      const std::size_t equals = pair.find('=');
      if (equals == std::string::npos) throw tutti::invalid_input("make_data: expected key=value, got " + pair);
      values_[pair.substr(0, equals)] = pair.substr(equals + 1);
    }
  }

  std::string text(const std::string& key) {
    const auto found = values_.find(key);
    if (found == values_.end()) throw tutti::invalid_input("make_data: " + key + " is missing");
    const std::string value = found->second;
    values_.erase(found);
    return value;
  }

  double number(const std::string& key) { return std::stod(text(key)); }
  double number(const std::string& key, double otherwise) { return values_.contains(key) ? number(key) : otherwise; }
  index count(const std::string& key) { return static_cast<index>(number(key)); }
  index count(const std::string& key, index otherwise) { return values_.contains(key) ? count(key) : otherwise; }
  bool has(const std::string& key) const { return values_.contains(key); }

  void done() const {
    if (!values_.empty()) throw tutti::invalid_input("make_data: unknown key " + values_.begin()->first);
  }

 private:
  std::map<std::string, std::string> values_;
};

template <class Y>
void write_part(const std::filesystem::path& folder, const std::string& suffix, tutti::matrix_view<const float> X,
                const Y* y) {
  tutti::write_npy(folder / ("X" + suffix + ".npy"), X);
  tutti::write_npy(folder / ("y" + suffix + ".npy"), tutti::view(y, X.rows, index{1}));
}

template <class Y>
void write(const std::filesystem::path& folder, const tutti::matrix<float>& X, const std::vector<Y>& y, index n) {
  const tutti::matrix_view<const float> all = tutti::view(X);
  write_part(folder, "", all.middle_rows(0, n), y.data());
  if (n < X.rows()) write_part(folder, "_test", all.middle_rows(n, X.rows()), y.data() + n);
}

/// Counts whose logarithm's mean is linear in `features` normal features, about one on average.
tutti::regression_data<float> poisson_counts(index n, index features, std::uint64_t seed) {
  const tutti::random_source source(seed), weights = source.stream(1), draws = source.stream(2);
  tutti::regression_data<float> out{tutti::detail::normal_matrix<float>(n, features, source),
                                    std::vector<float>(static_cast<std::size_t>(n))};
  for (index i = 0; i < n; ++i) {
    double z = 0;
    for (index j = 0; j < features; ++j)
      z += 0.5 / std::sqrt(static_cast<double>(features)) * weights.normal(static_cast<std::uint64_t>(j)) *
           static_cast<double>(out.X(i, j));
    out.y[static_cast<std::size_t>(i)] = static_cast<float>(draws.poisson(static_cast<std::uint64_t>(i), std::exp(z)));
  }
  return out;
}

void generate(const std::filesystem::path& folder, arguments& given) {
  const std::string generator = given.text("generator");
  const index n = given.count("n"), all = n + given.count("test", 0), p = given.count("features", 28);
  const auto seed = static_cast<std::uint64_t>(given.number("seed", 0));
  const auto write_all = [&](const auto& data) {
    given.done();
    write(folder, data.X, data.y, n);
  };
  if (generator == "higgs_like") return write_all(tutti::higgs_like<float>(all, seed));
  if (generator == "friedman1") return write_all(tutti::friedman1<float>(all, p, given.number("noise", 1), seed));
  if (generator == "poisson_counts") return write_all(poisson_counts(all, p, seed));
  if (generator == "blobs") {
    const index centers = given.count("centers", 3);
    return write_all(tutti::blobs<float>(all, p, centers, given.number("std", 1), seed));
  }
  if (generator == "make_classification") {
    const tutti::classification_shape shape{.n_features = p,
                                              .n_informative = given.count("informative", 2),
                                              .n_redundant = given.count("redundant", 2),
                                              .n_classes = given.count("classes", 2),
                                              .class_sep = given.number("class_sep", 1)};
    return write_all(tutti::make_classification<float>(all, shape, seed));
  }
  throw tutti::invalid_input("make_data: no generator " + generator);
}

/// Numeric columns as features; a target of texts or of few whole numbers as codes of classes.
void split_file(const std::filesystem::path& folder, arguments& given) {
  const tutti::table table = tutti::read_csv(given.text("file"));
  const tutti::table_column& target = table.column(given.text("target"));
  const index test = given.count("test"), n = static_cast<index>(target.values.size());
  given.done();
  std::vector<const tutti::table_column*> features;
  for (const tutti::table_column& c : table.columns())
    if (&c != &target && !c.is_category()) features.push_back(&c);
  tutti::matrix<float> X(n, static_cast<index>(features.size()));
  const auto rows = tutti::train_test_split(n, static_cast<double>(test) / static_cast<double>(n), 0);
  std::vector<index> order = rows.train;
  order.insert(order.end(), rows.test.begin(), rows.test.end());
  for (index i = 0; i < n; ++i)
    for (index j = 0; j < X.cols(); ++j)
      X(i, j) = static_cast<float>(
          features[static_cast<std::size_t>(j)]->values[static_cast<std::size_t>(order[static_cast<std::size_t>(i)])]);
  std::vector<double> y;
  for (const index i : order) y.push_back(target.values[static_cast<std::size_t>(i)]);
  const index learned = static_cast<index>(rows.train.size());
  const std::set<double> values(y.begin(), y.end());
  if (target.is_category() || values.size() <= 20) {
    std::vector<std::int32_t> codes;
    for (const double v : y) codes.push_back(static_cast<std::int32_t>(std::distance(values.begin(), values.find(v))));
    return write(folder, X, codes, learned);
  }
  write(folder, X, std::vector<float>(y.begin(), y.end()), learned);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 3) {
    std::cerr << "usage: make_data FOLDER key=value...\n";
    return EXIT_FAILURE;
  }
  arguments given(argc - 2, argv + 2);
  given.has("file") ? split_file(argv[1], given) : generate(argv[1], given);
} catch (const std::exception& e) {
  std::cerr << e.what() << '\n';
  return EXIT_FAILURE;
}
