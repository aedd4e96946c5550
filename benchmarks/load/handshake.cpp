#include "handshake.hpp"

#include <algorithm>
#include <string_view>

namespace flamigo::load {

namespace {

// RFC 6455, 1.3.
constexpr std::string_view key = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr std::string_view accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

constexpr std::size_t max_response_bytes = 8192;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view x, std::string_view y) {
  return std::ranges::equal(x, y, {}, lower, lower);
}

std::string_view header(std::string_view response, std::string_view name) {
  while (true) {
    auto end = response.find("\r\n");
    if (end == std::string_view::npos)
      return {};
    auto line = response.substr(0, end);
    response.remove_prefix(end + 2);
    auto colon = line.find(':');
    if (colon == std::string_view::npos
        || !same_name(line.substr(0, colon), name))
      continue;
    line.remove_prefix(colon + 1);
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    return line.substr(0, line.find_last_not_of(" \t") + 1);
  }
}

} // namespace

std::string upgrade_request(std::string_view host, std::string_view path,
                            std::string_view token) {
  std::string result = "GET ";
  result += path;
  result += " HTTP/1.1\r\nHost: ";
  result += host;
  result += "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ";
  result += key;
  if (!token.empty()) {
    result += "\r\nAuthorization: Bearer ";
    result += token;
  }
  result += "\r\n\r\n";
  return result;
}

frame_status take_upgrade_response(std::string_view& bytes,
                                   std::string& failure) {
  auto end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) {
    if (bytes.size() < max_response_bytes)
      return frame_status::partial;
    failure = "the server's HTTP response does not end";
    return frame_status::invalid;
  }
  auto response = bytes.substr(0, end + 2);
  if (!response.starts_with("HTTP/1.1 101 ")) {
    failure = "the server refused the upgrade: ";
    failure += response.substr(0, response.find('\r'));
    return frame_status::invalid;
  }
  if (header(response, "Sec-WebSocket-Accept") != accept) {
    failure = "the server's Sec-WebSocket-Accept is wrong";
    return frame_status::invalid;
  }
  bytes.remove_prefix(end + 4);
  return frame_status::complete;
}

} // namespace flamigo::load
