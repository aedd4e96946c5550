#pragma once

#include <type_traits>

#include <caf/error.hpp>
#include <caf/expected.hpp>
#include <caf/result.hpp>
#include <caf/unit.hpp>

// For described structs in a caf::result.
#include "flamigo/context/response_promise.hpp"
#include "flamigo/described/inspect.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/strategy/detail/signature.hpp"
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

/// `param` is the input's parameter type as it was written.
template <class... Args>
struct handler_args {
  static_assert(sizeof...(Args) < 0,
                "a strategy's handler takes nothing, (context&), (const "
                "Input&) or (context&, const Input&)");
  using param = no_input;
  static constexpr bool wants_context = false;
  static constexpr bool fit = false;
};

template <>
struct handler_args<> {
  using param = no_input;
  static constexpr bool wants_context = false;
  static constexpr bool fit = true;
};

template <class A>
struct handler_args<A> {
  using param = std::conditional_t<is_context<A>, no_input, A>;
  static constexpr bool wants_context = is_context<A>;
  static constexpr bool fit = true;
};

template <class A, class B>
struct handler_args<A, B> {
  static constexpr bool fit = is_context<A> && !is_context<B>;
  static_assert(fit,
                "a strategy's handler takes the context first and its input "
                "second: (context&, const Input&)");
  using param = B;
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
};

template <has_one_call_operator F>
struct handler_traits<F> {
  using args = args_of<F, handler_args>;
  using param = typename args::param;
  using input = std::decay_t<param>;
  using result = std::decay_t<result_of<F>>;
  using output = typename result_value<result>::type;
  static constexpr bool wants_context = args::wants_context;
  static constexpr bool wants_input = !std::is_same_v<input, no_input>;
  static constexpr bool awaits = is_task<result>;

  static constexpr bool owns = !awaits || args_of<F, are_values>::value;

  static_assert(owns,
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
