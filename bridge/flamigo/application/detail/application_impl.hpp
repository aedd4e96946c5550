#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "flamigo/admin/detail/admin_view.hpp"
#include "flamigo/api/detail/key_store.hpp"
#include "flamigo/application/application.hpp"
#include "flamigo/application/detail/await_actors.hpp"
#include "flamigo/application/detail/hangup_signal.hpp"
#include "flamigo/application/detail/start_watch.hpp"
#include "flamigo/application/server.hpp"
#include "flamigo/blocking/blocking_pool.hpp"
#include "flamigo/channel/detail/history_stage.hpp"
#include "flamigo/client/cancel_strategy.hpp"
#include "flamigo/client/channel_strategies.hpp"
#include "flamigo/client/client_environment.hpp"
#include "flamigo/client/detail/recent_errors.hpp"
#include "flamigo/history/memory_history.hpp"
#include "flamigo/metrics/metric_registry.hpp"
#include "flamigo/presence/memory_presence.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/tracing/tracer.hpp"

namespace flamigo {

/// What an application consists of, in the order in which it has to end.
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

} // namespace flamigo
