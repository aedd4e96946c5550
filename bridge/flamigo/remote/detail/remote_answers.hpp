#pragma once

#include <functional>
#include <string>
#include <type_traits>
#include <utility>

#include <caf/error.hpp>
#include <caf/expected.hpp>
#include <caf/unit.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/error/thrown_error.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/remote/detail/local_error.hpp"
#include "flamigo/strategy/detail/future_answer.hpp"

/// JSON on one side, the program's functions and types on the other.
namespace flamigo::detail {

/// What an answer is given to.
using reply_function = std::function<void(caf::expected<std::string>)>;

/// Takes an item; false if that was enough.
using item_function = std::function<bool(const std::string&)>;

/// Answers a question.
using answerer_function
  = std::function<void(const std::string&, reply_function)>;

template <class T>
std::string input_text(const T& input) {
  if constexpr (std::is_same_v<T, caf::unit_t>)
    return "null";
  else
    return to_json(input);
}

template <class R>
caf::expected<R> read_answer_as(caf::expected<std::string> text) {
  if (!text)
    return std::move(text.error());
  if constexpr (std::is_void_v<R>) {
    return caf::unit;
  } else {
    auto result = from_json<R>(*text);
    if (!result)
      return unfit_error(std::move(result.error()));
    return result;
  }
}

template <class R, class F>
reply_function answer_reader(F then) {
  return [then = std::move(then)](caf::expected<std::string> text) mutable {
    then(read_answer_as<R>(std::move(text)));
  };
}

/// An item that is none throws, which ends the stream.
template <class Item, class F>
item_function item_reader(F on_item) {
  return [on_item = std::move(on_item)](const std::string& text) mutable {
    auto item = from_json<Item>(text);
    if (!item)
      throw thrown_error{unfit_error(std::move(item.error()))};
    if constexpr (std::is_same_v<std::invoke_result_t<F&, Item>, bool>)
      return on_item(std::move(*item));
    else
      return on_item(std::move(*item)), true;
  };
}

/// What a function returns, or has returned in a `caf::expected`, as JSON.
template <class R, class X>
caf::expected<std::string> answer_json(X result) {
  if constexpr (std::is_same_v<X, caf::error>) {
    if (result)
      return result;
    return std::string{"null"};
  } else if constexpr (std::is_same_v<X, caf::expected<R>>) {
    if (!result)
      return std::move(result.error());
    if constexpr (std::is_void_v<R>)
      return std::string{"null"};
    else
      return to_json(*result);
  } else {
    return to_json<R>(result);
  }
}

template <class Q, class R, class F>
answerer_function make_answerer(F f) {
  return [f = std::move(f)](const std::string& payload,
                            const reply_function& reply) mutable {
    auto what = from_json<Q>(payload);
    if (!what)
      return reply(std::move(what.error()));
    if constexpr (std::is_void_v<std::invoke_result_t<F&, Q>>) {
      f(std::move(*what));
      reply(std::string{"null"});
    } else {
      reply(answer_json<R>(f(std::move(*what))));
    }
  };
}

} // namespace flamigo::detail
