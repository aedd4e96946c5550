#include "flamigo/task/detail/item_sink.hpp"

#include <string>
#include <utility>

#include "flamigo/task/detail/send_answer.hpp"

namespace flamigo::detail {

item_sink::~item_sink() = default;

void item_sink::flush() {
  // nop
}

void item_sink::kept(root_task&) noexcept {
  // nop
}

void item_sink::end(root_task& by, caf::error why) {
  if (why)
    send_answer(by, std::move(why));
  else
    send_answer(by, std::string{"null"});
}

void item_sink::has_room() noexcept {
  if (auto who = std::exchange(waiting_, nullptr))
    who->wake();
}

// -- room_waiter --------------------------------------------------------------

room_waiter::~room_waiter() {
  room_waiter::withdraw();
}

bool room_waiter::begin(task_promise_base& who) noexcept {
  if (!wait(who))
    return false;
  to_.waiting_ = this;
  root().allow(root_task::time_point::max());
  return true;
}

void room_waiter::withdraw() noexcept {
  if (to_.waiting_ == this)
    to_.waiting_ = nullptr;
}

} // namespace flamigo::detail
