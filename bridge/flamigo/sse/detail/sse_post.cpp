#include "flamigo/sse/detail/sse_post.hpp"

#include <utility>

#include "flamigo/error/error.hpp"
#include "flamigo/http/detail/http_reply.hpp"

namespace flamigo::detail {

sse_post::sse_post(owner& waiting, io_thread& thread, std::string called,
                   http_headers common)
  : held_request(waiting, thread, std::move(called)),
    common_(std::move(common)) {
}

sse_post::~sse_post() = default;

void sse_post::accept() {
  finish({.status = 202, .content_type = {}});
}

void sse_post::refuse(const caf::error& why) {
  finish(error_response(why, false));
}

void sse_post::finish(http_response what) {
  what.headers = common_;
  what.headers.emplace_back("Cache-Control", "no-store");
  answer_from_anywhere(std::move(what));
}

void sse_post::abandoned() {
  // Its frame was said.
}

caf::error no_such_stream(bool draining) {
  if (draining)
    return make_error(errc::unavailable, "the server is shutting down");
  return public_error("there is no stream of this session", 404,
                      "unknown_session");
}

} // namespace flamigo::detail
