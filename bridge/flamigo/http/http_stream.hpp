#pragma once

#include <string>

#include "flamigo/http/http.hpp"
#include "flamigo/task/stream.hpp"

namespace flamigo {

/// What a coroutine answers whose response comes in pieces: a download that is
/// made while it is sent, progress, events. The head is sent at once, then each
/// piece, as soon as there is room for it.
///
///   app.http().handle("GET", "/rows",
///     [](flamigo::context ctx) -> flamigo::task<flamigo::http_stream> {
///       co_return flamigo::http_stream{.content_type = "text/csv",
///                                      .body = rows(std::move(ctx))};
///     });
struct http_stream {
  /// As of an `http_response`; 204 and 304 only without pieces.
  unsigned status = 200;
  /// As of an `http_response`.
  std::string content_type = "text/plain; charset=utf-8";
  /// The pieces, in bytes, in the actor that has run the handler. It rests
  /// while more than a quarter of `server_options::max_backlog_bytes` waits for
  /// the client, and ends where it rests when that has gone. From one piece to
  /// the next it has `client_options::request_timeout`. If it ends with an
  /// error, the connection ends without the end of the body.
  stream<std::string> body = {};
  /// As of an `http_response`.
  http_headers headers = {};
};

} // namespace flamigo
