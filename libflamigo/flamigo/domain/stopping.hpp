#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include "flamigo/strategy/detail/handler_traits.hpp"
#include "flamigo/strategy/strategy.hpp"

namespace flamigo {

namespace detail {

/// Whether a function is what a domain calls last.
template <class F>
inline constexpr bool ends_domain = false;

template <has_one_call_operator F>
  requires(handler_traits<F>::fits)
inline constexpr bool
  ends_domain<F> = !handler_traits<F>::wants_input
                   && !handler_traits<F>::asks_who
                   && std::is_void_v<typename handler_traits<F>::output>;

} // namespace detail

/// What a domain actor does last, on its way to whoever runs it; made by
/// `on_stop`.
struct stopping {
  /// Of one function, without an input and a result.
  std::shared_ptr<const strategy_handlers> handlers;
};

/// What a domain actor does before it ends with the program, or because its
/// handle was told to exit: the place to save what it has. Stands in the
/// braces of its `domain_behavior`, once:
///
///   on_stop([=](context ctx) -> task<void> {
///     auto save = [all = self->state.all] { write(all); };
///     co_return co_await blocking(ctx, save);
///   })
///
/// It takes nothing or the context, which acts for the domain, and returns
/// nothing, a `caf::error` or a `task<void>`. It runs behind what waits in the
/// mailbox. By then connections are closed, domains that were hosted later have
/// ended, and its own strategies answer 503; those of domains that were hosted
/// before do not. All that has `hosting_options::stop_timeout`; what fails is
/// logged. It does not run when the actor goes down, is restarted or quits.
template <class F>
stopping on_stop(F fun) {
  constexpr bool fits = detail::ends_domain<F>;
  static_assert(fits, "on_stop takes a function of nothing or the context, "
                      "which returns nothing, a caf::error or a "
                      "flamigo::task<void>");
  if constexpr (fits)
    return {strategy_handlers::of(std::move(fun)).share()};
  else
    return {};
}

} // namespace flamigo
