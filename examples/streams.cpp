// Learning from data that come in batches: two sites learn apart, one of them is interrupted, then both are joined.

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <span>
#include <vector>

#include <tutti/core/matrix.hpp>
#include <tutti/data/model_file.hpp>
#include <tutti/data/synthetic.hpp>
#include <tutti/metrics/classification.hpp>
#include <tutti/naive_bayes/gaussian_nb.hpp>
#include <tutti/policy/par.hpp>
#include <tutti/preprocessing/standard_scaler.hpp>

int main() {
  using tutti::par;
  const auto data = tutti::make_classification<double>(10000, {.n_features = 6, .n_informative = 3, .n_classes = 3});
  const auto X = tutti::view(data.X);
  const std::span y(data.y);
  constexpr tutti::index batch = 500, half = 4000, seen = 8000;

  // The learners hold hyper-parameters only; what has been learned lives in the models that `start` returns.
  const tutti::standard_scaler scaling;
  const tutti::gaussian_nb bayes;
  auto north = scaling.start<double>(6), south = scaling.start<double>(6);
  for (tutti::index at = 0; at < half; at += batch) scaling.partial_fit(par, north, X.middle_rows(at, at + batch));
  for (tutti::index at = half; at < seen; at += batch) scaling.partial_fit(par, south, X.middle_rows(at, at + batch));
  const auto scaler = scaling.merge(north, south);
  std::printf("scaler: %.0f + %.0f = %.0f samples, first feature %.4f +- %.4f\n", north.n_samples_seen(),
              south.n_samples_seen(), scaler.n_samples_seen(), scaler.mean()[0], scaler.scale()[0]);

  // All classes are named at the start, because a batch may lack some of them.
  const std::vector<std::int32_t> classes{0, 1, 2};
  auto a = bayes.start<double>(6, classes), b = a;
  const auto learn = [&](auto& model, tutti::index begin, tutti::index end) {
    const auto Z = scaler.transform(par, X.middle_rows(begin, end));
    bayes.partial_fit(par, model, Z, y.subspan(std::size_t(begin), std::size_t(end - begin)));
  };
  for (tutti::index at = half; at < seen; at += batch) learn(b, at, at + batch);

  // A state is a model: it goes to a file and comes back, and learns on as if nothing had happened.
  const auto file = std::filesystem::temp_directory_path() / "tutti_streams_example.safetensors";
  for (tutti::index at = 0; at < half / 2; at += batch) learn(a, at, at + batch);
  tutti::save(file, a);
  auto resumed = tutti::load<tutti::gaussian_nb_model<double, std::int32_t>>(file);
  std::filesystem::remove(file);
  for (tutti::index at = half / 2; at < half; at += batch) {
    learn(a, at, at + batch);
    learn(resumed, at, at + batch);
  }
  std::printf("resumed from a file: %s\n", resumed == a ? "the same model" : "another model");

  const auto model = bayes.merge(resumed, b);
  const auto predicted = model.predict(par, scaler.transform(par, X.middle_rows(seen, 10000)));
  std::printf("accuracy on the last 2000 samples: %.4f\n",
              tutti::accuracy_score(par, y.subspan(std::size_t(seen)), predicted));
}
