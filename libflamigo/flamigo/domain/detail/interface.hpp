#pragma once

#include <type_traits>

#include <caf/delegated.hpp>
#include <caf/response_promise.hpp>
#include <caf/typed_response_promise.hpp>

#include "flamigo/strategy/detail/handler_traits.hpp"
#include "flamigo/task/detail/declared_answer.hpp"

/// What a `caf::typed_actor` takes and answers, beside what handlers do.
namespace flamigo::detail {

/// What is answered later by a promise of CAF's that has no type.
struct any_answer {};

/// What a handler of CAF messages answers.
template <class R>
struct answer_type : result_value<R> {};

template <class T>
struct answer_type<caf::typed_response_promise<T>> {
  using type = T;
};

template <class T>
struct answer_type<caf::delegated<T>> {
  using type = T;
};

template <>
struct answer_type<caf::response_promise> {
  using type = any_answer;
};

template <class Answer, class Declared>
inline constexpr bool is_declared
  = std::is_same_v<
      Answer,
      any_answer> || std::is_same_v<std::decay_t<Answer>, std::decay_t<Declared>>;

} // namespace flamigo::detail
