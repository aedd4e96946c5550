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
  std::string method;
  /// The path, without the query.
  std::string path;
  /// What follows the `?`, not decoded.
  std::string query;
  http_headers headers;
  std::string body;
  /// Address and port of the peer.
  std::string remote_address;
};

struct http_response {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body = {};
  http_headers headers = {};
};

/// Runs on an I/O thread, possibly on several at once, and must not block. An
/// exception answers 500.
using http_handler = std::function<http_response(const http_request&)>;

} // namespace flamigo
