#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <caf/actor_cast.hpp>
#include <caf/actor_clock.hpp>
#include <caf/expected.hpp>
#include <caf/timespan.hpp>

#include "flamigo/bus/bus.hpp"
#include "flamigo/context/detail/enduring_actor.hpp"
#include "flamigo/context/detail/reply_port.hpp"
#include "flamigo/context/services.hpp"
#include "flamigo/context/strategy_reply.hpp"
#include "flamigo/domain/detail/timer_job.hpp"
#include "flamigo/domain/domain_behavior.hpp"
#include "flamigo/domain/domain_handle.hpp"
#include "flamigo/domain/hosting_options.hpp"
#include "flamigo/domain/timer.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/strategy/detail/invocation.hpp"
#include "flamigo/task/detail/json_stream.hpp"

namespace flamigo::detail {

// What only the host itself looks into is spared each file of a user.

class client_ties;
class event_queue;
struct queued_event;

/// Runs the strategies and the listeners of a domain actor, whatever its state
/// is.
class domain_host : public enduring_actor, private reply_port {
public:
  /// The services must outlive the actor.
  domain_host(caf::actor_config& cfg, const flamigo::services& what,
              const hosting_options& options);

  ~domain_host() override;

  /// What a domain's actor is. On another thread only for what is set before
  /// anybody knows it.
  static const domain_host& of(const caf::actor& domain) noexcept {
    return *static_cast<const domain_host*>(
      caf::actor_cast<caf::abstract_actor*>(domain));
  }

  const domain_behavior& behavior() const noexcept {
    return behavior_;
  }

  /// What the application's function threw instead of returning a behavior;
  /// null as a rule. Such an actor ends by itself.
  const std::exception_ptr& failure() const noexcept {
    return failure_;
  }

  /// `app::chat`, of its first strategy, or else the name of the actor.
  std::string domain() const;

  /// For the log: `the domain actor of app::chat`.
  std::string title() const override;

  /// Which shard of its domain it is, if that is sharded.
  const shard_place& shard() const noexcept {
    return shard_;
  }

  /// The token of the lease under which it lives on this node; 0 if it is not
  /// clustered.
  std::uint64_t fencing_token() const noexcept override;

  /// Another domain, by its name.
  caf::expected<domain_handle> find(std::string_view name) const;

  /// What the application's actors can reach.
  const flamigo::services& services() const noexcept {
    return services_;
  }

  /// Events that wait for its listeners. From any thread.
  std::size_t queued_events() const;

  // -- the bus ----------------------------------------------------------------

  /// Wants the events of this pattern for its listeners; at any time, from its
  /// own handlers. Once more changes the filter. Throws std::invalid_argument
  /// if the text is no pattern.
  void subscribe(std::string_view pattern,
                 event_filter filter = event_filter::all);

  void unsubscribe(std::string_view pattern);

  /// Publishes an event of this domain's own, in its name; what somebody else
  /// has caused is published with `context::publish`.
  template <class T>
  [[nodiscard]] caf::error publish(T what) {
    auto made = make_event(std::move(what), this_actor());
    if (!made)
      return std::move(made.error());
    return services_.bus.deliver(*made, context());
  }

  // -- clients ----------------------------------------------------------------

  /// The domain actor which the calling thread runs has subscribed this client
  /// to something. Returns its id if that is to end with it, else 0.
  static caf::actor_id
  tie(const caf::actor& client,
      void (*how)(const caf::actor& client, caf::actor_id domain));

  // -- for itself -------------------------------------------------------------

  /// A context of the domain itself, with claims of the type `domain`: for what
  /// nobody has asked for, in timers, listeners and handlers of CAF messages.
  /// Each call that is made with it has the time that the program gives its own
  /// calls (`services::request_timeout`). It may be kept.
  flamigo::context as_domain();

  /// Calls a strategy as the domain itself; see `as_domain`. On behalf of
  /// somebody else `context::call_strategy` does it.
  template <class R, class T>
  auto call_strategy(std::string_view name, T&& input) {
    return as_domain().template call_strategy<R>(name, std::forward<T>(input));
  }

  /// The same without an input.
  template <class R>
  auto call_strategy(std::string_view name) {
    return as_domain().template call_strategy<R>(name);
  }

  // -- time -------------------------------------------------------------------

  /// Calls a function once, when this time has passed, as one of the actor's
  /// messages. It ends with the actor. What it throws is treated as what leaves
  /// any handler of the domain.
  ///
  /// It may be a coroutine, a function that returns a `task<void>`, which has
  /// no deadline but those of what it awaits, and ends with the actor. What it
  /// fails with is logged.
  template <class F>
  flamigo::timer after(caf::timespan delay, F fun) {
    return begin_timer(delay, {}, std::move(fun));
  }

  /// The same each time that the period has passed, at multiples of it from
  /// now on. While the domain is busy, at most one of them waits: those that it
  /// has missed are made up for by one. As long as its coroutine has not ended,
  /// the times that pass are left out. Throws std::invalid_argument for a
  /// period that is none.
  template <class F>
  flamigo::timer every(caf::timespan period, F fun) {
    check_period(period);
    return begin_timer(period, period, std::move(fun));
  }

  // -- overridden from CAF ----------------------------------------------------

  using enduring_actor::enqueue;

  /// An event waits in a queue of its own, which has a bound.
  void enqueue(caf::strong_actor_ptr source, caf::message_id id,
               caf::message content, caf::execution_unit* from) override;

  void enqueue(caf::mailbox_element_ptr what,
               caf::execution_unit* from) override;

  /// What it publishes for the messages that wait is told to each thread once.
  resume_result resume(caf::execution_unit* unit,
                       std::size_t max_throughput) override;

  /// Nothing of this actor is left in the clock, nor of its events.
  bool cleanup(caf::error&& reason, caf::execution_unit* host) override;

protected:
  /// Only from the constructor. An actor that the application has shown to
  /// others already, by joining a group for instance, cannot be taken back by
  /// an exception: it has to end as every actor does.
  template <class F>
  void behavior(F make) {
    try {
      behavior_ = make();
      name_itself();
      wrap_strategies();
      if (!behavior_.listeners().empty())
        expect_events();
      made_.store(true, std::memory_order_release);
    } catch (...) {
      failure_ = std::current_exception();
    }
  }

  caf::behavior make_behavior() override;

private:
  friend class timer_job;

  /// What an invocation runs.
  struct runnable {
    std::shared_ptr<const strategy_handlers> handlers;
    /// Whether it goes on although nobody waits for it.
    bool detached;
  };

  /// Whether its time on this node is over: it begins nothing any more.
  bool is_over() const noexcept;

  /// Its strategies are known now.
  void name_itself();

  void wrap_strategies();

  static void check_period(caf::timespan period);

  template <class F>
  flamigo::timer begin_timer(caf::timespan delay, caf::timespan period, F fun) {
    static_assert(std::is_invocable_v<F&>,
                  "a timer's function is called without arguments: it captures "
                  "self and what else it uses, by value");
    if constexpr (std::is_invocable_v<F&>)
      static_assert(
        std::is_void_v<std::invoke_result_t<
            F&>> || std::is_same_v<std::invoke_result_t<F&>, task<void>>,
        "a timer's function returns nothing, or is a coroutine "
        "that returns a flamigo::task<void>, since nobody waits "
        "for what it returns");
    static_assert(ends_quietly<F>,
                  "what this timer's function has captured may throw when it "
                  "is destroyed, which would end the program: make its "
                  "destructor noexcept");
    if constexpr (std::is_invocable_v<F&>) {
      auto job = std::make_shared<timer_function<F>>(*this, delay, period,
                                                     std::move(fun));
      job->start();
      return flamigo::timer{job};
    } else {
      return {};
    }
  }

  void forget_response(caf::message_id id) noexcept;

  caf::result<strategy_reply> run(invocation& what);

  /// Answers in parts.
  caf::result<strategy_reply> run(const stream_source_ptr& parts,
                                  const flamigo::context& ctx,
                                  json_stream rows);

  /// The step of a trace that an invocation is here, for a domain that may have
  /// let it wait.
  span_ptr step_in(const span_ptr& above, std::string_view called);

  /// The same of an event that listeners hear; null if none has caused it.
  span_ptr step_of(const event& what);

  // -- events that wait -------------------------------------------------------

  /// From now on events go into the queue: an actor that listens to nothing has
  /// none.
  void expect_events();

  /// Puts it into the queue. On any thread.
  void accept(queued_event what, caf::execution_unit* from);

  /// Tells who has asked. On any thread.
  void answer(const queued_event& what, caf::error why,
              caf::execution_unit* from);

  void handle_next_event();

  /// Too many wait. On any thread.
  void lose_event();

  /// Says in the log how many were lost, once a second.
  void report_losses() noexcept;

  void say_losses();

  /// `later` answers who asks if a coroutine takes its time.
  caf::error listen_to(const event& what, event_answer& later);

  /// Whether one of the subscriptions asks for it, and not only for client
  /// events.
  bool wants(const event& what) const;

  acting_actor this_actor();

  reply_address defer() override;

  const flamigo::services& services_;
  const shard_place shard_;
  /// Null if it always lives here.
  const std::shared_ptr<const domain_term> term_;
  domain_behavior behavior_;
  /// What runs for each strategy: its handlers, with what wraps them.
  std::vector<runnable> handlers_;
  std::exception_ptr failure_;
  /// Empty as long as the domain's function runs, if it was not given one; and
  /// the title of one that has no strategies, or was, always.
  std::string domain_;
  std::string title_;
  /// What is known of it when it acts for itself; null until then.
  claims_ptr mine_;
  std::map<std::string, event_filter, std::less<>> subscriptions_;
  /// How many of them are for client events only.
  std::size_t filtered_ = 0;
  const std::size_t max_events_;
  const event_overflow overflow_;
  std::unique_ptr<event_queue> events_;
  /// Null if subscriptions of clients stay.
  std::unique_ptr<client_ties> ties_;

  // -- read on any thread -----------------------------------------------------

  std::atomic<event_queue*> queue_ = nullptr;
  /// Whether the behavior and the title change no more.
  std::atomic<bool> made_ = false;
  std::atomic<std::size_t> unreported_ = 0;
  std::atomic<caf::actor_clock::time_point> next_report_{};
};

} // namespace flamigo::detail
