#pragma once

#include <chrono>
#include <memory>

#include <catch2/catch_test_macros.hpp>

#include <caf/send.hpp>

#include "flamigo/http/detail/server_core.hpp"
#include "flamigo/http/detail/session.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/testing/actor_fixture.hpp"
#include "flamigo/websocket/detail/websocket_endpoint.hpp"
#include "support/socket_pair.hpp"

namespace flamigo::test {

/// Connections over pairs of sockets, and their I/O thread's loop, which runs
/// when the test says so.
struct socket_fixture : testing::actor_fixture {
  ~socket_fixture() {
    caf::anon_send_exit(watch.handle(), caf::exit_reason::user_shutdown);
    settle();
  }

  /// Lets the I/O thread and the actors do all that there is to do.
  void settle() {
    while (loop.context().poll() + scheduler.run() > 0)
      loop.context().restart();
    loop.context().restart();
  }

  void accept(const socket_pair& peer) {
    std::make_shared<detail::session>(core, loop, requests,
                                      detail::stream_socket{peer.server_end()},
                                      detail::request_peer{})
      ->start();
  }

  void connect(socket_pair& peer) {
    accept(peer);
    peer.upgrade();
    settle();
    auto answer = peer.received();
    REQUIRE(answer.starts_with("HTTP/1.1 101"));
  }

  roster watch{bus};
  client_environment env{services, {}, watch.handle()};
  detail::server_core core{{}, {}, "test:0"};
  detail::websocket_endpoint websocket{core, env};
  detail::io_thread loop{system, std::chrono::hours{1}, 65'536};
  detail::request_runner requests{services, loop};
};

} // namespace flamigo::test
