#pragma once

#include <atomic>
#include <list>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include <caf/actor_control_block.hpp>
#include <caf/error.hpp>
#include <caf/expected.hpp>
#include <caf/message_id.hpp>
#include <caf/unit.hpp>

#include "flamigo/error/detail/guarded.hpp"

namespace flamigo::detail {

/// A function on its way through the pool, and the way back to the actor that
/// has asked. What became of it stays here, and the actor is only told that it
/// is there: a result need not be a message, nor be copied.
class blocking_job {
public:
  blocking_job(caf::strong_actor_ptr asker, caf::message_id answer) noexcept
    : asker_(std::move(asker)), answer_(answer) {
  }

  blocking_job(const blocking_job&) = delete;

  blocking_job& operator=(const blocking_job&) = delete;

  virtual ~blocking_job();

  /// Runs the function on the calling thread and tells the asker.
  void run() noexcept;

  /// Tells the asker that it will not be run.
  void refuse(caf::error why) noexcept;

  /// Where the pool keeps it until it begins; the pool's business alone.
  std::list<std::shared_ptr<blocking_job>>::iterator place;
  bool waiting = false;

protected:
  /// Calls the function and lets go of it.
  virtual void call() = 0;

  /// What it has thrown or returned instead of a result.
  caf::error error_;

private:
  void tell() noexcept;

  /// Kept alive until it has its answer.
  caf::strong_actor_ptr asker_;
  caf::message_id answer_;
};

// -- what a function returns --------------------------------------------------

/// What comes of it, if it does not fail. `caf::expected` and `caf::error` are
/// a result or a failure here as in a strategy.
template <class R>
struct blocking_result {
  using type = R;
};

template <class T>
struct blocking_result<caf::expected<T>> {
  using type = std::conditional_t<std::is_same_v<T, caf::unit_t>, void, T>;
};

template <>
struct blocking_result<caf::error> {
  using type = void;
};

template <>
struct blocking_result<caf::unit_t> {
  using type = void;
};

/// Whether it can be called at all: by us, who have nothing to give it.
template <class F>
concept takes_nothing = std::is_invocable_v<F&>;

template <class F>
struct blocking_return {
  using type = void;
};

template <takes_nothing F>
struct blocking_return<F> {
  using type = std::invoke_result_t<F&>;
};

template <class F>
using blocking_return_t = typename blocking_return<F>::type;

template <class F>
using blocking_result_t =
  typename blocking_result<std::decay_t<blocking_return_t<F>>>::type;

/// The job of a function of this type.
template <class F>
class blocking_function final : public blocking_job {
public:
  using result_type = blocking_result_t<F>;

  blocking_function(caf::strong_actor_ptr asker, caf::message_id answer, F fun)
    : blocking_job(std::move(asker), answer), fun_(std::move(fun)) {
  }

  /// In the asker, when it was told.
  caf::error& error() noexcept {
    return error_;
  }

  /// The same, if there is no error. Not for `void`.
  auto& value() noexcept {
    return *value_;
  }

private:
  using stored
    = std::conditional_t<std::is_void_v<result_type>, caf::unit_t, result_type>;

  void call() override {
    // Let go of here, whether it returns or throws.
    auto fun = std::exchange(fun_, std::nullopt);
    if constexpr (std::is_void_v<std::invoke_result_t<F&>>) {
      (*fun)();
      value_.emplace();
    } else {
      keep((*fun)());
    }
  }

  template <class T>
  void keep(T&& what) {
    value_.emplace(std::forward<T>(what));
  }

  void keep(caf::error&& what) {
    error_ = std::move(what);
    value_.emplace();
  }

  template <class T>
  void keep(caf::expected<T>&& what) {
    if (!what)
      error_ = std::move(what.error());
    else if constexpr (std::is_void_v<result_type>)
      value_.emplace();
    else
      value_.emplace(std::move(*what));
  }

  std::optional<F> fun_;
  std::optional<stored> value_;
};

} // namespace flamigo::detail
