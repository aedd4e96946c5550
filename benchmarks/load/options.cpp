#include "options.hpp"

#include <CLI/CLI.hpp>

#include "flamigo/json/json.hpp"

namespace flamigo::load {

namespace {

constexpr const char* description
  = "Loads a server of the Flamigo protocol, and checks what it answers: one "
    "of "
    "yours, with --topic\nand --payload, or flamigo-bench-server, which "
    "answers "
    "app::bench:echo and, for fanout,\napp::bench:subscribe and "
    "app::bench:publish; with --channels, for recover and presence too."
    "\nExit status: 0 all is well, 1 something was wrong or "
    "lost, 2 wrong options.";

std::string check_json(const std::string& text) {
  return is_json(text) ? std::string{}
                       : "is no JSON; a text has quotes, as in '\"Ada\"'";
}

std::string check_topic(const std::string& text) {
  return text.find_first_of("\"\\\n") == text.npos
           ? std::string{}
           : "is a strategy's name, such as app::orders:list";
}

std::string check_token(const std::string& text) {
  return text.find_first_of(" \t\r\n") == text.npos ? std::string{}
                                                    : "has no blanks in it";
}

void add_common(CLI::App& app, options& out) {
  app.add_option("--host", out.host, "IPv4 address of the server")
    ->check(CLI::ValidIPV4)
    ->capture_default_str();
  app.add_option("--port", out.port, "its TCP port")
    ->check(CLI::Range(1, 65535))
    ->capture_default_str();
  app.add_option("--path", out.path, "path of its WebSocket endpoint")
    ->capture_default_str();
  auto* tls = app.add_flag("--tls", out.tls, "speak TLS");
  app
    .add_option("--tls-ca", out.tls_ca,
                "PEM file with the authorities that the certificate may be of; "
                "without it, any is taken")
    ->check(CLI::ExistingFile)
    ->needs(tls);
  app
    .add_option("--token", out.tokens,
                "shown when connecting, as Authorization: Bearer; repeatable, "
                "for connections of several users")
    ->allow_extra_args(false)
    ->check(check_token);
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

void add_question(CLI::App* mode, options& out) {
  auto* topic = mode->add_option("--topic", out.topic,
                                 "strategy to call, instead of the echo");
  topic->check(check_topic);
  mode->add_option("--payload", out.payload, "its payload, as JSON")
    ->check(check_json)
    ->needs(topic)
    ->capture_default_str();
}

} // namespace

std::optional<options> read_options(int argc, char** argv, int& status) {
  options result;
  CLI::App app{description, "flamigo-load"};
  app.require_subcommand(1);
  add_common(app, result);
  auto* request = add_mode(app, result, "request", "requests, one reply each");
  add_depth(request, result);
  add_question(request, result);
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
  auto* recover = add_mode(
    app, result, "recover",
    "connections that come back all at once, beside the same as plain events");
  recover->add_option("--events", result.events, "that each of them has missed")
    ->check(CLI::Range(1, 1'000))
    ->capture_default_str();
  std::size_t observers = 100;
  auto* presence = add_mode(
    app, result, "presence",
    "connections that join within a second, beside the same as plain events");
  presence
    ->add_option("--observers", observers,
                 "further connections, which see who joins")
    ->check(CLI::Range(1, 100'000))
    ->capture_default_str();
  presence->add_flag("--everybody", result.everybody,
                     "those who join see it as well");
  auto* idle = add_mode(app, result, "idle",
                        "memory and CPU time of connections that do nothing");
  add_question(idle, result);
  idle
    ->add_option(
      "--settle", result.settle,
      "quiet seconds before memory is read; --seconds and --warmup have no "
      "meaning here")
    ->check(CLI::Range(0.0, 3600.0))
    ->capture_default_str();
  auto* churn = add_mode(app, result, "churn",
                         "connect, one request, close, and again");
  add_question(churn, result);
  churn
    ->add_flag("--tls-resume", result.tls_resume,
               "go on with the TLS session of the connection before; one that "
               "the server does not take is an error")
    ->needs(app.get_option("--tls"));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& err) {
    status = app.exit(err) == 0 ? 0 : 2;
    return std::nullopt;
  }
  result.mode = app.get_subcommands().front()->get_name();
  if (fanout->parsed())
    result.publishers = publishers;
  if (recover->parsed())
    result.publishers = 1;
  if (presence->parsed())
    result.observers = observers;
  return result;
}

} // namespace flamigo::load
