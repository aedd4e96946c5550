#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "flamigo/claims/claims.hpp"

namespace flamigo {

/// Name and value, in the order of the message.
using http_headers = std::vector<std::pair<std::string, std::string>>;

/// The same of a path or a query, decoded.
using http_parameters = std::vector<std::pair<std::string, std::string>>;

/// An HTTP request as a mounted handler sees it.
struct http_request {
  /// As in the request line: `GET`, `POST`, ...
  std::string method = {};
  /// The path, without the query, as it was sent.
  std::string path = {};
  /// What follows the `?`, not decoded.
  std::string query = {};
  /// All of them, with the names as the client wrote them.
  http_headers headers = {};
  /// At most `http_route_options::max_body_bytes`; a larger request has been
  /// refused.
  std::string body = {};
  /// Address and port of the client; the address alone where a trusted proxy
  /// has named it.
  std::string remote_address = {};
  /// What stands in the place of the path's parameters, in order: UTF-8, with
  /// all that was written with `%` decoded, `%2F` too.
  http_parameters path_parameters = {};
  /// The pairs of the query, in order, decoded as a form's: UTF-8, `+` is a
  /// space. A name may stand there more than once, and without `=` its value is
  /// empty.
  http_parameters query_parameters = {};
  /// What is known of whoever has sent it; never null in a handler. There is a
  /// user in it only where the route has a guard, see
  /// `http_route_options::guard`.
  claims_ptr who = nullptr;

  /// The first header of that name, whatever its case, or an empty text.
  std::string_view header(std::string_view name) const noexcept;

  /// The value of a parameter of the path; empty if it has none of that name.
  std::string_view path_parameter(std::string_view name) const noexcept;

  /// The first value of that name in the query, if there is one.
  std::optional<std::string_view>
  query_parameter(std::string_view name) const noexcept;
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
