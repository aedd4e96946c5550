#pragma once

#include <string_view>

#include <boost/beast/websocket/detail/utf8_checker.hpp>

#include "flamigo/io/detail/asio.hpp"

namespace flamigo::detail {

/// Whether it is valid UTF-8 (RFC 3629), as a message in text has to be.
inline bool is_utf8(std::string_view text) {
  return beast::websocket::detail::check_utf8(text.data(), text.size());
}

} // namespace flamigo::detail
