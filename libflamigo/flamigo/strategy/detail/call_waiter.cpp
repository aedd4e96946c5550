#include "flamigo/strategy/detail/call_waiter.hpp"

#include <utility>

#include <caf/mailbox_element.hpp>
#include <caf/sec.hpp>

namespace flamigo::detail {

call_waiter::call_waiter(caf::event_based_actor& self, begun_call call)
  : call_(std::move(call)) {
  if (!call_.pending())
    return;
  expect(self, call_.id);
  limit(call_.deadline);
}

caf::error call_waiter::result() {
  if (call_.error)
    return std::move(call_.error);
  if (error())
    return wrap(std::move(error()), trace_segment(call_.name));
  if (std::exchange(taken_, true))
    return internal_error("the answer of " + trace_segment(call_.name)
                          + " was awaited twice");
  return {};
}

void call_waiter::take(caf::mailbox_element& what) {
  auto& content = what.content();
  if (content.match_elements<strategy_reply>())
    call_.reply = std::move(content.get_mutable_as<strategy_reply>(0).payload);
  else if (auto why = error_in(what))
    fail(std::move(why));
  else
    fail(caf::sec::unexpected_response);
}

} // namespace flamigo::detail
