#pragma once

#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include <sys/socket.h>
#include <unistd.h>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include "flamigo/blocking/blocking_pool.hpp"
#include "flamigo/domain/domain_health.hpp"
#include "flamigo/http/detail/server_core.hpp"
#include "flamigo/http/detail/session.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/websocket/detail/websocket_endpoint.hpp"

namespace flamigo::test {

inline void require(bool condition) {
  if (!condition)
    std::abort();
}

/// The server without threads, and one client at a time. Made once, since every
/// input must leave it as it was.
class fuzz_server {
  struct config : caf::actor_system_config {
    config() {
      set("scheduler.policy", caf::atom("testing"));
    }
  };

  config cfg_;

public:
  fuzz_server()
    : scheduler(
      dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler())) {
    log::set_level(log::level::off);
  }

  /// Lets the I/O thread and the actors do all that there is to do.
  void settle() {
    while (loop.context().poll() + scheduler.run() > 0)
      loop.context().restart();
    loop.context().restart();
  }

  /// The client's end of a new connection.
  int connect() {
    int fds[2];
    require(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
    std::make_shared<detail::session>(core, loop, requests,
                                      detail::stream_socket{fds[0]},
                                      detail::request_peer{})
      ->start();
    return fds[1];
  }

  caf::actor_system system{cfg_};
  caf::scheduler::test_coordinator& scheduler;
  strategy_registry strategies;
  bus events{system};
  domain_health domains;
  blocking_pool pool;
  services application{system, strategies, events, domains, pool};
  roster watch{events};
  client_environment env{application, {}, watch.handle()};
  detail::server_core core{{}, {}, "fuzz:0"};
  detail::websocket_endpoint websocket{core, env};
  detail::io_thread loop{system, std::chrono::hours{1},
                         core.options.max_message_bytes};
  detail::request_runner requests{application, loop};
};

/// False when there is no room for a part of it, or nobody who reads.
inline bool send(int fd, std::string_view bytes) {
  return ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT)
         == static_cast<ssize_t>(bytes.size());
}

/// What has come.
inline std::string receive(int fd) {
  std::string result;
  char buffer[65536];
  for (ssize_t n; (n = ::recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT)) > 0;)
    result.append(buffer, static_cast<std::size_t>(n));
  return result;
}

} // namespace flamigo::test
