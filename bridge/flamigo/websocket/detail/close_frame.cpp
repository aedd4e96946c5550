#include "flamigo/websocket/detail/close_frame.hpp"

#include <string>
#include <string_view>

#include <boost/asio/error.hpp>
#include <boost/beast/websocket/error.hpp>

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

websocket::close_reason close_frame_of(const close_reason& why) {
  websocket::close_reason result{why.code};
  auto text = shorten(why.reason);
  result.reason.assign(text.data(), text.size());
  return result;
}

close_reason reason_of(const websocket::close_reason& frame) {
  // Beast's word for a frame without a code is 0, which is no close code.
  if (frame.code == websocket::close_code::none)
    return {close_code::no_status, {}};
  return {frame.code, std::string{frame.reason.data(), frame.reason.size()}};
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
