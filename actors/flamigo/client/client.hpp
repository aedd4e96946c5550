#pragma once

#include <any>
#include <chrono>
#include <concepts>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <caf/actor.hpp>
#include <caf/error.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/expected.hpp>
#include <caf/message_id.hpp>
#include <caf/timespan.hpp>

#include "flamigo/claims/user.hpp"
#include "flamigo/claims/validator.hpp"
#include "flamigo/client/client_figures.hpp"
#include "flamigo/client/detail/client_question.hpp"
#include "flamigo/client/pending_answer.hpp"
#include "flamigo/context/context.hpp"
#include "flamigo/domain/domain_behavior.hpp"
#include "flamigo/domain/listener.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/strategy/detail/actor_param.hpp"
#include "flamigo/task/detail/due_in.hpp"
#include "flamigo/task/detail/unnamed.hpp"
#include "flamigo/topic/topic_pattern.hpp"
#include "flamigo/wire/client_message.hpp"
#include "flamigo/wire/close_reason.hpp"

namespace flamigo {

class websocket_client;

class client;

namespace detail {

caf::expected<client> require_client(const context& ctx,
                                     const validator& guard);

} // namespace detail

/// A WebSocket client as strategies, listeners and `on_open` see it: a handle
/// of its connection actor. Copy it freely.
///
/// Every function may be called on any thread. In the connection's own actor
/// (inline strategies, `on_open`, handlers of this client) it acts at once;
/// elsewhere the actor is sent what to do, in the order of the calls and before
/// what the same actor sends it afterwards, the reply of a strategy included.
class client {
public:
  /// `handle` is a connection actor's.
  explicit client(caf::actor handle);

  /// To monitor the connection, or to send it what `websocket_client` lists.
  const caf::actor& handle() const noexcept {
    return handle_;
  }

  // -- subscriptions ----------------------------------------------------------

  /// Forwards the client events that match the pattern to the frontend. From
  /// here on no such event is missed. Fails with `errc::too_many_requests` when
  /// the client has as many subscriptions as it may have
  /// (`client_options::max_subscriptions`), and when the text is no pattern.
  caf::error subscribe(std::string_view pattern);

  /// As above, with a pattern that has been read before.
  caf::error subscribe(const topic_pattern& pattern);

  /// With a handler of events, runs it in the connection's actor instead of
  /// forwarding them: `subscribe("rooms/42", [](context&, const posted&) {})`.
  /// It wins over a pattern without a handler that matches as well.
  ///
  /// With any other handler, gives this one connection a strategy of its own,
  /// which wins over the registry's: `subscribe("app::chat:typing",
  /// [](context&, const typing&) {})`.
  template <class F>
    requires(!std::is_convertible_v<F, validator>)
  caf::error subscribe(std::string_view what, F handler) {
    static_assert(!detail::handles_almost_event<F>,
                  "flamigo: the function topics of this handler's struct is "
                  "not one that is called, so it is no event. Write it as a "
                  "public flamigo::topic topics() const, or return a "
                  "std::vector of them");
    if constexpr (detail::handles_almost_event<F>)
      return {};
    else if constexpr (detail::handles_event<F>)
      return subscribe_listener(what, listen(std::move(handler)));
    else
      return subscribe_strategy(on(std::string{what}, std::move(handler)));
  }

  /// A strategy with a guard, and as many handlers as one likes.
  template <class... Fs>
  caf::error subscribe(std::string_view name, validator guard, Fs... handlers) {
    return subscribe_strategy(
      on(std::string{name}, std::move(guard), std::move(handlers)...));
  }

  /// Takes back what was subscribed under this text, a pattern or the name of a
  /// strategy. Nothing happens when there is no such thing.
  void unsubscribe(std::string_view what);

  /// As above, with a pattern that has been read before.
  void unsubscribe(const topic_pattern& pattern) {
    unsubscribe(pattern.text());
  }

  // -- the other end ----------------------------------------------------------

  /// The client gets the message as an event. Throws std::invalid_argument if
  /// its topic is the framework's (`is_own_topic`).
  void send(client_message what);

  /// The same, with the JSON of a value as the payload.
  template <class T>
  void send(std::string topic, const T& payload) {
    send(make_client_message(std::move(topic), payload));
  }

  /// Asks the client something, as one calls a strategy:
  ///
  ///   auto yes = co_await who.request<bool>(ctx, "trade:confirm", what, 5s);
  ///
  /// or with `then` where there is no coroutine. It fails with what the client
  /// answers if that is an error, whose words are the client's own; with
  /// `errc::timeout` when the client has not answered in `timeout`, which it is
  /// told; with `errc::unavailable` at once when the connection has ended, and
  /// when it ends meanwhile; with `errc::too_many_requests` when 64 questions
  /// are open already; and with an internal error when the answer is no `R`.
  /// `R` may be `void`, which takes any answer. When the context's call is
  /// cancelled the question is withdrawn, and the client is told; one that was
  /// cancelled before asks nobody.
  ///
  /// The answer comes to the context's CAF actor, which may be any. It is input
  /// like all else that a client says.
  ///
  /// Throws std::invalid_argument if the topic is the framework's
  /// (`is_own_topic`).
  template <class R = void, class T>
  detail::made_with<pending_answer<R>, T>
  request(const context& ctx, std::string topic, T&& question,
          caf::timespan timeout = std::chrono::seconds{10}) {
    return begin_request<R>(*ctx.self(), &ctx, std::move(topic), question,
                            timeout);
  }

  /// The same in any actor, which has no context at hand.
  template <class R = void, class T>
  detail::made_with<pending_answer<R>, T>
  request(caf::event_based_actor& self, std::string topic, T&& question,
          caf::timespan timeout = std::chrono::seconds{10}) {
    return begin_request<R>(self, nullptr, std::move(topic), question, timeout);
  }

  /// Closes the connection with this code and reason.
  void close(close_reason why);

  // -- user -------------------------------------------------------------------

  /// Makes the client a user, or nobody again: from here on it is in the claims
  /// that strategies and validators see, and in the event that tells of the
  /// connection's end, and the client is subscribed to `user_topic`. The same
  /// user again renews permissions and expiry. Whoever calls it has checked the
  /// proof.
  ///
  /// Fails with `errc::conflict` when the client is another user already, and
  /// when the id is empty or longer than `max_user_id` or the expiry has
  /// passed. Outside of the connection's actor that is known only later: it
  /// becomes the answer of the hosted strategy that authenticates, and is
  /// logged elsewhere.
  caf::error set_user(std::optional<user> who);

  /// How long this user's proof is good from now on, by the clock of the
  /// authentication; 0 if that is over, nothing if it has no end. A strategy
  /// that authenticates answers it as `expiresInMs`, so that a client renews
  /// its token in time.
  std::optional<std::chrono::milliseconds> time_left(const user& who) const;

  // -- a closer look ----------------------------------------------------------

  /// Bytes that its socket has not taken, as of the last attempt; 0 of who
  /// polls (Socket.IO). From any thread, without a word to the actor.
  std::size_t backlog() const noexcept;

  /// Asks how it is: `then` is called once, in the connection's actor. Not
  /// while that is blocked or awaits something, and not if it ends before.
  void look(std::function<void(const client_figures&)> then);

  /// Has the lines of this connection logged from a level up, whatever level
  /// the log has: at `debug` there is one for each request, at `trace` for each
  /// answer as well. `off` takes that back.
  void log_from(log::level least);

  // -- state ------------------------------------------------------------------

  /// State of the application for this connection, made when it is first asked
  /// for; one value, of one type. Only in the connection's own actor: throws
  /// std::logic_error elsewhere.
  template <class T>
  T& state() {
    static_assert(std::is_nothrow_destructible_v<T>,
                  "the state of a connection is destroyed when that ends, and "
                  "must not throw then: make its destructor noexcept");
    static_assert(
      std::default_initializable<T> || !std::is_nothrow_destructible_v<T>,
      "the state of a connection is made when it is first asked "
      "for: it needs a constructor without arguments");
    auto& any = any_state();
    if (!any.has_value())
      any.emplace<T>();
    return std::any_cast<T&>(any);
  }

private:
  using task = std::function<void(websocket_client&)>;

  caf::error subscribe_listener(std::string_view pattern, listener what);

  caf::error subscribe_strategy(named_strategy what);

  caf::error add(const topic_pattern& pattern, task remember);

  void perform(task what);

  /// For what is subscribed under this text: remembers as well that it ends
  /// with the domain actor that runs here, if it does.
  task tied(std::string_view what, task remember);

  /// `in` is the call that asks, or null.
  template <class R, class T>
  pending_answer<R> begin_request(caf::event_based_actor& self,
                                  const context* in, std::string topic,
                                  const T& question, caf::timespan timeout) {
    static_assert(json_writable<T>,
                  "the question cannot be written as JSON: describe the struct "
                  "with BOOST_DESCRIBE_STRUCT");
    if (in != nullptr && in->ends_by() != errc::none)
      return {self, std::move(topic), make_error(in->ends_by())};
    auto deadline = detail::due_in(self.clock(), timeout);
    auto caller = in != nullptr ? in->state() : nullptr;
    auto asked = detail::question_in(caller, topic);
    auto id = ask(self, {topic,
                         to_json(question),
                         deadline,
                         {},
                         asked,
                         detail::finder_of<T>(),
                         detail::finder_of<R>()});
    return {self,     std::move(topic),  id,
            deadline, std::move(caller), std::move(asked)};
  }

  /// Returns the id of the response.
  caf::message_id ask(caf::event_based_actor& self,
                      detail::client_question what);

  std::any& any_state();

  websocket_client& actor() const;

  /// The actor if this thread is running it, else null.
  websocket_client* here() const;

  const bus& events() const;

  caf::actor handle_;
};

/// A handler that takes a `client&` is for WebSocket clients.
template <>
struct detail::actor_param<client> {
  using param = client&;

  static validator guard() {
    return is_websocket();
  }

  static caf::expected<client> find(const context& ctx) {
    return require_client(ctx, {});
  }
};

/// The acting actor as a WebSocket client, or `errc::forbidden` if it is none
/// or a validator says no: `require_actor<websocket_client>(ctx)`.
template <std::same_as<websocket_client> T>
caf::expected<client>
require_actor(const context& ctx, const validator& guard = {}) {
  return detail::require_client(ctx, guard);
}

} // namespace flamigo
