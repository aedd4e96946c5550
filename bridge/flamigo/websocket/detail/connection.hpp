#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <boost/beast/websocket/stream.hpp>

#include "flamigo/client/client_feed.hpp"
#include "flamigo/client/transport.hpp"
#include "flamigo/http/detail/parsed_request.hpp"
#include "flamigo/http/detail/server_core.hpp"
#include "flamigo/io/detail/backlog_guard.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/io/detail/socket_poller.hpp"
#include "flamigo/io/detail/stream_socket.hpp"
#include "flamigo/websocket/detail/buffered_layer.hpp"
#include "flamigo/websocket/detail/heartbeat.hpp"

namespace flamigo::detail {

/// One WebSocket: the socket, Beast's protocol engine over memory, and the end
/// of the connection actor. Everything happens on its thread. It lives as long
/// as its socket is open or the actor holds it.
class connection final : public transport,
                         public resident,
                         public flushable,
                         public patient,
                         public socket_poller::watcher,
                         public buffered_layer::owner,
                         public std::enable_shared_from_this<connection> {
public:
  connection(server_core& core, io_thread& thread, stream_socket socket);

  ~connection() override;

  /// Takes over the socket's place in the poller, answers the upgrade, spawns
  /// the connection actor and begins to read. `early` is what the client sent
  /// behind its request.
  void start(const client_environment& env, const parsed_request& req,
             claims_ptr who, std::string_view early);

  // -- transport --------------------------------------------------------------

  void send(std::string_view text) override;

  void close(const close_reason& why) override;

  bool has_input() const override;

  // -- resident, flushable, patient, watcher ----------------------------------

  void tick(time_point now) override;

  void drain() override;

  void cut() override;

  void flush() override;

  void go_on() override;

  void on_ready(bool readable, bool writable) override;

private:
  using stream = beast::websocket::stream<buffered_layer>;

  /// Serving, then the close handshake, then the last bytes and the end of the
  /// socket.
  enum class phase {
    open,
    closing,
    lingering,
    ended
  };

  // -- the socket -------------------------------------------------------------

  void receive();

  void pause(bool wanted);

  void want_write(bool wanted);

  void watch();

  /// One attempt to send; that the socket takes nothing is no error.
  void send_some(error_code& ec);

  void send_pong();

  void close_if_slow();

  /// Bytes that the socket has not taken yet, whoever has written them.
  std::size_t waiting() noexcept {
    return layer().output().size() - sent_;
  }

  void lost(error_code ec);

  void end_socket();

  // -- time -------------------------------------------------------------------

  bool is_late(time_point now) const;

  /// Reads and writes once what can be.
  void catch_up();

  // -- the stream -------------------------------------------------------------

  void read_frame();

  void on_frame(error_code ec, std::size_t size);

  void on_message(std::string_view text);

  void on_stream_end(error_code ec);

  // -- buffered_layer::owner --------------------------------------------------

  void output_ready() override;

  void input_wanted() override;

  void frames_left() override;

  void message_refused() override;

  void pinged(std::string_view payload) override;

  void feed_again();

  /// What the peer's close frame says, if there was one, else the error.
  close_reason reason_for(error_code ec) const;

  /// Tells the actor, once, why the connection has ended.
  void report(const close_reason& why);

  buffered_layer& layer() noexcept {
    return ws_.next_layer();
  }

  server_core& core_;
  io_thread& thread_;
  open_ticket ticket_;
  stream_socket socket_;
  stream ws_;
  client_feed feed_;
  heartbeat heartbeat_;
  backlog_guard backlog_;
  phase phase_ = phase::open;
  bool is_resident_ = false;
  /// Whether the socket takes no more and is watched for writing.
  bool writing_ = false;
  /// Whether frames wait until the others were served.
  bool patient_ = false;
  /// Whether input waits for the stream, and the socket is not read.
  bool paused_ = false;
  /// Whether a close frame came. Beast acts on it later, and the end of the
  /// socket may be faster.
  bool peer_closed_ = false;
  /// Why we close, when it is us who do. Apart, since few ever do.
  std::unique_ptr<close_reason> own_reason_;
  time_point closing_since_;
  /// What the latest ping carried that was not answered. Apart, since few
  /// clients ever ping.
  std::unique_ptr<std::string> pong_;
  /// The fragments of a message that is not complete.
  std::string partial_;
  /// Output that was flushed in part, from this byte on.
  std::size_t sent_ = 0;
  /// Itself, until the socket has ended.
  std::shared_ptr<connection> self_;
};

} // namespace flamigo::detail
