#include "flamigo/application/application.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "flamigo/access/doors.hpp"
#include "flamigo/application/detail/application_impl.hpp"
#include "flamigo/application/detail/broken_pipes.hpp"
#include "flamigo/client/auth_strategy.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/complaint.hpp"

namespace flamigo {

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
  detail::complain(public_message(err));
  return 2;
}

/// What the program itself has declared stays as it is.
void add_error(contract_notes& to, const std::string& strategy,
               declared_error what) {
  auto known = to.errors().find(strategy);
  if (known == to.errors().end()
      || std::none_of(known->second.begin(), known->second.end(),
                      [&](auto& each) { return each.code == what.code; }))
    to.error(strategy, std::move(what));
}

void add_error(contract_notes& to, const std::string& strategy, errc code,
               std::string about) {
  add_error(to, strategy, {status_of(code), to_string(code), std::move(about)});
}

/// What clients get who ask for a channel.
void add_channel_errors(contract_notes& to, const strategy_registry& strategies,
                        const channel_registry& channels) {
  auto subscribe = strategies.name_of("websocket:subscribe");
  for (auto& name : {subscribe, strategies.name_of("websocket:presence")}) {
    add_error(to, name, errc::unknown_channel, "There is no such channel.");
    add_error(to, name, errc::unauthorized, "The channel is not for guests.");
    add_error(to, name, errc::forbidden, "Its guard or its check says no.");
    add_error(to, name, errc::timeout, "There was no answer in time.");
  }
  add_error(to, subscribe, errc::too_many_requests,
            "The client has too many subscriptions.");
  add_error(to, subscribe, errc::cancelled,
            "The subscription has ended meanwhile.");
  add_error(to, subscribe, errc::unavailable,
            "The channel's history cannot be read now.");
  channels.for_each([&](const channel& each) {
    auto joining = to.errors().find(each.options().join);
    if (joining != to.errors().end())
      for (auto& what : joining->second)
        add_error(to, subscribe, what);
  });
}

/// What clients get who prove who they are, be it to an actor.
void add_auth_errors(contract_notes& to, const std::string& strategy,
                     const authenticator& by) {
  add_error(to, strategy, errc::unauthorized,
            "The token is refused, or has expired.");
  add_error(to, strategy, errc::conflict,
            "The connection is another user's, or was signed out meanwhile.");
  add_error(to, strategy, errc::too_many_requests,
            "The user has too many connections, or is authenticating already.");
  if (!by.service())
    return;
  add_error(to, strategy, errc::unavailable, "Nobody can verify it now.");
  add_error(to, strategy, errc::timeout, "There was no answer in time.");
}

} // namespace

// -- construction -------------------------------------------------------------

application::application(int argc, char** argv) {
  detail::survive_broken_pipes();
  std::optional<int> exit_status;
  auto config = load(argc, argv, exit_status);
  assemble(std::move(config));
  impl_->exit_status = exit_status;
}

application::application(std::unique_ptr<configuration> config) {
  detail::survive_broken_pipes();
  auto exit_status = report(*config);
  assemble(std::move(config));
  impl_->exit_status = exit_status;
}

void application::assemble(std::unique_ptr<configuration> config) {
  try {
    impl_ = std::make_unique<impl>(std::move(config));
  } catch (const std::exception& e) {
    // Nothing that the program does with it afterwards could work. There may be
    // no memory.
    char sentence[512];
    std::snprintf(sentence, sizeof(sentence),
                  "cannot start: %s; raise the limits of this process "
                  "(ulimit -n, -u, -v) or choose fewer threads",
                  e.what());
    detail::complain(sentence);
    std::exit(2);
  }
}

application::~application() {
  if (impl_)
    shutdown();
}

// -- what it tells of itself --------------------------------------------------

std::vector<door> application::doors() const {
  auto auth = impl_->needs_auth ? auth_strategy_name(impl_->strategies)
                                : std::string{};
  auto result = doors_of(impl_->strategies, auth);
  auto channels = doors_of(impl_->channels, impl_->strategies, auth);
  result.insert(result.end(), channels.begin(), channels.end());
  auto routes = impl_->routes;
  routes.bind(impl_->strategies, impl_->needs_auth);
  auto http = routes.doors(impl_->strategies, impl_->needs_auth);
  auto is_served = [&](const door& what) {
    return std::any_of(http.begin(), http.end(),
                       [&](auto& by) { return by.strategy == what.name; });
  };
  if (!impl_->config->server.websocket && !impl_->socket_io && !impl_->sse)
    for (auto& each : result)
      if (!is_served(each))
        each.guard = internal();
  for (auto& each : http)
    if (each.name.find(" /api/v1/") != std::string::npos)
      each.also = "its API key";
  result.insert(result.end(), http.begin(), http.end());
  return result;
}

const channel_registry& application::channels() const noexcept {
  return impl_->channels;
}

contract_notes& application::contract() noexcept {
  return impl_->notes;
}

std::string application::contract_text() const {
  auto all = doors();
  auto notes = impl_->notes;
  add_channel_errors(notes, impl_->strategies, impl_->channels);
  if (impl_->verifier)
    add_auth_errors(notes, auth_strategy_name(impl_->strategies),
                    *impl_->verifier);
  return make_contract({impl_->strategies, impl_->channels, notes, all,
                        program_invocation_short_name,
                        impl_->config->server.path, impl_->needs_auth});
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

const domain_health& application::domains() const noexcept {
  return impl_->domains;
}

const services& application::services() const noexcept {
  return impl_->application;
}

presence_engine& application::presence() const noexcept {
  return *impl_->application.presence;
}

const backend& application::backend() const noexcept {
  return impl_->caller;
}

const roster& application::connections() const noexcept {
  return impl_->connections;
}

} // namespace flamigo
