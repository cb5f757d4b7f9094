// Files that are whole and of the right kind, but whose fields do not make a model.

#include <tutti/data/model_file.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <tutti/core/error.hpp>
#include <tutti/linear_model/linear_classifier.hpp>
#include <tutti/linear_model/linear_regressor.hpp>
#include <tutti/naive_bayes/gaussian_nb.hpp>
#include <tutti/policy/seq.hpp>
#include <tutti/preprocessing/standard_scaler.hpp>

#include "../support/check.hpp"
#include "../support/shapes.hpp"
#include "files.hpp"
#include "signed_file.hpp"

namespace tutti_test {

namespace {

using tutti::format_error;
using tutti::detail::tensor;
using tutti::detail::tensor_file;
using numbers = std::vector<double>;
using whole = std::vector<std::int64_t>;

/// What is said about a model's file after a change, behind its name.
template <class M, class F>
std::string complaint(const M& model, const F& change) {
  const temporary_folder folder;
  const auto path = folder.path() / "model";
  tutti::save(path, model);
  tensor_file file = tutti::detail::deserialise(bytes_of(path), "model");
  change(file);
  folder.write("model", tutti::detail::serialise(file));
  return after(path, ": ", message_of<format_error>([&] { tutti::load<M>(path); }));
}

/// The same for one array that is exchanged.
template <class M>
std::string with(const M& model, const char* name, const numbers& values) {
  const tensor t{"F64", {static_cast<index>(values.size())}, bytes_in(values)};
  return complaint(model, [&](tensor_file& file) { file.tensors.at(name) = t; });
}

template <class M>
std::string with_classes(const M& model, const whole& values) {
  const tensor t{"I64", {static_cast<index>(values.size())}, bytes_in(values)};
  return complaint(model, [&](tensor_file& file) { file.tensors.at("classes") = t; });
}

/// The same for one number or word.
template <class M>
std::string with(const M& model, const char* name, const std::string& value) {
  return complaint(model, [&](tensor_file& file) { file.metadata.at(name) = value; });
}

template <class M>
std::string without(const M& model, const char* name) {
  return complaint(model,
                   [&](tensor_file& file) { REQUIRE(file.metadata.erase(name) + file.tensors.erase(name) == 1); });
}

tutti::linear_classifier<double, int> classifier(int k) {
  const std::size_t outputs = k == 2 ? 1 : std::size_t(k);
  std::vector<int> classes;
  for (int c = 0; c < k; ++c) classes.push_back(10 * c);
  return {tutti::class_set<int>(classes), numbers(2 * outputs, 1.0), numbers(outputs), {}};
}

tutti::linear_regressor<double> regressor() { return {{1, 2, 3}, {4}, 3}; }
tutti::linear_regressor<double, true> several() { return {{1, 2, 3, 4, 5, 6}, {7, 8}, 3}; }

tutti::gaussian_nb_model<double, int> naive_bayes() {
  return tutti::gaussian_nb{.priors = {0.5, 0.5}}.fit(tutti::seq, random_matrix<double>(6, 3),
                                                      std::vector{0, 1, 0, 1, 0, 1});
}

tutti::standard_scaler_model<double> scaler() {
  return tutti::standard_scaler{}.fit(tutti::seq, random_matrix<double>(6, 3));
}

/// f(model) for a model of each kind.
template <class F>
void for_models(const F& f) {
  f(classifier(2));
  f(classifier(3));
  f(regressor());
  f(several());
  f(naive_bayes());
  f(scaler());
}

}  // namespace

TEST_CASE("a file that nobody changed is read") {
  for_models([](const auto& model) { CHECK(complaint(model, [](tensor_file&) {}) == "nothing was thrown"); });
}

TEST_CASE("fields have the names that they have in all files of schema 1") {
  const auto names = [](auto model) {
    tensor_file file;
    model.fields(tutti::detail::field_writer(file));
    std::string out;
    for (const auto& [name, t] : file.tensors) out += name + " ";
    for (const auto& [name, value] : file.metadata) out += "+ " + name + " ";
    return out;
  };
  CHECK(tutti::detail::model_schema == 1);
  CHECK(names(classifier(2)) == "classes coef intercept + gradient_max + iterations + objective + passes + status ");
  CHECK(names(regressor()) == "coef intercept + rank ");
  CHECK(names(several()) == "coef intercept + rank ");
  CHECK(names(naive_bayes()) == "class_count classes mean priors square + features + var_smoothing ");
  CHECK(names(scaler()) == "mean square weight + features + with_mean + with_std ");
}

TEST_CASE("a newer schema is refused with the versions of both") {
  for_models([](const auto& model) {
    CHECK(with(model, "schema", "2") == "schema 2 of tutti " + tutti::detail::library_version() + ", this is tutti " +
                                            tutti::detail::library_version() + " with schema 1");
    const std::string newer = complaint(model, [](tensor_file& file) {
      file.metadata["schema"] = "1000000";
      file.metadata["library"] = "tutti 9.8.7";
      file.metadata["kind"] = "a kind of the future";
    });
    CHECK(newer.starts_with("schema 1000000 of tutti 9.8.7, this is tutti "));
    for (const char* const word : {"", "one", "1.0", "1 ", "99999999999999999999"})
      CHECK(with(model, "schema", word) == "\"schema\" is no number");
  });
}

TEST_CASE("a field that is missing is named") {
  for_models([](const auto& model) {
    tensor_file file;
    auto copy = model;
    copy.fields(tutti::detail::field_writer(file));
    for (const auto& [name, value] : file.metadata)
      CHECK(without(model, name.c_str()) == "\"" + name + "\" is missing");
    for (const auto& [name, value] : file.tensors) CHECK(without(model, name.c_str()) == "\"" + name + "\" is missing");
    CHECK(without(model, "kind") == "\"kind\" is missing");
    CHECK(without(model, "schema") == "\"schema\" is missing");
  });
}

TEST_CASE("an array that the model does not have is refused") {
  for_models([](const auto& model) {
    const auto more = [](tensor_file& file) { file.tensors.emplace("more", tensor{"U8", {1}, "x"}); };
    CHECK(complaint(model, more) == "holds arrays that the model does not have");
    const auto renamed = [](tensor_file& file) {
      auto first = file.tensors.extract(file.tensors.begin());
      first.key() += "_";
      file.tensors.insert(std::move(first));
    };
    CHECK(complaint(model, renamed).find("is missing") != std::string::npos);
  });
}

TEST_CASE("an array of another type is refused with both names") {
  for_models([](const auto& model) {
    tensor_file file;
    auto copy = model;
    copy.fields(tutti::detail::field_writer(file));
    for (const auto& field : file.tensors) {
      const std::string name = field.first, expected = field.second.type, other = expected == "F64" ? "I64" : "F64";
      CHECK(complaint(model, [&](tensor_file& f) { f.tensors.at(name).type = other; }) ==
            "\"" + name + "\" holds " + other + ", expected " + expected);
    }
  });
}

TEST_CASE("an array with a number that is not finite is refused by name") {
  for_models([](const auto& model) {
    tensor_file file;
    auto copy = model;
    copy.fields(tutti::detail::field_writer(file));
    for (const double bad : {std::numeric_limits<double>::quiet_NaN(), -std::numeric_limits<double>::infinity()})
      for (const auto& [name, t] : file.tensors) {
        if (t.type != "F64") continue;
        numbers values(static_cast<std::size_t>(t.elements()), 1.0);
        values.back() = bad;
        CHECK(with(model, name.c_str(), values) == "\"" + name + "\" holds a number that is not finite");
      }
  });
}

TEST_CASE("classes are ascending, each once, and at least two") {
  CHECK(with_classes(classifier(2), {10, 0}) == "\"classes\" are not ascending");
  CHECK(with_classes(classifier(2), {10, 10}) == "\"classes\" are not ascending");
  CHECK(with_classes(classifier(2), {0, 3000000000}) == "\"classes\" holds a label that the model's type cannot");
  for (const whole& labels : {whole{}, whole{1}, whole{1, 2, 3}}) {
    CHECK(with_classes(classifier(2), labels) == "intercept does not fit the classes");
    CHECK(with_classes(naive_bayes(), labels) == "class_count does not fit the classes");
  }
  CHECK(with_classes(classifier(3), {1, 2}) == "intercept does not fit the classes");
}

TEST_CASE("arrays of a linear classifier fit each other") {
  for (const numbers& intercept : {numbers{}, numbers{1, 2}}) {
    CHECK(with(classifier(2), "intercept", intercept) == "intercept does not fit the classes");
    CHECK(with(classifier(3), "intercept", intercept) == "intercept does not fit the classes");
  }
  for (const numbers& coef : {numbers{}, numbers(5, 1.0), numbers(7, 1.0)})
    CHECK(with(classifier(3), "coef", coef) == "coef is not a row of features for each output");
  CHECK(with(classifier(2), "coef", numbers{}) == "coef is not a row of features for each output");
}

TEST_CASE("arrays of a linear regressor fit each other") {
  CHECK(with(regressor(), "coef", numbers{}) == "coef is not a row of features for each target");
  CHECK(with(regressor(), "intercept", numbers{}) == "coef is not a row of features for each target");
  CHECK(with(regressor(), "intercept", numbers{1, 2}) == "coef is not a row of features for each target");
  CHECK(with(regressor(), "intercept", numbers{1, 2, 3}) == "more than one target");
  CHECK(with(several(), "coef", numbers(5, 1.0)) == "coef is not a row of features for each target");
  CHECK(with(several(), "coef", numbers{}) == "coef is not a row of features for each target");
}

TEST_CASE("arrays of a naive Bayes model fit each other") {
  for (const numbers& count : {numbers{}, numbers{1}, numbers{1, 2, 3}})
    CHECK(with(naive_bayes(), "class_count", count) == "class_count does not fit the classes");
  const std::string rows = "mean and square are not a row of features for each class";
  for (const numbers& v : {numbers{}, numbers(3, 1.0), numbers(5, 1.0), numbers(8, 1.0)}) {
    CHECK(with(naive_bayes(), "mean", v) == rows);
    CHECK(with(naive_bayes(), "square", v) == rows);
  }
  for (const char* const p : {"0", "-3", "2", "6", "9223372036854775807"})
    CHECK(with(naive_bayes(), "features", p) == rows);
  CHECK(with(naive_bayes(), "features", "9223372036854775808") == "\"features\" is no number");
  for (const numbers& priors : {numbers{1}, numbers{0.2, 0.3, 0.5}})
    CHECK(with(naive_bayes(), "priors", priors) == "priors do not fit the classes");
  CHECK(with(naive_bayes(), "priors", numbers{}) == "nothing was thrown");
}

TEST_CASE("arrays of a scaler fit each other") {
  const std::string each = "mean and square do not have a number for each feature";
  for (const numbers& v : {numbers{}, numbers(2, 1.0), numbers(4, 1.0)}) {
    CHECK(with(scaler(), "mean", v) == each);
    CHECK(with(scaler(), "square", v) == each);
  }
  for (const char* const p : {"0", "-3", "4", "9223372036854775807"}) CHECK(with(scaler(), "features", p) == each);
  for (const numbers& w : {numbers{}, numbers{1, 2}}) CHECK(with(scaler(), "weight", w) == "weight is not one number");
}

TEST_CASE("numbers and words that are none are refused") {
  for (const char* const word : {"", "yes", "True", "1", "true "})
    CHECK(with(scaler(), "with_mean", word) == "\"with_mean\" is neither true nor false");
  for (const char* const word : {"", "three", "3.0", " 3", "3 ", "+3"})
    CHECK(with(regressor(), "rank", word) == "\"rank\" is no number");
  for (const char* const word : {"", "small", "0,1", "1e999", "0.1x"})
    CHECK(with(classifier(2), "objective", word) == "\"objective\" is no number");
  for (const char* const word : {"nan", "inf", "-inf"}) {
    CHECK(with(classifier(2), "objective", word) == "\"objective\" is not finite");
    CHECK(with(naive_bayes(), "var_smoothing", word) == "\"var_smoothing\" is not finite");
  }
  CHECK(with(classifier(2), "status", "9999999999") == "\"status\" is no number");
  for (const char* const status : {"-1", "4"}) CHECK(with(classifier(2), "status", status) == "unknown status");
}

TEST_CASE("the scalar type of a state, whose file holds doubles only, is the reader's choice") {
  const temporary_folder folder;
  const auto path = folder.path() / "model";
  const auto X = random_matrix<float>(6, 3);
  const auto scaler_of_floats = tutti::standard_scaler{}.fit(tutti::seq, X);
  tutti::save(path, scaler_of_floats);
  CHECK(doubles(tutti::load<tutti::standard_scaler_model<double>>(path).mean()) == doubles(scaler_of_floats.mean()));
  const auto bayes_of_floats = tutti::gaussian_nb{}.fit(tutti::seq, X, std::vector{0, 1, 0, 1, 0, 1});
  tutti::save(path, bayes_of_floats);
  CHECK(doubles(tutti::load<tutti::gaussian_nb_model<double, int>>(path).mean()) == doubles(bayes_of_floats.mean()));
}

TEST_CASE("a matrix turned over is refused, not read in the wrong order") {
  for (const char* const name : {"mean", "square"})
    CHECK(complaint(naive_bayes(), [&](tensor_file& f) {
            f.tensors.at(name).shape = {3, 2};
          }).find(name) != std::string::npos);
  CHECK(complaint(several(), [](tensor_file& f) {
          f.tensors.at("coef").shape = {3, 2};
        }).find("coef") != std::string::npos);
  CHECK(complaint(classifier(3), [](tensor_file& f) {
          f.tensors.at("coef").shape = {2, 3};
        }).find("coef") != std::string::npos);
}

}  // namespace tutti_test
