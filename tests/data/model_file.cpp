#include <tutti/data/model_file.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/error.hpp>
#include <tutti/linear_model/linear_classifier.hpp>
#include <tutti/linear_model/linear_regressor.hpp>

#include "files.hpp"
#include "printing.hpp"

namespace tutti_test {

namespace {

using tutti::format_error;
using tutti::index;
using tutti::detail::tensor_file;
using classifier = tutti::linear_classifier<float, int>;
using regressor = tutti::linear_regressor<double>;

tensor_file contents_of(const std::filesystem::path& path) {
  return tutti::detail::deserialise(bytes_of(path), path.string());
}

/// A regression whose file has about 8 n bytes.
regressor large_model(std::size_t n) { return {std::vector<double>(n, 0.1), {0.5}, 1}; }

template <class L>
tutti::linear_classifier<double, L> classifier_of(std::vector<L> classes) {
  const std::size_t outputs = classes.size() == 2 ? 1 : classes.size();
  return {
      tutti::class_set<L>(std::move(classes)), std::vector<double>(2 * outputs, 1.0), std::vector<double>(outputs), {}};
}

template <class L>
std::vector<L> labels_there_and_back(const std::vector<L>& classes) {
  const temporary_folder folder;
  tutti::save(folder.path() / "model", classifier_of(classes));
  return tutti::load<tutti::linear_classifier<double, L>>(folder.path() / "model").classes();
}

/// A model with one field, whose name may be one that is taken.
struct named_model {
  static constexpr const char* kind = "named";
  const char* name = "x";
  double value = 1;
  std::vector<double> values = {1};

  explicit named_model(tutti::unfilled) {}
  named_model(const char* of_value) : name(of_value) {}
  template <class Visitor>
  void fields(Visitor&& visit) {
    visit(name, value);
    visit("values", values);
    if (std::string_view(name) == "values twice") visit("values", values);
  }
  const char* inconsistency() const { return ""; }
};

}  // namespace

TEST_CASE("a file says what kind of model it holds, who wrote it, and each field by its name") {
  const temporary_folder folder;
  const auto path = folder.path() / "model";
  const tutti::solver_report report{tutti::solver_status::precision, 12, 34, 0.1, 1e-300};
  tutti::save(path, classifier(tutti::class_set<int>({40, -5, 0}), {1, 2, 3, 4, 5, 6}, {7, 8, 9}, report));
  const tensor_file file = contents_of(path);
  const std::map<std::string, std::string> expected{{"kind", "linear_classifier"},
                                                    {"library", "tutti " + tutti::detail::library_version()},
                                                    {"schema", "1"},
                                                    {"status", "2"},
                                                    {"iterations", "12"},
                                                    {"passes", "34"},
                                                    {"objective", "0.1"},
                                                    {"gradient_max", "1e-300"}};
  for (const auto& [name, value] : expected) CHECK(file.metadata.at(name) == value);
  CHECK(file.tensors.size() == 3);
  CHECK(file.tensors.at("classes").type == "I64");
  CHECK(file.tensors.at("coef").type == "F32");
  CHECK(file.tensors.at("coef").shape == std::vector<index>{3, 2});
  CHECK(file.tensors.at("intercept").shape == std::vector<index>{3});
}

TEST_CASE("numbers come back with all their bits") {
  using limits = std::numeric_limits<double>;
  const std::vector<double> coef{0.1, -0.0, limits::denorm_min(), -limits::max(), limits::min(), 1.0 / 3};
  for (const double objective : {0.1, 1.0 / 3, limits::max(), -limits::denorm_min(), -0.0}) {
    const temporary_folder folder;
    const tutti::solver_report report{tutti::solver_status::converged, std::numeric_limits<index>::max(), 1, objective,
                                      0};
    const tutti::linear_classifier<double, int> model(tutti::class_set<int>({0, 1}), coef, {limits::lowest()}, report);
    tutti::save(folder.path() / "model", model);
    const auto loaded = tutti::load<tutti::linear_classifier<double, int>>(folder.path() / "model");
    for (index j = 0; j < 6; ++j)
      CHECK(std::bit_cast<std::uint64_t>(loaded.coef()(0, j)) == std::bit_cast<std::uint64_t>(model.coef()(0, j)));
    CHECK(std::bit_cast<std::uint64_t>(loaded.report().objective) == std::bit_cast<std::uint64_t>(objective));
    CHECK(loaded.report() == report);
  }
}

TEST_CASE("labels come back from the ends of every type") {
  enum class far : std::uint64_t { near = 3, away = ~std::uint64_t{0} };
  const auto check = [](auto first, auto second) {
    const std::vector classes{first, second};
    CHECK(labels_there_and_back(classes) == classes);
  };
  check(std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
  check(std::uint64_t{1}, std::numeric_limits<std::uint64_t>::max());
  check(far::near, far::away);
  check(std::int8_t{-128}, std::int8_t{127});
  check('A', 'z');
  check(short{-30000}, short{30000});
  check(0u, 4294967295u);
  check(false, true);
}

TEST_CASE("labels may be loaded into any type that holds them") {
  const temporary_folder folder;
  const auto path = folder.path() / "model";
  tutti::save(path, classifier_of<int>({3, 200}));
  CHECK(tutti::load<tutti::linear_classifier<double, long long>>(path).classes() == std::vector<long long>{3, 200});
  CHECK(tutti::load<tutti::linear_classifier<double, unsigned char>>(path).classes() ==
        std::vector<unsigned char>{3, 200});
}

TEST_CASE("labels that the loading type cannot hold are refused") {
  const temporary_folder folder;
  const auto path = folder.path() / "model";
  tutti::save(path, classifier_of<int>({-1, 300}));
  CHECK(message_of<format_error>([&] { tutti::load<tutti::linear_classifier<double, unsigned char>>(path); }) ==
        path.string() + ": \"classes\" holds a label that the model's type cannot");
  CHECK_THROWS_AS((tutti::load<tutti::linear_classifier<double, signed char>>(path)), format_error);
}

TEST_CASE("a model whose fields have the same name, or one that is taken, is not saved") {
  const temporary_folder folder;
  for (const char* const name : {"kind", "library", "schema", "checksum", "values twice"}) {
    CAPTURE(std::string(name));
    CHECK_THROWS_AS(tutti::save(folder.path() / "model", named_model(name)), tutti::error);
    CHECK(names_in(folder.path()).empty());
  }
  tutti::save(folder.path() / "model", named_model("value"));
  CHECK(contents_of(folder.path() / "model").metadata.at("value") == "1");
}

TEST_CASE("a file of another kind is refused with both names") {
  const temporary_folder folder;
  const auto path = folder.path() / "model";
  tutti::save(path, large_model(2));
  CHECK(message_of<format_error>([&] { tutti::load<classifier>(path); }) ==
        path.string() + ": holds a linear_regressor, expected a linear_classifier");
  tutti::save(path, classifier_of<int>({0, 1}));
  CHECK(message_of<format_error>([&] { tutti::load<regressor>(path); }) ==
        path.string() + ": holds a linear_classifier, expected a linear_regressor");
}

TEST_CASE("a file of another scalar type is refused with both names") {
  const temporary_folder folder;
  const auto path = folder.path() / "model";
  tutti::save(path, large_model(2));
  CHECK(message_of<format_error>([&] { tutti::load<tutti::linear_regressor<float>>(path); }) ==
        path.string() + ": \"coef\" holds F64, expected F32");
  tutti::save(path, classifier(tutti::class_set<int>({0, 1}), {1}, {2}, {}));
  CHECK(message_of<format_error>([&] { tutti::load<tutti::linear_classifier<double, int>>(path); }) ==
        path.string() + ": \"coef\" holds F32, expected F64");
}

TEST_CASE("a file that is none is refused by name") {
  const temporary_folder folder;
  const auto refused = [&](const std::filesystem::path& path) {
    return message_of<format_error>([&] { tutti::load<regressor>(path); });
  };
  CHECK(refused(folder.path() / "absent") == (folder.path() / "absent").string() + ": cannot be opened");
  CHECK(refused(folder.write("empty", "")) == (folder.path() / "empty").string() + ": too short for a model file");
  CHECK(refused(folder.write("text", "a,b\n1,2\n"))
            .starts_with((folder.path() / "text").string() + ": truncated, or no model"));
  CHECK(refused(folder.path()) == folder.path().string() + ": cannot be read");
}

TEST_CASE("a file cut or changed anywhere is refused by name") {
  const temporary_folder folder;
  const auto path = folder.path() / "model";
  tutti::save(path, large_model(2));
  const std::string whole = bytes_of(path);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    CAPTURE(i);
    std::string changed = whole;
    changed[i] = static_cast<char>(~changed[i]);
    for (const std::string& bytes : {whole.substr(0, i), changed})
      CHECK(message_of<format_error>([&] {
              tutti::load<regressor>(folder.write("model", bytes));
            }).starts_with(path.string() + ": "));
  }
}

}  // namespace tutti_test
