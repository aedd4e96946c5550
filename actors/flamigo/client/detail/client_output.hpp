#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <caf/error.hpp>
#include <caf/event_based_actor.hpp>

#include "flamigo/bus/event.hpp"
#include "flamigo/client/transport.hpp"
#include "flamigo/json/detail/bytes_within.hpp"
#include "flamigo/wire/close_reason.hpp"

namespace flamigo {

struct client_message;

} // namespace flamigo

namespace flamigo::detail {

/// What a connection actor says to its client: frames are composed here and
/// handed to the transport, until one of the two has gone.
///
/// Nothing overtakes: when a message has caused something that waits in the
/// mailbox (an event that the actor has published and listens to itself), all
/// that it says afterwards is put behind that.
class client_output {
public:
  client_output(caf::event_based_actor& self, std::shared_ptr<transport> to);

  /// How it is spelt.
  const wire_format& format() const noexcept {
    return format_;
  }

  // -- what is said -----------------------------------------------------------

  /// A frame as it is.
  void send(std::string_view frame) {
    if (behind())
      send_behind(frame);
    else
      send_now(frame);
  }

  /// An event that is for clients, as one gets it who has it of these of its
  /// places.
  void send(const flamigo::event& what, std::uint64_t places) {
    if (behind())
      send_behind(what.client_frame_in(places), what.client_frame_base(places),
                  what.client_bytes());
    else if (places == 0)
      send_now(what);
    else
      send_now(what, places, what.client_frame_in(places));
  }

  /// A frame of one that is remembered, as of a `transport`.
  void send_kept(std::string_view frame, std::size_t base,
                 bytes_finder bytes = nullptr) {
    if (behind())
      send_behind(frame, base, bytes);
    else
      send_kept_now(frame, base, bytes);
  }

  /// Completes a reply and sends it. `bytes` finds those in its payload, or is
  /// null; so below.
  void end_reply(std::string& frame, std::string_view ack_id,
                 bytes_finder bytes) {
    format_.end_response(frame, ack_id);
    if (bytes != nullptr)
      format_.lift_bytes(frame, bytes);
    send(frame);
  }

  /// Nothing is sent to a client that gave no `ack_id`.
  void reply(std::string_view name, std::string_view payload,
             std::string_view ack_id, bytes_finder bytes);

  /// Whether a frame of about this size may be sent that can wait. If not, the
  /// actor is told when it may (`socket_room`, `own_room`).
  bool has_room(std::size_t bytes);

  /// One of several parts of a reply. False if there is no room for it now, as
  /// `has_room`.
  bool part(std::string_view name, std::string_view payload,
            std::string_view ack_id, bytes_finder bytes);

  void error(const caf::error& why, std::string_view ack_id, bool with_trace);

  void event(const client_message& what);

  /// What was said is waited for.
  void hurry() {
    if (to_)
      to_->hurry();
  }

  /// The client has been let in.
  void open() {
    if (to_)
      to_->opened();
  }

  /// Whether the other end takes care of that, and is gone: as of a
  /// `transport`.
  bool refuse(const caf::error& why);

  /// Closes the connection, if it was not closed before.
  void close(const close_reason& why);

  // -- what waits in the mailbox ----------------------------------------------

  /// Whether something of the actor's own waits there.
  bool has_waiting() const noexcept {
    return waiting_ > 0;
  }

  /// Counts one that the message which is being handled puts there.
  void put_behind() noexcept {
    ++waiting_;
    putter_ = self_.current_mailbox_element();
  }

  /// Has all that the message which is being handled says from now on stand
  /// behind what is in the mailbox.
  void fall_behind() noexcept {
    putter_ = self_.current_mailbox_element();
  }

  /// What is said next is no more of the message that was handled.
  void end_message() noexcept {
    putter_ = nullptr;
  }

  /// Counts one whose turn has come.
  void begin_turn() noexcept {
    --waiting_;
    putter_ = nullptr;
  }

  /// Sends a frame at once.
  void send_now(std::string_view frame) {
    if (to_)
      to_->send(frame);
  }

  /// Sends an event at once, in none of its places.
  void send_now(const flamigo::event& what) {
    if (frames_ != nullptr && what.has_client_frame()) [[likely]]
      frames_->send(what.made_client_frame());
    else
      send_otherwise(what, 0);
  }

  /// Sends an event at once, in these of its places, with that frame.
  void send_now(const flamigo::event& what, std::uint64_t places,
                std::string_view frame) {
    if (frames_ != nullptr)
      frames_->send(frame);
    else
      send_otherwise(what, places);
  }

  /// Sends a frame of one that is remembered at once.
  void send_kept_now(std::string_view frame, std::size_t base,
                     bytes_finder bytes) {
    if (frames_ != nullptr)
      frames_->send(frame);
    else if (to_)
      to_->send_kept(frame, base, bytes);
  }

  /// Closes at once.
  void close_now(const close_reason& why);

  // -- the other end ----------------------------------------------------------

  /// Whether the connection was closed, from either end.
  bool closed() const noexcept {
    return closed_;
  }

  /// Whether the other end is there.
  bool has_client() const noexcept {
    return to_ != nullptr;
  }

  /// Whether the client has said something that nobody has looked at.
  bool has_input() const;

  /// The other end is gone.
  void disconnect() noexcept;

private:
  /// Whether the message that is being handled has put something into the
  /// mailbox, behind which it goes on.
  bool behind() const noexcept {
    return putter_ != nullptr && putter_ == self_.current_mailbox_element();
  }

  /// The first time, or to a client of another format; apart, so that nothing
  /// is saved for it whenever an event is sent.
  [[gnu::noinline]] void send_otherwise(const flamigo::event& what,
                                        std::uint64_t places);

  /// `base` is 0 of a frame of this connection's format.
  void send_behind(std::string_view frame, std::size_t base = 0,
                   bytes_finder bytes = nullptr);

  /// An empty buffer for a frame that is sent at once.
  static std::string& buffer();

  caf::event_based_actor& self_;
  std::shared_ptr<transport> to_;
  const wire_format& format_;
  /// The same as `to_` if it takes frames of our format, else null: what is
  /// looked at anyway tells the two apart.
  transport* frames_;
  /// The message that has put the last one there. No later message can have
  /// its address before that one's turn, since it would stand behind.
  const caf::mailbox_element* putter_ = nullptr;
  std::uint32_t waiting_ = 0;
  bool closed_ = false;
};

} // namespace flamigo::detail
