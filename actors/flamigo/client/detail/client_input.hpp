#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/expected.hpp>

#include "flamigo/bus/event.hpp"
#include "flamigo/client/detail/history_hold.hpp"
#include "flamigo/history/history_slice.hpp"
#include "flamigo/wire/close_reason.hpp"

namespace flamigo {

class websocket_client;

} // namespace flamigo

namespace flamigo::detail {

/// The connection is open; sent before everything else.
struct socket_start {
  /// Shown when it connected; may be empty.
  std::string token;
};

/// What another actor wants done in this one.
struct client_task {
  std::function<void(websocket_client&)> run;
};

/// One text message of the client, in memory that the bridge lends for the
/// call.
struct text_frame {
  std::string_view text;
};

/// A text message that had to wait in the mailbox.
struct stashed_frame {
  std::string text;
  /// By which it is known, until its turn comes.
  std::uint32_t number;
};

/// Requests were cancelled, and perhaps something waits for the end of them.
struct requests_cancelled {};

/// The client has taken so much that more may be sent.
struct socket_room {};

/// What the actor has caused itself and could not do at once, because something
/// else of its own waited before it. It waits in the mailbox, so that all of it
/// keeps its order.
struct own_event {
  event_ptr what;
};

struct own_frame {
  std::string text;
  /// As of `transport::send_kept`; 0 of any other frame.
  std::size_t base;
  bytes_finder bytes = nullptr;
};

struct own_close {
  close_reason why;
};

/// The turn of what waits behind all that was put before.
struct own_room {};

/// A channel of the client goes on.
struct channel_turn {
  std::uint32_t serial;
};

/// What a history says to one of the channels.
template <class T>
struct channel_answer {
  std::uint32_t serial;
  caf::expected<T> what;
};

} // namespace flamigo::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::socket_start)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::client_task)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::text_frame)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::stashed_frame)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::requests_cancelled)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::socket_room)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::own_event)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::own_frame)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::own_close)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::own_room)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::channel_turn)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(
  flamigo::detail::channel_answer<flamigo::detail::followed_history>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(
  flamigo::detail::channel_answer<flamigo::history_slice>)
