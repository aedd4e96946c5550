#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <caf/error.hpp>

#include "flamigo/strategy/detail/around_list.hpp"
#include "flamigo/strategy/detail/handler_guard.hpp"
#include "flamigo/strategy/detail/seal.hpp"
#include "flamigo/strategy/strategy.hpp"

namespace flamigo {

/// All strategies of an application, by name. Filled before the program serves;
/// domain actors that are there already may call meanwhile. Serving seals it:
/// from then on it is read by every thread without a lock, and whatever would
/// change it throws std::logic_error, `detached` of its strategies as well.
///
/// Names are `namespace::domain:action`, where the namespace is the
/// registry's. `add` throws std::invalid_argument for a name that is not of
/// this form or is taken; the message says which.
class strategy_registry {
public:
  /// Without strategies, for names that begin with `ns::`.
  explicit strategy_registry(std::string ns = "app");

  strategy_registry(const strategy_registry&) = delete;

  strategy_registry& operator=(const strategy_registry&) = delete;

  ~strategy_registry();

  /// Adds an inline strategy that everyone may call. It runs in the calling
  /// connection's actor, on the I/O thread of that connection: it must not
  /// block, and what its handlers captured is shared between the threads.
  template <class F, class... Fs>
    requires(!std::is_convertible_v<F, validator>)
  strategy& add(std::string name, F handler, Fs... more) {
    return add(std::move(name), validator{}, std::move(handler),
               std::move(more)...);
  }

  /// Adds an inline strategy for actors whose claims pass the guard, and that
  /// are what its handlers take: `[](const user& me, const post&)` is for
  /// users.
  template <class... Fs>
  strategy& add(std::string name, validator guard, Fs... handlers) {
    static_assert(sizeof...(Fs) > 0,
                  "give the strategy a handler: add(name, guard, [](context&, "
                  "const Input&) { ... })");
    (check_shareable<Fs>(), ...);
    return insert(
      strategy{std::move(name), detail::guard_of<Fs...>(std::move(guard)),
               strategy_handlers::of(std::move(handlers)...).share()});
  }

  /// Adds an inline strategy that is given as a CAF behavior; CAF picks the
  /// handler by the input that the payload was bound to.
  template <class... Inputs, class... Outputs>
  strategy& add(std::string name, validator guard, accepts<Inputs...> in,
                returns<Outputs...> out, caf::behavior bhvr) {
    return insert(
      strategy{std::move(name), std::move(guard),
               strategy_handlers::of(in, out, std::move(bhvr)).share()});
  }

  /// Wraps all strategies whose names match the pattern, in a coroutine that
  /// runs in their place and awaits the rest:
  ///
  ///   around("app::shop:*",
  ///          [](context ctx, next next) -> task<raw_json> {
  ///            auto answer = co_await next(ctx);
  ///            note(ctx.action(), answer);
  ///            co_return answer;
  ///          });
  ///
  /// It may look at the context, refuse, answer by itself, and change the
  /// answer or the error. It runs where the strategy runs, in the connection's
  /// actor or in the domain actor, whoever has called; its guard was asked
  /// before. Of several the first that was declared is the outermost. Around
  /// one that answers in parts it awaits the end of the stream; see `next`.
  ///
  /// A pattern is a name in which `*` stands for any text of the part that it
  /// is in, such as `app::shop:get_*`, or `*` alone. Declare it before the
  /// domains: throws std::invalid_argument, as for text that is no pattern, if
  /// it matches a strategy that is hosted already. Strategies that it does not
  /// match cost nothing.
  template <class F>
  void around(std::string pattern, F what) {
    constexpr bool fits = detail::around_traits<F>::fits;
    static_assert(
      fits, "what is given to around is a coroutine [](flamigo::context "
            "ctx, flamigo::next next) -> flamigo::task<flamigo::raw_json> "
            "{ co_return co_await next(ctx); }");
    if constexpr (fits)
      add_around(std::move(pattern), std::move(what));
  }

  /// What wraps its strategies.
  ///
  /// @private
  const detail::around_list& arounds() const noexcept {
    return arounds_;
  }

  /// The patterns given to `around` that have matched no strategy so far: a
  /// name may be misspelt.
  std::vector<std::string> idle_arounds() const;

  /// Adds a strategy that was made elsewhere, by a domain actor for instance.
  strategy& insert(strategy what);

  /// Nothing changes any more. An application does it when it serves.
  void seal();

  /// The name of an action in the namespace of this registry, such as
  /// `app::websocket:auth` for `websocket:auth`.
  std::string name_of(std::string_view action) const {
    return namespace_ + "::" + std::string{action};
  }

  /// Fails for a name that is not of the form `namespace::domain:action`.
  static caf::error check_form(std::string_view name);

  /// Throws what `insert` would throw for this name.
  void check_name(std::string_view name) const;

  /// Null when there is none of this name.
  const strategy* find(std::string_view name) const noexcept;

  /// All strategies, sorted by name.
  std::vector<strategy_info> list() const;

  /// Their names, each at its `strategy::number`. The first is empty.
  ///
  /// @private
  std::vector<std::string> numbered() const;

private:
  template <class F>
  static void check_shareable() {
    if constexpr (detail::has_one_call_operator<F>)
      static_assert(
        detail::signature<F>::is_const,
        "an inline strategy is called on several threads at once, so its "
        "lambda must not be mutable; keep state in a domain actor instead");
  }

  struct table;

  void add_around(std::string pattern, detail::around_function what);

  void wrap_matching(detail::strategy_pattern which,
                     detail::around_function what);

  /// As `check_name`, for who holds the lock.
  void refuse_bad(std::string_view name) const;

  std::string namespace_;
  detail::around_list arounds_;
  std::unique_ptr<table> by_name_;
  mutable detail::seal seal_;
};

} // namespace flamigo
