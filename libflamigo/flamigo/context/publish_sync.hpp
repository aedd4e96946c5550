#pragma once

#include <string>
#include <type_traits>
#include <utility>

#include <caf/event_based_actor.hpp>

#include "flamigo/bus/detail/sync_delivery.hpp"
#include "flamigo/context/context.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"

namespace flamigo {

/// An event that was published by an actor that wants to know when its
/// listeners are done with it.
class [[nodiscard]] pending_publish {
public:
  /// Made by `context::publish_sync`.
  pending_publish(caf::event_based_actor& self, caf::timespan timeout,
                  detail::sync_delivery delivery)
    : self_(self), timeout_(timeout), delivery_(std::move(delivery)) {
  }

  /// Runs `done(publish_report)` in the publishing actor, once: when all
  /// listeners have answered, or at the deadline. What it throws is logged; a
  /// promise that only it held answers 500 then.
  template <class F>
  void then(F done) && {
    static_assert(std::is_invocable_v<F&, publish_report>,
                  "the function of then() takes a flamigo::publish_report");
    static_assert(detail::ends_quietly<F>,
                  "what the function of then() has captured may throw when it "
                  "is destroyed, which would end the program: make its "
                  "destructor noexcept");
    delivery_.then(self_, timeout_,
                   [done = std::move(done)](publish_report report) mutable {
                     detail::guarded_or_logged(
                       [&] { done(std::move(report)); },
                       [] { return std::string{"what follows publish_sync"}; });
                   });
  }

private:
  caf::event_based_actor& self_;
  caf::timespan timeout_;
  detail::sync_delivery delivery_;
};

template <class T>
caf::expected<pending_publish>
context::publish_sync(T what, caf::timespan timeout) const {
  auto made = detail::make_event(std::move(what), actor());
  if (!made)
    return std::move(made.error());
  return pending_publish{*self(), timeout,
                         bus().deliver_and_ask(*made, unit())};
}

} // namespace flamigo
