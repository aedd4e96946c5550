#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <caf/event_based_actor.hpp>

#include "flamigo/acting_actor.hpp"
#include "flamigo/actors/client_environment.hpp"
#include "flamigo/actors/close_reason.hpp"
#include "flamigo/actors/in_flight.hpp"
#include "flamigo/detail/outcome.hpp"
#include "flamigo/detail/reply_port.hpp"
#include "flamigo/envelope.hpp"

namespace flamigo {

class transport;
struct client_message;

/// The connection actor: one CAF actor for each WebSocket, with its claims.
///
/// It is resumed by the execution unit of the thread that owns the socket,
/// whoever sends to it; without one (in tests) by CAF's scheduler. Frames are
/// given to it by a `client_feed`. Other actors reach it as any `caf::actor`:
///
/// | message | effect |
/// | --- | --- |
/// | `client_message` | the client gets it as an event |
/// | `close_reason` | closes the connection with that code and reason |
/// | `claims_atom` | answers with the `claims_ptr` |
/// | `drain_atom` | refuses new requests, closes when none is in flight |
///
/// It ends when the socket does; its exit reason is the close reason
/// (`from_exit_reason`). When it is ended in another way (an exit message, a
/// crash) it closes the socket first.
class websocket_client : public caf::event_based_actor,
                         private detail::reply_port {
public:
  websocket_client(caf::actor_config& cfg, const client_environment& env,
                   caf::execution_unit* home, std::shared_ptr<transport> out,
                   claims_ptr who);

  ~websocket_client() override;

  const char* name() const override;

  /// Handles a text message at once, in the calling thread, which must be that
  /// of the connection.
  void receive(caf::execution_unit* unit, std::string_view text);

  /// Ends the actor because its socket has ended. Same thread.
  void disconnected(caf::execution_unit* unit, const close_reason& why);

  // -- overridden from CAF ----------------------------------------------------

  using caf::event_based_actor::enqueue;

  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit*) override;

  void on_exit() override;

protected:
  caf::behavior make_behavior() override;

private:
  // -- requests ---------------------------------------------------------------

  void handle_frame(std::string_view text);

  void handle_request(const flamigo::request& req);

  void run_inline(const strategy& what, const flamigo::request& req);

  void send_to_host(const strategy& what, const flamigo::request& req);

  void refuse_malformed(caf::error why, std::string_view ack_id);

  void refuse_excess(std::string_view ack_id);

  // -- answers that come later ------------------------------------------------

  detail::reply_address defer() override;

  /// Remembers a request until the CAF response with this id comes.
  void await_response(caf::message_id id, const strategy& what,
                      std::string_view ack_id);

  void on_response(std::string* payload, caf::error why);

  void arm_deadline();

  void expire_requests();

  // -- output -----------------------------------------------------------------

  void send_event(const client_message& what);

  void fail(caf::error why, const strategy& what, std::string_view ack_id);

  void send_error(const caf::error& why, std::string_view ack_id);

  void close(const close_reason& why);

  void close_if_drained();

  const client_environment& env_;
  caf::execution_unit* home_;
  std::shared_ptr<transport> out_;
  claims_ptr claims_;
  in_flight in_flight_;
  caf::behavior response_handler_;
  caf::message_id deferred_id_;
  caf::message_id deadline_id_;
  std::size_t malformed_in_row_ = 0;
  std::size_t refused_in_row_ = 0;
  std::size_t stashed_ = 0;
  bool draining_ = false;
  bool closing_ = false;
};

} // namespace flamigo
