#pragma once

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "flamigo/context/detail/context_loan.hpp"
#include "flamigo/domain/detail/event_answer.hpp"
#include "flamigo/domain/detail/event_handler.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/task/task.hpp"

namespace flamigo::detail {

/// A handler of events that returns a task, as a coroutine does. It owns its
/// copy of the event.
template <class F>
class task_event_handler final : public event_handler {
public:
  using args = event_args_of<F>;
  using event_type = typename args::event_type;

  static_assert(args_of<F, are_values>::value,
                "an event handler that returns a task takes its parameters by "
                "value, (flamigo::context, Event): what it would refer to is "
                "gone when it goes on after it has waited");
  static_assert(std::is_same_v<result_of<F>, task<void>>,
                "an event handler that is a coroutine returns a "
                "flamigo::task<void>");
  static_assert(ends_quietly<F>,
                "what this event handler has captured may throw when it is "
                "destroyed, which would end the program: make its destructor "
                "noexcept");

  explicit task_event_handler(F fun)
    : fun_(std::make_shared<F>(std::move(fun))) {
    // It may come from another process.
    kind_of<event_type>();
  }

  bool wants(const event& what) const noexcept override {
    return what.get_if<event_type>() != nullptr;
  }

private:
  /// What must not go before the frame.
  struct held {
    ~held() {
      // Whoever waits is told when the frame is gone.
      fun = nullptr;
    }

    std::shared_ptr<F> fun;
    std::shared_ptr<open_event_answer> answer;
  };

  caf::error run(context& ctx, const event& what,
                 event_answer* answer) const override {
    context_loan loan{ctx};
    task<void> running = call(loan, *what.get_if<event_type>());
    if (!running)
      return internal_error("the handler returned a task that was moved "
                            "elsewhere");
    auto& promise = running.promise();
    if (promise.begin_as_root(ctx.self(), ctx.deadline()))
      return error_of(promise);
    loan.settle();
    auto& root = promise.own_root();
    if (root.is_orphaned())
      return make_error(errc::unavailable, "",
                        "the listener's actor has ended");
    auto open = answer != nullptr ? answer->hold() : nullptr;
    if (open)
      open->begin();
    root.handler = std::make_shared<held>(held{fun_, std::move(open)});
    promise.keep(finish);
    running.release();
    return {};
  }

  std::string name() const override {
    return short_name<event_type>();
  }

  task<void> call(context_loan& loan, const event_type& what) const {
    if constexpr (args::wants_context)
      return (*fun_)(loan.give(), event_type{what});
    else
      return (*fun_)(event_type{what});
  }

  static caf::error error_of(task_promise<void>& promise) {
    auto result = promise.result();
    return result ? caf::error{} : result.error();
  }

  /// What has waited has ended.
  static void finish(root_task& of) noexcept {
    guarded_or_logged(
      [&] {
        auto why = wrap(error_of(static_cast<task_promise<void>&>(of.task)),
                        "handle event(" + short_name<event_type>() + ")");
        log_late(of, why);
        auto& answer = static_cast<const held*>(of.handler.get())->answer;
        if (answer)
          answer->end(std::move(why));
      },
      [] { return "handle event(" + short_name<event_type>() + ")"; });
  }

  std::shared_ptr<F> fun_;
};

} // namespace flamigo::detail
