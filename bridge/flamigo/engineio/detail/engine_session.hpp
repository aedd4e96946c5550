#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "flamigo/claims/claims.hpp"
#include "flamigo/claims/client_transport.hpp"
#include "flamigo/engineio/detail/engine_core.hpp"
#include "flamigo/engineio/detail/engine_packet.hpp"
#include "flamigo/engineio/detail/engine_socket.hpp"
#include "flamigo/engineio/detail/packet_queue.hpp"
#include "flamigo/io/detail/address_ticket.hpp"
#include "flamigo/io/detail/flushable.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/wire/close_reason.hpp"

namespace flamigo::detail {

class held_poll;

/// One session of Engine.IO, on its home thread, which is that of its
/// handshake. Polls that come to other threads are held there, and what they
/// say and are answered crosses threads. A WebSocket is moved to this thread
/// when it comes, once, so that each frame is read where it is handled.
///
/// For its thread, except for `id`, `thread` and `run`. It lives until it has
/// ended, or as long as somebody holds it.
class engine_session final
  : public std::enable_shared_from_this<engine_session>,
    public resident,
    public flushable,
    private engine_socket::user {
public:
  /// What speaks above it. Every call on the session's thread, in a turn.
  class owner {
  public:
    virtual ~owner() = default;

    /// A message, valid UTF-8.
    virtual void text(std::string_view message) = 0;

    /// A message in bytes.
    virtual void binary(std::string_view bytes) = 0;

    /// `transport` is another one now.
    virtual void upgraded() = 0;

    /// There is room, after `has_room` has said no.
    virtual void relieved() = 0;

    /// So many bytes wait because its WebSocket does not take them. Nothing by
    /// default.
    virtual void waits(std::size_t bytes) noexcept;

    /// The server wants it to end.
    virtual void draining() = 0;

    /// As of a resident. Nothing by default.
    virtual void tick(time_point now);

    /// It has ended; the last call.
    virtual void ended(const close_reason& why) = 0;
  };

  engine_session(engine_core& core, io_thread& thread, std::string sid,
                 claims who, std::string token, std::string traceparent);

  ~engine_session() override;

  // -- for whoever speaks above it --------------------------------------------

  /// A secret, which only its client knows.
  const std::string& id() const noexcept {
    return sid_;
  }

  io_thread& thread() noexcept {
    return thread_;
  }

  client_transport transport() const noexcept {
    return socket_ ? client_transport::websocket : client_transport::polling;
  }

  /// Of the handshake's request: of the type `websocket`, without an id.
  const claims& who() const noexcept {
    return who_;
  }

  /// What the handshake's request has shown; empty if nothing.
  std::string_view token() const noexcept {
    return token_;
  }

  /// What the handshake's request says of its trace; empty if nothing.
  std::string_view traceparent() const noexcept {
    return traceparent_;
  }

  /// Queues one message of these parts, which are copied. Ignored once it ends.
  void send(std::string_view head, std::string_view rest,
            std::string_view tail = {});

  /// Queues a message in bytes.
  void send_binary(std::string_view bytes);

  /// What was sent leaves ahead of what others only hear of.
  void hurry();

  /// Whether so much more may wait of what can wait itself. If not,
  /// `owner::relieved` is called when it may.
  bool has_room(std::size_t bytes);

  /// Whether something has come that was not handed over yet.
  bool has_input() const;

  /// Ends it behind what was sent: closes the WebSocket with this reason, or
  /// says so to the next poll, which there is time for. `owner::ended` is
  /// called soon, but not from here.
  void end(const close_reason& why);

  // -- for the endpoint -------------------------------------------------------

  /// Calls a function with this on its thread: at once if that is this one,
  /// else in its next turn.
  template <class F>
  void run(F f) {
    if (thread_.is_here())
      f(*this);
    else
      later(std::move(f));
  }

  /// The first request is this one. Counts for its address by this ticket.
  void begin(std::shared_ptr<held_poll> handshake, address_ticket counted);

  /// The same where it begins as a WebSocket.
  void begin(stream_socket socket, const parsed_request& req,
             std::string_view early);

  void poll(std::shared_ptr<held_poll> from);

  void post(held_poll& from, std::string_view body);

  /// The client of a poll has gone, and what it was answered with it.
  void poll_lost();

  /// A WebSocket that wants to take over.
  void adopt(stream_socket socket, const parsed_request& req,
             std::string_view early);

  // -- resident, flushable ----------------------------------------------------

  void tick(time_point now) override;

  void drain() override;

  void cut() override;

  /// Answers the poll that waits, if there is something to say.
  void flush() override;

private:
  enum class state {
    open,
    /// What was sent, and that it ends, waits for a poll.
    closing,
    ended
  };

  // -- engine_socket::user ----------------------------------------------------

  void came(engine_socket& from, std::string_view what, bool binary) override;

  void relieved(engine_socket& which) override;

  void waits(engine_socket& which, std::size_t bytes) noexcept override;

  void gone(engine_socket& which, const close_reason& why) override;

  // -- packets ----------------------------------------------------------------

  void live();

  std::string opening(std::string_view upgrades) const;

  /// False for one that no client sends.
  bool handle(engine_kind kind, std::string_view data);

  void handle_probe(std::string_view packet);

  void upgrade();

  void queue(engine_packet what);

  void flush_soon();

  /// Tells the owner, soon, if it has found none.
  void make_room();

  // -- time -------------------------------------------------------------------

  void heard();

  bool is_overdue(time_point now) const;

  /// How long a poll is waited for that is told of the end.
  caf::timespan patience() const;

  void give_up();

  // -- the end ----------------------------------------------------------------

  /// It ends by the client's doing: tells the transport what there is to say.
  void fail(const close_reason& why, engine_kind to_poll);

  void report(const close_reason& why);

  void finish();

  template <class F>
  void later(F f) {
    thread_.call_later(
      [self = shared_from_this(), f = std::move(f)]() mutable { f(*self); });
  }

  engine_core& core_;
  io_thread& thread_;
  /// Until a WebSocket counts in its place.
  std::optional<open_ticket> ticket_;
  /// The same.
  address_ticket counted_;
  const std::string sid_;
  const claims who_;
  const std::string token_;
  const std::string traceparent_;
  std::shared_ptr<owner> owner_;
  state state_ = state::open;
  packet_queue waiting_;
  std::shared_ptr<held_poll> poll_;
  std::shared_ptr<engine_socket> socket_;
  /// A WebSocket that has not taken over yet.
  std::shared_ptr<engine_socket> probe_;
  /// Whether that was answered: polls are not held any more, so that the client
  /// can end them.
  bool upgrading_ = false;
  bool flushing_ = false;
  bool wants_room_ = false;
  bool pinged_ = false;
  /// When the next ping is due, or the one that was not answered was.
  time_point due_;
  time_point probe_since_;
  time_point closing_since_;
};

} // namespace flamigo::detail
