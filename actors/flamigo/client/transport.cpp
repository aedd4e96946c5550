#include "flamigo/client/transport.hpp"

#include "flamigo/bus/event.hpp"

namespace flamigo {

transport::~transport() = default;

const wire_format& transport::format() const noexcept {
  return flamigo_format();
}

void transport::opened() {
  // nop
}

bool transport::refused(const caf::error&) {
  return false;
}

void transport::send_event(const event& what, std::uint64_t places) {
  send(what.client_frame_in(places));
}

void transport::send_kept(std::string_view frame, std::size_t,
                          detail::bytes_finder) {
  send(frame);
}

void transport::hurry() {
  // nop
}

bool transport::has_room(std::size_t) {
  return true;
}

bool transport::has_input() const {
  return false;
}

} // namespace flamigo
