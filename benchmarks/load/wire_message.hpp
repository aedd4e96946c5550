#pragma once

#include <optional>
#include <string_view>

namespace flamigo::load {

/// The members of a message of the server, as they lie in its frame: texts
/// without their quotes and with their escapes, the payload as it is.
struct wire_message {
  std::string_view topic;
  std::string_view payload;
  /// Empty if there is none.
  std::string_view ack_id;
};

/// Finds the members, in whatever order they stand. Returns nothing if the text
/// is no JSON object, as far as that shows in passing: this is no JSON parser,
/// and none of the project's, so that its mistakes are its own.
std::optional<wire_message> read_wire_message(std::string_view text);

} // namespace flamigo::load
