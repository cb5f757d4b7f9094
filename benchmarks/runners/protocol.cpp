#include "protocol.hpp"

#include <cstdlib>
#include <exception>
#include <iostream>
#include <iterator>
#include <sstream>
#include <utility>

#include <tutti/core/error.hpp>
#include <tutti/data/npy.hpp>

namespace tutti_runner {

namespace {

/// The next word of a line.
std::string word(std::istream& line) {
  std::string out;
  line >> out;
  return out;
}

std::string rest(std::istream& line) {
  line >> std::ws;
  return {std::istreambuf_iterator<char>(line), {}};
}

class server {
 public:
  server(workers who, const job_maker& make) : who_(std::move(who)), make_(make) {}

  /// Does what a line says and returns the answer.
  std::string answer(const std::string& text) {
    std::istringstream line(text);
    const std::string command = word(line);
    if (command == "load") {
      const std::string name = word(line);
      data_.set(name, rest(line));
      return "ok 0";
    }
    if (command == "make") {
      const std::string learner = word(line);
      job_.reset();
      job_ = make_(learner, nlohmann::json::parse(rest(line)), data_, who_);
      return "ok";
    }
    if (job_ == nullptr) throw tutti::invalid_input(command + ": nothing was made");
    if (command == "run") {
      std::ostringstream out;
      out << "ok " << job_->run(word(line));
      return out.str();
    }
    if (command == "judge") {
      const std::string output = word(line);
      tutti::write_npy(std::filesystem::path(rest(line)), job_->judge(output));
      return "ok";
    }
    throw tutti::invalid_input("unknown command " + command);
  }

 private:
  workers who_;
  const job_maker& make_;
  data_set data_;
  std::unique_ptr<job> job_;
};

}  // namespace

void data_set::set(const std::string& name, const std::filesystem::path& file) {
  files_[name] = file;
  read_.erase(name);
}

const std::filesystem::path& data_set::file(const std::string& name) const {
  const auto found = files_.find(name);
  if (found == files_.end()) throw tutti::invalid_input("no array " + name + " was loaded");
  return found->second;
}

const tutti::matrix<float>& data_set::samples(const std::string& name) {
  const auto found = read_.find(name);
  return found != read_.end() ? found->second : read_.emplace(name, tutti::read_npy<float>(file(name))).first->second;
}

int serve(int argc, char** argv, const job_maker& make) {
  if (argc != 3) {
    std::cerr << "usage: " << argv[0] << " POLICY THREADS\n";
    return EXIT_FAILURE;
  }
  server commands({argv[1], std::atoi(argv[2])}, make);
  std::cout << "ready" << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    try {
      std::cout << commands.answer(line) << std::endl;
    } catch (const std::exception& e) {
      std::cout << "error " << e.what() << std::endl;
    }
  }
  return EXIT_SUCCESS;
}

}  // namespace tutti_runner
