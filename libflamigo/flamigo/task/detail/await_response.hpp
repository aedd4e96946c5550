#pragma once

#include <memory>
#include <string>
#include <utility>

#include <caf/actor_clock.hpp>
#include <caf/behavior.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/sec.hpp>

#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/task/detail/follow_up.hpp"
#include "flamigo/task/detail/response_waiter.hpp"
#include "flamigo/task/detail/running_tasks.hpp"

namespace flamigo::detail {

/// Two functions that follow a response.
template <class T, class Where, class F, class G>
class following final : public follow_up {
public:
  following(running_tasks& ground, Where where, F on_value, G on_error)
    : follow_up(ground), where_(std::move(where)),
      on_value_(std::move(on_value)), on_error_(std::move(on_error)) {
  }

private:
  void answered(caf::mailbox_element& what) override {
    auto& content = what.content();
    if (content.match_elements<T>())
      on_value_(content.get_mutable_as<T>(0));
    else if (auto why = error_in(what))
      on_error_(why);
    else
      failed(caf::sec::unexpected_response);
  }

  void failed(caf::error why) override {
    on_error_(why);
  }

  std::string where() const override {
    return where_();
  }

  Where where_;
  F on_value_;
  G on_error_;
};

/// As `await_response`, by CAF's own means: in actors that are not ours.
template <class T, class Where, class F, class G>
void await_by_caf(caf::event_based_actor& self, const expected_response& what,
                  Where where, F on_value, G on_error) {
  auto id = what.id;
  auto timed = what.until != caf::actor_clock::time_point::max();
  auto finish = [&self, id, timed, where = std::move(where)](auto& f, auto& x) {
    // CAF's own requests leave their timeout in the clock until the deadline.
    if (timed)
      self.clock().cancel_request_timeout(&self, id);
    guarded_or_logged([&] { f(x); }, where);
  };
  self.add_multiplexed_response_handler(
    id, caf::behavior{
          [finish, f = std::move(on_value)](T& x) mutable { finish(f, x); },
          [finish, f = std::move(on_error)](caf::error& why) mutable {
            finish(f, why);
          },
        });
  if (timed)
    self.clock().set_request_timeout(what.until, &self, id);
}

/// Runs one of the functions in `self`: `on_value(T&)` when the CAF response
/// comes, `on_error(caf::error&)` when it is an error, none has come in time,
/// or what it is waited for in is cancelled. What they throw is logged, with
/// `where()` in front, and goes no further. Neither is called when the actor
/// ends.
template <class T, class Where, class F, class G>
void await_response(caf::event_based_actor& self, expected_response what,
                    Where where, F on_value, G on_error) {
  if (auto ground = running_tasks::of(&self))
    follow_up::begin(std::make_unique<following<T, Where, F, G>>(
                       *ground, std::move(where), std::move(on_value),
                       std::move(on_error)),
                     std::move(what));
  else
    await_by_caf<T>(self, what, std::move(where), std::move(on_value),
                    std::move(on_error));
}

} // namespace flamigo::detail
