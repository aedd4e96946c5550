#pragma once

#include <string>
#include <string_view>

#include "flamigo/io/detail/asio.hpp"
#include "flamigo/wire/close_reason.hpp"

namespace flamigo::detail {

/// The payload of a close frame of ours (RFC 6455, 5.5.1): a longer reason is
/// cut at the end of a character. The code must be one of `is_close_code`.
std::string close_payload(const close_reason& why);

/// What a peer's close frame comes to.
struct peer_close {
  /// What it says, or the rule that it breaks.
  close_reason why;
  /// What it is answered with.
  close_reason answer;
};

/// Reads the payload of a peer's close frame.
peer_close read_close(std::string_view payload);

/// What an error of the stream or the socket comes to.
close_reason reason_of(error_code ec);

} // namespace flamigo::detail
