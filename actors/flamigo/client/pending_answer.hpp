#pragma once

#include <string>
#include <type_traits>
#include <utility>

#include <caf/actor_clock.hpp>
#include <caf/error.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/message_id.hpp>

#include "flamigo/context/detail/await_response.hpp"
#include "flamigo/context/strategy_reply.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/json/json.hpp"

namespace flamigo {

/// A question to a client, which was asked by `client::request`. Say with
/// `then` what happens with its answer; without it the answer is ignored.
///
/// `R` is the type that the answer is bound to: a described struct, `raw_json`
/// or `void`.
template <class R>
class [[nodiscard]] pending_answer {
public:
  using time_point = caf::actor_clock::time_point;

  /// Made by `client::request`.
  pending_answer(caf::event_based_actor& self, std::string topic,
                 caf::message_id id, time_point deadline)
    : self_(self), where_("ask client(" + std::move(topic) + ")"), id_(id),
      deadline_(deadline) {
  }

  /// Runs `on_value(R)` (or `on_value()` for void) or `on_error(caf::error)`,
  /// later, in the asking actor. Never both, never twice. What they throw is
  /// logged; a promise that only they held answers 500 then.
  template <class F, class G>
  void then(F on_value, G on_error) && {
    static_assert(std::is_invocable_v<G&, caf::error>,
                  "the second function of then() takes a caf::error");
    static_assert(detail::ends_quietly<F, G>,
                  "what the functions of then() have captured may throw when "
                  "it is destroyed, which would end the program: make its "
                  "destructor noexcept");
    detail::await_response<strategy_reply>(
      self_, id_, deadline_, "what follows " + where_,
      [on_value, on_error, where = where_](strategy_reply& reply) mutable {
        finish(reply.payload, where, on_value, on_error);
      },
      [on_error, where = where_](caf::error& why) mutable {
        on_error(wrap(std::move(why), where));
      });
  }

private:
  template <class F, class G>
  static void finish(const std::string& json, const std::string& where,
                     F& on_value, G& on_error) {
    if constexpr (std::is_void_v<R>) {
      on_value();
    } else {
      R value{};
      if (auto err = from_json(json, value))
        on_error(wrap(internal_error("the client's answer is no "
                                     + type_name<R>() + ": " + trace_of(err)),
                      where));
      else
        on_value(std::move(value));
    }
  }

  caf::event_based_actor& self_;
  std::string where_;
  caf::message_id id_;
  time_point deadline_;
};

} // namespace flamigo
