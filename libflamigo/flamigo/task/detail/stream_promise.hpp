#pragma once

#include <optional>
#include <type_traits>
#include <utility>

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/task/detail/coroutine.hpp"
#include "flamigo/task/detail/task_promise.hpp"
#include "flamigo/task/detail/unnamed.hpp"

namespace flamigo {

template <class T>
class stream;

} // namespace flamigo

namespace flamigo::detail {

/// An item that whoever reads may take over. Has nothing to destroy.
template <class T>
struct given {
  T& what;
};

template <class T>
struct is_given : std::false_type {};

template <class T>
struct is_given<given<T>> : std::true_type {};

/// What the frames of all streams have in common. A stream rests when it has an
/// item, which lies in its frame, or has ended.
class stream_promise_base : public task_promise_base {
public:
  // -- reading ----------------------------------------------------------------

  /// Whether it waits for something in another one, who has read it before and
  /// does so no more.
  bool waits_outside(const root_task& of) const noexcept {
    return is_begun_ && !rests() && root != &of;
  }

  /// Has `who` wait for what comes next; false if it is there.
  bool read(task_promise_base& who) noexcept;

  /// The same of one that waits outside, and goes on there: `next` is called
  /// with `who` when it is there, or when it never will be.
  void read_outside(next_function next, void* who) noexcept;

  /// Whether somebody waits for what comes next.
  bool is_read() const noexcept {
    return is_read_;
  }

  /// Whoever has waited does so no more. What comes next is kept.
  void leave() noexcept;

  /// It was looked at what has come.
  void taken() noexcept {
    unlink();
    is_read_ = is_begun_ = false;
  }

  /// What it was left in ends: if it waits there it ends as well, and who has
  /// it finds none.
  void abandon() noexcept;

protected:
  using task_promise_base::task_promise_base;

  ~stream_promise_base() {
    unlink();
  }

  /// Who has the stream, and is to forget it.
  virtual void forget() noexcept = 0;

private:
  void unlink() noexcept;

  /// Among those that were left.
  stream_promise_base* next_ = nullptr;
  stream_promise_base* before_ = nullptr;
  /// Whether it was asked for what comes next.
  bool is_begun_ = false;
  bool is_read_ = false;
  bool is_left_ = false;
};

/// The frame of a stream of these.
template <class T>
class stream_promise final : public stream_promise_base {
public:
  stream_promise() noexcept
    : stream_promise_base(
      std::coroutine_handle<stream_promise>::from_promise(*this)) {
  }

  // -- what the compiler asks for ---------------------------------------------

  stream<T> get_return_object() noexcept {
    return stream<T>{*this};
  }

  void return_void() noexcept {
    item_ = nullptr;
  }

  template <class U = T>
  std::suspend_always yield_value(U&& what) {
    using type = std::remove_cvref_t<U>;
    static_assert(std::is_reference_v<U> || !is_risky<U>,
                  "g++ destroys twice what an item owns that is written with "
                  "braces behind co_yield: give it a name, row next{...}; "
                  "co_yield next");
    constexpr bool mine = !std::is_lvalue_reference_v<
                            U> && !std::is_const_v<std::remove_reference_t<U>>;
    if constexpr (std::is_same_v<type, T>) {
      show(what, mine);
    } else if constexpr (std::is_same_v<type, given<T>>) {
      show(what.what, true);
    } else if constexpr (std::is_same_v<type, caf::expected<T>>) {
      if (what)
        show(*what, mine);
      else
        end(what.error());
    } else if constexpr (std::is_convertible_v<U, T>) {
      made_.emplace(std::forward<U>(what));
      show(*made_, true);
    } else {
      static_assert(std::is_convertible_v<U, caf::error>,
                    "a stream<T> gives, with co_yield, a T, a caf::error or a "
                    "caf::expected<T>");
      if constexpr (std::is_convertible_v<U, caf::error>)
        end(std::forward<U>(what));
    }
    rest();
    return {};
  }

  // -- what has come ----------------------------------------------------------

  /// Null if it has ended.
  const T* item() const noexcept {
    return item_;
  }

  /// The item by itself, or a copy of what the stream goes on using.
  T take() {
    if (is_mine_)
      return std::move(const_cast<T&>(*item_)); // NOLINT: it was not const.
    return *item_;
  }

  caf::error& error() noexcept {
    return error_;
  }

  /// Who has it.
  stream<T>* owner = nullptr;

private:
  void forget() noexcept override {
    owner->lose();
  }

  void show(const T& what, bool mine) noexcept {
    item_ = &what;
    is_mine_ = mine;
  }

  void end(caf::error why) {
    error_ = why ? std::move(why)
                 : internal_error("a stream has given an error that is none");
  }

  const T* item_ = nullptr;
  bool is_mine_ = false;
  /// An item that was made of something else.
  std::optional<T> made_;
};

} // namespace flamigo::detail
