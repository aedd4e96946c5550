#include "flamigo/context/detail/late_reply.hpp"

#include <exception>

#include <caf/mailbox_element.hpp>
#include <caf/message.hpp>

#include "flamigo/context/detail/call_state.hpp"
#include "flamigo/context/strategy_reply.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"

namespace flamigo::detail {

late_reply::late_reply(reply_address to, span_ptr step) noexcept
  : to_(std::move(to)), step_(std::move(step)) {
}

late_reply::~late_reply() {
  // Without memory for this the caller waits until its deadline.
  if (pending())
    guarded_or_logged(
      [this] {
        deliver(internal_error(
          std::uncaught_exceptions() > 0
            ? "an exception left the function that was to answer; the log has "
              "its text"
            : "the strategy's promise was dropped before an answer was "
              "delivered"));
      },
      [] { return std::string{"a promise was dropped"}; });
}

void late_reply::deliver(std::string json) {
  send(caf::make_message(strategy_reply{std::move(json)}), {});
}

void late_reply::deliver(caf::error reason) {
  if (!reason)
    reason = internal_error("the strategy's promise was given an error that is "
                            "none");
  send(caf::make_message(reason), reason);
}

void late_reply::send(caf::message content, const caf::error& why) {
  auto before = flags_.fetch_or(delivered);
  if ((before & delivered) != 0 || !to_.target)
    return;
  if (step_)
    step_->end(why);
  // Not caf::response_promise: it passes on the execution unit of the actor
  // that made it, which must not be touched from another thread.
  to_.target->enqueue(nullptr, to_.id, std::move(content), nullptr);
  to_.target = nullptr;
  if ((before & watched) != 0)
    call_->tell_end();
}

void late_reply::tell_end_of(std::shared_ptr<call_state> what) noexcept {
  call_ = std::move(what);
  if ((flags_.fetch_or(watched) & delivered) != 0)
    call_->tell_end();
}

} // namespace flamigo::detail
