#pragma once

#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <caf/actor_clock.hpp>
#include <caf/event_based_actor.hpp>

#include "flamigo/blocking/blocking_pool.hpp"
#include "flamigo/blocking/detail/blocking_job.hpp"
#include "flamigo/context/context.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/task/awaitable.hpp"
#include "flamigo/task/detail/await_response.hpp"
#include "flamigo/task/detail/response_waiter.hpp"
#include "flamigo/task/detail/unnamed.hpp"

namespace flamigo {

/// A function that blocks, on its way to the pool, where it goes when a task
/// awaits it, or when it is said with `then` or `answer` what happens with its
/// result; made by `blocking`.
template <class F>
class [[nodiscard]] blocking_work : public awaitable<blocking_work<F>>,
                                    private detail::response_waiter {
public:
  /// What the function returns: `T` if that is a `caf::expected<T>`, `void` if
  /// it is a `caf::error`. It need not be copied.
  using result_type = detail::blocking_result_t<F>;

  static_assert(detail::takes_nothing<F>,
                "the function that blocks is called without arguments: it "
                "captures what it uses, by value");
  static_assert(
    std::is_void_v<result_type> || std::is_nothrow_destructible_v<result_type>,
    "what this function returns may throw when it is destroyed, "
    "which would end the program: make its destructor noexcept");
  static_assert(detail::ends_quietly<F>,
                "what this function has captured may throw when it is "
                "destroyed, which would end the program: make its destructor "
                "noexcept");
  static_assert(!std::is_reference_v<detail::blocking_return_t<F>>,
                "return a value: what this function refers to may be gone, or "
                "used by its thread, when the result arrives");

  /// Before a task awaits it.
  blocking_work(blocking_work&& other) noexcept(
    std::is_nothrow_move_constructible_v<F>)
    : awaitable<blocking_work<F>>(), response_waiter(), self_(other.self_),
      pool_(other.pool_), deadline_(other.deadline_),
      caller_(std::move(other.caller_)), fun_(std::move(other.fun_)) {
  }

  /// Made by `blocking`.
  blocking_work(caf::event_based_actor& self, blocking_pool& pool,
                caf::actor_clock::time_point deadline,
                std::shared_ptr<detail::call_state> caller, F fun)
    : self_(self), pool_(pool), deadline_(deadline), caller_(std::move(caller)),
      fun_(std::move(fun)) {
  }

  /// Has the function run on a thread of the pool, then `on_value(T)` (or
  /// `on_value()` for void) or `on_error(caf::error)` in the actor that has
  /// asked, as one of its messages. Never both, never twice.
  ///
  /// Errors are what the function throws (`internal`) or returns,
  /// `errc::unavailable` when too much waits already, which comes at once, and
  /// `errc::timeout` at the deadline of the call, and `errc::cancelled` when
  /// the call is; a function that runs by then goes on, and its result is
  /// dropped, and one that has not begun never does. Neither is called when the
  /// actor ends before, nor is the function if it has not begun.
  ///
  /// What they throw is logged; a promise that only they held answers 500 then.
  template <class G, class H>
  void then(G on_value, H on_error) && {
    static_assert(std::is_invocable_v<H&, caf::error>,
                  "the second function of then() takes a caf::error");
    static_assert(!detail::takes_nothing<F> || takes_result<G>(),
                  "the first function of then() takes what the blocking "
                  "function returns");
    static_assert(detail::ends_quietly<G, H>,
                  "what the functions of then() have captured may throw when "
                  "it is destroyed, which would end the program: make its "
                  "destructor noexcept");
    // Else the compiler has said enough.
    if constexpr (detail::takes_nothing<F>)
      submit(std::move(on_value), std::move(on_error));
  }

  /// Answers a call with the result, or with the error: for a handler that has
  /// nothing else to do with it. Return what this returns.
  ///
  ///   return flamigo::blocking(ctx, [=] { return store->find(id); })
  ///     .answer(ctx);
  response_promise<result_type> answer(context& ctx) && {
    auto promise = ctx.make_promise<result_type>();
    auto failed = [promise](caf::error why) mutable {
      promise.deliver(std::move(why));
    };
    if constexpr (std::is_void_v<result_type>)
      std::move(*this).then([promise]() mutable { promise.deliver(); }, failed);
    else
      std::move(*this).then(
        [promise](result_type value) mutable { promise.deliver(value); },
        failed);
    return promise;
  }

  // -- awaiting ---------------------------------------------------------------

  /// @private
  bool await_ready() {
    is_again_ = std::exchange(begun_, true);
    if (is_again_)
      return true;
    if (auto err = refusal()) {
      fail(std::move(err));
      return true;
    }
    auto id = self_.new_request_id(caf::message_priority::normal).response_id();
    auto job = std::make_shared<detail::blocking_function<F>>(self_.ctrl(), id,
                                                              std::move(fun_));
    if (auto err = pool_.submit(job)) {
      fail(std::move(err));
      return true;
    }
    submitted_.emplace(pool_, std::move(job));
    expect(self_, id);
    limit(deadline_);
    return false;
  }

  /// @private
  using detail::response_waiter::await_suspend;

  /// @private
  caf::expected<result_type> await_resume() {
    if (std::exchange(is_again_, false))
      return wrap(internal_error("it was awaited twice"), segment);
    if (!error())
      fail(std::move(submitted_->job->error()));
    if (error()) {
      submitted_.reset();
      return wrap(std::move(error()), segment);
    }
    if constexpr (std::is_void_v<result_type>)
      return caf::unit;
    else
      return std::move(submitted_->job->value());
  }

private:
  static constexpr const char* segment = "blocking work";

  /// Takes the function back when nobody waits for it any more.
  struct submission {
    submission(blocking_pool& to,
               std::shared_ptr<detail::blocking_function<F>> what) noexcept
      : pool(to), job(std::move(what)) {
    }

    submission(const submission&) = delete;

    submission& operator=(const submission&) = delete;

    ~submission() {
      pool.withdraw(*job);
    }

    blocking_pool& pool;
    std::shared_ptr<detail::blocking_function<F>> job;
  };

  void take(caf::mailbox_element& what) override {
    fail(detail::error_in(what));
  }

  /// What the actor keeps as long as it waits. Takes the function back when the
  /// actor ends, or does not wait any more.
  template <class G, class H>
  struct asked {
    asked(G f, H g, blocking_pool& from,
          std::shared_ptr<detail::blocking_function<F>> what)
      : on_value(std::move(f)), on_error(std::move(g)), pool(from),
        job(std::move(what)) {
    }

    asked(const asked&) = delete;

    asked& operator=(const asked&) = delete;

    ~asked() {
      pool.withdraw(*job);
    }

    void done() {
      if (job->error())
        on_error(wrap(std::move(job->error()), segment));
      else if constexpr (std::is_void_v<result_type>)
        on_value();
      else
        on_value(std::move(job->value()));
    }

    G on_value;
    H on_error;
    blocking_pool& pool;
    std::shared_ptr<detail::blocking_function<F>> job;
  };

  template <class G, class H>
  void submit(G on_value, H on_error) {
    if (auto err = refusal())
      return void(on_error(wrap(std::move(err), segment)));
    auto id = self_.new_request_id(caf::message_priority::normal).response_id();
    auto job = std::make_shared<detail::blocking_function<F>>(self_.ctrl(), id,
                                                              std::move(fun_));
    if (auto err = pool_.submit(job))
      return void(on_error(wrap(std::move(err), segment)));
    auto what = std::make_shared<asked<G, H>>(std::move(on_value),
                                              std::move(on_error), pool_, job);
    detail::await_response<caf::atom_value>(
      self_, {id, deadline_, caller_},
      [] { return std::string{"what follows blocking work"}; },
      [what](caf::atom_value&) { what->done(); },
      [what](caf::error& why) {
        what->on_error(wrap(std::move(why), segment));
      });
  }

  /// Why it does not begin, if it must not.
  caf::error refusal() const {
    return make_error(caller_ ? caller_->why() : errc::none);
  }

  template <class G>
  static constexpr bool takes_result() {
    if constexpr (std::is_void_v<result_type>)
      return std::is_invocable_v<G&>;
    else
      return std::is_invocable_v<G&, result_type>;
  }

  caf::event_based_actor& self_;
  blocking_pool& pool_;
  caf::actor_clock::time_point deadline_;
  /// What it is asked in; null if nobody ends that.
  std::shared_ptr<detail::call_state> caller_;
  F fun_;
  std::optional<submission> submitted_;
  bool begun_ = false;
  bool is_again_ = false;
};

/// Has a function run that blocks: a query of a database, a file, a C library.
/// It runs on a thread of the application's pool, and its result comes back to
/// the actor that has asked, so that neither an I/O thread nor a domain waits.
///
///   auto find = [=] { return store->find(id); };
///   auto found = co_await flamigo::blocking(ctx, find);
///
///   flamigo::blocking(ctx, [=] { return store->find(id); })
///     .then([=](item found) { ... }, [=](caf::error why) { ... });
///
/// The function takes nothing, and owns what it uses: neither the context nor
/// the state of an actor is for other threads. It may return nothing, a value
/// that can be moved, a `caf::expected` or a `caf::error`, and throw.
///
/// Call it in the context's actor. There is time until the deadline of the
/// call.
template <class F>
detail::made_with<blocking_work<std::decay_t<F>>, F>
blocking(const context& ctx, F&& fun) {
  return {*ctx.self(), ctx.services().pool, ctx.deadline(), ctx.state(),
          std::forward<F>(fun)};
}

/// The same for an actor of one's own, in its own name: without a deadline.
template <class F>
blocking_work<F>
blocking(caf::event_based_actor* self, const services& what, F fun) {
  return {*self, what.pool, caf::actor_clock::time_point::max(), nullptr,
          std::move(fun)};
}

/// The same for a domain actor: in a timer, in a listener, at its start.
template <class Self, class F>
  requires requires(Self& x) {
    x.services().pool;
  } && std::is_base_of_v<caf::event_based_actor, Self> blocking_work<F>
  blocking(Self* self, F fun) {
    return blocking(self, self->services(), std::move(fun));
  }

} // namespace flamigo
