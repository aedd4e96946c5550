#pragma once

#include <memory>
#include <optional>

#include <boost/asio/steady_timer.hpp>

#include "flamigo/http/detail/handshake_queue.hpp"
#include "flamigo/http/detail/http_reply.hpp"
#include "flamigo/http/detail/preface_queue.hpp"
#include "flamigo/http/detail/request_runner.hpp"
#include "flamigo/http/detail/server_core.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/io/detail/socket_poller.hpp"

namespace flamigo::detail {

/// Accepts for one I/O thread. Each thread has a listener of its own on the
/// same address (SO_REUSEPORT), and the kernel spreads the connections.
class listener final : public socket_poller::watcher {
public:
  /// With a source of certificates it speaks TLS.
  listener(server_core& core, io_thread& thread, request_runner& runner,
           const tls_source* certificates = nullptr);

  /// Binds and listens; port 0 takes a free one. Throws std::system_error.
  void open(const net::ip::tcp::endpoint& address);

  std::uint16_t port() const;

  /// Begins to accept. On the thread, or before it runs.
  void accept(error_code& ec);

  /// Lets nobody in any more who has not begun to connect. Whoever has is
  /// accepted, since the end of a listener resets what it has not accepted, and
  /// a moment later it ends. On the thread.
  void close();

  /// Ends at once. On the thread.
  void end();

  void on_ready(bool readable, bool writable) override;

private:
  /// Accepts the next one; returns 0, or why there is none (`errno`).
  int accept_one();

  /// Goes on with whoever has come, if his address may have one more.
  void receive(stream_socket socket, request_peer peer);

  /// Answers somebody with this at most, who is not listened to.
  void turn_down(stream_socket socket, request_peer peer, socket_refusal why);

  /// Speaks HTTP with whoever has come.
  void let_in(stream_socket socket, request_peer peer);

  /// What cannot be accepted now (no descriptors left, say) may be accepted
  /// later: waits a little and goes on.
  void pause(int why);

  server_core& core_;
  io_thread& thread_;
  request_runner& runner_;
  tcp_acceptor acceptor_;
  /// Where proxies say first whom they pass on.
  std::optional<preface_queue> prefaces_;
  /// Where it speaks TLS.
  std::optional<handshake_queue> handshakes_;
  /// For trying again, then for the end.
  net::steady_timer timer_;
  resident::time_point last_warning_;
  bool closing_ = false;
};

} // namespace flamigo::detail
