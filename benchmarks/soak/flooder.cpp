#include "flooder.hpp"

#include "../load/frame.hpp"
#include "../load/number.hpp"

namespace flamigo::soak {

namespace {

constexpr std::size_t batch_bytes = 64 * 1024;

/// As many as a control frame takes, so that each has to be answered in full.
constexpr std::size_t payload_bytes = 125;

} // namespace

void flooder::greeted() {
  begun_ = stage_.time();
  if (kind_ == kind::unread_pings)
    line_.pause();
}

void flooder::act() {
  if (!line_.is_open() || closing_)
    return;
  if (finishing_) {
    if (kind_ != kind::pings || answered_ == sent_) {
      closing_ = true;
      line_.close();
      expect(limits::margin + limits::close_timeout,
             "the server answers a close frame and closes the socket");
    }
  } else if (stage_.time() - begun_ >= time_) {
    finish();
  } else if (line_.waiting() == 0) {
    send_batch();
  }
}

void flooder::send_batch() {
  auto code = kind_ == kind::pongs ? load::opcode::pong : load::opcode::ping;
  batch_.clear();
  while (batch_.size() < batch_bytes) {
    std::string payload;
    load::append_number(payload, ++sent_);
    payload.resize(payload_bytes, ' ');
    load::append_frame(batch_, code, payload);
  }
  line_.send_bytes(batch_);
}

void flooder::finish() {
  finishing_ = true;
  // The server may well have stopped to read it.
  if (kind_ == kind::unread_pings)
    return vanish();
  if (kind_ == kind::pings && sent_ > 0)
    expect(limits::patience, "the latest ping is answered (RFC 6455, 5.5.3)");
}

void flooder::ponged(load::connection&, std::string_view payload) {
  std::uint64_t number = 0;
  if (!load::take_number(payload, number) || number <= answered_
      || number > sent_)
    fault("a ping is answered once, and in order", payload);
  answered_ = number;
}

void flooder::ended(std::string_view failure) {
  // Whoever takes no answers may be closed for that.
  if (!stage_.ending && !failure.empty() && kind_ != kind::unread_pings
      && line_.close_code() != 3013)
    fault("who sends control frames is served, or told why not", failure);
}

} // namespace flamigo::soak
