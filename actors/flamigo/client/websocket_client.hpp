#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "flamigo/client/detail/asking_client.hpp"
#include "flamigo/wire/envelope.hpp"

namespace flamigo {

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
///
/// It is built in layers: `connected_client` runs on the socket's thread,
/// `subscribed_client` gets events, `user_client` knows who the client is,
/// `answering_client` has the requests that wait, `asking_client` what the
/// client is asked, and this one takes requests and answers.
class websocket_client final : public detail::asking_client {
public:
  /// Spawned by a `client_feed`. The environment and `home` outlive it.
  websocket_client(caf::actor_config& cfg, const client_environment& env,
                   detail::home_unit* home, std::shared_ptr<transport> out,
                   claims_ptr who);

  ~websocket_client() override;

  /// What CAF prints: the name of the kind of actor.
  const char* name() const override;

  // -- what the socket brings; on the thread of the connection ----------------

  /// Before the first message: authenticates the client, if it has shown a
  /// token when it connected, and lets the application prepare the connection.
  void opened(caf::execution_unit* unit, std::string token);

  /// Handles a text message at once.
  void receive(caf::execution_unit* unit, std::string_view text);

protected:
  /// @private
  caf::behavior make_behavior() override;

private:
  // -- the beginning ----------------------------------------------------------

  void open(const std::string& token);

  void prepare();

  // -- requests ---------------------------------------------------------------

  /// Handles what the actor has sent itself meanwhile.
  void settle(caf::execution_unit* unit);

  void handle_frame(std::string_view text);

  void handle_message(std::string_view text);

  void handle_answer(std::string_view text);

  void handle_request(const flamigo::client_request& req);

  void authenticate(const flamigo::client_request& req);

  /// Goes on with what has waited for the authenticating strategy's answer.
  void end_authentication();

  void run(const strategy_ptr& what, const flamigo::client_request& req);

  void run_inline(const strategy_ptr& what, const flamigo::client_request& req);

  void send_to_host(const strategy_ptr& what,
                    const flamigo::client_request& req);

  // -- answers that come later ------------------------------------------------

  void answer(const pending_request& req, std::string* payload,
              caf::error why) override;

  bool is_authenticating(const strategy& what);

  void close_if_drained();

  // -- errors -----------------------------------------------------------------

  void refuse_malformed(caf::error why, std::string_view ack_id);

  void refuse_excess(std::string_view ack_id);

  /// Of a message that came while too many others wait to be looked at.
  void refuse_unheard(std::string_view text);

  void fail(caf::error why, const strategy& what, std::string_view ack_id);

  void send_error(const caf::error& why, std::string_view ack_id);

  std::uint32_t malformed_in_row_ = 0;
  std::uint32_t refused_in_row_ = 0;
  std::uint32_t stashed_ = 0;
  bool prepared_ = false;
  bool draining_ = false;
};

} // namespace flamigo
