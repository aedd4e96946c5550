#pragma once

#include <optional>
#include <type_traits>
#include <utility>

#include <caf/expected.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/task/awaitable.hpp"
#include "flamigo/task/detail/stream_promise.hpp"
#include "flamigo/task/detail/waiter.hpp"

namespace flamigo {

namespace detail {

/// Waits for what comes next in a stream: as what goes on with it, since it
/// runs in who reads it; or by itself, when it waits in one who has read it
/// before.
template <class T>
class stream_reader : public awaitable_tag, private waiter {
public:
  explicit stream_reader(stream<T>& of) noexcept : of_(of) {
  }

  /// Not while a task waits for it.
  stream_reader(stream_reader&& other) noexcept : of_(other.of_) {
  }

  ~stream_reader() override {
    stream_reader::withdraw();
  }

  bool await_ready() const noexcept {
    return of_.promise_ == nullptr || of_.promise_->is_read();
  }

  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> who) noexcept {
    task_promise_base& reading = who.promise();
    auto& next = *of_.promise_;
    if (!next.waits_outside(*reading.root)) {
      waits_ = true;
      return next.read(reading);
    }
    waits_ = wait(reading);
    if (waits_)
      next.read_outside(wake_up, this);
    return waits_;
  }

  /// The next item, in the stream; null at the end.
  caf::expected<const T*> await_resume() {
    if (error())
      return std::move(error());
    if (!std::exchange(waits_, false))
      return of_.no_item();
    return of_.look();
  }

protected:
  stream<T>& of_;

private:
  static task_promise_base* wake_up(void* who) noexcept {
    auto& me = *static_cast<stream_reader*>(who);
    if (!me.root().is_orphaned())
      me.wake();
    return nullptr;
  }

  /// What comes next is there for who asks later.
  void withdraw() noexcept override {
    if (std::exchange(waits_, false) && of_.promise_ != nullptr)
      of_.promise_->leave();
  }

  bool waits_ = false;
};

} // namespace detail

/// The next item of a stream, which a coroutine awaits; made by `stream::next`.
template <class T>
class [[nodiscard]] next_item : public awaitable<next_item<T>>,
                                private detail::stream_reader<T> {
public:
  /// Made by `stream::next`.
  explicit next_item(stream<T>& of) noexcept : detail::stream_reader<T>(of) {
  }

  /// @private
  using detail::stream_reader<T>::await_ready;

  /// @private
  using detail::stream_reader<T>::await_suspend;

  /// @private
  caf::expected<std::optional<T>> await_resume() {
    auto what = detail::stream_reader<T>::await_resume();
    if (!what)
      return std::move(what.error());
    if (*what == nullptr)
      return std::optional<T>{};
    return std::optional<T>{this->of_.take()};
  }
};

/// Several values, one after the other: what a coroutine returns that gives
/// them with `co_yield`. A handler that returns one answers in parts, each item
/// is a part.
///
///   [](flamigo::context ctx, query in) -> flamigo::stream<row> {
///     for (auto& id : in.ids)
///       co_yield co_await ctx.call_strategy<row>("app::rows:get", id);
///   }
///
/// It begins when the first item is asked for, runs to its next `co_yield` each
/// time, and rests in between. It awaits what a task may. It ends when it runs
/// off its end or says `co_return`, and with an error when it gives one with
/// `co_yield` (a `caf::error`, or a `caf::expected` that has one) or when an
/// exception leaves it.
///
/// Whoever reads it does so in one actor, and one at a time. What it waits for
/// it waits for in who has asked for the next item first, and ends with that
/// one; who reads it meanwhile is told so. Dropping a stream
/// ends it where it rests or waits: what it has on its stack is destroyed.
template <class T>
class [[nodiscard("a stream that nobody reads never runs")]] stream {
public:
  static_assert(std::is_object_v<T> && std::is_nothrow_destructible_v<T>,
                "the items of a stream are values whose destructor throws "
                "nothing, which would end the program");

  /// What it is made of.
  using value_type = T;

  /// What the compiler asks for.
  using promise_type = detail::stream_promise<T>;

  /// One that has ended.
  stream() noexcept = default;

  /// Made by a coroutine.
  explicit stream(promise_type & promise) noexcept : promise_(&promise) {
    promise.owner = this;
  }

  /// Leaves one behind that has ended. Not while a task waits for it.
  stream(stream && other) noexcept
    : promise_(std::exchange(other.promise_, nullptr)),
      is_lost_(std::exchange(other.is_lost_, false)) {
    if (promise_ != nullptr)
      promise_->owner = this;
  }

  /// Ends the one that was here.
  stream& operator=(stream other) noexcept {
    std::swap(promise_, other.promise_);
    std::swap(is_lost_, other.is_lost_);
    if (promise_ != nullptr)
      promise_->owner = this;
    if (other.promise_ != nullptr)
      other.promise_->owner = &other;
    return *this;
  }

  /// Ends it.
  ~stream() {
    drop();
  }

  /// Whether more may come.
  explicit operator bool() const noexcept {
    return promise_ != nullptr;
  }

  /// What comes next: `co_await rows.next()` gives a
  /// `caf::expected<std::optional<T>>`, which is empty at the end. It ends with
  /// an error once; behind the end there is nothing but the end.
  ///
  ///   while (auto row = co_await rows.next().or_throw())
  ///     use(*row);
  ///
  /// An item that nobody waits for any more, because something else has won
  /// (`when_any`), is what the next call gives.
  next_item<T> next()& noexcept {
    return next_item<T>{*this};
  }

  /// @private
  template <class U = T>
  next_item<U> next()&& {
    static_assert(!std::is_same_v<U, T>,
                  "a stream is read again and again, and this one ends with "
                  "its first item: give it a name, auto rows = ...; co_await "
                  "rows.next()");
    return next();
  }

  /// The same, where the item lies in the stream until the next one is asked
  /// for: a pointer, null at the end.
  ///
  /// @private
  detail::stream_reader<T> look_at_next() noexcept {
    return detail::stream_reader<T>{*this};
  }

private:
  friend class detail::stream_reader<T>;
  friend class detail::stream_promise<T>;
  friend class next_item<T>;

  /// What has come.
  caf::expected<const T*> look() {
    if (promise_ == nullptr)
      return no_item();
    promise_->taken();
    if (promise_->error()) {
      auto why = std::move(promise_->error());
      drop();
      return why;
    }
    auto result = promise_->item();
    if (result == nullptr)
      drop();
    return result;
  }

  T take() {
    return promise_->take();
  }

  /// Of what cannot be waited for.
  caf::expected<const T*> no_item() {
    if (promise_ != nullptr)
      return internal_error("two wait for the next item of one stream");
    if (std::exchange(is_lost_, false))
      return internal_error("a stream was ended by the end of who has read it, "
                            "while it waited");
    return static_cast<const T*>(nullptr);
  }

  void lose() noexcept {
    promise_ = nullptr;
    is_lost_ = true;
  }

  void drop() noexcept {
    if (auto what = std::exchange(promise_, nullptr))
      what->destroy();
  }

  promise_type* promise_ = nullptr;
  bool is_lost_ = false;
};

namespace detail {

template <class R>
inline constexpr bool is_stream = false;

template <class T>
inline constexpr bool is_stream<stream<T>> = true;

} // namespace detail

} // namespace flamigo
