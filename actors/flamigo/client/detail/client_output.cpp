#include "flamigo/client/detail/client_output.hpp"

#include <cstddef>
#include <string>
#include <utility>

#include "flamigo/client/detail/client_input.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/wire/client_message.hpp"

namespace flamigo::detail {

client_output::client_output(caf::event_based_actor& self,
                             std::shared_ptr<transport> to)
  : self_(self), to_(std::move(to)), format_(to_->format()),
    frames_(&format_ == &flamigo_format() ? to_.get() : nullptr) {
}

// -- what is said -------------------------------------------------------------

void client_output::send_behind(std::string_view frame, std::size_t base,
                                bytes_finder bytes) {
  put_behind();
  self_.send(&self_, own_frame{std::string{frame}, base, bytes});
}

void client_output::send_otherwise(const flamigo::event& what,
                                   std::uint64_t places) {
  if (frames_ != nullptr)
    frames_->send(what.client_frame_in(places));
  else if (to_)
    to_->send_event(what, places);
}

void client_output::reply(std::string_view name, std::string_view payload,
                          std::string_view ack_id, bytes_finder bytes) {
  if (!to_ || ack_id.empty())
    return;
  auto& frame = buffer();
  format_.begin_response(frame, name, ack_id);
  frame.append(payload);
  end_reply(frame, ack_id, bytes);
}

bool client_output::has_room(std::size_t bytes) {
  // A client that has gone has no room for anything.
  if (closed_ || !to_)
    return false;
  if (behind()) {
    // What waits in the mailbox is not counted by anybody.
    put_behind();
    self_.send(&self_, own_room{});
    return false;
  }
  return to_->has_room(bytes);
}

bool client_output::part(std::string_view name, std::string_view payload,
                         std::string_view ack_id, bytes_finder bytes) {
  constexpr std::size_t members = 64;
  if (!has_room(name.size() + payload.size() + ack_id.size() + members))
    return false;
  auto& frame = buffer();
  format_.append_part(frame, name, payload, ack_id);
  if (bytes != nullptr)
    format_.lift_bytes(frame, bytes);
  to_->send(frame);
  return true;
}

void client_output::error(const caf::error& why, std::string_view ack_id,
                          bool with_trace) {
  if (!to_)
    return;
  auto& frame = buffer();
  format_.append_error(frame, why, ack_id, with_trace);
  send(frame);
}

void client_output::event(const client_message& what) {
  if (!to_)
    return;
  auto& frame = buffer();
  format_.append_event(frame, what.topic, what.payload.text);
  if (what.bytes != nullptr)
    format_.lift_bytes(frame, what.bytes);
  send(frame);
}

bool client_output::refuse(const caf::error& why) {
  if (!to_ || !to_->refused(why))
    return false;
  disconnect();
  return true;
}

void client_output::close(const close_reason& why) {
  if (!behind())
    return close_now(why);
  put_behind();
  self_.send(&self_, own_close{why});
}

// -- what waits in the mailbox ------------------------------------------------

void client_output::close_now(const close_reason& why) {
  if (closed_)
    return;
  closed_ = true;
  if (!to_)
    return;
  if (is_close_code(why.code))
    return to_->close(why);
  log::error("a connection is closed with " + std::to_string(why.code)
             + ", which no close frame may have: 1011 is sent; take one from "
               "4000 to 4999 (RFC 6455, 7.4.2)");
  to_->close({close_code::internal_error, why.reason});
}

// -- the other end ------------------------------------------------------------

bool client_output::has_input() const {
  return to_ && to_->has_input();
}

void client_output::disconnect() noexcept {
  closed_ = true;
  frames_ = nullptr;
  to_ = nullptr;
}

std::string& client_output::buffer() {
  thread_local std::string result;
  result.clear();
  return result;
}

} // namespace flamigo::detail
