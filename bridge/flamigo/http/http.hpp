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
/// the server's business. What cannot be sent, such as a line break in a header
/// (RFC 9110, 5.5), is 500 for the client and a line in the log.
struct http_response {
  /// From 200 to 599.
  unsigned status = 200;
  /// The header `Content-Type`; none if empty.
  std::string content_type = "text/plain; charset=utf-8";
  /// Sent as it is; for `HEAD`, only its length. Empty for 204 and 304.
  std::string body = {};
  /// Further ones; a name may stand there more than once, as `Set-Cookie` does.
  http_headers headers = {};
};

/// Runs on an I/O thread, possibly on several at once, and must not block. An
/// exception answers 500.
using http_handler = std::function<http_response(const http_request&)>;

} // namespace flamigo
