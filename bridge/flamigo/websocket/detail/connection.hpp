#pragma once

#include <memory>
#include <string_view>

#include "flamigo/client/client_feed.hpp"
#include "flamigo/client/transport.hpp"
#include "flamigo/websocket/detail/heartbeat.hpp"
#include "flamigo/websocket/detail/message_socket.hpp"

namespace flamigo::detail {

/// A WebSocket of our own protocol: one message is one frame of it, and goes
/// between its socket and the connection actor.
/// Everything happens on its thread. It lives as long as its socket is open or
/// the actor holds it.
class connection final : public message_socket, public transport {
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

  // -- resident ---------------------------------------------------------------

  void drain() override;

private:
  // -- message_socket ---------------------------------------------------------

  void on_message(std::string_view what, bool binary) override;

  void on_relieved() override;

  void on_waiting(std::size_t bytes) override;

  void on_ended(const close_reason& why) override;

  void on_heard(time_point now) override;

  bool is_overdue(time_point now) const override;

  void on_tick(time_point now) override;

  client_feed feed_;
  heartbeat heartbeat_;
};

} // namespace flamigo::detail
