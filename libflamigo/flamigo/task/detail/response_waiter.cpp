#include "flamigo/task/detail/response_waiter.hpp"

#include <utility>

#include <caf/mailbox_element.hpp>
#include <caf/sec.hpp>

#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/task/detail/running_tasks.hpp"

namespace flamigo::detail {

response_waiter::response_waiter(response_waiter&& other) noexcept
  : waiter(std::move(other)), ground_(other.ground_), id_(other.id_),
    limit_(other.limit_), expects_(std::exchange(other.expects_, false)) {
  if (!expects_ || ground_ == nullptr)
    return;
  ground_->forget(other);
  // There was a place for it.
  ground_->expect(*this, id_);
}

response_waiter::~response_waiter() {
  response_waiter::withdraw();
}

void response_waiter::expect(caf::event_based_actor& self, caf::message_id id) {
  expects_ = true;
  id_ = id;
  ground_ = running_tasks::of(&self);
  if (ground_ != nullptr)
    ground_->expect(*this, id);
}

void response_waiter::withdraw() noexcept {
  if (!std::exchange(expects_, false) || ground_ == nullptr)
    return;
  ground_->forget(*this);
  ground_->cancel(*this);
}

bool response_waiter::begin(task_promise_base& who) noexcept {
  auto is_first = !is_waiting();
  if (!wait(who)) {
    if (is_first)
      withdraw();
    return false;
  }
  if (limit_ < root().deadline)
    ground_->start(*this, limit_);
  return true;
}

void response_waiter::is_answered(caf::mailbox_element& what) noexcept {
  expects_ = false;
  ground_->cancel(*this);
  auto failure = guarded(
    [&]() -> caf::error {
      take(what);
      return {};
    },
    [](caf::error why) { return why; });
  if (failure)
    fail(std::move(failure));
  wake();
}

void response_waiter::is_due() noexcept {
  withdraw();
  fail(guarded([] { return make_error(errc::timeout); },
               [](caf::error why) { return why; }));
  wake();
}

caf::error error_in(const caf::mailbox_element& what) {
  auto& content = what.content();
  if (content.match_elements<caf::error>())
    return content.get_as<caf::error>(0);
  return {};
}

} // namespace flamigo::detail
