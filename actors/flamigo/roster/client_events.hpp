#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/describe/class.hpp>

#include "flamigo/topic/topic.hpp"

namespace flamigo {

/// A WebSocket has opened. Published by the roster under
/// `websocket/connected/<connection id>`.
struct client_connected {
  /// The claim of that name.
  std::string connection_id;
  /// Address and port of the peer as the socket saw it.
  std::string remote_address;

  /// Matches all of them.
  static constexpr std::string_view all = "websocket/connected";

  /// Other nodes have theirs.
  static constexpr bool stays_on_node = true;

  /// Its topic, as above.
  topic topics() const {
    return topic{std::string{all} + "/" + connection_id};
  }
};

BOOST_DESCRIBE_STRUCT(client_connected, (), (connection_id, remote_address))

/// A WebSocket has ended: one event for every `client_connected`, later than
/// that, whatever ended it. Published by the roster under
/// `websocket/disconnected/<connection id>`. Its cause's claims are the last
/// ones of the connection; the connection's actor is gone.
///
/// If the client had become a user, also under `user/disconnected/<user id>`.
struct client_disconnected {
  /// The claim of that name.
  std::string connection_id;
  /// The close code; 1005 when the client gave none, 1006 when the socket just
  /// ended.
  std::uint16_t code;
  /// The text of the close frame, or what the server has to say.
  std::string reason;
  /// Milliseconds since it opened.
  std::int64_t duration;
  /// The id of the user that the client was.
  std::optional<std::string> user;

  /// Matches all of them: `self->subscribe(client_disconnected::all)`.
  static constexpr std::string_view all = "websocket/disconnected";

  /// Other nodes have theirs.
  static constexpr bool stays_on_node = true;

  /// One, or two if there was a user.
  std::vector<topic> topics() const;
};

BOOST_DESCRIBE_STRUCT(client_disconnected, (),
                      (connection_id, code, reason, duration, user))

/// A client has become a user. Published by the roster under
/// `auth/authenticated/<user id>`, later than its `client_connected` and before
/// its `client_disconnected`; not again when the same user shows a fresh token.
/// Its cause is the connection.
struct user_authenticated {
  /// The claim of that name.
  std::string connection_id;
  /// The id.
  std::string user;

  /// Matches all of them.
  static constexpr std::string_view all = "auth/authenticated";

  /// Other nodes have theirs.
  static constexpr bool stays_on_node = true;

  /// Its topic, as above.
  topic topics() const {
    return topic{std::string{all} + "/" + topic_segment(user)};
  }
};

BOOST_DESCRIBE_STRUCT(user_authenticated, (), (connection_id, user))

} // namespace flamigo
