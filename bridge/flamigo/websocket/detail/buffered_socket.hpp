#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include "flamigo/http/detail/server_core.hpp"
#include "flamigo/io/detail/backlog_guard.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/io/detail/socket_poller.hpp"
#include "flamigo/io/detail/stream_socket.hpp"

namespace flamigo::detail {

/// The socket half of a connection: it reads when there is something to read,
/// and sends at the end of a turn what was written in it. What the bytes mean
/// is the other half's business, which derives from it.
///
/// Everything happens on its thread. It lives as long as its socket is open or
/// somebody else holds it.
class buffered_socket : public resident,
                        public flushable,
                        public socket_poller::watcher,
                        public std::enable_shared_from_this<buffered_socket> {
public:
  buffered_socket(server_core& core, io_thread& thread, stream_socket socket);

  ~buffered_socket() override;

  // -- watcher, flushable -----------------------------------------------------

  void on_ready(bool readable, bool writable) final;

  void flush() final;

protected:
  /// Takes over the socket's place in the poller and begins to read.
  void open();

  /// Whether it was opened and has not ended.
  bool is_open() const noexcept {
    return self_ != nullptr;
  }

  // -- input ------------------------------------------------------------------

  /// Whether the socket has more to read.
  bool has_unread() const {
    return socket_.readable();
  }

  /// Reads on, after the other half wanted no input.
  void resume();

  /// Reads and sends once what can be.
  void catch_up();

  // -- output -----------------------------------------------------------------

  /// Where to append what is to be sent at the end of this turn.
  std::string& output() {
    if (output_.empty())
      begin_output();
    return output_;
  }

  /// Bytes that the socket has not taken yet, whoever has written them.
  std::size_t waiting() const noexcept {
    return output_.size() - sent_;
  }

  /// To be called when something was written and `before` bytes waited before
  /// that: sends in the middle of a turn what is too much to wait for its end.
  void written(std::size_t before) {
    if (writing_) [[unlikely]]
      grew();
    if (waiting() > core_.options.max_backlog_bytes)
      relieve(before);
  }

  /// Whether so much more may wait of what can wait itself. If not, `on_room`
  /// is called when it may.
  bool has_room(std::size_t bytes) noexcept;

  /// Writes a frame (`frame_bits`) without the stream: that writes whole
  /// frames, between which another one may stand.
  void write_frame(std::uint8_t opcode, std::string_view payload);

  /// Writes a pong; while the client does not take them, at the next flush the
  /// latest one only.
  void answer_ping(std::string_view payload);

  /// Nothing more is to be said, not even a pong.
  void forget_ping() noexcept {
    pong_ = nullptr;
  }

  /// Whether output has waited for so long that the client is too slow.
  bool has_waited_too_long(time_point now) const {
    return backlog_.too_long(now);
  }

  // -- the end ----------------------------------------------------------------

  /// Shuts the socket down behind what waits to be sent; what still comes is
  /// read, so that the peer gets it.
  void finish();

  /// Closes the socket and lets go of this.
  void end();

  server_core& core_;
  io_thread& thread_;

private:
  static constexpr auto nobody = std::numeric_limits<std::size_t>::max();

  // -- the other half ---------------------------------------------------------

  /// Whether it can do something with input now.
  virtual bool wants_input() = 0;

  /// What came, in memory that is lent for the call.
  virtual void on_input(std::string_view bytes) = 0;

  /// More waits to be sent than may.
  virtual void on_slow() = 0;

  /// There is room again.
  virtual void on_room() = 0;

  /// So many bytes wait now, where there were more or less before. Does nothing
  /// by default.
  virtual void on_waiting(std::size_t bytes);

  /// The socket has failed, or the peer has ended it: calls `end`.
  virtual void on_lost(error_code why) = 0;

  // -- the socket -------------------------------------------------------------

  void receive();

  void begin_output();

  void pause(bool wanted);

  void want_write(bool wanted);

  void watch();

  /// One attempt to send; that the socket takes nothing is no error.
  void send_some(error_code& ec);

  /// More waits behind what the socket does not take.
  void grew();

  void relieve(std::size_t before);

  open_ticket ticket_;
  stream_socket socket_;
  /// Whether the socket takes no more and is watched for writing.
  bool writing_ = false;
  /// Whether input waits for the other half, and the socket is not read.
  bool paused_ = false;
  /// Whether the socket is shut down behind what was written.
  bool finishing_ = false;
  backlog_guard backlog_;
  /// What was written, of which the first `sent_` bytes have gone.
  std::string output_;
  std::size_t sent_ = 0;
  /// With how much waiting there is room for who has found none.
  std::size_t room_at_ = nobody;
  /// What the latest ping carried that was not answered. Apart, since few
  /// clients ever ping.
  std::unique_ptr<std::string> pong_;
  /// Itself, until the socket has ended.
  std::shared_ptr<buffered_socket> self_;
};

} // namespace flamigo::detail
