#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "flamigo/http/detail/http_reply.hpp"
#include "flamigo/http/detail/server_core.hpp"
#include "flamigo/io/detail/backlog_guard.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/io/detail/socket_poller.hpp"
#include "flamigo/io/detail/stream_socket.hpp"

namespace flamigo::detail {

/// One accepted socket while it speaks HTTP: it serves the mounted routes, or
/// hands its socket over to an `endpoint`. Everything happens on its thread. It
/// lives until its socket has ended or was handed over.
class session final : public resident,
                      public socket_poller::watcher,
                      public std::enable_shared_from_this<session> {
public:
  session(server_core& core, io_thread& thread, stream_socket socket,
          net::ip::tcp::endpoint peer);

  ~session() override;

  /// Reads the first request when it comes.
  void start();

  // -- resident, watcher ------------------------------------------------------

  void tick(time_point now) override;

  void drain() override;

  void cut() override;

  void on_ready(bool readable, bool writable) override;

private:
  /// Whether the client has taken too long, as far as we know.
  bool is_late(time_point now) const;

  void await_request();

  /// Whether something was read.
  bool receive();

  /// Handles the requests in the input, until there is no whole one left or a
  /// response waits for its socket.
  void serve();

  /// Whether there is something for the parser.
  bool has_input() const;

  void on_request();

  void respond(http_reply res);

  void send();

  void hand_over(endpoint& next);

  void end();

  server_core& core_;
  io_thread& thread_;
  open_ticket ticket_;
  stream_socket socket_;
  net::ip::tcp::endpoint peer_;
  std::optional<beast::http::request_parser<beast::http::string_body>> parser_;
  /// Bytes that were read, those before `used_` by the parser. Bounded by the
  /// limits of a request and one read.
  std::string input_;
  std::size_t used_ = 0;
  /// A response of which the first `sent_` bytes have gone; no head means none.
  /// Apart, so that a body of any size stays where its handler has made it.
  std::string head_;
  std::string body_;
  std::size_t sent_ = 0;
  backlog_guard backlog_;
  bool keep_alive_ = true;
  /// Whether the socket takes no more and is watched for writing only.
  bool blocked_ = false;
  /// When the request must be complete.
  time_point deadline_;
  /// Itself, until it ends.
  std::shared_ptr<session> self_;
};

} // namespace flamigo::detail
