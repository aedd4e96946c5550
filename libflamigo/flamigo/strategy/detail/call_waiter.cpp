#include "flamigo/strategy/detail/call_waiter.hpp"

#include <utility>

#include <caf/mailbox_element.hpp>
#include <caf/sec.hpp>

namespace flamigo::detail {

call_waiter::call_waiter(const context& from, begun_call call)
  : self_(*from.self()), call_(std::move(call)) {
  if (!call_.pending())
    return;
  expect(self_, call_.id);
  limit(call_.deadline);
  join(from.state());
  if (from.ends_by() == errc::none)
    return;
  // It has cancelled what it runs in.
  tell(from.ends_by());
  waiter::stop(make_error(from.ends_by()));
}

caf::error call_waiter::result() {
  if (std::exchange(taken_, true))
    return internal_error("the answer of "
                          + (call_.name.empty() ? std::string{"next(ctx)"}
                                                : trace_segment(call_.name))
                          + " was awaited twice");
  if (call_.error)
    return std::move(call_.error);
  if (call_.span) [[unlikely]]
    call_.span->end(error());
  if (error())
    return call_.name.empty()
             ? std::move(error())
             : wrap(std::move(error()), trace_segment(call_.name));
  return {};
}

void call_waiter::tell(errc why) noexcept {
  call_state::cancel(call_.state, why, self_.context());
}

void call_waiter::stop(const caf::error& why) noexcept {
  waiter::stop(why);
}

void call_waiter::withdraw() noexcept {
  leave();
  response_waiter::withdraw();
}

void call_waiter::is_due() noexcept {
  // This may be gone when its task has gone on.
  auto callee = std::move(call_.state);
  auto unit = self_.context();
  response_waiter::is_due();
  call_state::cancel(callee, errc::timeout, unit);
}

void call_waiter::take(caf::mailbox_element& what) {
  leave();
  auto& content = what.content();
  if (content.match_elements<strategy_reply>())
    call_.reply = std::move(content.get_mutable_as<strategy_reply>(0).payload);
  else if (auto why = error_in(what))
    fail(std::move(why));
  else
    fail(caf::sec::unexpected_response);
}

} // namespace flamigo::detail
