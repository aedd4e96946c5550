#include "flamigo/domain/detail/event_answer.hpp"

#include <string>

#include <caf/event_based_actor.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"

namespace flamigo::detail {

open_event_answer::~open_event_answer() {
  guarded_or_logged(
    [this] {
      if (running_ > 0)
        fail(
          make_error(errc::unavailable, "", "the listener's actor has ended"));
      to_.target->enqueue(nullptr, to_.id,
                          failure_ ? caf::make_message(std::move(failure_))
                                   : caf::message{},
                          nullptr);
    },
    [] { return std::string{"the answer of a listener"}; });
}

void open_event_answer::end(caf::error why) {
  --running_;
  fail(std::move(why));
}

void open_event_answer::fail(caf::error why) {
  if (!failure_)
    failure_ = std::move(why);
}

std::shared_ptr<open_event_answer> event_answer::hold() {
  if (open_)
    return open_;
  if (!to_.target && self_.current_mailbox_element()->mid.is_request()) {
    // Taking the promise keeps CAF from answering when the handler returns.
    auto promise = self_.make_response_promise();
    to_ = {promise.source(), promise.id().response_id()};
  }
  if (to_.target)
    open_ = std::make_shared<open_event_answer>(std::move(to_));
  return open_;
}

bool event_answer::is_open(const caf::error& why) {
  if (open_)
    open_->fail(why);
  return open_ != nullptr;
}

} // namespace flamigo::detail
