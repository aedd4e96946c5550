#pragma once

#include <string>
#include <type_traits>

#include <caf/expected.hpp>

#include "flamigo/claims/claims.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/strategy/detail/signature.hpp"

namespace flamigo::detail {

template <class T>
struct shown_value {
  using type = T;
};

template <class T>
struct shown_value<caf::expected<T>> {
  using type = T;
};

/// What a function has made of a client, as JSON.
template <class T>
caf::expected<std::string> to_state(const T& what) {
  return to_json(what);
}

template <class T>
caf::expected<std::string> to_state(const caf::expected<T>& what) {
  if (!what)
    return what.error();
  return to_json(*what);
}

template <class... Ts>
struct show_args {
  static constexpr bool fit = false;
  static constexpr bool wants_input = false;
};

template <>
struct show_args<const claims&> {
  static constexpr bool fit = true;
  static constexpr bool wants_input = false;
};

template <class T>
struct show_args<const claims&, T> {
  using input = std::decay_t<T>;
  static constexpr bool fit
    = std::is_convertible_v<const input&, T> && json_readable<input>;
  static constexpr bool wants_input = true;
};

/// Takes the signature apart of a function that says what a client shows of
/// itself. What is wrong with it gives one sentence.
template <class F>
struct show_traits {
  static_assert(has_one_call_operator<F>,
                "what presence_of is given is a function or a lambda with "
                "named parameter types and one return type");
  static constexpr bool fits = false;
};

template <has_one_call_operator F>
struct show_traits<F> : args_of<F, show_args> {
  using args = args_of<F, show_args>;

  static constexpr bool takes = args::fit;

  static_assert(takes,
                "what presence_of is given takes (const flamigo::claims&) or "
                "(const flamigo::claims&, const Input&), where Input is what a "
                "client subscribes with: describe it with "
                "BOOST_DESCRIBE_STRUCT");

  using shown = typename shown_value<std::decay_t<result_of<F>>>::type;

  static constexpr bool makes = json_writable<shown>;

  static_assert(makes,
                "what presence_of is given returns what others see of a "
                "client: a struct that BOOST_DESCRIBE_STRUCT describes, or a "
                "caf::expected of one");

  static constexpr bool fits = takes && makes;
};

} // namespace flamigo::detail
