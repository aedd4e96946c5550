#pragma once

#include <string>
#include <vector>

#include <caf/error.hpp>

#include "flamigo/socketio/detail/socket_io_packet.hpp"

namespace flamigo::detail {

/// Appends the frame of an event or an acknowledgement (`socket_io_format`)
/// whose attachments have come: each stands as base64 where the packet has a
/// placeholder with its number, in any order, as often as it is named. Fails
/// with `errc::malformed` where Socket.IO's own parser does: if the packet is
/// no JSON or names an attachment that there is not; and if it names them so
/// often that the frame would grow beyond measure.
caf::error put_bytes(const socket_io_packet& what,
                     const std::vector<std::string>& attachments,
                     std::string& frame);

} // namespace flamigo::detail
