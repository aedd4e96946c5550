#include "options.hpp"

#include <filesystem>

#include <CLI/CLI.hpp>

#include "torment.hpp"

namespace flamigo::soak {

namespace {

constexpr const char* description
  = "Torments a server with clients that are well, ill and hostile, and counts "
    "whether each\npromise is kept: every request answered once and in order, "
    "every event heard once and\nin order, every beginning and end of a "
    "connection told once, memory and descriptors\ngiven back, an end in time "
    "after SIGTERM.\nExit status: 0 all is well, 1 a promise was broken, 2 "
    "wrong options.";

std::string names() {
  std::string result;
  for (auto& x : torments())
    result += (result.empty() ? "" : ", ") + std::string{x.name};
  return result;
}

std::set<std::string> known() {
  std::set<std::string> result;
  for (auto& x : torments())
    result.emplace(x.name);
  return result;
}

} // namespace

std::optional<options> read_options(int argc, char** argv, int& status) {
  options result;
  result.server
    = std::filesystem::path{argv[0]}.replace_filename("flamigo-soak-server");
  CLI::App app{description, "flamigo-soak"};
  app.footer("Torments: " + names());
  app.add_option("--server", result.server, "the program to torment")
    ->check(CLI::ExistingFile)
    ->capture_default_str();
  app.add_option("--threads", result.threads, "its I/O threads")
    ->check(CLI::Range(1, 64))
    ->capture_default_str();
  app.add_option("--seconds", result.seconds, "time that it all takes, or so")
    ->check(CLI::Range(10.0, 86'400.0))
    ->capture_default_str();
  app
    .add_option("--lives", result.lives,
                "how often in that time the server is started and ended")
    ->check(CLI::Range(1, 1000))
    ->capture_default_str();
  app
    .add_option("--connections", result.connections,
                "connections that come and go all the time")
    ->check(CLI::Range(1, 10'000))
    ->capture_default_str();
  app
    .add_option("--seed", result.seed,
                "for what they do; when, is up to the machine")
    ->capture_default_str();
  app
    .add_option("--kept-memory", result.kept_memory,
                "MiB that the server may keep in the end")
    ->capture_default_str();
  app
    .add_option("--peak-memory", result.peak_memory,
                "MiB that it may need meanwhile, at 100 connections")
    ->capture_default_str();
  app.add_option("--only", result.only, "torments to choose from")
    ->delimiter(',')
    ->check(CLI::IsMember(known()));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& err) {
    status = app.exit(err) == 0 ? 0 : 2;
    return std::nullopt;
  }
  return result;
}

} // namespace flamigo::soak
