#pragma once

#include <initializer_list>
#include <memory>
#include <string_view>

#include "flamigo/http/detail/parsed_request.hpp"
#include "flamigo/websocket/detail/buffered_socket.hpp"
#include "flamigo/websocket/detail/frame_deflater.hpp"
#include "flamigo/websocket/detail/frame_input.hpp"
#include "flamigo/wire/close_reason.hpp"

namespace flamigo::detail {

/// One WebSocket, whatever is spoken over it: the upgrade, messages in and out,
/// and its end. What a message means, and when a silent peer is given up, is
/// the business of whoever derives from it.
///
/// Everything happens on its thread. It lives as long as its socket is open or
/// somebody else holds it.
class message_socket : public buffered_socket,
                       public frame_input::owner,
                       public patient {
public:
  message_socket(server_core& core, io_thread& thread, stream_socket socket);

  ~message_socket() override;

  // -- for whoever speaks over it ---------------------------------------------

  /// Queues a message in text, which is copied. Ignored once it is closing.
  void send(std::string_view text);

  /// The same of a text in parts, one behind the other.
  void send_parts(std::initializer_list<std::string_view> parts);

  /// The same in bytes.
  void send_binary(std::string_view bytes);

  /// What was sent leaves ahead of what others only hear of.
  void hurry();

  /// Queues the close frame behind what was sent and ends the socket. Nothing
  /// is sent afterwards. A second call does nothing.
  void close(const close_reason& why);

  /// Whether something has come that was not handed over yet.
  bool has_input() const;

  /// Whether so much more may wait of what can wait itself. If not,
  /// `on_relieved` is called when it may.
  bool has_room(std::size_t bytes);

  // -- resident, patient ------------------------------------------------------

  void tick(time_point now) final;

  void cut() final;

  void go_on() final;

protected:
  /// Takes over the socket's place in the poller and answers the upgrade. False
  /// where that fails, and the socket ends.
  bool answer(const parsed_request& req);

  /// Begins to read. `early` is what the client sent behind its request.
  void begin(std::string_view early);

  std::shared_ptr<message_socket> shared() {
    return std::static_pointer_cast<message_socket>(shared_from_this());
  }

private:
  /// Serving, then a close frame was written and the peer's is waited for, then
  /// the last bytes and the end of the socket.
  enum class phase {
    open,
    closing,
    lingering,
    ended
  };

  // -- what is spoken ---------------------------------------------------------

  /// A whole message, valid UTF-8 unless it is binary.
  virtual void on_message(std::string_view what, bool binary) = 0;

  /// There is room again.
  virtual void on_relieved() = 0;

  /// The connection has ended, once, and why.
  virtual void on_ended(const close_reason& why) = 0;

  /// Bytes have come. Does nothing by default.
  virtual void on_heard(time_point now);

  /// Whether the peer has been silent for too long. No by default.
  virtual bool is_overdue(time_point now) const;

  /// While messages come and go: whatever is due. Does nothing by default.
  virtual void on_tick(time_point now);

  // -- buffered_socket --------------------------------------------------------

  bool wants_input() final;

  void on_input(std::string_view bytes) final;

  void on_slow() final;

  void on_room() final;

  void on_lost(error_code why) final;

  // -- frame_input::owner -----------------------------------------------------

  void message(std::string_view text, bool binary) final;

  void broken(error_code why) final;

  void input_wanted() final;

  void frames_left() final;

  void message_refused() final;

  void message_corrupt() final;

  void closed(std::string_view payload) final;

  void pinged(std::string_view payload) final;

  // -- output -----------------------------------------------------------------

  void send_compressed(std::string_view text);

  // -- input ------------------------------------------------------------------

  void feed_again();

  // -- the end ----------------------------------------------------------------

  bool is_late(time_point now) const;

  /// Writes the one close frame that there is, behind which nothing is said by
  /// anybody (RFC 6455, 5.5.1).
  void write_close(const close_reason& why);

  void linger();

  void end_socket();

  /// Tells, once, why the connection has ended.
  void report(const close_reason& why);

  frame_input input_;
  /// What compresses, where that was agreed: the thread's, or its own.
  std::shared_ptr<frame_deflater> deflater_;
  phase phase_ = phase::open;
  /// Whether frames wait until the others were served.
  bool patient_ = false;
  /// Whether it was told that the connection has ended, or nobody listens yet.
  bool reported_ = true;
  /// Why we close, when it is us who do. Apart, since few ever do.
  std::unique_ptr<close_reason> own_reason_;
  time_point closing_since_;
};

} // namespace flamigo::detail
