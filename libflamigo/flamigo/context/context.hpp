#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <caf/actor_clock.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/fwd.hpp>

#include "flamigo/bus/bus.hpp"
#include "flamigo/claims/acting_actor.hpp"
#include "flamigo/context/detail/context_loan.hpp"
#include "flamigo/context/detail/late_reply.hpp"
#include "flamigo/context/detail/reply_port.hpp"
#include "flamigo/context/response_promise.hpp"
#include "flamigo/context/services.hpp"
#include "flamigo/json/json.hpp"

namespace flamigo {

template <class R>
class pending_call;

class pending_publish;

/// One call of a strategy: who asks, what for, with which payload, until when.
///
/// The context that a handler gets is valid until the handler returns, on the
/// thread that runs it. A copy owns all that it refers to and may be kept or
/// sent to another actor of this process; what a copy cannot do is to answer
/// the call (`make_promise`), because only the running call can. A coroutine
/// takes it by value and has it until it ends.
class context {
public:
  /// Of the actor system's clock, which tests move.
  using time_point = caf::actor_clock::time_point;

  /// What a context is made of; everything here must outlive the call.
  struct call {
    /// On whose behalf.
    const acting_actor* actor;
    /// The name of the strategy.
    std::string_view action;
    /// The text of one JSON value.
    std::string_view payload;
    /// When nobody waits any more.
    time_point deadline;
    /// The actor that runs it.
    caf::event_based_actor* self;
    /// What it can reach.
    const flamigo::services* services;
    /// Where a promise takes the answer to; null where nobody makes one.
    detail::reply_port* port;
    /// The payload taken apart, where it has been.
    const detail::json_token* payload_tokens = nullptr;
    /// How many strategies have called one another up to here.
    std::uint32_t depth = 0;
  };

  /// Refers to all that the call refers to, and owns none of it.
  explicit context(const call& what) noexcept : call_(what) {
  }

  /// Owns what it refers to, and may be kept.
  context(const context& other);

  /// As a copy. What a coroutine is given goes into its frame as it is.
  context(context&& other);

  context& operator=(const context& other);

  ~context();

  /// The actor on whose behalf the strategy runs. It stays the same when one
  /// strategy calls another.
  const acting_actor& actor() const noexcept {
    return *call_.actor;
  }

  /// What is known of that actor.
  const flamigo::claims& claims() const noexcept {
    return *call_.actor->claims;
  }

  /// The name under which the strategy was called.
  std::string_view action() const noexcept {
    return call_.action;
  }

  /// The payload as it came: the raw text of one JSON value.
  std::string_view payload() const noexcept {
    return call_.payload;
  }

  /// Reads the payload; see `from_json`.
  template <class T>
  caf::error read_payload(T& out) const {
    if constexpr (json_readable<T>)
      if (call_.payload_tokens != nullptr)
        return detail::bind_json(*call_.payload_tokens, out);
    return from_json(payload(), out);
  }

  /// When the caller stops waiting, on the actor system's clock.
  time_point deadline() const noexcept {
    return call_.deadline;
  }

  /// The CAF actor in which the handler runs: the connection's actor for an
  /// inline strategy, the domain actor for a hosted one. Use it to send, to
  /// request or to spawn, as in any CAF actor. In a copy it is still that
  /// actor.
  caf::event_based_actor* self() const noexcept {
    return call_.self;
  }

  /// Takes over the answer of this call: the handler returns the promise, and
  /// whoever holds it delivers later, from any thread. Call it at most once,
  /// before the handler returns. A promise that is dropped answers 500.
  ///
  /// A handler that fails afterwards, by an error that it returns or by an
  /// exception, answers with that at once, and what is delivered later does
  /// nothing. What else it returns is ignored.
  template <class T>
  response_promise<T> make_promise() {
    return response_promise<T>{defer()};
  }

  /// Calls another strategy on behalf of the same actor, with the time that is
  /// left of this call. Include `flamigo/call.hpp` to use it.
  template <class R, class T>
  pending_call<R> call_strategy(std::string_view name, const T& input);

  /// The same without an input.
  template <class R>
  pending_call<R> call_strategy(std::string_view name);

  /// Publishes an event that this context's actor has caused; see
  /// `bus::publish`.
  template <class T>
  [[nodiscard]] caf::error publish(T what) const {
    auto made = detail::make_event(std::move(what), actor());
    if (!made)
      return std::move(made.error());
    publish(*made);
    return {};
  }

  /// Publishes an event and says with `then` what happens when every listener
  /// has handled it or the time is up. Include `flamigo/publish_sync.hpp` to
  /// use it. It does not block, so a listener may call it, even for an event
  /// that it listens to itself.
  template <class T>
  [[nodiscard]] caf::expected<pending_publish>
  publish_sync(T what, caf::timespan timeout) const;

  /// The same call on behalf of the same actor, run by `self` and answered
  /// through `port`: how an actor goes on with a call that it was sent.
  context enter(caf::event_based_actor& self, detail::reply_port& port) const;

  /// How many strategies have called one another up to this call.
  std::uint32_t depth() const noexcept {
    return call_.depth;
  }

  /// Where the answer of this call goes when it comes later: what
  /// `make_promise` is made of.
  ///
  /// @private
  detail::reply_address defer_to() {
    return port().defer();
  }

  /// Whether `make_promise` was called.
  bool deferred() const noexcept {
    return late_ != nullptr;
  }

  /// Answers the call that has been deferred, if nobody has done so.
  ///
  /// @private
  void fail_late(caf::error why) {
    late_->deliver(std::move(why));
  }

  /// All strategies of the application.
  const strategy_registry& strategies() const noexcept {
    return call_.services->strategies;
  }

  /// The application's realtime bus.
  const flamigo::bus& bus() const noexcept {
    return call_.services->bus;
  }

  /// What an actor that the handler spawns needs to act by itself.
  const flamigo::services& services() const noexcept {
    return *call_.services;
  }

private:
  friend class detail::context_loan;

  struct kept;

  context(const context& of, detail::context_loan& loan) noexcept;

  void keep(const context& other);

  /// Owns from now on what it refers to.
  void own();

  /// Throws std::logic_error if there is none.
  detail::reply_port& port() const;

  void publish(const event_ptr& what) const;

  /// The execution unit of the calling thread, as far as that is known.
  caf::execution_unit* unit() const noexcept;

  const std::shared_ptr<detail::late_reply>& defer();

  call call_;
  std::shared_ptr<const kept> kept_;
  /// What the promise of this call holds, which the call itself may answer
  /// until the handler has returned.
  std::shared_ptr<detail::late_reply> late_;
  /// Who knows that this refers to a running call and owns nothing yet.
  detail::context_loan* loan_ = nullptr;
  /// Whether it is used in the actor that runs the call although it owns what
  /// it refers to.
  bool is_at_home_ = false;
};

} // namespace flamigo

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::context)
