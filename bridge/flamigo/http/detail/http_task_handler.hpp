#pragma once

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "flamigo/context/context.hpp"
#include "flamigo/context/detail/context_loan.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/http/detail/held_task.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/strategy/detail/handler_traits.hpp"
#include "flamigo/task/task.hpp"

namespace flamigo::detail {

/// A mounted handler that returns a task. All I/O threads use the same.
class http_task_handler {
public:
  virtual ~http_task_handler() = default;

  /// Runs it, in the actor of the context. If it waits, that actor has it from
  /// then on.
  virtual void begin(context& ctx,
                     const std::shared_ptr<held_task>& what) const = 0;
};

/// What such a handler takes.
template <class... Ts>
struct http_task_args {
  static constexpr bool fit = false;
};

template <>
struct http_task_args<context> {
  static constexpr bool fit = true;
  static constexpr bool wants_request = false;
};

template <>
struct http_task_args<context, http_request> {
  static constexpr bool fit = true;
  static constexpr bool wants_request = true;
};

/// Whether a function is one of these, or meant to be.
template <class F>
concept returns_task = has_one_call_operator<F> && is_task<result_of<F>>;

template <returns_task F>
class http_task_function final : public http_task_handler {
public:
  using args = args_of<F, http_task_args>;

  static_assert(args::fit,
                "a handler of HTTP that returns a task takes its parameters by "
                "value, (flamigo::context) or (flamigo::context, "
                "flamigo::http_request): what it would refer to is gone when "
                "it goes on after it has waited");

  static constexpr bool streams
    = std::is_same_v<result_of<F>, task<http_stream>>;

  static constexpr bool answers
    = streams || std::is_same_v<result_of<F>, task<http_response>>;

  static_assert(answers, "a handler of HTTP that is a coroutine returns a "
                         "flamigo::task<flamigo::http_response>, or one of an "
                         "http_stream");

  static_assert(ends_quietly<F>,
                "what this handler of HTTP has captured may throw when it is "
                "destroyed, which would end the program: make its destructor "
                "noexcept");

  explicit http_task_function(F fun)
    : fun_(std::make_shared<F>(std::move(fun))) {
  }

  void begin(context& ctx,
             const std::shared_ptr<held_task>& what) const override {
    if constexpr (args::fit && streams)
      begin(ctx, ctx.for_stream(), what);
    else if constexpr (args::fit && answers)
      begin(ctx, ctx, what);
  }

private:
  using answer = std::conditional_t<streams, http_stream, http_response>;

  /// `given` is the handler's own.
  void begin(context& ctx, const context& given,
             const std::shared_ptr<held_task>& what) const {
    if constexpr (args::fit && answers) {
      context_loan loan{given};
      auto running = call(loan, *what);
      if (!running)
        return what->answer(internal_error("the handler returned a task that "
                                           "was moved elsewhere"));
      auto& promise = running.promise();
      if (promise.begin_as_root(ctx.self(), ctx.latest_end())) {
        auto result = promise.result();
        loan.settle();
        return give(*what, *ctx.self(), fun_, ctx.state(), std::move(result));
      }
      loan.settle();
      auto& root = promise.own_root();
      if (root.is_orphaned())
        return what->answer(
          make_error(errc::unavailable, "", "its actor ended"));
      what->call = ctx.state();
      root.runs(what->call);
      root.span = what->span;
      root.handler = std::make_shared<held>(fun_, what);
      promise.keep(finish);
      running.release();
    }
  }

  static void give(held_task& to, caf::event_based_actor& self,
                   const std::shared_ptr<F>& fun,
                   std::shared_ptr<call_state> of,
                   caf::expected<answer> result) {
    if constexpr (streams)
      to.answer_in_pieces(self, fun, std::move(of), std::move(result));
    else
      to.answer(std::move(result));
  }

  /// What must not go before the frame.
  struct held {
    held(std::shared_ptr<F> f, std::shared_ptr<held_task> r) noexcept
      : fun(std::move(f)), request(std::move(r)) {
    }

    held(const held&) = delete;

    held& operator=(const held&) = delete;

    /// The frame is gone, by its end or by that of its actor.
    ~held() {
      fun = nullptr;
      guarded_or_logged(
        [this] {
          request->answer(make_error(errc::unavailable, "",
                                     "the actor that ran it has ended"));
        },
        [this] { return request->name; });
    }

    std::shared_ptr<F> fun;
    std::shared_ptr<held_task> request;
  };

  task<answer> call(context_loan& loan, held_task& what) const {
    if constexpr (args::wants_request)
      return (*fun_)(loan.give(), std::move(what.request));
    else
      return (*fun_)(loan.give());
  }

  /// What has waited has ended.
  static void finish(root_task& of) noexcept {
    auto& mine = *static_cast<const held*>(of.handler.get());
    auto& request = *mine.request;
    guarded_or_logged(
      [&] {
        auto result = static_cast<task_promise<answer>&>(of.task).result();
        // Whoever waits is told so, whatever it has come to.
        if (of.stopped())
          result = of.stopped();
        give(request, *of.self, mine.fun, request.call, std::move(result));
      },
      [&] { return request.name; });
  }

  // A mutable one is used by all threads, as any handler of HTTP.
  std::shared_ptr<F> fun_;
};

} // namespace flamigo::detail
