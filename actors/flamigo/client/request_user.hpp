#pragma once

#include <chrono>
#include <string>
#include <type_traits>
#include <utility>

#include <caf/event_based_actor.hpp>
#include <caf/timespan.hpp>

#include "flamigo/client/detail/user_question.hpp"
#include "flamigo/client/pending_answer.hpp"
#include "flamigo/context/context.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/task/detail/due_in.hpp"
#include "flamigo/task/detail/unnamed.hpp"

namespace flamigo {

/// Asks all connections of a user, as `client::request` asks one:
///
///   auto yes = co_await flamigo::request_user<bool>(ctx, "42",
///                                                   "trade:confirm", what);
///
/// The first that answers has answered, be it with an error of its own; the
/// others are told that it is over. One that does not know the topic (404), has
/// failed itself (500), goes, or lets the time pass leaves it to the others.
/// Fails with
/// `errc::unavailable` when the user is not connected, and with what the last
/// one has failed with when none has answered. Who connects meanwhile is not
/// asked. It is withdrawn with the context's call, as one to a client is.
/// Throws std::invalid_argument if the topic is the framework's
/// (`is_own_topic`).
template <class R = void, class T>
detail::made_with<pending_answer<R>, T>
request_user(const context& ctx, std::string user, std::string topic,
             T&& question, caf::timespan timeout = std::chrono::seconds{10}) {
  static_assert(json_writable<std::remove_cvref_t<T>>,
                "the question cannot be written as JSON: describe the struct "
                "with BOOST_DESCRIBE_STRUCT");
  auto& self = *ctx.self();
  if (ctx.ends_by() != errc::none)
    return {self, std::move(topic), make_error(ctx.ends_by())};
  auto deadline = detail::due_in(self.clock(), timeout);
  auto id = self.new_request_id(caf::message_priority::normal).response_id();
  auto caller = ctx.state();
  auto asked = detail::question_in(caller, topic);
  detail::ask_user(ctx.services(),
                   {topic, to_json(question), deadline, std::move(user), asked,
                    detail::finder_of<std::remove_cvref_t<T>>(),
                    detail::finder_of<R>()},
                   {self.ctrl(), id});
  return {self,     std::move(topic),  id,
          deadline, std::move(caller), std::move(asked)};
}

} // namespace flamigo
