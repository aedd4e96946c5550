#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "flamigo/http/detail/held_request.hpp"
#include "flamigo/http/detail/http_reply.hpp"
#include "flamigo/http/detail/request_peer.hpp"
#include "flamigo/http/detail/request_reader.hpp"
#include "flamigo/http/detail/request_runner.hpp"
#include "flamigo/http/detail/server_core.hpp"
#include "flamigo/io/detail/backlog_guard.hpp"
#include "flamigo/io/detail/flushable.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/io/detail/socket_poller.hpp"
#include "flamigo/io/detail/stream_socket.hpp"

namespace flamigo::detail {

/// One accepted socket while it speaks HTTP: it serves the mounted routes, or
/// hands its socket over to an `endpoint`. Everything happens on its thread. It
/// lives until its socket has ended or was handed over.
class session final : public resident,
                      public socket_poller::watcher,
                      public flushable,
                      public held_request::owner,
                      public std::enable_shared_from_this<session> {
public:
  session(server_core& core, io_thread& thread, request_runner& runner,
          stream_socket socket, request_peer peer);

  ~session() override;

  /// Reads the first request when it comes, or answers with this without one.
  void start(std::optional<http_reply> refusal = std::nullopt);

  // -- resident, watcher, flushable -------------------------------------------

  void tick(time_point now) override;

  void drain() override;

  void cut() override;

  void on_ready(bool readable, bool writable) override;

  /// Sends the response that has come.
  void flush() override;

  // -- held_request::owner ----------------------------------------------------

  void answered(caf::expected<http_response> what) override;

  bool began(http_response head, held_request::body_length length) override;

  bool came(std::string_view piece) override;

  bool has_room(std::size_t bytes) override;

  void hurry() override;

  void finished(bool whole) override;

private:
  /// What is sent.
  enum class body : std::uint8_t {
    /// A response as a whole, or none.
    whole,
    /// One of which more comes.
    pieces,
    /// One of which all has come.
    all_pieces,
    /// One of which nothing more comes, though it has not ended.
    broken,
  };

  static constexpr auto nobody = std::numeric_limits<std::size_t>::max();

  /// Whether the client has taken too long, as far as we know.
  bool is_late(time_point now) const;

  void await_request();

  /// Whether something was read.
  bool receive();

  /// The same while a response is waited for: what comes is the next request,
  /// or the end of the client.
  void receive_ahead(std::size_t size, error_code ec);

  /// Reads on without use for it; false when that is enough.
  bool drop(std::size_t size, error_code ec);

  /// Handles the requests that have come, until there is no whole one left or
  /// a response waits for its socket.
  void serve();

  /// Tells a client that waits for it to send its body (RFC 9110, 10.1.1).
  void say_continue();

  void on_request();

  /// The largest body that this request may have.
  std::size_t body_limit(const parsed_request& req) const;

  /// Has what is mounted there answer.
  void serve(const found_route& where);

  /// Has a coroutine answer, behind whose response all others wait.
  void hold(const http_route& what, http_request in, span_ptr step);

  /// Has a file answer, if there is one under this path that no route has.
  bool hold_file(std::string_view path);

  /// The same for an endpoint, which has no limit in time but its own.
  void hold(endpoint& next);

  /// Whether the connection stays open while the server drains is for `goes_on`
  /// to say.
  void respond(http_reply res, bool goes_on = false);

  void send();

  /// One attempt to send.
  void write_some(error_code& ec);

  /// Bytes that the socket has not taken yet.
  std::size_t waiting() const noexcept {
    return head_.size() + body_.size() - sent_;
  }

  void flush_soon();

  void watch();

  /// Nobody answers the request that was held any more.
  void let_go();

  /// A response in pieces has gone, as far as it has come.
  void on_pieces_sent();

  /// Counts the client of a proxy, until an endpoint has done with him; says
  /// why not, if his address may have no more.
  std::optional<http_reply> count_client();

  void hand_over(endpoint& next);

  /// The last response has gone: ends, but not before the client can have read
  /// it.
  void finish();

  void end();

  server_core& core_;
  io_thread& thread_;
  request_runner& runner_;
  open_ticket ticket_;
  stream_socket socket_;
  request_peer peer_;
  request_reader reader_;
  /// A response of which the first `sent_` bytes have gone; no head means none,
  /// or that it has gone before the pieces of its body. Apart, so that a body
  /// of any size stays where its handler has made it.
  std::string head_;
  std::string body_;
  std::size_t sent_ = 0;
  backlog_guard backlog_;
  /// With how much waiting there is room for who has found none.
  std::size_t room_at_ = nobody;
  body kind_ = body::whole;
  bool chunked_ = false;
  bool flushing_ = false;
  /// The request that is answered later, and what it was answered.
  std::shared_ptr<held_request> held_;
  std::optional<http_reply> late_;
  /// The number of the strategy that it is for, where that is counted, and when
  /// it was asked.
  std::size_t strategy_ = 0;
  time_point asked_at_;
  bool keep_alive_ = true;
  /// Whether the socket takes no more and is watched for writing only.
  bool blocked_ = false;
  /// Whether enough has come behind the request that is held, and the socket is
  /// not watched.
  bool deaf_ = false;
  /// Whether all was said, and what still comes is read and dropped.
  bool lingering_ = false;
  std::size_t dropped_ = 0;
  /// When the request must be complete, or answered, or the end.
  time_point deadline_;
  /// When it must have begun, while the server drains.
  time_point quiet_until_ = time_point::max();
  /// Itself, until it ends.
  std::shared_ptr<session> self_;
};

} // namespace flamigo::detail
