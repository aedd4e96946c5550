#include "options.hpp"

#include <CLI/CLI.hpp>

namespace flamigo::load {

namespace {

constexpr const char* description
  = "Loads a server of the Flamigo protocol that answers app::bench:echo, "
    "app::bench:subscribe\nand app::bench:publish, such as "
    "flamigo-bench-server, and checks what it answers.\nExit status: 0 all is "
    "well, 1 something was wrong or lost, 2 wrong options.";

void add_common(CLI::App& app, options& out) {
  app.add_option("--host", out.host, "IPv4 address of the server")
    ->check(CLI::ValidIPV4)
    ->capture_default_str();
  app.add_option("--port", out.port, "its TCP port")
    ->check(CLI::Range(1, 65535))
    ->capture_default_str();
  app.add_option("--path", out.path, "path of its WebSocket endpoint")
    ->capture_default_str();
  app.add_option("--seconds", out.seconds, "time that is measured")
    ->check(CLI::Range(0.01, 3600.0))
    ->capture_default_str();
  app.add_option("--warmup", out.warmup, "seconds of load before that")
    ->check(CLI::Range(0.0, 3600.0))
    ->capture_default_str();
  app
    .add_option("--pid", out.pids,
                "process of the server, whose CPU time and memory are then "
                "reported; repeatable")
    ->allow_extra_args(false)
    ->check(CLI::PositiveNumber);
  app.add_option("--cpu", out.cpu, "processor to stay on")
    ->check(CLI::Range(0, 1023));
  app.add_flag("--json", out.json, "print one line of JSON, not a table");
}

CLI::App* add_mode(CLI::App& app, options& out, std::string name,
                   std::string text) {
  auto* mode = app.add_subcommand(std::move(name), std::move(text));
  mode->fallthrough();
  mode->add_option("--connections", out.connections, "open connections")
    ->check(CLI::Range(1, 1'000'000))
    ->capture_default_str();
  return mode;
}

void add_depth(CLI::App* mode, options& out) {
  mode
    ->add_option("--depth", out.depth,
                 "requests in flight of each connection that makes some")
    ->check(CLI::Range(1, 10'000))
    ->capture_default_str();
}

} // namespace

std::optional<options> read_options(int argc, char** argv, int& status) {
  options result;
  CLI::App app{description, "flamigo-load"};
  app.require_subcommand(1);
  add_common(app, result);
  add_depth(add_mode(app, result, "request", "requests, one reply each"),
            result);
  std::size_t publishers = 1;
  auto* fanout = add_mode(app, result, "fanout",
                          "events that each connection has to hear");
  add_depth(fanout, result);
  fanout
    ->add_option("--publishers", publishers,
                 "further connections, which publish")
    ->check(CLI::Range(1, 10'000))
    ->capture_default_str();
  fanout->add_flag("--lockstep", result.lockstep,
                   "publish only when all have heard the last event");
  add_mode(app, result, "idle", "memory of connections that do nothing")
    ->add_option(
      "--settle", result.settle,
      "seconds before memory is read; --seconds and --warmup have no "
      "meaning here")
    ->check(CLI::Range(0.0, 3600.0))
    ->capture_default_str();
  add_mode(app, result, "churn", "connect, one request, close, and again");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& err) {
    status = app.exit(err) == 0 ? 0 : 2;
    return std::nullopt;
  }
  result.mode = app.get_subcommands().front()->get_name();
  if (fanout->parsed())
    result.publishers = publishers;
  return result;
}

} // namespace flamigo::load
