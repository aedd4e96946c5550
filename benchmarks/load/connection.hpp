#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <netinet/in.h>

#include "connection_handler.hpp"
#include "frame.hpp"
#include "poller.hpp"
#include "tls_half.hpp"

namespace flamigo::load {

/// Where connections go, and from where.
struct endpoint {
  sockaddr_in server{};
  /// The HTTP request that opens a connection.
  std::string upgrade;
  /// Take 127.0.0.1, 127.0.0.2, ... as own addresses, each for this many
  /// connections, because each has its own 28,000 ports or so. 0 for never.
  std::size_t connections_an_address = 0;
  /// Bytes that the kernel keeps unread, as SO_RCVBUF has it; 0 for its
  /// default.
  int receive_buffer = 0;
  /// How TLS is spoken; null for not.
  tls_half::context tls;
};

/// A WebSocket to the server, from the client's side. It can be opened again
/// when it is closed. All it refers to must outlive it.
class connection {
public:
  /// `index` is the user's own name for it, and chooses its address.
  connection(poller& poll, const endpoint& to, connection_handler& handler,
             std::size_t index)
    : poll_(poll), to_(to), handler_(handler), index_(index),
      tls_(to.tls ? std::make_unique<tls_half>(to.tls) : nullptr) {
  }

  connection(const connection&) = delete;

  connection& operator=(const connection&) = delete;

  /// Closes the socket without a word.
  ~connection();

  std::size_t index() const {
    return index_;
  }

  /// Begins to connect, if it is closed. Throws `std::system_error` if that
  /// fails at once; what happens later is told to the handler.
  void open();

  /// Sends a text message at the end of the poller's turn.
  void send(std::string_view text);

  /// Sends a close frame, and waits for the server to answer it and to close
  /// the socket, which is its part (RFC 6455, 7.1.1).
  void close();

  // -- what no client should do -----------------------------------------------

  /// Sends bytes as they are, as soon as the socket is connected; with TLS,
  /// within it.
  void send_bytes(std::string_view bytes);

  /// Bytes that wait for the socket to take them.
  std::size_t waiting() const {
    return out_.size();
  }

  /// Takes nothing off the socket until `resume`, so that pings go unanswered.
  void pause();

  void resume();

  /// Resets the connection (RST). The handler is not told.
  void reset();

  // -- state ------------------------------------------------------------------

  /// Whether messages can be sent.
  bool is_open() const {
    return state_ == state::open;
  }

  /// Whether there is no socket.
  bool is_closed() const {
    return state_ == state::closed;
  }

  /// The code of the close frame that the server has sent on the socket that
  /// was opened last: 1005 for a frame without one, 0 if there was no frame.
  std::uint16_t close_code() const {
    return close_code_;
  }

  // -- for the poller ---------------------------------------------------------

  void ready(std::uint32_t events);

  void flush();

private:
  enum class state {
    closed,
    connecting,
    securing,
    upgrading,
    open,
    closing,
    ended
  };

  void finish_connecting();

  void shake_hands();

  void upgrade();

  void read();

  // Returns whether the connection is still what it was.
  bool handle(const frame& x);

  void queue(opcode code, std::string_view payload);

  void flush_soon();

  std::uint32_t interest() const;

  /// Closes the socket.
  void forget();

  void end(std::string_view failure);

  poller& poll_;
  const endpoint& to_;
  connection_handler& handler_;
  std::size_t index_;
  int fd_ = -1;
  state state_ = state::closed;
  bool flush_is_due_ = false;
  bool waits_to_write_ = false;
  bool paused_ = false;
  std::uint16_t close_code_ = 0;
  /// What the handler is told when the socket has ended.
  std::string failure_;
  /// The beginning of a frame whose rest is still to come.
  std::string in_;
  std::string out_;
  std::unique_ptr<tls_half> tls_;
};

} // namespace flamigo::load
