// Model files and Python: the safetensors package reads what tutti wrote, and tutti says no to what the package wrote.
//
// The environment variable TUTTI_TEST_PYTHON names the interpreter; python3 if it is not set. Without one, or without
// its packages, the test is skipped.

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>
#if defined(__unix__)
#include <sys/wait.h>
#endif

#include <doctest/doctest.h>

#include <tutti/core/error.hpp>
#include <tutti/data/model_file.hpp>
#include <tutti/linear_model/linear_regressor.hpp>
#include <tutti/linear_model/logistic_regression.hpp>
#include <tutti/policy/seq.hpp>

#include "../support/shapes.hpp"
#include "files.hpp"

namespace tutti_test {

namespace {

std::string python() {
  const char* const named = std::getenv("TUTTI_TEST_PYTHON");
  return named != nullptr && *named != '\0' ? named : "python3";
}

/// The exit status of a command.
int status_of(const std::string& command) {
  const int status = std::system(command.c_str());
#if defined(__unix__)
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
#else
  return status;
#endif
}

int run(const std::string& arguments) { return status_of("\"" + python() + "\" " + arguments); }

/// Ends the program as skipped, before any test, if Python or a package is not there.
struct needs_python {
  needs_python() {
    if (run("-c \"import numpy, safetensors.numpy\"") == 0) return;
    std::printf("skipped: %s with numpy and safetensors is needed; TUTTI_TEST_PYTHON may name another interpreter\n",
                python().c_str());
    std::exit(77);
  }
};

const needs_python needed;

const std::filesystem::path script = std::filesystem::path(__FILE__).parent_path() / "read_with_python.py";

int run_script(const std::string& task, const std::vector<std::filesystem::path>& files) {
  std::string arguments = "\"" + script.string() + "\" " + task;
  for (const auto& file : files) arguments += " \"" + file.string() + "\"";
  return run(arguments);
}

/// A range of numbers as JSON: labels as they are, others hexadecimal in quotes.
template <class R>
std::string json(const R& range, bool hexadecimal = true) {
  std::ostringstream out;
  std::string_view separator = "[";
  for (const auto x : range) {
    char text[64];
    std::snprintf(text, sizeof text, hexadecimal ? "\"%a\"" : "%.0f", static_cast<double>(x));
    out << separator << text;
    separator = ",";
  }
  return out.str() + "]";
}

template <class R>
std::string array(const char* name, const char* type, const std::string& shape, const R& values) {
  return std::string("\"") + name + "\":{\"dtype\":\"" + type + "\",\"shape\":" + shape +
         ",\"values\":" + json(values) + "}";
}

template <class T>
std::vector<T> elements(const tutti::matrix_view<const T>& m) {
  return {m.data, m.data + m.rows * m.cols};
}

/// What read_with_python.py is to find in the file of a classifier; metadata without a value may have any.
template <class T>
std::string expected_of(const tutti::linear_classifier<T, int>& model, const tutti::matrix<T>& X) {
  const char* const type = sizeof(T) == 4 ? "float32" : "float64";
  const std::string k = std::to_string(model.n_outputs()), p = std::to_string(model.n_features());
  const auto number = [](auto x) { return "\"" + tutti::detail::number_text(x) + "\""; };
  return "{\"metadata\":{\"checksum\":\"\",\"library\":\"\",\"schema\":\"1\",\"kind\":\"linear_classifier\",\"status\":"
         "\"0\"" +
         std::string(",\"iterations\":") + number(model.report().iterations) +
         ",\"passes\":" + number(model.report().passes) + ",\"objective\":" + number(model.report().objective) +
         ",\"gradient_max\":" + number(model.report().gradient_max) + "},\"arrays\":{" +
         array("classes", "int64", "[" + std::to_string(model.classes().size()) + "]", model.classes()) + "," +
         array("coef", type, "[" + k + "," + p + "]", elements(model.coef())) + "," +
         array("intercept", type, "[" + k + "]", model.intercept()) + "},\"X\":" + json(elements(tutti::view(X))) +
         ",\"labels\":" + json(model.predict(tutti::seq, X), false) + "}";
}

/// 60 samples in k classes with names far apart.
template <class T>
void check_read(index k) {
  CAPTURE(k);
  const auto X = random_matrix<T>(60, 5);
  std::vector<int> y;
  for (index i = 0; i < 60; ++i)
    y.push_back(i % 6 == 0 || X(i, 0) + X(i, 1) < T(6) ? -2000000000 : i % 3 == 0 && k == 3 ? 7 : 40);
  const auto model = tutti::logistic_regression{}.fit(tutti::seq, X, y);
  REQUIRE(model.classes().size() == static_cast<std::size_t>(k));
  REQUIRE(model.report().converged());
  const temporary_folder folder;
  const auto file = folder.path() / "model.safetensors";
  tutti::save(file, model);
  CHECK(run_script("check", {file, folder.write("expected.json", expected_of(model, X))}) == 0);
}

}  // namespace

TEST_CASE_TEMPLATE("Python reads a logistic regression and predicts the same labels", T, float, double) {
  REQUIRE(std::filesystem::exists(script));
  check_read<T>(2);
  check_read<T>(3);
}

TEST_CASE("the script sees a difference") {
  const temporary_folder folder;
  const auto X = random_matrix<double>(20, 2);
  const tutti::linear_classifier<double, int> model(tutti::class_set<int>({0, 1}), {1, -1}, {0}, {}),
      other(tutti::class_set<int>({0, 1}), {1, -1.0000000000000002}, {0}, {});
  const auto file = folder.path() / "model.safetensors";
  tutti::save(file, model);
  CHECK(run_script("check", {file, folder.write("same.json", expected_of(model, X))}) == 0);
  CHECK(run_script("check", {file, folder.write("other.json", expected_of(other, X))}) == 1);
}

TEST_CASE("a file that Python wrote is refused by name") {
  const temporary_folder folder;
  const auto file = folder.path() / "foreign.safetensors";
  REQUIRE(run_script("write", {file}) == 0);
  CHECK(message_of<tutti::format_error>([&] { tutti::load<tutti::linear_regressor<double>>(file); }) ==
        file.string() + ": not written by tutti");
}

}  // namespace tutti_test
