#pragma once

#include <string>
#include <utility>

#include <caf/event_based_actor.hpp>

#include "flamigo/context/context.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/strategy/detail/call_waiter.hpp"
#include "flamigo/task/awaitable.hpp"
#include "flamigo/task/detail/json_stream.hpp"
#include "flamigo/task/detail/unnamed.hpp"
#include "flamigo/task/stream.hpp"

namespace flamigo {

/// A strategy that was called from C++. A coroutine awaits its answer, at once
/// or later; elsewhere say with `then` what happens with it. Without either it
/// is ignored.
///
/// `R` is the type that the answer is bound to: a described struct, `raw_json`
/// or `void`.
template <class R>
class [[nodiscard]] pending_call : public awaitable<pending_call<R>>,
                                   private detail::call_waiter {
public:
  /// Made by `context::call_strategy`.
  pending_call(const context& from, detail::begun_call call)
    : detail::call_waiter(from, std::move(call)) {
  }

  /// Says that nobody wants to know the answer. The strategy runs all the same.
  void ignore() && noexcept {
  }

  /// Runs `on_value(R)` (or `on_value()` for void) or `on_error(caf::error)` in
  /// the calling actor: at once when the strategy has answered already, else
  /// when the answer or the deadline comes. Never both, never twice.
  ///
  /// What they throw when they run later is logged; a promise that only they
  /// held answers 500 then.
  template <class F, class G>
  void then(F on_value, G on_error) && {
    static_assert(std::is_invocable_v<G&, caf::error>,
                  "the second function of then() takes a caf::error");
    static_assert(detail::ends_quietly<F, G>,
                  "what the functions of then() have captured may throw when "
                  "it is destroyed, which would end the program: make its "
                  "destructor noexcept");
    if (await_ready()) {
      if (auto why = result())
        on_error(std::move(why));
      else
        finish(call_.reply, on_value, on_error);
    } else {
      detail::await_reply(
        self_, release(), call(),
        [on_value, on_error](std::string& json) mutable {
          finish(json, on_value, on_error);
        },
        [on_error](caf::error& why) mutable { on_error(std::move(why)); });
    }
  }

  // -- awaiting ---------------------------------------------------------------

  /// @private
  using detail::call_waiter::await_ready;

  /// @private
  using detail::call_waiter::await_suspend;

  /// @private
  caf::expected<R> await_resume() {
    if (auto why = result())
      return why;
    if constexpr (std::is_void_v<R>) {
      return caf::unit;
    } else {
      R value{};
      if (auto err = from_json(call_.reply, value))
        return unfit(err);
      return value;
    }
  }

private:
  static caf::error unfit(const caf::error& why) {
    return internal_error("the strategy's answer is no " + type_name<R>() + ": "
                          + trace_of(why));
  }

  template <class F, class G>
  static void finish(const std::string& json, F& on_value, G& on_error) {
    if constexpr (std::is_void_v<R>) {
      on_value();
    } else {
      R value{};
      if (auto err = from_json(json, value))
        on_error(unfit(err));
      else
        on_value(std::move(value));
    }
  }
};

namespace detail {

// g++ minds that its frame has items of a type that only one file knows.
#if defined(__GNUC__) && !defined(__clang__)
#  pragma GCC diagnostic push
#  pragma GCC diagnostic ignored "-Wsubobject-linkage"
#endif

/// The items of a strategy's stream as what they are read as.
template <class T>
stream<T> items_of(json_stream rows, std::string name) {
  auto mine = std::move(rows);
  for (;;) {
    auto row = co_await mine.look_at_next();
    if (!row)
      co_yield wrap(row.error(), trace_segment(name));
    else if (*row == nullptr)
      co_return;
    T item{};
    if (auto err = from_json(**row, item))
      co_yield internal_error("an item of " + name + " is no " + type_name<T>()
                              + ": " + trace_of(err));
    co_yield given<T>{item};
  }
}

#if defined(__GNUC__) && !defined(__clang__)
#  pragma GCC diagnostic pop
#endif

/// A call of a strategy that is read as an `R`.
template <class R, class... Ts>
auto make_call(const context& from, std::string_view name,
               std::string_view payload) {
  if constexpr (is_stream<R>)
    return items_of<typename R::value_type>(begin_stream(from, name, payload),
                                            std::string{name});
  else
    return made_with<pending_call<R>, Ts...>{from,
                                             begin_call(from, name, payload)};
}

} // namespace detail

template <class R, class T>
auto context::call_strategy(std::string_view name, T&& input) {
  static_assert(json_writable<std::remove_cvref_t<T>>,
                "the input of this call cannot be written as JSON: describe "
                "the struct with BOOST_DESCRIBE_STRUCT");
  return detail::make_call<R, T>(*this, name, to_json(input));
}

template <class R>
auto context::call_strategy(std::string_view name) {
  return detail::make_call<R>(*this, name, "null");
}

} // namespace flamigo
