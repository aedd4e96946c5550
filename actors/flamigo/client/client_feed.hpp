#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <caf/actor.hpp>

#include "flamigo/claims/claims.hpp"
#include "flamigo/client/channel_position.hpp"
#include "flamigo/client/client_environment.hpp"
#include "flamigo/client/detail/kept_client.hpp"
#include "flamigo/wire/close_reason.hpp"

namespace flamigo {

class transport;
class websocket_client;

namespace detail {

class home_unit;

} // namespace detail

/// The bridge's end of one connection actor. It spawns the actor and hands it
/// what the socket brings.
///
/// Every call is made on the thread that owns the connection. `message` and
/// `closed` activate the actor directly, as CAF's multiplexer does with its
/// brokers, so a frame costs neither a mailbox element nor a wake-up.
class client_feed {
public:
  client_feed() = default;

  /// Spawns the connection actor. It is resumed by `home` alone, whoever sends
  /// to it, and talks to the client through `out`, which it lets go of when it
  /// ends. `token` is what the client showed when it connected, if anything.
  /// With `holds` its channels are silent until `recover` or `start_anew`. The
  /// handshake says which trace it was a step of, if it was of one.
  client_feed(const client_environment& env, detail::home_unit* home,
              std::shared_ptr<transport> out, claims_ptr who,
              std::string token = {}, bool holds = false,
              std::string_view traceparent = {});

  /// The connection actor; null before there is one.
  const caf::actor& client() const noexcept {
    return client_;
  }

  /// Hands over one complete text message; it has been handled, and every
  /// inline answer sent, when this returns. The text must be valid UTF-8.
  void message(std::string_view text);

  /// There is room again, after `transport::has_room` has said that there is
  /// none. Not from within a call of the transport.
  void relieved();

  /// So many bytes wait because the socket does not take them.
  void waits(std::size_t bytes) noexcept;

  /// Something else carries what is said from now on, which the claims say.
  void moved(client_transport to);

  /// How far the client has got in its channels that keep a history, by what
  /// was sent: also from within a call of the transport.
  std::vector<channel_position> positions() const;

  /// What the client has of channels, to be had again over another connection;
  /// none where that would not be all. What is said to it from now on is not
  /// counted. Where the environment `keeps_clients`.
  std::optional<detail::kept_client> keep() const;

  /// Has the client have that again, if it is the same user's: `then` is
  /// called, once, on the connection's thread, with whether all of it has
  /// recovered, and what was missed is sent behind that. If not, the client has
  /// nothing of it. It is not called if the actor ends before.
  void recover(detail::kept_client what, std::function<void(bool)> then);

  /// There is nothing to recover.
  void start_anew();

  /// The socket has ended: the actor quits with this reason. Nothing is called
  /// afterwards.
  void closed(const close_reason& why);

  /// Whether there is a connection actor.
  explicit operator bool() const noexcept {
    return static_cast<bool>(client_);
  }

private:
  void tell(std::function<void(websocket_client&)> what);

  caf::actor client_;
  detail::home_unit* home_ = nullptr;
};

} // namespace flamigo
