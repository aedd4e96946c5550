#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <caf/actor_clock.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/expected.hpp>
#include <caf/fwd.hpp>
#include <caf/timespan.hpp>

#include "flamigo/bus/bus.hpp"
#include "flamigo/claims/acting_actor.hpp"
#include "flamigo/context/detail/call_state.hpp"
#include "flamigo/context/detail/context_loan.hpp"
#include "flamigo/context/detail/late_reply.hpp"
#include "flamigo/context/detail/reply_port.hpp"
#include "flamigo/context/response_promise.hpp"
#include "flamigo/context/services.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/tracing/detail/span.hpp"
#include "flamigo/tracing/trace_context.hpp"

namespace flamigo {

class domain_handle;

template <class Interface>
class typed_domain_handle;

template <class R>
class pending_call;

class cancel_hook;

template <class T>
class stream;

/// One call of a strategy: who asks, what for, with which payload, until when.
///
/// The context that a handler gets is valid until the handler returns, on the
/// thread that runs it. A copy owns all that it refers to and may be sent to
/// another actor of this process; what a copy cannot do is to answer the call
/// (`make_promise`), because only the running call can. A coroutine takes it by
/// value and has it until it ends. A copy is of the same call and has its
/// deadline: what outlives that uses what `keep` returns.
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
    /// The handlers of the strategy that are not tried, one bit each: those
    /// that declare no bytes where the payload has some as they are.
    std::uint32_t passed_over = 0;
    /// Where the stream goes of a handler that answers with one; null where
    /// nobody takes one.
    stream<std::string_view>* parts = nullptr;
    /// What it has for each item, if it runs for a stream.
    caf::timespan item_time{0};
  };

  /// Refers to all that the call refers to, and owns none of it.
  explicit context(const call& what) noexcept : call_(what) {
  }

  /// Owns what it refers to, and may be kept.
  context(const context& other);

  /// As a copy. What a coroutine is given goes into its frame as it is.
  // NOLINTNEXTLINE(performance-noexcept-move-constructor): it copies.
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

  /// Returns the payload as a `T`, or what does not fit it, as of a handler's
  /// own input: an error that a handler may return as it is.
  template <class T>
  caf::expected<T> payload_as() const {
    constexpr bool makes = std::is_default_constructible_v<T>;
    static_assert(makes, "what payload_as returns is made before it is read: "
                         "it needs a constructor without arguments");
    if constexpr (makes) {
      T result{};
      if (auto err = read_payload(result))
        return err;
      return result;
    } else {
      return caf::error{};
    }
  }

  /// When the caller stops waiting, on the actor system's clock. Of a context
  /// that was kept: when it would if it called now.
  time_point deadline() const noexcept {
    return each_time().count() == 0 ? call_.deadline : deadline_from_now();
  }

  /// The CAF actor in which the handler runs: the connection's actor for an
  /// inline strategy, the domain actor for a hosted one. Use it to send, to
  /// request or to spawn, as in any CAF actor. In a copy it is still that
  /// actor.
  caf::event_based_actor* self() const noexcept {
    return call_.self;
  }

  /// In a domain that lives on one node of several, the token of its lease,
  /// which is larger than that of every node on which it has lived before; else
  /// 0. What is written goes together with it to a store that refuses one which
  /// is smaller than the largest it has seen. In the actor that runs the call.
  std::uint64_t fencing_token() const noexcept;

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
  /// left of this call: a `pending_call<R>`. With `stream<T>` as `R` it is one
  /// that answers in parts, and this a `stream<T>` of them. Include
  /// `flamigo/strategy/call.hpp` to use it.
  template <class R, class T>
  auto call_strategy(std::string_view name, T&& input);

  /// The same without an input.
  template <class R>
  auto call_strategy(std::string_view name);

  // -- on whose behalf, and until when ----------------------------------------

  /// Returns a context of the program itself: what it calls and publishes is
  /// judged and told as the backend's. Action, payload and deadline are those
  /// of this one. It is a copy, which cannot answer the call.
  ///
  ///   ctx.as_program().call_strategy<void>("app::audit:note", what)
  context as_program() const;

  /// Returns a context for work that outlives its call, on behalf of the same
  /// actor as it is known now. Each call that is made with it has this time,
  /// from when it is made; without one it is the program's
  /// (`services::request_timeout`). It is a copy, which cannot answer the call.
  ///
  ///   ctx.keep().call_strategy<void>("app::stock:give_back", count)
  context keep(caf::timespan each) const;

  /// With the time that the program gives its own calls.
  context keep() const;

  /// A context of no call: an actor of the program's own that begins something,
  /// on behalf of whom it says, `depth` strategies deep. Each call that is made
  /// with it has the time that the program gives its own calls.
  ///
  /// @private
  static context of_actor(acting_actor who, std::string action,
                          caf::event_based_actor& self,
                          const flamigo::services& what, std::uint32_t depth);

  // -- whether anybody waits --------------------------------------------------

  /// Whether the call is to end: whoever asked has cancelled it, or is gone, or
  /// its deadline has passed and was noticed. A coroutine that waits goes on
  /// with an error then, and what it calls from then on fails with the same
  /// one; what does not wait may ask here. On any thread, in a copy.
  bool cancelled() const noexcept {
    return ends_by() != errc::none;
  }

  /// Has a function called when the call is to end, in the actor that runs it,
  /// before what waits in it goes on: to stop what it has begun elsewhere. At
  /// once when that was decided already; never when the call ends by itself,
  /// and the function is freed with it. What it throws is logged. Call it in
  /// that actor; include `flamigo/task/on_cancel.hpp` to use it.
  ///
  ///   ctx.on_cancel([job] { job->stop(); });
  ///
  /// Returns what takes it back. A context that was kept is of no call.
  template <class F>
  cancel_hook on_cancel(F fun) const;

  // -- where it stands in a trace ---------------------------------------------

  /// What is to be passed on to a database or another service that is asked for
  /// this call: as a header `traceparent`, `to_string` writes it. None (false)
  /// where the request has named no trace and none is recorded; see
  /// docs/tracing.md. In a copy on any thread.
  trace_context trace() const noexcept {
    return span_ ? span_->context() : trace_context{};
  }

  /// The step of the trace that the call is; null as `trace`.
  ///
  /// @private
  const detail::span_ptr& span() const noexcept {
    return span_;
  }

  /// Says which it is. Before anything is called by it.
  ///
  /// @private
  void span(detail::span_ptr what) noexcept {
    span_ = std::move(what);
  }

  // -- events -----------------------------------------------------------------

  /// Publishes an event that this context's actor has caused; see
  /// `bus::publish`.
  template <class T>
  [[nodiscard]] caf::error publish(T what) const {
    auto made = detail::make_event(std::move(what), actor());
    if (!made)
      return std::move(made.error());
    return publish(*made);
  }

  /// Publishes an event, and tells when every listener has handled it or the
  /// time is up: a coroutine awaits the `publish_report`,
  /// `co_await ctx.publish_sync(what, 1s)`, and `then` is for others. Include
  /// `flamigo/task/publish_sync.hpp` to use it. It does not block, so a
  /// listener may call it, even for an event that it listens to itself.
  template <class T>
  [[nodiscard]] auto publish_sync(T&& what, caf::timespan timeout) const;

  /// The same call on behalf of the same actor, run by `self` and answered
  /// through `port`: how an actor goes on with a call that it was sent.
  /// `parts` as `call::parts`.
  context enter(caf::event_based_actor& self, detail::reply_port& port,
                stream<std::string_view>* parts = nullptr) const;

  /// Where a handler puts the stream with which it answers; null where the call
  /// takes none.
  ///
  /// @private
  stream<std::string_view>* parts() const noexcept {
    return call_.parts;
  }

  /// The time that each item of a stream has which answers this call.
  ///
  /// @private
  caf::timespan time_of_item() const noexcept;

  /// The same call, for such a stream: what it calls has the time of an item.
  /// Owns no more than this one.
  ///
  /// @private
  context for_stream() const;

  /// A call inside of this one, of the same strategy and with the same input,
  /// that is answered through `port`. It refers to what this context has.
  /// `parts` as `call::parts`.
  ///
  /// @private
  context inside(detail::reply_port& port,
                 stream<std::string_view>* parts = nullptr) const;

  /// What this call shares with who has called it, made when it is first asked
  /// for. Null of one that was kept, which nobody ends.
  ///
  /// @private
  std::shared_ptr<detail::call_state> state() const;

  /// The same, if it is there already.
  ///
  /// @private
  detail::call_state* known_state() const noexcept {
    if (!kept_ || own_time_.count() != 0)
      return nullptr;
    return kept_->origin ? kept_->origin.get() : kept_.get();
  }

  /// Why the call is to end, or `errc::none`.
  ///
  /// @private
  errc ends_by() const noexcept {
    auto what = known_state();
    return what != nullptr ? what->why() : errc::none;
  }

  /// The call goes on, whatever becomes of who has called: what it calls has
  /// time of its own.
  ///
  /// @private
  void detach() noexcept;

  /// When a coroutine that runs the call ends at the latest.
  ///
  /// @private
  time_point latest_end() const noexcept {
    return own_time_.count() == 0 ? call_.deadline : time_point::max();
  }

  /// The handler has returned, and has answered.
  ///
  /// @private
  void end() const noexcept {
    if (kept_)
      kept_->close();
  }

  /// How many strategies have called one another up to this call.
  std::uint32_t depth() const noexcept {
    return call_.depth;
  }

  /// Whether the handler with this index is not tried.
  ///
  /// @private
  bool passes_over(std::size_t handler) const noexcept {
    return handler < 32 && (call_.passed_over >> handler & 1) != 0;
  }

  /// Whether there are such.
  ///
  /// @private
  bool passes_over_some() const noexcept {
    return call_.passed_over != 0;
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

  /// The domain of this name: `domain_health::find`. Include
  /// `flamigo/domain/domain_handle.hpp` to use it.
  caf::expected<domain_handle> find(std::string_view name) const;

  /// The same of a typed domain, whose `caf::typed_actor` this is.
  template <class Interface>
  caf::expected<typed_domain_handle<Interface>>
  find(std::string_view name) const;

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

  context(const context& of, detail::context_loan& loan) noexcept;

  void own(std::shared_ptr<detail::call_state> what) noexcept;

  /// Shared by all copies, and known to the first of them.
  const std::shared_ptr<detail::call_state>& owned() const;

  /// What it has for each call, if it has no deadline.
  caf::timespan each_time() const noexcept {
    return own_time_.count() != 0 ? own_time_ : call_.item_time;
  }

  time_point deadline_from_now() const noexcept;

  /// Owns from now on what it refers to.
  void own();

  /// Throws std::logic_error if there is none.
  detail::reply_port& port() const;

  caf::error publish(const event_ptr& what) const;

  /// The execution unit of the calling thread, as far as that is known.
  caf::execution_unit* unit() const noexcept;

  const std::shared_ptr<detail::late_reply>& defer();

  call call_;
  /// What it has for each call, if it was kept.
  caf::timespan own_time_{0};
  detail::span_ptr span_;
  /// What it owns; of the call itself, what its copies own.
  mutable std::shared_ptr<detail::call_state> kept_;
  /// What the promise of this call holds, which the call itself may answer
  /// until the handler has returned.
  std::shared_ptr<detail::late_reply> late_;
  /// Who knows that this refers to a running call and owns nothing yet.
  detail::context_loan* loan_ = nullptr;
  /// Whether it is used in the actor that runs the call although it owns what
  /// it refers to.
  mutable bool is_at_home_ = false;
};

} // namespace flamigo

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::context)
