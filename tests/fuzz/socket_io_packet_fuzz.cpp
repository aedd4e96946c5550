// What a client of Socket.IO says, without its connection: arbitrary bytes are
// taken apart as a packet and decoded as a request. Whatever is accepted must
// survive being written; whatever is refused is refused with a sentence. A
// packet with attachments gets some, and what is made of it is decoded as well.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "flamigo/error/error.hpp"
#include "flamigo/json/detail/bytes_within.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/socketio/detail/put_bytes.hpp"
#include "flamigo/socketio/detail/socket_io_format.hpp"
#include "flamigo/socketio/detail/socket_io_packet.hpp"
#include "flamigo/strategy/detail/check_bytes.hpp"
#include "flamigo/wire/client_request.hpp"
#include "flamigo/wire/decoding_space.hpp"
#include "flamigo/wire/envelope.hpp"
#include "flamigo/wire/laden_text.hpp"

namespace {

using namespace flamigo;

void require(bool condition) {
  if (!condition)
    std::abort();
}

void require_malformed(const caf::error& why) {
  require(why == errc::malformed && !public_message(why).empty());
}

void check_packet(std::string_view text) {
  detail::socket_io_packet what;
  if (auto why = detail::parse_packet(text, what))
    return require_malformed(why);
  std::string written;
  detail::append_packet(written, what);
  detail::socket_io_packet back;
  require(!detail::parse_packet(written, back) && back == what);
}

/// A packet of text with as many attachments as it says; empty if it is to be
/// refused. What it has is found again when it goes out.
std::string with_attachments(std::string_view text) {
  using kind = detail::socket_io_packet::kind;
  detail::socket_io_packet what;
  if (detail::parse_packet(text, what)
      || (what.type != kind::binary_event && what.type != kind::binary_ack))
    return {};
  std::vector<std::string> attachments;
  for (std::size_t i = 0; i < what.attachments % 33; ++i)
    attachments.emplace_back(i, static_cast<char>(255 - i));
  std::string frame;
  if (auto why = detail::put_bytes(what, attachments, frame)) {
    require_malformed(why);
    return {};
  }
  require(!frame.empty());
  return frame;
}

/// Bytes that have come where a list of them is declared go out again.
void check_bytes(std::string_view payload, std::string_view places) {
  using list = std::vector<bytes>;
  auto where = detail::finder_of<list>();
  if (!detail::check_bytes({nullptr, where}, payload, places))
    return;
  auto text = "[\"a\"," + std::string{payload} + "]";
  lift_bytes(text, 0, where);
  if (!is_laden(text))
    return;
  auto out = read_laden(text);
  require(!out.attachments.empty() && is_json(out.json));
}

/// What is answered is a packet with the id that was sent.
void check_refusal(const caf::error& why, std::string_view ack_id) {
  std::string frame;
  detail::socket_io_format().append_error(frame, why, ack_id, true);
  detail::socket_io_packet what;
  require(!detail::parse_packet(frame, what) && is_json(what.data));
  require(ack_id.empty() ? what.id.empty() : ack_id.ends_with(what.id));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  std::string_view frame{reinterpret_cast<const char*>(data), size};
  check_packet(frame);
  auto laden = with_attachments(frame);
  if (!laden.empty())
    frame = laden;
  auto& format = detail::socket_io_format();
  decoding_space space;
  client_request req;
  if (auto why = format.decode(frame, space, req)) {
    require_malformed(why);
    check_refusal(why, req.ack_id);
    return 0;
  }
  if (req.is_answer) {
    client_answer what;
    if (auto why = format.read_answer(frame, what))
      require_malformed(why);
    else
      require(what.failure || is_json(what.payload));
    return 0;
  }
  require(!req.topic.empty()
          && req.topic.size() <= envelope_decoder::max_topic);
  require(is_json(req.payload));
  if (req.payload_tokens != nullptr)
    require(req.payload_tokens->slice() == req.payload);
  if (!req.bytes_at.empty())
    check_bytes(req.payload, req.bytes_at);
  if (format.takes_parts(req.ack_id)) {
    std::string part;
    format.append_part(part, req.topic, req.payload, req.ack_id);
    require(is_json(std::string_view{part}.substr(1)));
  }
  check_refusal(make_error(errc::cancelled), req.ack_id);
  return 0;
}
