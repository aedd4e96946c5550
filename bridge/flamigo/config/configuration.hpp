#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <caf/actor_system_config.hpp>

#include "flamigo/api/api_options.hpp"
#include "flamigo/auth/auth_options.hpp"
#include "flamigo/blocking/blocking_options.hpp"
#include "flamigo/client/client_options.hpp"
#include "flamigo/history/memory_history_options.hpp"
#include "flamigo/http/server_options.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/monitoring/metrics_options.hpp"
#include "flamigo/presence/memory_presence_options.hpp"
#include "flamigo/tracing/tracing_options.hpp"

namespace flamigo {

/// The configuration of a Flamigo program: CAF's own, with our options in it.
/// For the thread that makes the actor system; read-only from then on.
///
/// Each option has the default that its member has. It is set, in this order,
/// in C++ (assign the member before `load`), in a configuration file and on the
/// command line:
///
///     server { port = 9000 }        ; in the file; or [server] and port = 9000
///     --port 9000                   # or --port=9000, or --server.port=9000
///
/// The file is the one that `--config-file` or the member `config_file_path`
/// names, or else `config/<environment>.conf` if there is one. Anything in it
/// that no option is for is refused.
///
/// An application adds options of its own as with CAF: it derives a class
/// whose constructor calls `opt_group{custom_options_, "chat"}.add(...)`. A
/// category that begins with `?` makes `--size` do as well as `--chat.size`.
class configuration : public caf::actor_system_config {
public:
  // -- constructors -----------------------------------------------------------

  configuration();

  /// Options refer to members, so a configuration stays where it is.
  configuration(configuration&&) = delete;

  // -- options ----------------------------------------------------------------

  /// Section `server`.
  server_options server;

  /// Section `client`.
  client_options client;

  /// Section `auth`.
  auth_options auth;

  /// Section `blocking`.
  blocking_options blocking;

  /// Section `channels`, what was published in them.
  memory_history_options history;

  /// The same section, who is in them.
  memory_presence_options presence;

  /// Section `api`.
  api_options api;
  /// Section `metrics`.
  metrics_options metrics;

  /// Lines below it are not logged.
  log::level log_level = log::level::info;

  /// File that the log is appended to; empty means stderr.
  std::string log_file;

  /// How its lines look.
  log::format log_format = log::format::text;

  /// What is recorded of traces.
  tracing_options tracing;

  /// Whether `application::run` only prints the strategies. On the command line
  /// only.
  bool list_strategies = false;

  /// The same for who may call what.
  bool list_access = false;

  /// The same for what somebody reaches, such as `user:chat:moderate`.
  std::string list_access_as;

  /// The same for its contract.
  bool print_contract = false;

  /// Whether `GET /contract.json` gives the contract to everybody.
  bool serve_contract = false;

  /// Whether it only prints one of these.
  bool lists() const noexcept {
    return print_contract || list_strategies || list_access
           || !list_access_as.empty();
  }

  // -- loading ----------------------------------------------------------------

  /// Reads the configuration file and the command line, and checks the result.
  /// The `public_message` of an error is one sentence that names the option,
  /// its value and what is allowed.
  caf::error load(int argc, char** argv);

  /// Loads, sets up the log, and prints what there is to say: a text that was
  /// asked for on stdout, an error on stderr. Returns the status to exit with
  /// (0, or 2 for an error), or nothing if the program should go on.
  std::optional<int> load_or_report(int argc, char** argv);

  /// Tells whether the values make sense, wherever they came from.
  caf::error check() const;

  /// Sets the level, the format and the file of the log, and the file of the
  /// trace, to what is configured here.
  caf::error open_log() const;

  // -- properties -------------------------------------------------------------

  /// What `--help` or `--long-help` asked for. If this is not empty, nothing
  /// else was read: print it and exit with 0.
  const std::string& printout() const noexcept {
    return printout_;
  }

  /// The value of the environment variable APP_ENV when the configuration was
  /// made, or else "development".
  const std::string& environment() const noexcept {
    return environment_;
  }

private:
  void add_options();

  caf::error load_values(const std::vector<std::string>& args);

  /// Tells where each option of the file stands, by its name.
  caf::error load_file(std::map<std::string, std::string, std::less<>>& places);

  std::string environment_;
  std::string printout_;
  /// How many options CAF has brought itself.
  std::size_t native_options_ = 0;
};

} // namespace flamigo
