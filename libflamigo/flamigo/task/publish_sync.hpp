#pragma once

#include <string>
#include <type_traits>
#include <utility>

#include <caf/actor_clock.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/expected.hpp>

#include "flamigo/bus/detail/sync_delivery.hpp"
#include "flamigo/context/context.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/task/awaitable.hpp"
#include "flamigo/task/detail/response_waiter.hpp"
#include "flamigo/task/detail/unnamed.hpp"

namespace flamigo {

/// An event that was published by an actor that wants to know when its
/// listeners are done with it. A coroutine awaits the `publish_report`, at once
/// or later; elsewhere say with `then` what happens with it.
class [[nodiscard]] pending_publish : public awaitable<pending_publish>,
                                      private detail::response_waiter {
public:
  /// Made by `context::publish_sync`.
  pending_publish(caf::event_based_actor& self, caf::timespan timeout,
                  detail::sync_delivery delivery);

  /// Made by `context::publish_sync`: it is no event.
  pending_publish(caf::event_based_actor& self, caf::error why) noexcept;

  /// Not while a task waits for it.
  pending_publish(pending_publish&& other) noexcept;

  ~pending_publish() override;

  /// Runs `done(publish_report)` in the publishing actor, when all listeners
  /// have answered or the time is up, or `on_error(caf::error)` at once when
  /// nothing was published. What they throw later is logged; a promise that
  /// only they held answers 500 then.
  template <class F, class G>
  void then(F done, G on_error) && {
    static_assert(std::is_invocable_v<F&, publish_report>,
                  "the first function of then() takes a "
                  "flamigo::publish_report");
    static_assert(std::is_invocable_v<G&, caf::error>,
                  "the second function of then() takes a caf::error");
    static_assert(detail::ends_quietly<F, G>,
                  "what the functions of then() have captured may throw when "
                  "it is destroyed, which would end the program: make its "
                  "destructor noexcept");
    if (error())
      on_error(std::move(error()));
    else
      delivery_.then(self_, timeout_,
                     [done = std::move(done)](publish_report report) mutable {
                       detail::guarded_or_logged(
                         [&] { done(std::move(report)); },
                         [] {
                           return std::string{"what follows publish_sync"};
                         });
                     });
  }

  // -- awaiting ---------------------------------------------------------------

  /// @private
  bool await_ready();

  /// @private
  using detail::response_waiter::await_suspend;

  /// @private
  caf::expected<publish_report> await_resume();

private:
  void take(caf::mailbox_element& what) override;

  caf::event_based_actor& self_;
  caf::timespan timeout_{0};
  caf::actor_clock::time_point due_ = caf::actor_clock::time_point::max();
  detail::sync_delivery delivery_;
  /// Whether the listeners' answers are waited for.
  bool asked_ = false;
  bool taken_ = false;
};

template <class T>
auto context::publish_sync(T&& what, caf::timespan timeout) const {
  using event_type = std::remove_cvref_t<T>;
  using result = detail::made_with<pending_publish, T>;
  auto made = detail::make_event(event_type{std::forward<T>(what)}, actor());
  if (!made)
    return result{*self(), std::move(made.error())};
  if (span_) [[unlikely]]
    (*made)->caused_by(span_);
  return result{*self(), timeout, bus().deliver_and_ask(*made, unit())};
}

} // namespace flamigo
