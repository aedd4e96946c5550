#pragma once

#include <string>
#include <string_view>

#include <caf/allowed_unsafe_message_type.hpp>

#include "flamigo/actors/close_reason.hpp"

namespace flamigo::detail {

/// One text message of the client, in memory that the bridge lends for the
/// call.
struct text_frame {
  std::string_view text;
};

/// A text message that had to wait in the mailbox.
struct stashed_frame {
  std::string text;
};

/// The socket has ended.
struct socket_end {
  close_reason why;
};

} // namespace flamigo::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::text_frame)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::stashed_frame)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::socket_end)
