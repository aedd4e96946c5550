#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <caf/error.hpp>

#include "flamigo/wire/close_reason.hpp"
#include "flamigo/wire/wire_format.hpp"

namespace flamigo {

class event;

/// What a connection actor knows of its socket: text goes out, and it can be
/// closed. The bridge implements it over Boost.Beast, tests over a vector.
/// Every call is made on the thread that owns the connection.
class transport {
public:
  virtual ~transport();

  /// How what is said over it is spelt, for as long as it lives: as
  /// docs/protocol.md says by default.
  virtual const wire_format& format() const noexcept;

  /// The client has been let in: it was authenticated, if it has shown a token
  /// when it connected, and the program has prepared the connection. Once, and
  /// perhaps before the `client_feed` has been made. Nothing by default.
  virtual void opened();

  /// What the client has shown when it connected was refused. True if it is
  /// told here and the connection ends: nothing more is sent to it, `opened` is
  /// not called, and `client_feed::closed` is to be. By default false: the
  /// client gets the error, and is let in as a guest.
  virtual bool refused(const caf::error& why);

  /// Queues one text message. The text is copied or sent before this returns.
  /// Ignored once the connection is closing.
  virtual void send(std::string_view text) = 0;

  /// The same for an event that is for clients, as one who has it of these of
  /// its places gets it (`event::client_frame_in`). Only where the format is
  /// none of ours: one of ours gets the frame. By default the frame.
  virtual void send_event(const event& what, std::uint64_t places);

  /// The same for a frame of an event that is of our format, though this
  /// connection's is not: one that is remembered. `base` is how much of it has
  /// no offsets and no brace at its end (`append_frame_arguments`), and `bytes`
  /// finds those in its payload, or is null. By default the frame.
  virtual void send_kept(std::string_view frame, std::size_t base,
                         detail::bytes_finder bytes);

  /// The client waits for what was sent: an answer that came late, which must
  /// not stand behind what others only hear of. Does nothing by default.
  virtual void hurry();

  /// Whether a message of about this size may be sent that can wait: a quarter
  /// of what may wait for the client is not exceeded yet, and all of it would
  /// not be. If not, `client_feed::relieved` is called, once, when it may. Yes
  /// by default.
  virtual bool has_room(std::size_t bytes);

  /// Queues the close frame behind what was sent and ends the socket. Nothing
  /// is sent afterwards. A second call does nothing.
  virtual void close(const close_reason& why) = 0;

  /// Whether something of the client has come that was not handed over yet.
  /// Nobody is judged by his silence before that was looked at.
  virtual bool has_input() const;
};

} // namespace flamigo
