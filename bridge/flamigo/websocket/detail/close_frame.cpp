#include "flamigo/websocket/detail/close_frame.hpp"

#include <cstdint>
#include <utility>

#include <boost/asio/error.hpp>
#include <boost/beast/websocket/error.hpp>

#include "flamigo/io/detail/utf8.hpp"

namespace flamigo::detail {

namespace websocket = beast::websocket;

namespace {

/// Of a close frame's reason (RFC 6455, 5.5).
constexpr std::size_t max_reason_bytes = 123;

std::string_view shorten(std::string_view text) {
  if (text.size() <= max_reason_bytes)
    return text;
  auto end = max_reason_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
    --end;
  return text.substr(0, end);
}

} // namespace

std::string close_payload(const close_reason& why) {
  std::string result;
  result.push_back(static_cast<char>(why.code >> 8));
  result.push_back(static_cast<char>(why.code & 0xFF));
  result.append(shorten(why.reason));
  return result;
}

peer_close read_close(std::string_view payload) {
  auto refuse = [](close_code code, std::string why) {
    close_reason both{code, std::move(why)};
    return peer_close{both, both};
  };
  if (payload.empty())
    return {{close_code::no_status, {}}, {close_code::normal, {}}};
  if (payload.size() == 1)
    return refuse(close_code::protocol_error, "half a close code");
  auto byte = [&](std::size_t i) {
    return static_cast<unsigned>(static_cast<unsigned char>(payload[i]));
  };
  auto code = static_cast<std::uint16_t>(byte(0) << 8 | byte(1));
  auto reason = payload.substr(2);
  if (!is_close_code(code))
    return refuse(close_code::protocol_error,
                  std::to_string(code) + " is no code of a close frame");
  if (!is_utf8(reason))
    return refuse(close_code::invalid_utf8, "invalid UTF-8");
  return {{code, std::string{reason}}, {code, {}}};
}

close_reason reason_of(error_code ec) {
  if (ec == websocket::error::bad_frame_payload)
    return {close_code::invalid_utf8, "invalid UTF-8"};
  if (ec == websocket::condition::protocol_violation)
    return {close_code::protocol_error, ec.message()};
  if (ec == net::error::eof)
    return {close_code::abnormal, "the peer closed the connection"};
  return {close_code::abnormal, ec.message()};
}

} // namespace flamigo::detail
