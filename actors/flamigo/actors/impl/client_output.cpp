#include "flamigo/actors/impl/client_output.hpp"

#include "flamigo/actors/transport.hpp"
#include "flamigo/client_message.hpp"
#include "flamigo/envelope.hpp"

namespace flamigo::detail {

client_output::client_output(std::shared_ptr<transport> to) noexcept
  : to_(std::move(to)) {
}

void client_output::send(std::string_view frame) {
  if (to_)
    to_->send(frame);
}

void client_output::reply(std::string_view name, std::string_view payload,
                          std::string_view ack_id) {
  if (!to_ || ack_id.empty())
    return;
  auto& frame = buffer();
  append_response(frame, name, payload, ack_id);
  to_->send(frame);
}

void client_output::error(const caf::error& why, std::string_view ack_id,
                          bool with_trace) {
  if (!to_)
    return;
  auto& frame = buffer();
  append_error(frame, why, ack_id, with_trace);
  to_->send(frame);
}

void client_output::event(const client_message& what) {
  if (!to_)
    return;
  auto& frame = buffer();
  append_event(frame, what.topic, what.payload.text);
  to_->send(frame);
}

void client_output::close(const close_reason& why) {
  if (closed_)
    return;
  closed_ = true;
  if (to_)
    to_->close(why);
}

void client_output::disconnect() noexcept {
  closed_ = true;
  to_ = nullptr;
}

std::string& client_output::buffer() {
  thread_local std::string result;
  result.clear();
  return result;
}

} // namespace flamigo::detail
