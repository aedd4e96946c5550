#pragma once

#include <string>

#include <caf/error.hpp>

#include "flamigo/http/detail/held_request.hpp"

namespace flamigo::detail {

/// A POST of a client of server-sent events, which is held by the HTTP session
/// that it came by, and answered from the thread of its stream.
class sse_post final : public held_request {
public:
  /// `common` are headers of each answer.
  sse_post(owner& waiting, io_thread& thread, std::string called,
           http_headers common);

  ~sse_post() override;

  // -- on any thread, one of these once ---------------------------------------

  /// Its frame was handed over; the rest comes by the stream.
  void accept();

  void refuse(const caf::error& why);

private:
  void finish(http_response what);

  void abandoned() override;

  http_headers common_;
};

/// 404, or 503 where the server drains and the client may come again.
caf::error no_such_stream(bool draining);

} // namespace flamigo::detail
