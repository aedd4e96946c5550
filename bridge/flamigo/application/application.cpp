#include "flamigo/application/application.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>

#include "flamigo/access/doors.hpp"
#include "flamigo/admin/detail/admin_view.hpp"
#include "flamigo/api/detail/api_service.hpp"
#include "flamigo/api/detail/key_store.hpp"
#include "flamigo/application/detail/await_actors.hpp"
#include "flamigo/application/detail/broken_pipes.hpp"
#include "flamigo/application/detail/hangup_signal.hpp"
#include "flamigo/application/detail/listing.hpp"
#include "flamigo/application/detail/monitor_options.hpp"
#include "flamigo/application/detail/start_failure.hpp"
#include "flamigo/application/detail/start_watch.hpp"
#include "flamigo/application/server.hpp"
#include "flamigo/blocking/blocking_pool.hpp"
#include "flamigo/channel/detail/history_stage.hpp"
#include "flamigo/client/auth_strategy.hpp"
#include "flamigo/client/cancel_strategy.hpp"
#include "flamigo/client/channel_strategies.hpp"
#include "flamigo/client/client_environment.hpp"
#include "flamigo/client/detail/recent_errors.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/history/memory_history.hpp"
#include "flamigo/io/detail/address.hpp"
#include "flamigo/log/detail/complaint.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/metrics/detail/metric_text.hpp"
#include "flamigo/metrics/metric_registry.hpp"
#include "flamigo/monitoring/detail/health_routes.hpp"
#include "flamigo/monitoring/detail/metrics_page.hpp"
#include "flamigo/presence/memory_presence.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/tracing/tracer.hpp"

namespace flamigo {

struct application::impl {
  explicit impl(std::unique_ptr<configuration> cfg)
    : config(std::move(cfg)), pool(config->blocking), system(*config),
      application{system,   strategies, events.emplace(system),
                  domains,  pool,       config->client.request_timeout,
                  &presence},
      presence(*events, config->presence), connections(*events),
      caller(application, config->client.request_timeout) {
    if (config->tracing.sample > 0)
      application.tracing = &tracing.emplace(config->tracing);
    add_cancel_strategy(strategies);
    add_channel_strategies(strategies);
  }

  ~impl() {
    // Who is told of an end has to be there when it comes: first those who
    // tell, then those who listen, then what carries it.
    connections.finish();
    detail::await_end(system, {connections.handle()});
    if (view)
      detail::await_end(system, {view->finish()});
    // Domains may rest on those that were hosted before, and all on this one.
    adopted.insert(adopted.begin(), caller.handle());
    detail::end_in_turn(system, adopted);
    // Actors that only the bus still knew end here.
    events->stop();
    if (view)
      view->stop();
    detail::await_others(system);
    // What they had begun may have something to say to CAF's threads.
    pool.stop();
  }

  /// What the program does is counted from now on, if somebody wants to know.
  void count() {
    if (!config->metrics.wanted() || metrics)
      return;
    metrics.emplace(strategies.numbered());
    events->count_in(*metrics);
    connections.count_in(*metrics);
  }

  /// Makes the live view, if there is a port for it and a key that opens it.
  void look_inside();

  /// Opens the port for metrics, if there is one.
  void start_monitor();

  /// Has events pass by what there is of stages.
  void pass_by_stages() {
    if (make_first)
      first_stage = make_first(*stage, *history);
    events->pass_by(first_stage ? *first_stage : *stage);
  }

  /// What a program that serves would not notice.
  void refuse_late(const std::string& what) const {
    if (serving)
      throw std::logic_error{what
                             + "(): the program serves already, say it before "
                               "start() or run()"};
  }

  /// What SIGHUP is for in this program.
  std::vector<detail::hangup_signal::action> on_hangup() const;

  // -- what actors refer to: there until the last of them has ended -----------

  std::unique_ptr<configuration> config;
  std::optional<int> exit_status;
  /// Where there is a port for it.
  std::optional<metric_registry> metrics;
  /// Where traces are recorded.
  std::optional<tracer> tracing;
  std::atomic<bool> draining = false;
  strategy_registry strategies;
  http_routes routes;
  channel_registry channels;
  contract_notes notes;
  std::optional<memory_history> history;
  std::optional<detail::history_stage> stage;
  stage_maker make_first;
  std::shared_ptr<event_stage> first_stage;
  std::shared_ptr<presence_engine> shared_presence;
  std::vector<readiness_check> checks;
  std::vector<detail::figures_source> figures;
  std::optional<flamigo::bus> events;
  domain_health domains;
  blocking_pool pool;
  open_hook on_open;
  std::optional<socket_io_options> socket_io;
  std::optional<sse_options> sse;
  std::optional<client_environment> env;
  /// With the execution units of the connections' actors.
  std::unique_ptr<server> serving;
  /// For the thread of the port for metrics, which begins before.
  std::atomic<server*> observed = nullptr;
  /// Where there is a live view.
  std::optional<detail::recent_errors> errors;
  std::optional<detail::admin_view> view;
  std::optional<client_environment> monitor_env;
  std::unique_ptr<server> monitor;

  // -- the actors -------------------------------------------------------------

  caf::actor_system system;
  flamigo::services application;
  memory_presence presence;
  bool needs_auth = false;
  std::shared_ptr<const authenticator> verifier;
  /// Of the publishing API; null while there is none.
  std::shared_ptr<detail::key_store> keys;
  roster connections;
  flamigo::backend caller;
  /// Supervisors of domain actors, and who verifies tokens.
  std::vector<caf::actor> adopted;
  boost::asio::io_context signals{1};
  /// Until it serves.
  std::optional<detail::start_watch> starting{std::in_place};
};

void application::impl::look_inside() {
  if (view || !metrics || !keys
      || !keys->now()->has_scope(detail::admin_view::scope))
    return;
  errors.emplace();
  view.emplace(detail::admin_sources{application, *metrics, connections,
                                     *errors, draining, keys});
}

void application::impl::start_monitor() {
  auto& options = config->metrics;
  if (!metrics)
    return;
  http_routes pages;
  detail::add_health_routes(pages, draining, domains, checks);
  detail::metrics_sources from{*metrics,
                               *events,
                               domains,
                               presence,
                               history ? &*history : nullptr,
                               [this]() -> std::size_t {
                                 auto* what = observed.load();
                                 return what != nullptr ? what->open() : 0;
                               },
                               figures};
  pages.handle("GET", "/metrics", [from](const http_request&) {
    return http_response{.content_type
                         = std::string{detail::metric_text::content_type},
                         .body = detail::metrics_page(from)};
  });
  monitor_env.emplace(
    client_environment{application, config->client, connections.handle()});
  auto serving_options = detail::monitor_options(options);
  if (view) {
    view->mount(pages);
    detail::add_view(serving_options, options, config->server);
  }
  // A thread of its own: it answers when all others are blocked.
  monitor = std::make_unique<server>(view ? view->environment() : *monitor_env,
                                     std::move(serving_options), pages);
  try {
    monitor->start();
  } catch (const std::system_error& e) {
    monitor = nullptr;
    throw detail::metrics_failure(options, e.code());
  }
  auto where = "http://" + detail::address_of(options.address, monitor->port());
  log::info("metrics on " + where + "/metrics");
  if (view)
    log::info("live view on " + where + "/admin/");
}

namespace {

/// Of those that there are.
std::string files_of_log() {
  if (log::file().empty())
    return "the trace file";
  return log::trace_file().empty() ? "the log file"
                                   : "the log file and the trace file";
}

void reopen_log() {
  if (auto err = log::reopen_file())
    log::error("SIGHUP: cannot open " + files_of_log()
               + " again, so the lines go where they went: " + trace_of(err));
  else
    log::info("SIGHUP: opened " + files_of_log() + " again");
}

void reload_certificates(server& which) {
  if (auto err = which.reload_certificates())
    log::error(public_message(err)
               + ". The certificates stay those that were read before");
  else
    log::info("tls: the certificates were read again on SIGHUP");
}

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

authentication auth_of(const strategy_registry& strategies,
                       const configuration& config) {
  authentication result{config.auth, auth_strategy_name(strategies)};
  auto found = strategies.find(result.strategy);
  if (found != nullptr && found->is_internal())
    throw std::logic_error{"the strategy \"" + result.strategy
                           + "\" is internal(), so that no client could "
                             "authenticate: give it another guard"};
  if (found == nullptr)
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

std::vector<detail::hangup_signal::action>
application::impl::on_hangup() const {
  std::vector<detail::hangup_signal::action> result;
  if (!log::file().empty() || !log::trace_file().empty())
    result.emplace_back(reopen_log);
  if (!config->server.tls.certificates.empty())
    result.emplace_back([this] {
      if (serving)
        flamigo::reload_certificates(*serving);
    });
  if (!config->api.keys_file.empty())
    result.emplace_back([this] {
      if (serving)
        keys->reload();
    });
  return result;
}

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

// -- before serving -----------------------------------------------------------

strategy_registry& application::strategies() noexcept {
  return impl_->strategies;
}

const channel& application::channel(std::string topics, validator guard,
                                    channel_options options) {
  auto& result = impl_->channels.add(std::move(topics), std::move(guard),
                                     std::move(options));
  if (impl_->channels.keeps() && !impl_->stage) {
    impl_->history.emplace(impl_->system, impl_->config->history);
    impl_->stage.emplace(impl_->channels, *impl_->history);
    impl_->pass_by_stages();
  }
  return result;
}

http_routes& application::http() noexcept {
  return impl_->routes;
}

void application::adopt(caf::actor what) {
  impl_->adopted.push_back(std::move(what));
}

caf::expected<domain_handle> application::find(std::string_view name) const {
  return impl_->domains.find(name);
}

void application::on_open(open_hook hook) {
  impl_->refuse_late("on_open");
  impl_->on_open = std::move(hook);
}

void application::socket_io(socket_io_options options) {
  impl_->refuse_late("socket_io");
  impl_->socket_io = std::move(options);
}

void application::sse(sse_options options) {
  impl_->refuse_late("sse");
  impl_->sse = std::move(options);
}

void application::http_only() {
  impl_->refuse_late("http_only");
  impl_->config->server.websocket = false;
}

void application::authenticate(const authenticator& who) {
  add_auth_strategy(impl_->strategies, who);
  impl_->verifier = std::make_shared<const authenticator>(who);
  // The strategy keeps it within reach, so it would never end by itself.
  if (auto service = who.service())
    adopt(std::move(service));
  authenticate();
}

void application::authenticate() {
  impl_->refuse_late("authenticate");
  impl_->needs_auth = true;
}

void application::ready_when(readiness_check what) {
  impl_->refuse_late("ready_when");
  impl_->checks.push_back(std::move(what));
}

// -- what several programs share ----------------------------------------------

void application::presence_by(std::shared_ptr<presence_engine> what) {
  impl_->refuse_late("presence_by");
  impl_->application.presence = what.get();
  impl_->shared_presence = std::move(what);
}

void application::pass_first(stage_maker make) {
  impl_->refuse_late("pass_first");
  impl_->make_first = std::move(make);
  if (impl_->stage)
    impl_->pass_by_stages();
}

void application::count_also(detail::figures_source what) {
  impl_->refuse_late("count_also");
  impl_->figures.push_back(std::move(what));
}

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
  return make_contract({impl_->strategies, impl_->channels, impl_->notes, all,
                        program_invocation_short_name,
                        impl_->config->server.path, impl_->needs_auth});
}

// -- serving ------------------------------------------------------------------

int application::run() {
  if (impl_->exit_status)
    return *impl_->exit_status;
  if (impl_->config->lists())
    return detail::print_listing(*this);
  // First, so that a signal finds them whatever is reached by then.
  boost::asio::signal_set stop_signals{impl_->signals, SIGINT, SIGTERM};
  stop_signals.async_wait([this](auto, int) { stop(); });
  detail::hangup_signal hangup{impl_->signals, impl_->on_hangup()};
  try {
    start();
  } catch (const std::exception& e) {
    detail::complain(e.what());
    return 2;
  }
  impl_->signals.run();
  log::info("shutting down: answering what is in flight");
  bool again = false;
  stop_signals.async_wait([&again](auto ec, int) { again = !ec; });
  shutdown([&] {
    impl_->signals.restart();
    impl_->signals.poll();
    return again;
  });
  return 0;
}

void application::stop() {
  impl_->signals.stop();
}

void application::start() {
  if (impl_->serving)
    throw std::logic_error{"an application serves once; make another one"};
  impl_->env.emplace(
    client_environment{impl_->application, impl_->config->client,
                       impl_->connections.handle(), impl_->on_open});
  impl_->channels.check(impl_->strategies);
  impl_->env->channels = &impl_->channels;
  if (impl_->history)
    impl_->env->history = &*impl_->history;
  if (impl_->needs_auth)
    impl_->env->auth = auth_of(impl_->strategies, *impl_->config);
  if (impl_->env->auth)
    impl_->env->auth->verifier = impl_->verifier;
  for (auto& pattern : impl_->strategies.idle_arounds())
    log::warn("around(\"" + pattern + "\") wraps none of the strategies");
  mount_api();
  if (impl_->config->serve_contract)
    impl_->routes.get("/contract.json", {.content_type = "application/json",
                                         .body = contract_text()});
  impl_->routes.bind(impl_->strategies, impl_->needs_auth);
  impl_->count();
  if (impl_->metrics)
    impl_->env->metrics = &*impl_->metrics;
  impl_->look_inside();
  if (impl_->errors)
    impl_->env->errors = &*impl_->errors;
  auto routes = impl_->routes;
  detail::add_health_routes(routes, impl_->draining, impl_->domains,
                            impl_->checks);
  auto made = std::make_unique<server>(*impl_->env, impl_->config->server,
                                       std::move(routes), impl_->socket_io,
                                       impl_->sse);
  impl_->start_monitor();
  try {
    made->start();
  } catch (...) {
    impl_->monitor = nullptr;
    throw;
  }
  log::info("listening on " + made->title());
  impl_->serving = std::move(made);
  impl_->observed = impl_->serving.get();
  // Not before: what has not started may be corrected, and started again.
  impl_->strategies.seal();
  impl_->channels.seal();
  impl_->routes.seal();
  impl_->connections.run_on(impl_->serving->unit());
  impl_->starting.reset();
}

void application::mount_api() {
  auto& file = impl_->config->api.keys_file;
  if (file.empty())
    return;
  // What has not started may be started again.
  auto keys = impl_->keys ? impl_->keys
                          : std::make_shared<detail::key_store>(file);
  if (auto err = keys->load())
    throw std::runtime_error{public_message(err)};
  if (!std::exchange(impl_->keys, keys))
    detail::api_service::mount(impl_->routes,
                               {impl_->connections, impl_->channels,
                                impl_->env->history, impl_->domains},
                               keys);
}

void application::shutdown() {
  shutdown({});
}

void application::shutdown(const std::function<bool()>& cut_short) {
  impl_->draining = true;
  if (impl_->serving)
    impl_->serving->stop(cut_short);
  // Last, so that it says what goes on until then.
  if (impl_->monitor)
    impl_->monitor->stop(cut_short);
}

std::uint16_t application::port() const {
  return impl_->serving ? impl_->serving->port() : 0;
}

std::uint16_t application::tls_port() const {
  return impl_->serving ? impl_->serving->tls_port() : 0;
}

caf::error application::reload_certificates() {
  return impl_->serving ? impl_->serving->reload_certificates() : caf::error{};
}

std::uint16_t application::metrics_port() const {
  return impl_->monitor ? impl_->monitor->port() : 0;
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
