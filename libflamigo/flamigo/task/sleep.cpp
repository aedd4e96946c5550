#include "flamigo/task/sleep.hpp"

#include <utility>

#include <caf/event_based_actor.hpp>

#include "flamigo/task/detail/due_in.hpp"
#include "flamigo/task/detail/running_tasks.hpp"

namespace flamigo {

pause::~pause() {
  pause::withdraw();
}

bool pause::begin(detail::task_promise_base& who) noexcept {
  if (!wait(who))
    return false;
  auto due = detail::due_in(root().self->clock(), length_);
  if (due < time_point::max()) {
    caf::error none;
    ground_ = root().ground(none);
    ground_->start(*this, due);
  }
  return true;
}

void pause::is_due() noexcept {
  wake();
}

void pause::withdraw() noexcept {
  if (ground_ != nullptr)
    ground_->cancel(*this);
}

caf::expected<void> pause::await_resume() noexcept {
  if (error())
    return std::move(error());
  return caf::unit;
}

} // namespace flamigo
