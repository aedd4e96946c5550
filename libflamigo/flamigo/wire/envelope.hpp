#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <caf/error.hpp>

#include "flamigo/wire/client_request.hpp"
#include "flamigo/wire/decoding_space.hpp"

/// What is said on the wire, see docs/protocol.md.
namespace flamigo {

/// Reads requests. A whole frame is checked and taken apart in one pass, but
/// nothing is made of the payload: that is left to the strategy that wants it.
///
/// Refused are, besides what is no JSON (RFC 8259): half a surrogate pair as an
/// escape, bytes that are not UTF-8, more than 128 levels. A number may be as
/// large as it likes until somebody wants it to be of some type. Not bound to a
/// thread. Large: keep it on the stack.
class envelope_decoder {
public:
  /// Longest topic, in bytes of UTF-8.
  static constexpr std::size_t max_topic = 256;
  /// Longest `ackId`, in bytes: of a string in UTF-8, or of the digits of an
  /// integer.
  static constexpr std::size_t max_ack_id = 128;

  /// Reads one frame into `out`. What it refers to lies in the frame and in the
  /// decoder, and lives until the next call. Fails with
  /// `errc::malformed` and a public message; `out.ack_id` is set all the same
  /// if a single valid one had come to its end before the text ceased to be
  /// JSON, so that the error can be answered.
  caf::error decode(std::string_view frame, client_request& out);

private:
  decoding_space space_;
};

// -- answers ------------------------------------------------------------------

/// A client's answer to a request of the server.
struct client_answer {
  /// What the server has called its request; the client's word, not ours.
  std::string request_id;
  /// JSON; meaningless if there is a failure.
  std::string payload;
  /// What the client says that has gone wrong, or no error. The message, the
  /// status and the code are the client's own.
  caf::error failure;
  /// As of a `client_request`.
  std::string bytes_at = {};
};

/// Reads a frame that `envelope_decoder::decode` has found to be an answer.
/// Fails with `errc::malformed` and a public message.
caf::error read_answer(std::string_view frame, client_answer& out);

/// Reads what an answer says, an object with a payload or an error. Fails in
/// the same way.
caf::error read_outcome(std::string_view json, client_answer& out);

// -- writing ------------------------------------------------------------------

// These append one whole frame each. A topic is escaped; a payload is JSON, and
// an ackId what `decode` found, or empty for none.

/// Appends the reply to a request.
void append_response(std::string& out, std::string_view topic,
                     std::string_view payload_json, std::string_view ack_id);

/// Appends everything that stands before the payload of a reply, which the
/// caller then writes right behind it. `end_response` completes the frame.
void begin_response(std::string& out, std::string_view topic);

/// Completes a reply.
void end_response(std::string& out, std::string_view ack_id);

/// Appends one part of the reply to a request, behind which more comes.
void append_part(std::string& out, std::string_view topic,
                 std::string_view payload_json, std::string_view ack_id);

/// Appends an event.
void append_event(std::string& out, std::string_view topic,
                  std::string_view payload_json);

/// Appends, to a frame without the brace at its end, where it stands in one
/// topic's history: the first offset, or one more. Two braces complete it.
void append_offset(std::string& out, std::string_view topic,
                   std::uint64_t offset, bool first = true);

/// Appends a request of the server, whose id is a text without escapes.
void append_question(std::string& out, std::string_view topic,
                     std::string_view payload_json,
                     std::string_view request_id);

/// Appends an error as the client may see it; with its trace if that is to be
/// exposed.
void append_error(std::string& out, const caf::error& err,
                  std::string_view ack_id, bool expose_trace);

/// Appends the payload of such a frame alone, which is what clients of HTTP
/// read of an error.
void append_error_payload(std::string& out, const caf::error& err,
                          bool expose_trace);

} // namespace flamigo
