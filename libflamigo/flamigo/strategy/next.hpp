#pragma once

#include <memory>
#include <utility>

#include <caf/expected.hpp>

#include "flamigo/context/context.hpp"
#include "flamigo/json/raw_json.hpp"
#include "flamigo/strategy/detail/call_waiter.hpp"
#include "flamigo/task/awaitable.hpp"

namespace flamigo {

/// The answer of what a coroutine given to `around` wraps; made by `next`.
class [[nodiscard]] pending_rest : public awaitable<pending_rest>,
                                   private detail::call_waiter {
public:
  /// Made by `next`.
  pending_rest(const context& ctx, const strategy_handlers& rest,
               detail::surrounded_stream* to);

  /// @private
  using detail::call_waiter::await_ready;

  /// @private
  using detail::call_waiter::await_suspend;

  /// @private
  caf::expected<raw_json> await_resume();
};

/// The rest of a call: what is wrapped further inside, and last the strategy's
/// own handlers; see `strategy_registry::around`.
class next {
public:
  /// Made for a call that is wrapped.
  explicit next(std::shared_ptr<const strategy_handlers> rest,
                std::shared_ptr<detail::surrounded_stream> to
                = nullptr) noexcept
    : rest_(std::move(rest)), to_(std::move(to)) {
  }

  /// Runs the rest with this context, at once, in the actor of the strategy;
  /// awaited it gives a `caf::expected<raw_json>` of the answer. One that is
  /// not called has not happened, and one that is called again runs once more.
  ///
  /// Of a strategy that answers in parts the items go to who has called, each
  /// when he takes it, and this is awaited until the last one was taken: it
  /// gives `null`, or the error with which the stream has ended.
  ///
  /// The context is the one that was given, as a rule. With what its `keep` or
  /// `as_program` returns the rest has another time, or acts for another actor;
  /// the guard is not asked again.
  pending_rest operator()(const context& ctx) const {
    return {ctx, *rest_, to_.get()};
  }

private:
  std::shared_ptr<const strategy_handlers> rest_;
  /// Where its items go, if it answers in parts.
  std::shared_ptr<detail::surrounded_stream> to_;
};

} // namespace flamigo
