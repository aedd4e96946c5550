#pragma once

#include <tuple>
#include <type_traits>
#include <vector>

#include <caf/error.hpp>
#include <caf/expected.hpp>
#include <caf/result.hpp>
#include <caf/unit.hpp>

// For described structs in a caf::result.
#include "flamigo/context/response_promise.hpp"
#include "flamigo/described/inspect.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/strategy/detail/actor_param.hpp"
#include "flamigo/strategy/detail/signature.hpp"
#include "flamigo/task/stream.hpp"
#include "flamigo/task/task.hpp"

namespace flamigo::detail {

// -- what a handler returns ---------------------------------------------------

/// The value type behind a handler's return type; `void` for no value.
template <class R>
struct result_value {
  using type = R;
};

template <class T>
struct result_value<caf::result<T>> {
  using type = T;
};

template <class T>
struct result_value<caf::expected<T>> {
  using type = T;
};

template <class T>
struct result_value<response_promise<T>> {
  using type = T;
};

template <class T>
struct result_value<task<T>> {
  using type = T;
};

template <class T>
struct result_value<stream<T>> {
  using type = T;
};

template <>
struct result_value<caf::error> {
  using type = void;
};

template <>
struct result_value<caf::unit_t> {
  using type = void;
};

template <>
struct result_value<caf::result<caf::unit_t>> {
  using type = void;
};

template <>
struct result_value<caf::expected<caf::unit_t>> {
  using type = void;
};

template <class R>
inline constexpr bool is_task = false;

template <class T>
inline constexpr bool is_task<task<T>> = true;

// -- what a handler takes -----------------------------------------------------

struct no_input {};

template <class T>
constexpr bool is_context = std::is_same_v<std::decay_t<T>, context>;

/// What a handler takes of the actor that asks.
template <class... Ws>
struct who_params {
  /// Each as it was written can be given what there is.
  static constexpr bool fit
    = (std::is_convertible_v<typename actor_param<std::decay_t<Ws>>::param,
                             Ws> && ...);

  static_assert(fit,
                "a strategy's handler takes of who asks (flamigo::client&), "
                "(const flamigo::user&) or (const flamigo::acting_actor&), "
                "which are not its own to change");

  static void guards(std::vector<validator>& out) {
    (out.push_back(actor_param<std::decay_t<Ws>>::guard()), ...);
  }

  static auto find(const context& ctx) {
    return std::tuple{actor_param<std::decay_t<Ws>>::find(ctx)...};
  }

  /// No error if the guard of the strategy was asked, as a rule.
  template <class Found>
  static caf::error check(const Found& found) {
    if (std::apply([](auto&... x) { return (x && ...); }, found))
      return {};
    return make_error(errc::forbidden, {}, "who asks is not what is asked for");
  }
};

/// What is left of a handler's parameters behind the context. `param` is the
/// input's type as it was written.
template <class Who, class... Rest>
struct handler_rest {
  static_assert(sizeof...(Rest) < 0,
                "a strategy's handler takes what it wants of these, in this "
                "order: the context, who asks and its input, such as "
                "(context&, const Input&) or (const flamigo::user&, const "
                "Input&)");
  using who = who_params<>;
  using param = no_input;
  static constexpr bool fit = false;
};

template <class Who>
struct handler_rest<Who> {
  using who = Who;
  using param = no_input;
  static constexpr bool fit = Who::fit;
};

template <class Who, class A>
  requires(!is_actor_param<A> && !is_context<A>)
struct handler_rest<Who, A> {
  using who = Who;
  using param = A;
  static constexpr bool fit = Who::fit;
};

template <class... Ws, class A, class... Rest>
  requires is_actor_param<A>
struct handler_rest<who_params<Ws...>, A, Rest...>
  : handler_rest<who_params<Ws..., A>, Rest...> {
};

template <class... Args>
struct handler_args : handler_rest<who_params<>, Args...> {
  static constexpr bool wants_context = false;
};

template <class C, class... Rest>
  requires is_context<C>
struct handler_args<C, Rest...> : handler_rest<who_params<>, Rest...> {
  static constexpr bool wants_context = true;
};

template <class... Args>
struct are_values : std::bool_constant<(!std::is_reference_v<Args> && ...)> {};

/// Takes a handler's signature apart. What is wrong with it gives one sentence;
/// `fits` keeps the compiler from saying more.
template <class F>
struct handler_traits {
  // Of a lambda that does not compile itself there is no call operator either.
  static_assert(has_one_call_operator<F>,
                "a strategy's handler is a function or a lambda with named "
                "parameter types and one return type: it has no auto "
                "parameters, since the input's type is read off them, and says "
                "-> caf::result<T> where it returns a T on one path and an "
                "error on another");
  static constexpr bool fits = false;
  static constexpr bool asks_who = false;
};

template <has_one_call_operator F>
struct handler_traits<F> {
  using args = args_of<F, handler_args>;
  using param = typename args::param;
  using input = std::decay_t<param>;
  using result = std::decay_t<result_of<F>>;
  using output = typename result_value<result>::type;
  using who = typename args::who;
  static constexpr bool asks_who = !std::is_same_v<who, who_params<>>;
  static constexpr bool wants_context = args::wants_context;
  static constexpr bool wants_input = !std::is_same_v<input, no_input>;
  static constexpr bool awaits = is_task<result>;

  static constexpr bool streams = is_stream<result>;

  static constexpr bool owns = !(awaits || streams)
                               || args_of<F, are_values>::value;

  static_assert(owns || !streams,
                "a handler that returns a stream takes its parameters by "
                "value, (flamigo::context, Input): what it would refer to is "
                "gone when the first item is asked for");

  static_assert(owns || streams,
                "a handler that returns a task takes its parameters by value, "
                "(flamigo::context, Input): what it would refer to is gone "
                "when it goes on after it has waited");

  static constexpr bool reads = !args::fit || !wants_input
                                || json_readable<input>;

  static_assert(reads,
                "the input of this strategy cannot be read from JSON: describe "
                "the struct with BOOST_DESCRIBE_STRUCT, or take a raw_json");

  static constexpr bool writes
    = std::is_void_v<output> || json_writable<output>;

  static_assert(writes,
                "the result of this strategy cannot be written as JSON: "
                "describe the struct with BOOST_DESCRIBE_STRUCT, or return a "
                "raw_json");

  static_assert(
    ends_quietly<input> && (std::is_void_v<output> || ends_quietly<output>),
    "what this strategy takes or returns may throw when it is "
    "destroyed, which would end the program: make its destructor "
    "noexcept");

  static constexpr bool fits = args::fit && reads && writes && owns;
};

} // namespace flamigo::detail
