#include "flamigo/engineio/detail/held_poll.hpp"

#include <utility>

#include "flamigo/engineio/detail/engine_session.hpp"

namespace flamigo::detail {

held_poll::held_poll(owner& waiting, io_thread& thread, std::string called,
                     std::shared_ptr<engine_session> of, http_headers common)
  : held_request(waiting, thread, std::move(called)), of_(std::move(of)),
    common_(std::move(common)) {
}

held_poll::~held_poll() = default;

void held_poll::say(std::string payload, bool more) {
  goes_on = more;
  finish(
    {.content_type = "text/plain; charset=UTF-8", .body = std::move(payload)});
}

void held_poll::say_ok() {
  goes_on = true;
  finish({.content_type = "text/html", .body = "ok"});
}

void held_poll::refuse(engine_error why) {
  finish(response_of(why));
}

void held_poll::finish(http_response what) {
  what.headers = common_;
  what.headers.emplace_back("Cache-Control", "no-store");
  answer_from_anywhere(std::move(what));
}

void held_poll::abandoned() {
  if (of_ && name.starts_with("GET"))
    of_->run([](engine_session& x) { x.poll_lost(); });
}

} // namespace flamigo::detail
