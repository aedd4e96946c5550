#include "hasty.hpp"

#include "../load/number.hpp"
#include "../load/wire_message.hpp"

namespace flamigo::soak {

namespace {

constexpr std::size_t waiting_bytes = 64 * 1024;

constexpr std::uint16_t too_many_requests = 3013;

} // namespace

void hasty::act() {
  if (!line_.is_open() || closing_)
    return;
  while (asked_ < answered_.size() && line_.waiting() < waiting_bytes) {
    text_ = stage_.chance(50) ? R"({"topic":"app::desk:echo","ackId":)"
                              : R"({"topic":"app::soak:ask","ackId":)";
    load::append_number(text_, asked_++);
    line_.send(text_ + '}');
    if (asked_ == answered_.size())
      expect(limits::patience, "every request is answered, be it by 429");
  }
  if (answers_ == answered_.size()) {
    closing_ = true;
    line_.close();
    expect(limits::margin,
           "the server answers a close frame and closes the socket");
  }
}

void hasty::received(load::connection&, std::string_view text) {
  auto message = load::read_wire_message(text);
  std::uint64_t id = 0;
  if (!message || !load::take_number(message->ack_id, id) || id >= asked_) {
    fault("an answer has the ackId of a request", text);
  } else if (answered_[id]) {
    fault("a request is answered once", text);
  } else {
    answered_[id] = true;
    ++answers_;
  }
}

void hasty::ended(std::string_view failure) {
  if (!stage_.ending && !failure.empty()
      && line_.close_code() != too_many_requests)
    fault("who asks too much is told so", failure);
}

} // namespace flamigo::soak
