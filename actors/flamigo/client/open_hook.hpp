#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include <caf/error.hpp>

#include "flamigo/client/client.hpp"
#include "flamigo/context/context.hpp"
#include "flamigo/context/detail/context_loan.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/strategy/detail/handler_traits.hpp"
#include "flamigo/task/task.hpp"

namespace flamigo {

namespace detail {

/// What a function given to `on_open` takes and returns.
template <class F>
struct open_traits {
  using result = void;
  static constexpr bool takes_context = false;
  static constexpr bool fits = false;
};

template <class F>
  requires std::is_invocable_v<F&, client&>
struct open_traits<F> {
  using result = std::invoke_result_t<F&, client&>;
  static constexpr bool takes_context = false;
  static constexpr bool fits = true;
};

template <class F>
  requires std::is_invocable_v<F&, context&, client&>
struct open_traits<F> {
  using result = std::invoke_result_t<F&, context&, client&>;
  static constexpr bool takes_context = true;
  static constexpr bool fits = true;
};

/// Whether it is a coroutine that would refer to what is gone.
template <class F>
inline constexpr bool opens_unowned = false;

template <has_one_call_operator F>
  requires is_task<result_of<F>>
inline constexpr bool opens_unowned<F> = !args_of<F, are_values>::value;

} // namespace detail

/// What an application does with a client that has connected, given to
/// `application::on_open`: a function, which takes a `client&` or a `context&`
/// and a `client&` and returns nothing or a `caf::error`, or a coroutine, which
/// takes them by value and returns a `task<void>`.
class open_hook {
public:
  /// Nothing.
  open_hook() noexcept = default;

  /// A function is one.
  template <class F>
    requires(!std::same_as<std::remove_cvref_t<F>, open_hook>)
  open_hook(F what) { // NOLINT: implicit, as what it is
    using traits = detail::open_traits<F>;
    using result = typename traits::result;
    static_assert(!detail::opens_unowned<F>,
                  "a coroutine given to on_open takes its parameters by value, "
                  "(flamigo::context, flamigo::client): what it would refer to "
                  "is gone when it goes on after it has waited");
    static_assert(traits::fits || detail::opens_unowned<F>,
                  "on_open is given a function of (flamigo::client&), or of "
                  "(flamigo::context&, flamigo::client&)");
    constexpr bool is_coroutine = std::is_same_v<result, task<void>>;
    constexpr bool may_fail = std::is_convertible_v<result, caf::error>;
    static_assert(std::is_void_v<result> || may_fail || is_coroutine,
                  "the function of on_open returns nothing or a caf::error, or "
                  "is a coroutine that returns a flamigo::task<void>");
    static_assert(detail::ends_quietly<F>,
                  "what the function of on_open has captured may throw when it "
                  "is destroyed, which would end the program: make its "
                  "destructor noexcept");
    if constexpr (!traits::fits)
      return;
    else if constexpr (is_coroutine)
      run_ = [f = std::make_shared<F>(std::move(what))](context& ctx,
                                                        client& who) {
        detail::context_loan loan{ctx};
        return begin(call(*f, loan, who), f, ctx, loan);
      };
    else
      run_ = [f = std::move(what)](context& ctx,
                                   client& who) mutable -> caf::error {
        if constexpr (may_fail)
          return call(f, ctx, who);
        else
          call(f, ctx, who);
        return {};
      };
  }

  /// Whether there is one.
  explicit operator bool() const noexcept {
    return run_ != nullptr;
  }

  /// Runs it in the connection's actor. What fails, at once or later, is logged
  /// and closes the connection with 1011.
  ///
  /// @private
  void operator()(context& ctx) const;

private:
  template <class F>
  static decltype(auto) call(F& f, context& ctx, client& who) {
    if constexpr (detail::open_traits<F>::takes_context)
      return f(ctx, who);
    else
      return f(who);
  }

  template <class F>
  static task<void> call(F& f, detail::context_loan& loan, client& who) {
    if constexpr (detail::open_traits<F>::takes_context)
      return f(loan.give(), who);
    else
      return f(who);
  }

  static caf::error begin(task<void> what, std::shared_ptr<const void> held,
                          const context& ctx, detail::context_loan& loan);

  std::function<caf::error(context&, client&)> run_;
};

} // namespace flamigo
