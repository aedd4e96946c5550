#include "flamigo/context/detail/call_state.hpp"

#include <utility>

#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message.hpp>

#include "flamigo/context/detail/call_notice.hpp"
#include "flamigo/context/detail/late_reply.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"

namespace flamigo::detail {

// -- parts --------------------------------------------------------------------

call_part::call_part(call_part&& other) noexcept
  : call_(std::move(other.call_)) {
  if (other.before == nullptr)
    return;
  link_behind(*other.before);
  other.unlink();
}

void call_part::join(std::shared_ptr<call_state> what) noexcept {
  if (!what || what->is_over())
    return;
  link_behind(*what->parts_.before);
  call_ = std::move(what);
}

void call_part::join_first(std::shared_ptr<call_state> what) noexcept {
  if (!what || what->is_over())
    return;
  link_behind(what->parts_);
  call_ = std::move(what);
}

void call_part::tell(errc) noexcept {
  // Nobody works for it.
}

void call_part::is_over() noexcept {
  // It goes on by itself.
}

// -- the call -----------------------------------------------------------------

call_state::call_state(acting_actor who, std::string what, std::string with)
  : actor(std::move(who)), action(std::move(what)), payload(std::move(with)) {
}

call_state::~call_state() = default;

void call_state::cancel(const std::shared_ptr<call_state>& what, errc why,
                        caf::execution_unit* unit) noexcept {
  if (!what)
    return;
  if (!what->callee)
    return stop(what, why);
  auto none = errc::none;
  if (!what->why_.compare_exchange_strong(none, why))
    return;
  // Without memory for it, it ends at its deadline.
  guarded_or_logged(
    [&] {
      what->callee->enqueue(caf::make_mailbox_element(
                              nullptr,
                              caf::make_message_id(caf::message_priority::high),
                              {}, call_notice{what, why}),
                            unit);
    },
    [] { return std::string{"a call that is cancelled"}; });
}

void call_state::stop(std::shared_ptr<call_state> what, errc why) noexcept {
  if (what->is_over() || what->shielded_)
    return;
  what->stopped_ = true;
  auto none = errc::none;
  if (!what->why_.compare_exchange_strong(none, why))
    why = none;
  auto failure = guarded([&] { return make_error(why); },
                         [](caf::error thrown) { return thrown; });
  // All that they call is told before the first one goes on: that one may let
  // go of the others, and what is let go of is not cancelled.
  list_end told;
  while (!what->parts_.empty()) {
    auto& part = what->parts_.take();
    part.link_behind(*told.before);
    part.tell(why);
  }
  while (!told.empty())
    told.take().stop(failure);
}

void call_state::promised(const std::shared_ptr<late_reply>& by) noexcept {
  late_ = by;
  if (by && runner_)
    by->tell_end_of(shared_from_this());
}

bool call_state::expect_end(caf::event_based_actor& self) noexcept {
  if (is_over())
    return false;
  auto late = late_.lock();
  if (!runner_) {
    runner_ = self.ctrl();
    if (late)
      late->tell_end_of(shared_from_this());
  }
  return !late || late->pending();
}

void call_state::tell_end() noexcept {
  guarded_or_logged(
    [this] {
      if (auto to = caf::actor_cast<caf::strong_actor_ptr>(runner_))
        to->enqueue(
          nullptr, caf::make_message_id(),
          caf::make_message(call_notice{shared_from_this(), errc::none}),
          nullptr);
    },
    [] { return std::string{"the end of a call"}; });
}

void call_state::close() noexcept {
  if (is_over())
    return;
  closed_ = true;
  while (!parts_.empty())
    parts_.take().is_over();
}

} // namespace flamigo::detail
