#pragma once

#include <optional>
#include <type_traits>
#include <utility>

#include <caf/actor_cast.hpp>
#include <caf/detail/implicit_conversions.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/expected.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/sec.hpp>
#include <caf/timespan.hpp>

#include "flamigo/context/context.hpp"
#include "flamigo/described/inspect.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/task/awaitable.hpp"
#include "flamigo/task/detail/declared_answer.hpp"
#include "flamigo/task/detail/due_in.hpp"
#include "flamigo/task/detail/response_waiter.hpp"
#include "flamigo/task/detail/unnamed.hpp"

namespace flamigo {

/// The answer to a CAF request, which a task awaits; made by `request`.
template <class T>
class [[nodiscard]] pending_response : public awaitable<pending_response<T>>,
                                       private detail::response_waiter {
public:
  /// Made by `request`: the answer of this request of `self`.
  pending_response(caf::event_based_actor& self, caf::message_id id,
                   caf::actor_clock::time_point until) {
    expect(self, id);
    limit(until);
  }

  /// Made by `request`: there is none.
  explicit pending_response(caf::error why) noexcept {
    fail(std::move(why));
  }

  /// Not while a task waits for it.
  pending_response(pending_response&& other) noexcept = default;

  /// Says that nobody wants to know the answer.
  void ignore() && noexcept {
  }

  /// @private
  using detail::response_waiter::await_ready;

  /// @private
  using detail::response_waiter::await_suspend;

  /// @private
  caf::expected<T> await_resume() {
    if (std::exchange(taken_, true))
      return internal_error("the answer of a request was awaited twice");
    if (error())
      return std::move(error());
    if (!value_)
      return caf::sec::unexpected_response;
    if constexpr (std::is_void_v<T>)
      return caf::unit;
    else
      return std::move(*value_);
  }

private:
  using stored = std::conditional_t<std::is_void_v<T>, caf::unit_t, T>;

  void take(caf::mailbox_element& what) override {
    auto& content = what.content();
    if (auto why = detail::error_in(what))
      fail(std::move(why));
    else if constexpr (std::is_void_v<T>)
      value_.emplace();
    else if (content.match_elements<T>())
      value_.emplace(std::move(content.get_mutable_as<T>(0)));
  }

  std::optional<stored> value_;
  bool taken_ = false;
};

/// Sends a request to any CAF actor, in the context's actor:
///
///   charge what{in.card, in.total};
///   auto paid = co_await flamigo::request<payment>(ctx, bank, 2s, what);
///
/// It is sent at once, and may be awaited later or not at all. `T` is what the
/// actor answers with; `void` is any answer. Fails with `errc::timeout` after
/// `timeout` or at the deadline of the call, with what the actor answers with
/// if that is an error, with `caf::sec::request_receiver_down` when it is gone,
/// and with `caf::sec::unexpected_response` when the answer is no `T`.
///
/// Of a `caf::typed_actor` `T` is what it answers such a message with, and what
/// it does not take does not compile. `actor` may be the handle of a domain.
template <class T = detail::as_declared, class Handle, class... Ts>
detail::made_with<pending_response<detail::answer_of<T, Handle, Ts...>>, Ts...>
request(const context& ctx, const Handle& whom, caf::timespan timeout,
        Ts&&... what) {
  using answer = detail::answer_of<T, Handle, Ts...>;
  using result_type = detail::made_with<pending_response<answer>, Ts...>;
  static_assert(sizeof...(Ts) > 0, "a request is a message of something: "
                                   "request<T>(ctx, actor, timeout, what)");
  static_assert(detail::takes_message<Handle, Ts...>,
                "this actor takes no such message: its caf::typed_actor has "
                "none of these types");
  static_assert(detail::declares_answer<T, Handle, Ts...>,
                "this actor answers with another type: leave the <T> of "
                "request<T> out for a caf::typed_actor");
  if (ctx.cancelled())
    return result_type{make_error(ctx.ends_by())};
  auto to = caf::actor_cast<caf::strong_actor_ptr>(detail::actor_in(whom));
  if (!to)
    return result_type{
      internal_error("a request was sent to an actor handle that is empty")};
  auto& self = *ctx.self();
  auto id = self.new_request_id(caf::message_priority::normal);
  result_type result{self, id.response_id(),
                     detail::due_in(self.clock(), timeout)};
  to->enqueue(
    caf::make_mailbox_element(
      self.ctrl(), id, {},
      typename caf::detail::implicit_conversions<std::decay_t<Ts>>::type{
        std::forward<Ts>(what)}...),
    self.context());
  return result;
}

} // namespace flamigo
