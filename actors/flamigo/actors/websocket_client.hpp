#pragma once

#include <any>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <caf/event_based_actor.hpp>

#include "flamigo/acting_actor.hpp"
#include "flamigo/actors/client_environment.hpp"
#include "flamigo/actors/close_reason.hpp"
#include "flamigo/actors/detail/auth_gate.hpp"
#include "flamigo/actors/detail/client_output.hpp"
#include "flamigo/actors/detail/client_subscriptions.hpp"
#include "flamigo/actors/in_flight.hpp"
#include "flamigo/detail/reply_port.hpp"
#include "flamigo/domain_behavior.hpp"
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
/// | `event_ptr` | a client event of the bus, if it is subscribed to it |
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

  /// Before the first message: authenticates the client, if it has shown a
  /// token when it connected, and lets the application prepare the connection.
  /// Same thread.
  void opened(caf::execution_unit* unit, std::string token);

  /// Ends the actor because its socket has ended. Same thread.
  void disconnected(caf::execution_unit* unit, const close_reason& why);

  // -- what a `client` asks for, in this actor --------------------------------

  /// `since` is the stamp of the last event before the subscription.
  void forward(const topic_pattern& pattern, std::uint64_t since);

  void listen(const topic_pattern& pattern, listener what, std::uint64_t since);

  void add_strategy(const named_strategy& what);

  void drop_subscription(std::string_view what);

  void send_event(const client_message& what);

  void close(const close_reason& why);

  caf::error set_user(std::optional<user> who);

  std::any& state();

  // -- for every thread -------------------------------------------------------

  const client_environment& environment() const noexcept {
    return env_;
  }

  /// Whether the calling thread is running this actor just now.
  bool is_running_here() const noexcept;

  // -- overridden from CAF ----------------------------------------------------

  /// Tells execution units that it is for I/O threads, as CAF's brokers do.
  subtype_t subtype() const override {
    return io_actor;
  }

  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit*) override;

  /// An event that is published on the connection's own thread goes right to
  /// the socket: no mailbox, no turn of the actor for each client of a fan-out.
  void enqueue(caf::strong_actor_ptr source, caf::message_id id,
               caf::message content, caf::execution_unit* from) override;

  resume_result resume(caf::execution_unit* unit,
                       std::size_t max_throughput) override;

  void on_exit() override;

protected:
  caf::behavior make_behavior() override;

private:
  // -- requests ---------------------------------------------------------------

  void handle_frame(std::string_view text);

  void handle_message(std::string_view text);

  void handle_request(const flamigo::request& req);

  /// The client's own one of this name, or the registry's, or null.
  strategy_ptr find_strategy(std::string_view name) const;

  void run(const strategy_ptr& what, const flamigo::request& req);

  void run_inline(const strategy_ptr& what, const flamigo::request& req);

  void send_to_host(const strategy_ptr& what, const flamigo::request& req);

  void refuse_malformed(caf::error why, std::string_view ack_id);

  void refuse_excess(std::string_view ack_id);

  // -- answers that come later ------------------------------------------------

  detail::reply_address defer() override;

  /// Remembers a request until the CAF response with this id comes.
  void await_response(caf::message_id id, const strategy_ptr& what,
                      std::string_view ack_id);

  void on_response(std::string* payload, caf::error why);

  void arm_deadline();

  void expire_requests();

  void answered(const strategy& what);

  // -- authentication ---------------------------------------------------------

  void open(const std::string& token);

  void prepare();

  void authenticate(const flamigo::request& req);

  /// Goes on with what has waited for the authenticating strategy's answer.
  void end_authentication();

  /// Closes the connection if its time is up, else sets the timer.
  void check_gate();

  void follow_user(std::string_view id);

  // -- events -----------------------------------------------------------------

  void handle_event(const event& what);

  void forward_event(const event& what);

  // -- output -----------------------------------------------------------------

  void fail(caf::error why, const strategy& what, std::string_view ack_id);

  void send_error(const caf::error& why, std::string_view ack_id);

  void close_if_drained();

  detail::client_subscriptions& own();

  const client_environment& env_;
  caf::execution_unit* home_;
  detail::client_output out_;
  claims_ptr claims_;
  in_flight in_flight_;
  caf::behavior response_handler_;
  caf::message_id deferred_id_;
  caf::message_id deadline_id_;
  std::size_t malformed_in_row_ = 0;
  std::size_t refused_in_row_ = 0;
  std::size_t stashed_ = 0;
  /// Events of this thread that wait in the mailbox; later ones queue up behind
  /// them.
  std::size_t queued_events_ = 0;
  std::unique_ptr<detail::client_subscriptions> own_;
  /// Only where authentication is switched on.
  std::unique_ptr<detail::auth_gate> gate_;
  /// Whether the gate keeps the bus's events from the client.
  bool deaf_ = false;
  bool prepared_ = false;
  bool draining_ = false;
};

} // namespace flamigo
