#pragma once

#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include <caf/error.hpp>

#include "flamigo/bus/detail/received_event.hpp"
#include "flamigo/bus/event.hpp"
#include "flamigo/bus/event_type.hpp"
#include "flamigo/context/context.hpp"
#include "flamigo/described/detail/short_name.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/strategy/detail/handler_traits.hpp"

namespace flamigo::detail {

class event_answer;

class root_task;

/// Says in the log that a listener's coroutine has failed, if it has.
void log_late(const root_task& of, const caf::error& why);

/// One handler of a listener, with its types erased.
class event_handler {
public:
  virtual ~event_handler();

  /// Whether it wants this event.
  virtual bool wants(const event& what) const noexcept = 0;

  /// Runs it. What leaves the handler comes back as an error with a trace. A
  /// coroutine that waits keeps the answer open, if there is one.
  caf::error handle(context& ctx, const event& what,
                    event_answer* answer) const;

private:
  virtual caf::error run(context& ctx, const event& what,
                         event_answer* answer) const = 0;

  /// The event's name for the trace.
  virtual std::string name() const = 0;
};

// -- what a handler takes -----------------------------------------------------

template <class... Args>
struct event_handler_args {
  static_assert(sizeof...(Args) < 0,
                "an event handler takes (const Event&) or (context&, const "
                "Event&)");
};

template <class E>
struct event_handler_args<E> {
  using event_type = std::decay_t<E>;
  static constexpr bool wants_context = false;
};

template <class C, class E>
struct event_handler_args<C, E> {
  static_assert(is_context<C>,
                "an event handler takes the context first and its event "
                "second: (context&, const Event&)");
  using event_type = std::decay_t<E>;
  static constexpr bool wants_context = true;
};

template <class F>
using event_args_of = args_of<F, event_handler_args>;

template <class Args>
struct last_of {
  using type = void;
};

template <class... Ts>
  requires(sizeof...(Ts) > 0)
struct last_of<std::tuple<Ts...>> {
  using type
    = std::decay_t<std::tuple_element_t<sizeof...(Ts) - 1, std::tuple<Ts...>>>;
};

template <class T>
concept any_event = std::is_same_v<T, event> || flamigo::event_type<T>;

/// Whether a handler takes an event rather than the input of a strategy.
template <class F>
concept handles_event = has_one_call_operator<F> && any_event<
  typename last_of<args_of<F, std::tuple>>::type>;

/// Whether what a handler takes was meant to be an event.
template <class F>
concept handles_almost_event = has_one_call_operator<F> && wrongly_topics<
  typename last_of<args_of<F, std::tuple>>::type>;

// -- handlers given as typed lambdas ------------------------------------------

template <class F>
class typed_event_handler final : public event_handler {
public:
  using args = event_args_of<F>;
  using event_type = typename args::event_type;
  using result = result_of<F>;

  static constexpr bool takes_all = std::is_same_v<event_type, event>;

  static_assert(any_event<event_type>,
                "what an event handler takes is no event: describe the struct "
                "with BOOST_DESCRIBE_STRUCT and give it topics() const, or "
                "take a const flamigo::event& to get all events");
  static_assert(
    std::is_void_v<result> || std::is_convertible_v<result, caf::error>,
    "an event handler returns nothing or a caf::error, or is a coroutine that "
    "returns a flamigo::task<void>");
  static_assert(ends_quietly<F>,
                "what this event handler has captured may throw when it is "
                "destroyed, which would end the program: make its destructor "
                "noexcept");

  explicit typed_event_handler(F fun) : fun_(std::move(fun)) {
    // It may come from another process.
    if constexpr (!takes_all)
      kind_of<event_type>();
  }

  bool wants(const event& what) const noexcept override {
    if constexpr (takes_all)
      return true;
    else
      return what.get_if<event_type>() != nullptr;
  }

private:
  caf::error run(context& ctx, const event& what,
                 event_answer*) const override {
    if constexpr (takes_all)
      return call(ctx, what);
    else
      return call(ctx, *what.get_if<event_type>());
  }

  std::string name() const override {
    return short_name<event_type>();
  }

  caf::error call(context& ctx, const event_type& what) const {
    auto body = [&]() -> decltype(auto) {
      if constexpr (args::wants_context)
        return fun_(ctx, what);
      else
        return fun_(what);
    };
    if constexpr (std::is_void_v<result>) {
      body();
      return {};
    } else {
      return body();
    }
  }

  mutable F fun_;
};

} // namespace flamigo::detail
