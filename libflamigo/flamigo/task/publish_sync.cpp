#include "flamigo/task/publish_sync.hpp"

#include "flamigo/error/error.hpp"
#include "flamigo/task/detail/due_in.hpp"

namespace flamigo {

pending_publish::pending_publish(caf::event_based_actor& self,
                                 caf::timespan timeout,
                                 detail::sync_delivery delivery)
  : self_(self), timeout_(timeout), due_(detail::due_in(self.clock(), timeout)),
    delivery_(std::move(delivery)) {
}

pending_publish::pending_publish(caf::event_based_actor& self,
                                 caf::error why) noexcept
  : self_(self) {
  fail(std::move(why));
}

pending_publish::pending_publish(pending_publish&& other) noexcept
  : awaitable(std::move(other)), detail::response_waiter(std::move(other)),
    self_(other.self_), timeout_(other.timeout_), due_(other.due_),
    delivery_(std::move(other.delivery_)),
    asked_(std::exchange(other.asked_, false)) {
}

pending_publish::~pending_publish() {
  if (asked_)
    delivery_.forget();
}

bool pending_publish::await_ready() {
  if (!asked_ && !error() && delivery_.is_open()) {
    expect(self_, delivery_.ask(self_));
    limit(due_);
    asked_ = true;
  }
  return response_waiter::await_ready();
}

caf::expected<publish_report> pending_publish::await_resume() {
  if (std::exchange(taken_, true))
    return internal_error("the report of publish_sync was awaited twice");
  // At the end of its own time it tells who is late; at that of the call, or
  // when this cannot wait, it tells that.
  if (error() && self_.clock().now() < due_)
    return std::move(error());
  asked_ = false;
  return delivery_.close();
}

void pending_publish::take(caf::mailbox_element&) {
  // The report is with the delivery.
}

} // namespace flamigo
