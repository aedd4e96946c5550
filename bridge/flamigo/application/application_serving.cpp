// How an application serves, and stops.

#include <algorithm>
#include <csignal>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <boost/asio/signal_set.hpp>

#include "flamigo/api/detail/api_service.hpp"
#include "flamigo/application/application.hpp"
#include "flamigo/application/detail/application_impl.hpp"
#include "flamigo/application/detail/listing.hpp"
#include "flamigo/application/detail/monitor_options.hpp"
#include "flamigo/application/detail/start_failure.hpp"
#include "flamigo/client/auth_strategy.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/io/detail/address.hpp"
#include "flamigo/log/detail/complaint.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/metrics/detail/metric_text.hpp"
#include "flamigo/monitoring/detail/health_routes.hpp"
#include "flamigo/monitoring/detail/metrics_page.hpp"

namespace flamigo {

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

// -- what others see of it ----------------------------------------------------

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

} // namespace flamigo
