#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include <boost/asio/post.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include "flamigo/blocking/blocking_pool.hpp"
#include "flamigo/bus/bus.hpp"
#include "flamigo/channel/channel_registry.hpp"
#include "flamigo/channel/detail/history_stage.hpp"
#include "flamigo/client/channel_strategies.hpp"
#include "flamigo/client/client_environment.hpp"
#include "flamigo/domain/domain_health.hpp"
#include "flamigo/history/memory_history.hpp"
#include "flamigo/http/detail/server_core.hpp"
#include "flamigo/http/detail/session.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/presence/memory_presence.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/websocket/detail/websocket_endpoint.hpp"
#include "support/quiet_log.hpp"
#include "support/socket_pair.hpp"

namespace flamigo::test {

/// A server with channels on threads of its own, which takes pairs of sockets.
/// Declare channels and strategies before somebody comes, and let all peers go
/// before it ends. Of those who come and go nothing is logged meanwhile.
class threaded_host {
public:
  explicit threaded_host(std::size_t threads) {
    add_channel_strategies(strategies);
    history.emplace(system);
    stage.emplace(channels, *history);
    events->pass_by(*stage);
    env.channels = &channels;
    env.history = &*history;
    services.presence = &presence;
    for (std::size_t i = 0; i < threads; ++i) {
      auto& loop = loops.emplace_back(std::make_unique<detail::io_thread>(
        system, std::chrono::hours{1}, 65'536));
      runners.push_back(
        std::make_unique<detail::request_runner>(services, *loop));
    }
    for (auto& loop : loops)
      running.emplace_back([&loop = *loop] { loop.run(); });
  }

  threaded_host(const threaded_host&) = delete;

  threaded_host& operator=(const threaded_host&) = delete;

  ~threaded_host() {
    while (core.open > 0)
      std::this_thread::yield();
    for (auto& loop : loops)
      detail::net::post(loop->context(), [&loop = *loop] { loop.stop(); });
    for (auto& x : running)
      x.join();
    for (auto& x : loops)
      x->retire();
    watch.finish();
  }

  void accept(const socket_pair& peer) {
    auto i = accepted++ % loops.size();
    detail::net::post(loops[i]->context(), [this, i, fd = peer.server_end()] {
      loops[i]->turn([&] {
        std::make_shared<detail::session>(core, *loops[i], *runners[i],
                                          detail::stream_socket{fd},
                                          detail::request_peer{})
          ->start();
      });
    });
  }

  quiet_log silence;
  std::atomic<std::size_t> accepted = 0;
  strategy_registry strategies;
  channel_registry channels;
  std::optional<memory_history> history;
  std::optional<detail::history_stage> stage;
  std::optional<bus> events;
  domain_health domains;
  blocking_pool pool;
  // There until the last actor has ended.
  std::vector<std::unique_ptr<detail::io_thread>> loops;
  std::vector<std::unique_ptr<detail::request_runner>> runners;
  std::optional<client_environment> made;
  caf::actor_system_config config;
  caf::actor_system system{config};
  flamigo::services services{system, strategies, events.emplace(system),
                             domains, pool};
  memory_presence presence{*events, {std::chrono::milliseconds{2}}};
  roster watch{*events};
  client_environment& env
    = made.emplace(client_environment{services, {}, watch.handle()});
  detail::server_core core{{}, {}, "test:0"};
  detail::websocket_endpoint websocket{core, env};
  std::vector<std::thread> running;
};

} // namespace flamigo::test
