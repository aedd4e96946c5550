#include "flamigo/task/detail/stream_promise.hpp"

namespace flamigo::detail {

namespace {

task_promise_base* go_on(void* who) noexcept {
  return static_cast<task_promise_base*>(who);
}

} // namespace

bool stream_promise_base::read(task_promise_base& who) noexcept {
  is_read_ = true;
  if (!is_begun_) {
    is_begun_ = true;
    return !begin(*who.root, go_on, &who);
  }
  unlink();
  if (rests())
    return false;
  expect(go_on, &who);
  return true;
}

void stream_promise_base::read_outside(next_function next, void* who) noexcept {
  is_read_ = true;
  expect(next, who);
}

void stream_promise_base::leave() noexcept {
  is_read_ = false;
  expect(nullptr, nullptr);
  if (rests() || is_left_)
    return;
  is_left_ = true;
  next_ = std::exchange(root->left_, this);
  if (next_ != nullptr)
    next_->before_ = this;
}

void stream_promise_base::abandon() noexcept {
  unlink();
  if (rests())
    return;
  forget();
  auto [next, who] = expected();
  // Out of what it waits in, while that is there.
  destroy();
  // Only who reads it from outside.
  if (next != nullptr)
    next(who);
}

void stream_promise_base::unlink() noexcept {
  if (!std::exchange(is_left_, false))
    return;
  if (before_ != nullptr)
    before_->next_ = next_;
  else
    root->left_ = next_;
  if (next_ != nullptr)
    next_->before_ = before_;
  next_ = before_ = nullptr;
}

} // namespace flamigo::detail
