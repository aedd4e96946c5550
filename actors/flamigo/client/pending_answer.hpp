#pragma once

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include <caf/error.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/expected.hpp>
#include <caf/message_id.hpp>

#include "flamigo/client/detail/answer_waiter.hpp"
#include "flamigo/context/strategy_reply.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/task/awaitable.hpp"
#include "flamigo/task/detail/await_response.hpp"

namespace flamigo {

/// A question to a client, which was asked by `client::request`. A coroutine
/// awaits its answer, at once or later; elsewhere say with `then` what happens
/// with it. Without either it is ignored.
///
/// `R` is the type that the answer is bound to: a described struct, `raw_json`
/// or `void`.
template <class R>
class [[nodiscard]] pending_answer : public awaitable<pending_answer<R>>,
                                     private detail::answer_waiter {
public:
  using detail::answer_waiter::time_point;

  /// Made by `client::request`.
  using detail::answer_waiter::answer_waiter;

  /// Says that nobody wants to know the answer. The client is asked all the
  /// same.
  void ignore() && noexcept {
  }

  /// Runs `on_value(R)` (or `on_value()` for void) or `on_error(caf::error)` in
  /// the asking actor. Never both, never twice. What they throw is logged; a
  /// promise that only they held answers 500 then.
  template <class F, class G>
  void then(F on_value, G on_error) && {
    static_assert(std::is_invocable_v<G&, caf::error>,
                  "the second function of then() takes a caf::error");
    static_assert(detail::ends_quietly<F, G>,
                  "what the functions of then() have captured may throw when "
                  "it is destroyed, which would end the program: make its "
                  "destructor noexcept");
    if (await_ready()) {
      if (auto why = result())
        on_error(std::move(why));
      else
        finish(json_, where(), on_value, on_error);
      return;
    }
    withdraw();
    detail::await_response<strategy_reply>(
      self_, {response_, deadline_, call(), asked_},
      [where = where()] { return "what follows " + where; },
      [on_value, on_error, where = where()](strategy_reply& reply) mutable {
        finish(reply.payload, where, on_value, on_error);
      },
      [on_error, where = where()](caf::error& why) mutable {
        on_error(wrap(std::move(why), where));
      });
  }

  // -- awaiting ---------------------------------------------------------------

  /// @private
  using detail::answer_waiter::await_ready;

  /// @private
  using detail::answer_waiter::await_suspend;

  /// @private
  caf::expected<R> await_resume() {
    if (auto why = result())
      return why;
    if constexpr (std::is_void_v<R>) {
      return caf::unit;
    } else {
      R value{};
      if (auto err = from_json(json_, value))
        return unfit(err, where());
      return value;
    }
  }

private:
  static caf::error unfit(const caf::error& why, const std::string& where) {
    return wrap(internal_error("the client's answer is no " + type_name<R>()
                               + ": " + trace_of(why)),
                where);
  }

  template <class F, class G>
  static void finish(const std::string& json, const std::string& where,
                     F& on_value, G& on_error) {
    if constexpr (std::is_void_v<R>) {
      on_value();
    } else {
      R value{};
      if (auto err = from_json(json, value))
        on_error(unfit(err, where));
      else
        on_value(std::move(value));
    }
  }
};

} // namespace flamigo
