#include "flamigo/task/detail/running_tasks.hpp"

#include <memory>
#include <utility>

#include <caf/actor_clock.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/mailbox_element.hpp>

#include "flamigo/context/detail/enduring_actor.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/log/detail/log_origin.hpp"
#include "flamigo/task/detail/send_answer.hpp"
#include "flamigo/task/detail/task_promise.hpp"

namespace flamigo::detail {

running_tasks::running_tasks(enduring_actor& self) noexcept : self_(self) {
}

running_tasks::~running_tasks() = default;

caf::event_based_actor& running_tasks::self() const noexcept {
  return self_;
}

running_tasks* running_tasks::of(caf::event_based_actor* self) {
  auto actor = enduring_actor::of(self);
  if (actor == nullptr)
    return nullptr;
  if (actor->unfinished() == nullptr)
    actor->unfinished(std::make_unique<running_tasks>(*actor));
  // There is no other kind.
  return static_cast<running_tasks*>(actor->unfinished());
}

// -- tasks --------------------------------------------------------------------

void running_tasks::add(root_task& what) noexcept {
  what.depth = self_.call_depth();
  what.next_ = std::exchange(first_, &what);
  if (what.next_ != nullptr)
    what.next_->before_ = &what;
  if (what.deadline != timer::time_point::max())
    start(what, what.deadline);
}

void running_tasks::resume(task_promise_base& what) noexcept {
  ++depth_;
  auto depth = self_.call_depth(what.root->depth);
  // Held: the task may end with its root.
  auto step = what.root->span;
  log_scope scope{step.get()};
  for (auto next = &what; next != nullptr;)
    next = next->run();
  self_.call_depth(depth);
  // An actor that was ended by one of its tasks waits for it.
  if (--depth_ == 0 && ended_)
    end();
}

void running_tasks::remove(root_task& what) noexcept {
  timers_.remove(what);
  if (what.before_ != nullptr)
    what.before_->next_ = what.next_;
  else
    first_ = what.next_;
  if (what.next_ != nullptr)
    what.next_->before_ = what.before_;
}

void running_tasks::finish(root_task& what) noexcept {
  remove(what);
  what.finish(what);
  // The frame uses what the handler has captured, to its end.
  auto handler = std::move(what.handler);
  what.task.destroy();
}

void running_tasks::abandon(root_task& what) noexcept {
  remove(what);
  guarded_or_logged(
    [&] {
      if (what.answer_to.target)
        send_answer(what, make_error(errc::unavailable, "",
                                     "the actor that ran it has ended"));
    },
    [] { return std::string{"a task ends with its actor"}; });
  auto handler = std::move(what.handler);
  what.task.destroy();
}

void running_tasks::end() noexcept {
  ended_ = true;
  while (depth_ == 0 && first_ != nullptr)
    abandon(*first_);
  // Those that are running are not among them.
  while (depth_ == 0 && belongings_ != nullptr)
    belongings_->take().reset();
}

void running_tasks::add(belonging& what) noexcept {
  what.next_ = std::exchange(belongings_, &what);
  if (what.next_ != nullptr)
    what.next_->before_ = &what;
}

void running_tasks::remove(belonging& what) noexcept {
  if (what.before_ != nullptr)
    what.before_->next_ = what.next_;
  else
    belongings_ = what.next_;
  if (what.next_ != nullptr)
    what.next_->before_ = what.before_;
}

// -- responses and time -------------------------------------------------------

bool running_tasks::answer(caf::mailbox_element& what) {
  if (what.mid == tick_id_) {
    tick();
    return true;
  }
  auto who = responses_.take(what.mid);
  if (who == nullptr)
    return false;
  who->is_answered(what);
  return true;
}

void running_tasks::start(timer& what, timer::time_point due) noexcept {
  timers_.add(what, due);
  // Without memory for it, it is due when another one is.
  guarded_or_logged([this] { set_clock(); },
                    [] { return std::string{"a timer"}; });
}

void running_tasks::set_clock() {
  auto due = timers_.next_due();
  if (tick_id_.is_response()) {
    if (tick_at_ <= due)
      return;
    self_.clock().cancel_request_timeout(&self_, tick_id_);
  }
  tick_id_ = self_.new_request_id(caf::message_priority::normal).response_id();
  tick_at_ = due;
  self_.clock().set_request_timeout(due, &self_, tick_id_);
}

void running_tasks::tick() noexcept {
  tick_id_ = {};
  auto now = self_.clock().now();
  while (auto due = timers_.take_due(now))
    due->is_due();
  if (!timers_.empty() && !ended_)
    guarded_or_logged([this] { set_clock(); },
                      [] { return std::string{"a timer"}; });
}

} // namespace flamigo::detail
