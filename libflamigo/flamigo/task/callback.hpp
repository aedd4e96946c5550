#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include <caf/event_based_actor.hpp>
#include <caf/expected.hpp>

#include "flamigo/context/context.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/task/awaitable.hpp"
#include "flamigo/task/detail/callback_state.hpp"
#include "flamigo/task/detail/response_waiter.hpp"
#include "flamigo/task/detail/unnamed.hpp"

namespace flamigo {

/// What a callback calls when it has its result. Copies share one result: the
/// first counts. May be called on any thread, also when nobody waits any more.
/// When the last copy goes without a call, the task that waits gets an error.
template <class T>
class resolver {
public:
  /// Made by `callback`.
  explicit resolver(std::shared_ptr<detail::callback_state<T>> state) noexcept
    : state_(std::move(state)) {
  }

  /// The result.
  void operator()(T value) const {
    state_->resolve(std::move(value));
  }

  /// An error instead.
  void fail(caf::error why) const {
    state_->resolve(caf::expected<T>{std::move(why)});
  }

private:
  std::shared_ptr<detail::callback_state<T>> state_;
};

/// The same of a callback without a result.
template <>
class resolver<void> {
public:
  /// Made by `callback`.
  explicit resolver(
    std::shared_ptr<detail::callback_state<caf::unit_t>> state) noexcept
    : state_(std::move(state)) {
  }

  /// It is done.
  void operator()() const;

  /// An error instead.
  void fail(caf::error why) const;

private:
  std::shared_ptr<detail::callback_state<caf::unit_t>> state_;
};

/// The result of a callback, which a task awaits; made by `callback`.
template <class T>
class [[nodiscard]] pending_callback : public awaitable<pending_callback<T>>,
                                       private detail::response_waiter {
  using stored = std::conditional_t<std::is_void_v<T>, caf::unit_t, T>;

public:
  /// Made by `callback`.
  template <class F>
  pending_callback(caf::event_based_actor& self, F& begin)
    : slot_(std::make_shared<detail::callback_slot<stored>>()) {
    auto id = self.new_request_id(caf::message_priority::normal).response_id();
    expect(self, id);
    begin(resolver<T>{std::make_shared<detail::callback_state<stored>>(
      self.ctrl(), id, slot_)});
  }

  /// Not while a task waits for it.
  pending_callback(pending_callback&& other) noexcept = default;

  /// @private
  using detail::response_waiter::await_ready;

  /// @private
  using detail::response_waiter::await_suspend;

  /// @private
  caf::expected<T> await_resume() {
    if (error())
      return std::move(error());
    auto what = std::exchange(slot_, nullptr);
    if (!what)
      return internal_error("the result of a callback was awaited twice");
    if (!*what->value)
      return std::move(what->value->error());
    if constexpr (std::is_void_v<T>)
      return caf::unit;
    else
      return std::move(**what->value);
  }

private:
  void take(caf::mailbox_element&) override {
    // Told that it is in the slot.
  }

  std::shared_ptr<detail::callback_slot<stored>> slot_;
};

/// Makes an awaitable of what calls back, on whatever thread:
///
///   auto price = co_await flamigo::callback<int>(ctx, [](auto done) {
///     library_get_price("tea", [done](int cents) { done(cents); });
///   });
///
/// `begin` is called at once, with a `flamigo::resolver<T>`. The task goes on
/// in its actor; at the deadline of the call with `errc::timeout`.
template <class T = void, class F>
detail::made_with<pending_callback<T>, F>
callback(const context& ctx, F&& begin) {
  static_assert(std::is_invocable_v<F&, resolver<T>>,
                "the function given to callback<T> takes a "
                "flamigo::resolver<T>, which it hands to what calls back");
  return {*ctx.self(), begin};
}

} // namespace flamigo
