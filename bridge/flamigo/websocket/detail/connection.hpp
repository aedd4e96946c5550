#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "flamigo/client/client_feed.hpp"
#include "flamigo/client/transport.hpp"
#include "flamigo/http/detail/parsed_request.hpp"
#include "flamigo/websocket/detail/buffered_socket.hpp"
#include "flamigo/websocket/detail/frame_deflater.hpp"
#include "flamigo/websocket/detail/frame_input.hpp"
#include "flamigo/websocket/detail/heartbeat.hpp"

namespace flamigo::detail {

/// One WebSocket, between its socket and the connection actor. Beast's streams
/// answer the upgrade and make messages of frames; this keeps what tells it
/// from others.
/// Everything happens on its thread. It lives as long as its socket is open or
/// the actor holds it.
class connection final : public buffered_socket,
                         public frame_input::owner,
                         public transport,
                         public patient {
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

  void hurry() override;

  bool has_input() const override;

  bool has_room(std::size_t bytes) override;

  // -- resident, patient ------------------------------------------------------

  void tick(time_point now) override;

  void drain() override;

  void cut() override;

  void go_on() override;

private:
  /// Serving, then a close frame was written and the peer's is waited for, then
  /// the last bytes and the end of the socket.
  enum class phase {
    open,
    closing,
    lingering,
    ended
  };

  // -- buffered_socket --------------------------------------------------------

  bool wants_input() override;

  void on_input(std::string_view bytes) override;

  void on_slow() override;

  void on_room() override;

  void on_lost(error_code why) override;

  // -- frame_input::owner -----------------------------------------------------

  void message(std::string_view text, bool binary) override;

  void broken(error_code why) override;

  void input_wanted() override;

  void frames_left() override;

  void message_refused() override;

  void message_corrupt() override;

  void closed(std::string_view payload) override;

  void pinged(std::string_view payload) override;

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

  /// Tells the actor, once, why the connection has ended.
  void report(const close_reason& why);

  std::shared_ptr<connection> shared() {
    return std::static_pointer_cast<connection>(shared_from_this());
  }

  frame_input input_;
  /// What compresses, where that was agreed: the thread's, or its own.
  std::shared_ptr<frame_deflater> deflater_;
  client_feed feed_;
  heartbeat heartbeat_;
  phase phase_ = phase::open;
  /// Whether frames wait until the others were served.
  bool patient_ = false;
  /// Why we close, when it is us who do. Apart, since few ever do.
  std::unique_ptr<close_reason> own_reason_;
  time_point closing_since_;
};

} // namespace flamigo::detail
