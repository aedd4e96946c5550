#pragma once

#include "flamigo/wire/wire_format.hpp"

namespace flamigo::detail {

/// How Socket.IO's clients spell it. A frame is the text of an event's packet
/// or of an acknowledgement's without its namespace, which whoever sends it
/// puts behind the first character: `2["topic",payload]`,
/// `27["topic",payload]`, `37[{"payload":...}]`.
///
/// The `ackId` of a request is the packet's id, a number; that of one which
/// asks for a stream is the name of the stream, in quotes, and the id behind
/// it.
///
/// Before a frame with bytes that came as they are, which stand in it as
/// base64, is where their texts begin in it: `b8,40-` (`put_bytes`). One with
/// bytes that go out is a `laden_text`.
const wire_format& socket_io_format() noexcept;

} // namespace flamigo::detail
