#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flamigo {

/// Name and value, in the order of the message.
using http_headers = std::vector<std::pair<std::string, std::string>>;

/// An HTTP request as a mounted handler sees it.
struct http_request {
  /// As in the request line: `GET`, `POST`, ...
  std::string method;
  /// The path, without the query.
  std::string path;
  /// What follows the `?`, not decoded.
  std::string query;
  /// All of them, with the names as the client wrote them.
  http_headers headers;
  /// At most 64 KiB; a larger request has been refused.
  std::string body;
  /// Address and port of the peer.
  std::string remote_address;
};

/// What a mounted handler answers. The length and the connection headers are
/// the server's business.
struct http_response {
  /// Of HTTP.
  unsigned status = 200;
  /// The header `Content-Type`.
  std::string content_type = "text/plain; charset=utf-8";
  /// Sent as it is; for `HEAD`, only its length.
  std::string body = {};
  /// Further ones.
  http_headers headers = {};
};

/// Runs on an I/O thread, possibly on several at once, and must not block. An
/// exception answers 500.
using http_handler = std::function<http_response(const http_request&)>;

} // namespace flamigo
