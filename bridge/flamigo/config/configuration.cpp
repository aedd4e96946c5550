#include "flamigo/config/configuration.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <vector>

#include <caf/make_config_option.hpp>
#include <caf/thread_hook.hpp>

#include "flamigo/bus/detail/waiting.hpp"
#include "flamigo/config/detail/command_line.hpp"
#include "flamigo/config/detail/config_file.hpp"
#include "flamigo/config/detail/help_text.hpp"
#include "flamigo/config/detail/log_name_option.hpp"
#include "flamigo/config/detail/option_check.hpp"
#include "flamigo/config/detail/option_text.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/complaint.hpp"
#include "flamigo/wire/message_types.hpp"

namespace flamigo {

namespace {

std::string read_environment() {
  auto value = std::getenv("APP_ENV");
  return value != nullptr && *value != '\0' ? value : "development";
}

/// Marks the threads of CAF.
class actor_threads : public caf::thread_hook {
public:
  void init(caf::actor_system&) override {
    // Nothing to prepare.
  }

  void thread_started() override {
    detail::runs_actors();
  }

  void thread_terminates() override {
    // The mark ends with the thread.
  }
};

// A library that g++ has built fills the shared description of these types in
// part only, and trusts that the compiler has laid out the rest, which clang
// does not do: then the functions in it are null. Whoever asks first fills it,
// so a program of clang asks before main.
[[maybe_unused]] const bool option_types_are_complete
  = caf::detail::option_meta_state_instance<bool>() != nullptr
    && caf::detail::option_meta_state_instance<std::size_t>() != nullptr
    && caf::detail::option_meta_state_instance<caf::atom_value>() != nullptr;

} // namespace

// -- constructors -------------------------------------------------------------

configuration::configuration() : environment_(read_environment()) {
  // CAF would look for a file of its own in the working directory.
  config_file_path.clear();
  // CAF's global options describe what its own parser does; ours stand in for
  // them. The other one is deprecated and read by that parser only.
  caf::config_option_set native;
  for (auto& opt : custom_options_)
    if (opt.category() != "global"
        && opt.full_name() != "middleman.app-identifier")
      native.add(opt);
  custom_options_ = std::move(native);
  native_options_ = custom_options_.size();
  // CAF's default looks for work again and again, so that idle threads cost
  // CPU time, and connections that come and go twice as much as they must.
  set("scheduler.policy", caf::atom("sharing"));
  add_options();
  add_thread_hook<actor_threads>();
  init_message_types(*this);
}

void configuration::add_options() {
  opt_group{custom_options_, "global"}
    .add<bool>("help,h?", "print the options of this program and exit")
    .add<bool>("long-help", "print these and the options of CAF and exit")
    .add(list_strategies, "list-strategies",
         "print the strategies of this program and exit")
    .add(list_access, "list-access", "print who may call what and exit")
    .add(list_access_as, "list-access-as",
         "print what guest, user, or user:PERMISSION,... may call and exit")
    .add(print_contract, "contract",
         "print what this program promises its clients, as JSON, and exit")
    .add(config_file_path, "config-file",
         "configuration file; by default config/<APP_ENV>.conf if it exists")
    .add(log_level, "log-level",
         "lines below it are not logged: trace, debug, info, warning, error, "
         "off")
    .add(log_file, "log-file", "file that the log is appended to, not stderr")
    .add(log_format, "log-format",
         "how its lines look: text, or json for one object a line")
    .add(tracing.sample, "trace-sample",
         "share of the traces that are written, from 0 for none to 1 for all")
    .add(tracing.file, "trace-file",
         "file that traces are appended to; by default they go where the log "
         "goes")
    .add(tracing.service, "trace-service",
         "how traces name this program; by default as its executable is "
         "called");
  opt_group{custom_options_, "?server"}
    .add(server.host, "host", "address to listen on; 0.0.0.0 or :: for all")
    .add(server.port, "port", "TCP port to listen on; 0 for any that is free")
    .add(server.threads, "threads", "I/O threads; 0 for one each core")
    .add(server.path, "path", "path of the WebSocket endpoint")
    .add(server.max_connections, "max-connections",
         "open connections; more are answered with HTTP 503")
    .add(server.max_connections_per_address, "max-connections-per-address",
         "open connections of one address; more are answered with HTTP 429; 0 "
         "for any number")
    .add(server.max_accepts, "max-accepts",
         "connections that are accepted in a second; more are answered with "
         "HTTP 503; 0 for any number")
    .add(server.max_message_bytes, "max-message-bytes",
         "bytes in a message; a larger one closes with 1009")
    .add(server.max_header_bytes, "max-header-bytes",
         "bytes in the header of an HTTP request; more are refused with 431")
    .add(server.handshake_timeout, "handshake-timeout",
         "time for a new connection to send its HTTP request")
    .add(server.ping_interval, "ping-interval",
         "time without a frame after which a client is pinged")
    .add(server.pong_timeout, "pong-timeout",
         "time to answer a ping; then the client is closed with 3012")
    .add(server.max_backlog_bytes, "max-backlog-bytes",
         "bytes that may wait for a client; more close it with 3008")
    .add(server.backlog_timeout, "backlog-timeout",
         "time that a client may take nothing of what waits for it; then it is "
         "closed with 3008, or cut within an HTTP response")
    .add(server.close_timeout, "close-timeout",
         "time to answer a close frame; then the socket is closed")
    .add(server.drain_timeout, "drain-timeout",
         "time to finish after SIGTERM; then what is left is cut")
    .add(server.allowed_hosts, "allowed-hosts",
         "names that clients may reach the server by, such as example.org; "
         "others are refused with HTTP 421; any if empty")
    .add(server.allowed_origins, "allowed-origins",
         "origins of pages that may connect besides the server's own, such as "
         "https://example.org; * for any")
    .add(server.public_scheme, "public-scheme",
         "scheme that clients come by, http or https; auto for what a proxy "
         "says in X-Forwarded-Proto, else that of the port")
    .add(server.trusted_proxies, "trusted-proxies",
         "addresses and networks of proxies, such as 10.0.0.0/8, that say in "
         "X-Forwarded-For or Forwarded who the client is")
    .add(server.proxy_protocol, "proxy-protocol",
         "have each connection of these begin with a header of the PROXY "
         "protocol")
    .add(server.kept_headers, "kept-headers",
         "names of handshake headers that become part of the claims")
    .add(serve_contract, "serve-contract",
         "answer GET /contract.json with what --contract prints")
    .add(server.compression, "compression",
         "agree to permessage-deflate when a client offers it")
    .add(server.compression_context, "compression-context",
         "let compressed messages to a client build on those before: smaller, "
         "but 90 KB more a connection, and compressed for each client");
  auto& tls = server.tls;
  opt_group{custom_options_, "?tls"}
    .add(tls.certificates, "tls-certificates",
         "PEM files with a certificate and its chain each; with them the "
         "server speaks TLS, on a port of its own")
    .add(tls.keys, "tls-keys",
         "PEM files with their private keys, in the same order; if empty, each "
         "stands beside its certificate")
    .add(tls.port, "tls-port", "TCP port for TLS; 0 for any that is free")
    .add(tls.only, "tls-only", "listen for TLS only, on no plain port")
    .add(tls.redirect, "tls-redirect", "send plain requests to the port of TLS")
    .add(tls.public_port, "tls-public-port",
         "port that they are sent to; 0 for that of TLS")
    .add(tls.hsts, "tls-hsts",
         "time for which browsers are to come by TLS only; 0 says nothing")
    .add(tls.min_version, "tls-min-version",
         "the oldest version of TLS, 1.2 or 1.3")
    .add(tls.client_ca, "tls-client-ca",
         "PEM file with the authorities of clients, whose certificates become "
         "part of the claims")
    .add(tls.require_client_certificate, "tls-require-client-certificate",
         "refuse clients that show no certificate")
    .add(tls.max_handshakes, "tls-max-handshakes",
         "handshakes that are under way on an I/O thread; one more ends the "
         "oldest");
  opt_group{custom_options_, "?client"}
    .add(client.max_in_flight, "max-in-flight",
         "requests of a connection that wait for an answer; more are answered "
         "with 429")
    .add(client.max_refused, "max-refused",
         "answers 429 in a row; then the connection is closed with 3013")
    .add(client.message_rate, "message-rate",
         "messages of a connection a second; more are answered with 429; 0 for "
         "no limit")
    .add(client.message_burst, "message-burst",
         "of these, how many may come at once; 0 for those of a second")
    .add(client.user_message_rate, "user-message-rate",
         "messages of a user over all connections a second; 0 for no limit")
    .add(client.user_message_burst, "user-message-burst",
         "of these, how many may come at once; 0 for those of a second")
    .add(client.max_connections_per_user, "max-connections-per-user",
         "connections of a user; one more is answered with 429; 0 for no limit")
    .add(client.max_subscriptions, "max-subscriptions",
         "topic patterns, and strategies of its own, that a connection may "
         "have; one more is refused with 429")
    .add(client.max_queued, "max-queued",
         "messages from elsewhere that wait for a connection's actor; more "
         "close it with 3008")
    .add(client.request_timeout, "request-timeout",
         "time for a strategy to answer; then the answer is 504")
    .add(client.max_malformed, "max-malformed",
         "malformed messages in a row; then the connection is closed with 3501")
    .add(client.expose_traces, "expose-traces",
         "tell clients the traces of errors; for development only");
  opt_group{custom_options_, "?auth"}
    .add(auth.timeout, "auth-timeout",
         "time for a client to authenticate, where the program asks for that; "
         "then it is closed with 3502; 0 for no limit")
    .add(auth.max_bytes, "auth-max-bytes",
         "bytes of messages before a client has authenticated; more close it "
         "with 3013")
    .add(auth.max_messages, "auth-max-messages",
         "messages before a client has authenticated; more close it with 3013")
    .add(auth.expiry_grace, "auth-expiry-grace",
         "time to authenticate again when the proof has expired; then a client "
         "is closed with 3005")
    .add(auth.cookie, "auth-cookie",
         "cookie that carries the token of a client that connects; none if "
         "empty")
    .add(auth.guest_events, "auth-guest-events",
         "deliver the bus's events also to clients that have not "
         "authenticated");
  opt_group{custom_options_, "?api"}.add(
    api.keys_file, "api-keys-file",
    "file of the keys that the publishing API takes; no API if empty");
  opt_group{custom_options_, "?blocking"}
    .add(blocking.threads, "blocking-threads",
         "threads for what blocks, such as a database; started when needed")
    .add(blocking.max_queued, "blocking-max-queued",
         "functions that wait for such a thread; more are answered with 503");
  opt_group{custom_options_, "?channels"}
    .add(history.max_topics, "max-history-topics",
         "channels with a history and without a subscriber; of more, the one "
         "used least recently begins anew")
    .add(presence.interval, "presence-interval",
         "who has come and gone in a channel within this time is told "
         "together");
  opt_group{custom_options_, "?metrics"}
    .add(metrics.port, "metrics-port",
         "TCP port for GET /metrics, /livez and /readyz; 0 for none, and then "
         "nothing is counted")
    .add(metrics.address, "metrics-address",
         "address to listen on for that; who reaches it can read everything");
}

// -- loading ------------------------------------------------------------------

caf::error configuration::load(int argc, char** argv) {
  std::vector<std::string> args{argv + (argc > 0 ? 1 : 0), argv + argc};
  if (auto err = detail::check_names(custom_options_))
    return err;
  if (auto wanted = detail::help_wanted(args); wanted != detail::help::none) {
    detail::help_source source{argc > 0 ? argv[0] : "program", custom_options_,
                               native_options_, dump_content(),
                               wanted == detail::help::all};
    printout_ = detail::help_text(source);
    return {};
  }
  // What CAF is told is taken back on error: a program may want to make its
  // actor system all the same, to end in an orderly way.
  auto before = content;
  auto err = load_values(args);
  if (err)
    content = std::move(before);
  return err;
}

caf::error configuration::load_values(const std::vector<std::string>& args) {
  auto assignments = detail::parse_command_line(custom_options_, args);
  if (!assignments)
    return std::move(assignments.error());
  for (auto& x : *assignments)
    if (x.option->full_name() == "global.config-file")
      config_file_path = x.value;
  detail::option_places places;
  if (auto err = load_file(places))
    return err;
  for (auto& x : *assignments) {
    if (auto err = detail::assign(x, content))
      return err;
    places.erase(detail::option_name(*x.option));
  }
  auto err = check();
  if (!err)
    return {};
  // It begins with the name of the option.
  auto sentence = public_message(err);
  auto place = places.find(sentence.substr(0, sentence.find(' ')));
  return place == places.end() ? err
                               : detail::config_error(place->second + sentence);
}

caf::error configuration::load_file(
  std::map<std::string, std::string, std::less<>>& places) {
  namespace fs = std::filesystem;
  auto path = config_file_path;
  if (path.empty()) {
    if (!detail::is_file_name(environment_))
      return detail::config_error(
        "APP_ENV cannot be \"" + environment_
        + "\": it takes letters, digits, '-' and '_'");
    path = "config/" + environment_ + ".conf";
    std::error_code ignored;
    if (!fs::exists(path, ignored))
      return {};
  }
  return detail::load_config_file(path, custom_options_, content, places);
}

std::optional<int> configuration::load_or_report(int argc, char** argv) {
  auto err = load(argc, argv);
  if (!err && printout_.empty())
    err = open_log();
  if (err) {
    detail::complain(public_message(err));
    return 2;
  }
  if (printout_.empty())
    return std::nullopt;
  std::fputs(printout_.c_str(), stdout);
  return 0;
}

caf::error configuration::check() const {
  if (auto err = detail::check(server))
    return err;
  if (auto err = detail::check(server.tls))
    return err;
  if (auto err = detail::check(client))
    return err;
  if (auto err = detail::check(auth))
    return err;
  if (auto err = detail::check(blocking))
    return err;
  if (auto err = detail::check(history))
    return err;
  if (auto err = detail::check(presence))
    return err;
  if (auto err = detail::check(metrics))
    return err;
  if (auto err = detail::check(tracing))
    return err;
  // Else the program would serve as if nothing had been asked.
  if (auto who = caf::get_if<std::string>(&content, "list-access-as");
      who && who->empty())
    return detail::bad_value("--list-access-as", "",
                             "guest, user, or user:PERMISSION,...");
  return detail::check_scheduler(content);
}

caf::error configuration::open_log() const {
  log::set_level(log_level);
  log::set_format(log_format);
  if (!log_file.empty())
    if (auto err = log::open_file(log_file))
      return detail::bad_value("--log-file", log_file,
                               "a file that can be written: " + trace_of(err));
  if (!tracing.file.empty())
    if (auto err = log::open_trace_file(tracing.file))
      return detail::bad_value("--trace-file", tracing.file,
                               "a file that can be written: " + trace_of(err));
  return {};
}

} // namespace flamigo
