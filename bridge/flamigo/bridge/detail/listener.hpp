#pragma once

#include <memory>

#include <boost/asio/steady_timer.hpp>

#include "flamigo/bridge/detail/io_thread.hpp"
#include "flamigo/bridge/detail/server_core.hpp"

namespace flamigo::detail {

/// Accepts for one I/O thread. Each thread has a listener of its own on the
/// same address (SO_REUSEPORT), and the kernel spreads the connections.
class listener {
public:
  listener(server_core& core, io_thread& thread);

  /// Binds and listens; port 0 takes a free one. Throws std::system_error.
  void open(const net::ip::tcp::endpoint& address);

  std::uint16_t port() const;

  /// On the thread, or before it runs.
  void accept();

  /// On the thread.
  void close();

private:
  void on_accept(error_code ec, tcp_socket socket);

  /// What cannot be accepted now (no descriptors left, say) may be accepted
  /// later: waits a little and goes on.
  void pause(error_code why);

  server_core& core_;
  io_thread& thread_;
  tcp_acceptor acceptor_;
  net::steady_timer retry_;
  resident::time_point last_warning_;
};

} // namespace flamigo::detail
