#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "flamigo/json/detail/bytes_within.hpp"

/// What goes out to clients that take bytes as they are, beside the JSON.
namespace flamigo {

/// A text of JSON, and bytes that were taken out of it, each of which has left
/// `{"_placeholder":true,"num":0}` with its number. Both are one text on their
/// way, so that it may wait and be shared as others are: `b`, the sizes, `-`,
/// the JSON, and the bytes one after the other:
///
///   b3-["chat:picture",{"_placeholder":true,"num":0}]abc
struct laden_text {
  /// More are not taken out, and all of them stay in base64: a stock client of
  /// Socket.IO ends its connection over a packet with more.
  static constexpr std::size_t max_attachments = 10;

  /// With what stands before it.
  std::string_view json;
  /// What the placeholders in it stand for, in the order of their numbers.
  std::vector<std::string_view> attachments;
};

/// Whether a text has bytes behind it; else it is a packet or JSON.
inline bool is_laden(std::string_view text) noexcept {
  return text.starts_with('b');
}

/// Takes apart what `lift_bytes` has made. The views are of the text.
laden_text read_laden(std::string_view text);

/// Takes the bytes of what is said out of a text: `head` characters, and behind
/// them the JSON array of an event, a part, or an answer, whose payload is of
/// the type that `where` is for. The text stays as it is if there are none, or
/// too many.
void lift_bytes(std::string& text, std::size_t head,
                detail::bytes_finder where);

} // namespace flamigo
