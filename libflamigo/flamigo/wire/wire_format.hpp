#pragma once

#include <string>
#include <string_view>

#include <caf/error.hpp>

#include "flamigo/json/detail/bytes_within.hpp"

namespace flamigo {

struct client_answer;
struct client_request;
struct decoding_space;

/// How a connection spells what is said: ours (docs/protocol.md), or that of
/// other clients. A connection has one for as long as it lives.
///
/// Frames are appended, whole ones unless it says otherwise. A topic is text, a
/// payload JSON, and an ackId what `decode` found, or empty for none; what an
/// ackId looks like is the format's own affair. Has no state, and is called on
/// any thread.
class wire_format {
public:
  virtual ~wire_format();

  // -- reading ----------------------------------------------------------------

  /// Reads a frame into `out`. What it refers to lies in the frame and in the
  /// space, and lives until the next call. Fails with `errc::malformed` and a
  /// public message; `out.ack_id` is set all the same if there is one to answer
  /// with the error.
  virtual caf::error decode(std::string_view frame, decoding_space& space,
                            client_request& out) const = 0;

  /// Reads a frame that `decode` has found to be an answer. Fails with
  /// `errc::malformed` and a public message.
  virtual caf::error read_answer(std::string_view frame,
                                 client_answer& out) const = 0;

  // -- writing ----------------------------------------------------------------

  /// Appends what stands before the payload of a reply; the caller writes the
  /// payload, and `end_response` the rest. Also of a request without an ackId,
  /// of which nothing is sent.
  virtual void begin_response(std::string& out, std::string_view topic,
                              std::string_view ack_id) const = 0;

  /// Completes a reply.
  virtual void end_response(std::string& out,
                            std::string_view ack_id) const = 0;

  /// One part of a reply, behind which more comes.
  /// @pre `takes_parts(ack_id)`
  virtual void append_part(std::string& out, std::string_view topic,
                           std::string_view payload_json,
                           std::string_view ack_id) const = 0;

  /// An event.
  virtual void append_event(std::string& out, std::string_view topic,
                            std::string_view payload_json) const = 0;

  /// A request of the server, whose id is digits.
  virtual void append_question(std::string& out, std::string_view topic,
                               std::string_view payload_json,
                               std::string_view request_id) const = 0;

  /// An error as the client may see it; with its trace if that is to be
  /// exposed.
  virtual void append_error(std::string& out, const caf::error& why,
                            std::string_view ack_id,
                            bool expose_trace) const = 0;

  /// Has bytes sent as they are where the format can: in a whole frame of the
  /// above whose payload is of the type that `where` is for. Nothing by
  /// default.
  virtual void lift_bytes(std::string& frame, detail::bytes_finder where) const;

  // -- requests that are answered in parts, or cancelled ----------------------

  /// Whether a request with this ackId may be answered in parts; with none,
  /// whether it may be run for nobody.
  virtual bool takes_parts(std::string_view ack_id) const noexcept = 0;

  /// Whether clients name what they cancel by `stream`, else by `ackId`.
  virtual bool names_streams() const noexcept = 0;

  /// Whether a request with this ackId is the one that a client calls by
  /// `name`, a JSON value.
  virtual bool is_named(std::string_view ack_id,
                        std::string_view name) const = 0;
};

/// Ours.
const wire_format& flamigo_format() noexcept;

} // namespace flamigo
