#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "flamigo/client/client_figures.hpp"
#include "flamigo/client/detail/kept_client.hpp"
#include "flamigo/client/detail/message_stash.hpp"
#include "flamigo/client/detail/refusing_client.hpp"
#include "flamigo/wire/client_request.hpp"

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
/// `history_client`, `presence_client` and `channel_client` have its channels,
/// `subscribed_client` gets events, `user_client` knows who the client is,
/// `answering_client` has the requests that wait, `asking_client` what the
/// client is asked, `refusing_client` tells it what goes wrong, and this one
/// takes requests and answers.
class websocket_client final : public detail::refusing_client {
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

  /// The handshake was a step of that trace, to which the client's requests are
  /// linked.
  void link(const trace_context& handshake) {
    handshake_ = std::make_unique<const trace_context>(handshake);
  }

  /// Handles a text message at once.
  void receive(caf::execution_unit* unit, std::string_view text);

  /// The socket has room for parts of answers again.
  void relieved(caf::execution_unit* unit);

  /// Something else carries what is said.
  void moved(client_transport to);

  /// As of a `client_feed`.
  std::optional<detail::kept_client> keep() const;

  // -- in this actor ----------------------------------------------------------

  /// How it is.
  client_figures figures() const;

  /// As of a `client_feed`.
  void recover(detail::kept_client what, std::function<void(bool)> then);

  /// Ends every request of the client that has not been answered and that it
  /// calls by this name, a JSON value. Returns whether there was one.
  bool cancel(std::string_view name);

  /// Whether it names what it cancels by `stream`, else by `ackId`.
  bool names_streams() const noexcept {
    return out_.format().names_streams();
  }

protected:
  /// @private
  caf::behavior make_behavior() override;

private:
  // -- the beginning ----------------------------------------------------------

  void open(const std::string& token);

  void prepare();

  void call_on_open();

  // -- requests ---------------------------------------------------------------

  /// Handles what the actor has sent itself meanwhile.
  void settle(caf::execution_unit* unit);

  void handle_frame(std::string_view text);

  void handle_message(std::string_view text);

  void handle_answer(std::string_view text);

  void handle_request(const flamigo::client_request& req);

  void authenticate(const flamigo::client_request& req);

  /// Lines of a client that somebody looks at more closely.
  void log_request(const flamigo::client_request& req) const;

  void log_answer(std::string_view topic, std::size_t bytes) const;

  /// Goes on with what has waited for the authenticating strategy's answer.
  void end_authentication();

  /// Whether this is a request to cancel others.
  bool is_cancelling(const flamigo::client_request& req) const;

  /// Whether a frame gets past what holds others back: what does so may be
  /// waiting for it, or is to be ended by it.
  bool passes(std::string_view text) const;

  /// One that has never begun.
  void refuse_cancelled(std::string_view topic, std::string_view ack_id);

  bool cancel_held(std::string_view name);

  bool cancel_stashed(std::string_view name);

  bool cancel_in_flight(std::string_view name);

  /// Does what follows from that, behind the answer of who has cancelled.
  void settle_cancelled();

  void run(const strategy_ptr& what, const flamigo::client_request& req);

  /// Whether it may be a step of a trace.
  bool is_traced(const flamigo::client_request& req) const noexcept {
    return env_.application.tracing != nullptr || !req.traceparent.empty();
  }

  /// The step of a trace that it is; null if it is of none.
  detail::span_ptr begin_step(const strategy& what,
                              const flamigo::client_request& req) const;

  void run_inline(const strategy_ptr& what, const flamigo::client_request& req);

  void send_to_host(const strategy_ptr& what,
                    const flamigo::client_request& req);

  // -- answers that come later ------------------------------------------------

  void answer(const pending_request& req, std::string* payload,
              caf::error why) override;

  /// Sends the result.
  void succeed(const pending_request& req, std::string_view payload);

  void place_is_free() override;

  bool is_authenticating(const strategy& what);

  void close_if_drained();

  detail::message_stash stash_;
  /// Of its trace; null as a rule.
  std::unique_ptr<const trace_context> handshake_;
  bool authentication_cancelled_ = false;
  bool prepared_ = false;
  bool draining_ = false;
};

} // namespace flamigo
