#include "flamigo/task/detail/waiter.hpp"

#include "flamigo/error/error.hpp"
#include "flamigo/task/detail/running_tasks.hpp"

namespace flamigo::detail {

waiter::~waiter() {
  if (who_ != nullptr)
    unlink();
}

void waiter::stop(const caf::error& why) noexcept {
  withdraw();
  error_ = why;
  wake();
}

bool waiter::wait(task_promise_base& who) noexcept {
  auto& root = *who.root;
  if (is_waiting()) {
    error_ = internal_error("two wait for one thing at the same time");
    return false;
  }
  if (root.stopped()) {
    error_ = root.stopped();
    return false;
  }
  auto ground = root.ground(error_);
  if (ground == nullptr)
    return false;
  if (ground->ended()) {
    error_ = errc::unavailable;
    return false;
  }
  who_ = &who;
  next_ = std::exchange(root.waiting_, this);
  if (next_ != nullptr)
    next_->before_ = this;
  return true;
}

void waiter::wake() noexcept {
  if (who_ == nullptr)
    return;
  auto who = who_;
  unlink();
  who->root->ground_->resume(*who);
}

void waiter::unlink() noexcept {
  if (before_ != nullptr)
    before_->next_ = next_;
  else
    who_->root->waiting_ = next_;
  if (next_ != nullptr)
    next_->before_ = before_;
  who_ = nullptr;
  next_ = before_ = nullptr;
}

} // namespace flamigo::detail
