#pragma once

#include <string_view>

namespace flamigo::detail {

/// Whether the text of a JSON value may be an `ackId` (PROTOCOL, Request).
bool is_ack_id(std::string_view json);

/// Whether two of them are the same: of the same type and as text, however a
/// string is escaped.
bool same_ack_id(std::string_view x, std::string_view y);

} // namespace flamigo::detail
