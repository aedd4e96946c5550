#pragma once

#include <string>
#include <utility>

#include <caf/actor_clock.hpp>
#include <caf/behavior.hpp>
#include <caf/event_based_actor.hpp>

#include "flamigo/log/detail/guarded_or_logged.hpp"

namespace flamigo::detail {

/// Runs one of the functions in `self`: `on_value(T&)` when the CAF response
/// with this id comes, `on_error(caf::error&)` when it is an error or none has
/// come at the deadline. What they throw is logged, with `where` in front, and
/// goes no further.
///
/// Without a deadline (`time_point::max()`) it waits as long as it takes.
///
/// CAF's own requests leave their timeout in the clock until the deadline. This
/// one is taken out of it by the response.
template <class T, class F, class G>
void await_response(caf::event_based_actor& self, caf::message_id id,
                    caf::actor_clock::time_point deadline, std::string where,
                    F on_value, G on_error) {
  auto timed = deadline != caf::actor_clock::time_point::max();
  auto finish = [&self, id, timed, where = std::move(where)](auto& f, auto& x) {
    if (timed)
      self.clock().cancel_request_timeout(&self, id);
    guarded_or_logged([&] { f(x); }, [&] { return where; });
  };
  self.add_multiplexed_response_handler(
    id, caf::behavior{
          [finish, f = std::move(on_value)](T& x) mutable { finish(f, x); },
          [finish, f = std::move(on_error)](caf::error& why) mutable {
            finish(f, why);
          },
        });
  if (timed)
    self.clock().set_request_timeout(deadline, &self, id);
}

} // namespace flamigo::detail
