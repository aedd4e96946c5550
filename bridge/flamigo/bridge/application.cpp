#include "flamigo/bridge/application.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>

#include <caf/send.hpp>

#include "flamigo/actors/client_environment.hpp"
#include "flamigo/actors/roster.hpp"
#include "flamigo/bridge/detail/strategy_table.hpp"
#include "flamigo/bridge/server.hpp"
#include "flamigo/error.hpp"
#include "flamigo/log.hpp"

namespace flamigo {

struct application::impl {
  explicit impl(std::unique_ptr<configuration> cfg)
    : config(std::move(cfg)),
      system(*config), application{system, strategies, events.emplace(system)},
      connections(*events),
      caller(application, config->client.request_timeout) {
  }

  ~impl() {
    for (auto& actor : adopted)
      caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(connections.handle(), caf::exit_reason::user_shutdown);
    caf::anon_send_exit(caller.handle(), caf::exit_reason::user_shutdown);
    // Actors that only the bus still knew end here.
    events->stop();
  }

  std::unique_ptr<configuration> config;
  std::optional<int> exit_status;
  strategy_registry strategies;
  http_routes routes;
  // Made after the system, but there until the last actor has ended.
  std::optional<flamigo::bus> events;
  caf::actor_system system;
  flamigo::services application;
  std::function<void(client&)> on_open;
  bool needs_auth = false;
  roster connections;
  flamigo::backend caller;
  /// Supervisors of domain actors, and who verifies tokens.
  std::vector<caf::actor> adopted;
  std::optional<client_environment> env;
  std::unique_ptr<server> serving;
  boost::asio::io_context signals{1};
};

namespace {

std::unique_ptr<configuration> load(int argc, char** argv,
                                    std::optional<int>& exit_status) {
  auto result = std::make_unique<configuration>();
  exit_status = result->load_or_report(argc, argv);
  return result;
}

/// For a configuration that nobody has checked yet.
std::optional<int> report(const configuration& config) {
  auto err = config.check();
  if (!err)
    err = config.open_log();
  if (!err)
    return std::nullopt;
  std::fprintf(stderr, "%s\n", public_message(err).c_str());
  return 2;
}

authentication auth_of(const strategy_registry& strategies,
                       const configuration& config) {
  authentication result{config.auth, auth_strategy_name(strategies)};
  if (strategies.find(result.strategy) == nullptr)
    throw std::logic_error{"authentication is switched on, but there is no "
                           "strategy \""
                           + result.strategy
                           + "\": register it, or give authenticate() what "
                             "verifies a token"};
  auto& origins = config.server.allowed_origins;
  if (!result.options.cookie.empty()
      && std::find(origins.begin(), origins.end(), "*") != origins.end())
    log::warn("pages of any origin may connect, and a cookie authenticates: "
              "any page can act as the users who visit it");
  return result;
}

} // namespace

// -- construction -------------------------------------------------------------

application::application(int argc, char** argv) {
  std::optional<int> exit_status;
  auto config = load(argc, argv, exit_status);
  impl_ = std::make_unique<impl>(std::move(config));
  impl_->exit_status = exit_status;
}

application::application(std::unique_ptr<configuration> config) {
  auto exit_status = report(*config);
  impl_ = std::make_unique<impl>(std::move(config));
  impl_->exit_status = exit_status;
}

application::~application() {
  if (impl_)
    shutdown();
}

// -- before serving -----------------------------------------------------------

strategy_registry& application::strategies() noexcept {
  return impl_->strategies;
}

http_routes& application::http() noexcept {
  return impl_->routes;
}

void application::adopt(caf::actor what) {
  impl_->adopted.push_back(std::move(what));
}

void application::on_open(std::function<void(client&)> hook) {
  impl_->on_open = std::move(hook);
}

void application::http_only() {
  impl_->config->server.websocket = false;
}

void application::authenticate(const authenticator& who) {
  who.add_strategy(impl_->strategies);
  // The strategy keeps it within reach, so it would never end by itself.
  if (auto service = who.service())
    adopt(std::move(service));
  authenticate();
}

void application::authenticate() {
  impl_->needs_auth = true;
}

// -- serving ------------------------------------------------------------------

int application::run() {
  if (impl_->exit_status)
    return *impl_->exit_status;
  if (impl_->config->list_strategies) {
    auto table = detail::strategy_table(impl_->strategies.list());
    std::fputs(table.c_str(), stdout);
    return 0;
  }
  try {
    start();
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 2;
  }
  boost::asio::signal_set stop_signals{impl_->signals, SIGINT, SIGTERM};
  stop_signals.async_wait([](auto, int) {});
  impl_->signals.run();
  log::info("shutting down: answering what is in flight");
  shutdown();
  return 0;
}

void application::stop() {
  impl_->signals.stop();
}

void application::start() {
  impl_->env.emplace(
    client_environment{impl_->application, impl_->config->client,
                       impl_->connections.handle(), impl_->on_open});
  if (impl_->needs_auth)
    impl_->env->auth = auth_of(impl_->strategies, *impl_->config);
  impl_->serving = std::make_unique<server>(*impl_->env, impl_->config->server,
                                            impl_->routes);
  impl_->serving->start();
  impl_->connections.run_on(impl_->serving->unit());
}

void application::shutdown() {
  impl_->connections.run_on(nullptr);
  if (impl_->serving)
    impl_->serving->stop();
  impl_->serving = nullptr;
}

std::uint16_t application::port() const {
  return impl_->serving ? impl_->serving->port() : 0;
}

// -- the rest of the program --------------------------------------------------

caf::actor_system& application::system() noexcept {
  return impl_->system;
}

const configuration& application::config() const noexcept {
  return *impl_->config;
}

const bus& application::bus() const noexcept {
  return *impl_->events;
}

const services& application::services() const noexcept {
  return impl_->application;
}

const backend& application::backend() const noexcept {
  return impl_->caller;
}

const roster& application::connections() const noexcept {
  return impl_->connections;
}

} // namespace flamigo
