#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

#include <caf/message_handler.hpp>

#include "flamigo/context/detail/context_loan.hpp"
#include "flamigo/domain/detail/domain_host.hpp"
#include "flamigo/domain/detail/interface.hpp"
#include "flamigo/domain/detail/task_message.hpp"
#include "flamigo/domain/domain_behavior.hpp"
#include "flamigo/strategy/strategy.hpp"

/// What the parts of a typed domain's behavior do with CAF messages.
namespace flamigo::detail {

/// One message that is handled.
template <class Message, class Answer>
struct handled {
  using message = Message;
  using answer = Answer;
};

template <class... Hs>
struct handled_list {};

/// Whether a function is a handler of strategies that a message can call: it
/// has an input, and does not ask who acts.
template <class F>
inline constexpr bool is_callable_by_message = false;

template <class F>
  requires(handler_traits<F>::fits)
inline constexpr bool
  is_callable_by_message<F> = handler_traits<F>::wants_input
                              && !handler_traits<F>::asks_who;

template <class... Ts>
inline constexpr bool first_is_context = false;

template <class T, class... Ts>
inline constexpr bool first_is_context<T, Ts...> = is_context<T>;

template <class... Ts>
struct begins_with_context : std::bool_constant<first_is_context<Ts...>> {};

/// A bare function that takes a context, as the handler of a strategy does.
template <class F>
inline constexpr bool needs_context = false;

template <has_one_call_operator F>
inline constexpr bool
  needs_context<F> = is_task<std::decay_t<
                       result_of<F>>> || args_of<F, begins_with_context>::value;

// -- which messages -----------------------------------------------------------

template <class F>
struct of_strategy {
  using type = handled_list<>;
};

template <class F>
  requires is_callable_by_message<F>
struct of_strategy<F> {
  using type
    = handled_list<handled<message_of<typename handler_traits<F>::input>,
                           std::decay_t<typename handler_traits<F>::output>>>;
};

template <class Part>
struct messages_of {
  using type = handled_list<>;
};

template <class... Lists>
struct joined {
  using type = handled_list<>;
};

template <class... As>
struct joined<handled_list<As...>> {
  using type = handled_list<As...>;
};

template <class... As, class... Bs, class... Lists>
struct joined<handled_list<As...>, handled_list<Bs...>, Lists...>
  : joined<handled_list<As..., Bs...>, Lists...> {};

template <class... Fs>
struct messages_of<strategy_of<Fs...>>
  : joined<typename of_strategy<Fs>::type...> {};

template <has_one_call_operator F>
struct messages_of<F> {
  using type = handled_list<
    handled<args_of<F, message_of>,
            typename answer_type<std::decay_t<result_of<F>>>::type>>;
};

template <has_one_call_operator F>
  requires needs_context<F>
struct messages_of<F> : of_strategy<F> {
};

// -- how they are handled -----------------------------------------------------

/// Runs a handler of strategies for a CAF message: on behalf of the program,
/// with the time that the program gives its own calls.
template <class F, class In>
auto handle_message(domain_host& self, const handler_type<F>& handler,
                    std::string_view action, In& in)
  -> caf::result<typename handler_traits<F>::output> {
  acting_actor who{nullptr, backend_claims()};
  auto& what = self.services();
  auto until = self.clock().now() + what.request_timeout;
  flamigo::context ctx{{&who, action, "null", until, &self, &what, nullptr}};
  if constexpr (handler_traits<F>::awaits) {
    context_loan loan{ctx};
    return message_task<typename handler_traits<F>::output>::begin(
      self, handler.make(loan, in), handler.function(), until,
      [&](root_task& root) {
        loan.settle();
        root.runs(ctx.state());
      });
  } else {
    return handler.handle(ctx, in);
  }
}

/// Adds what calls the handler with this index, if a message can.
template <class F>
void add_message(caf::message_handler& to, domain_host& self,
                 const named_strategy& what, std::size_t index) {
  if constexpr (is_callable_by_message<F>) {
    using traits = handler_traits<F>;
    using input = typename traits::input;
    // What is only looked at is not copied for it.
    using param
      = std::conditional_t<std::is_same_v<typename traits::param, const input&>,
                           const input&, input&>;
    auto run = [&self, handlers = what.handlers, name = what.name,
                index](param in) -> caf::result<typename traits::output> {
      return handle_message<F>(self, handlers->template at<F>(index), name, in);
    };
    to = to.or_else(caf::message_handler{std::move(run)});
  }
}

template <class... Fs>
void add_messages(caf::message_handler& to, domain_host& self,
                  const strategy_of<Fs...>& what) {
  std::size_t index = 0;
  (add_message<Fs>(to, self, what, index++), ...);
}

template <class F>
void add_messages(caf::message_handler& to, domain_host& self,
                  const F& handler) {
  if constexpr (needs_context<F>)
    add_message<F>(to, self,
                   {"message", {}, strategy_handlers::of(handler).share()}, 0);
  else if constexpr (is_task_message<F>)
    to = to.or_else(caf::message_handler{message_handler_of(handler)});
  else
    to = to.or_else(caf::message_handler{handler});
}

} // namespace flamigo::detail
