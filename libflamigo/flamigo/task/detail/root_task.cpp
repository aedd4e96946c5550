#include "flamigo/task/detail/root_task.hpp"

#include <caf/event_based_actor.hpp>

#include "flamigo/context/detail/call_state.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/task/detail/running_tasks.hpp"
#include "flamigo/task/detail/stream_promise.hpp"
#include "flamigo/task/detail/waiter.hpp"

namespace flamigo::detail {

root_task::~root_task() {
  if (is_gone_ != nullptr)
    *is_gone_ = true;
  if (call())
    call()->close();
  if (left_ != nullptr)
    end_left();
}

running_tasks* root_task::ground(caf::error& why) noexcept {
  if (ground_ != nullptr)
    return ground_;
  why = guarded(
    [this]() -> caf::error {
      ground_ = running_tasks::of(self);
      if (ground_ == nullptr)
        return internal_error("a coroutine can wait in connections' and domain "
                              "actors only; from others call its strategy by "
                              "app.backend()");
      return {};
    },
    [](caf::error what) { return what; });
  return ground_;
}

void root_task::stop(const caf::error& why) noexcept {
  if (stopped_)
    return;
  stopped_ = why;
  // What waits from now on is refused. What goes on may be the end of this.
  bool is_gone = false;
  is_gone_ = &is_gone;
  while (!is_gone && waiting_ != nullptr)
    waiting_->stop(stopped_);
  if (!is_gone)
    is_gone_ = nullptr;
}

void root_task::allow(time_point until) noexcept {
  deadline = until;
  // One that is in the clock finds out when it is due.
  if (ground_ != nullptr && is_kept_ && until != time_point::max()
      && !is_started())
    ground_->start(*this, until);
}

bool root_task::is_orphaned() const noexcept {
  return ground_->ended();
}

void root_task::keep() noexcept {
  is_kept_ = true;
  ground_->add(*this);
}

void root_task::end() noexcept {
  ground_->finish(*this);
}

void root_task::end_left() noexcept {
  while (left_ != nullptr)
    left_->abandon();
}

void root_task::is_due() noexcept {
  if (deadline > self->clock().now()) {
    if (deadline != time_point::max())
      ground_->start(*this, deadline);
    return;
  }
  // With what it has called, since nobody waits for that any more.
  if (call())
    call_state::stop(call(), errc::timeout);
  else
    stop(guarded([] { return make_error(errc::timeout); },
                 [](caf::error what) { return what; }));
}

} // namespace flamigo::detail
