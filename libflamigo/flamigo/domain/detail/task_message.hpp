#pragma once

#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include <caf/event_based_actor.hpp>
#include <caf/message.hpp>
#include <caf/result.hpp>

#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/strategy/detail/handler_traits.hpp"
#include "flamigo/task/detail/begin_task.hpp"
#include "flamigo/task/task.hpp"

namespace flamigo::detail {

/// The domain actor that this thread runs; null if it runs none.
caf::event_based_actor* running_domain() noexcept;

/// A coroutine that handles the CAF message which its actor handles now.
template <class R>
struct message_task {
  /// Runs it, until this time at the latest, and returns the answer. If it
  /// waits, `on_wait` is told, with the root_task, and `held` outlives it.
  template <class F>
  static caf::result<R> begin(caf::event_based_actor& self, task<R> what,
                              std::shared_ptr<const void> held,
                              root_task::time_point until, F on_wait) {
    auto asked = self.current_mailbox_element()->mid.is_request();
    if (!what)
      return internal_error("a handler of messages returned a task that was "
                            "moved elsewhere");
    auto& promise = what.promise();
    if (promise.begin_as_root(&self, until))
      return at_once(self, asked, promise.result());
    auto& root = promise.own_root();
    on_wait(root);
    if (root.is_orphaned())
      return make_error(errc::unavailable, "",
                        "the actor that ran it has ended");
    if (asked) {
      // Taking the promise keeps CAF from answering when the handler returns.
      auto to = self.make_response_promise();
      root.answer_to = {to.source(), to.id().response_id()};
    }
    root.handler = std::move(held);
    promise.keep(finish);
    what.release();
    return caf::delegated<R>{};
  }

private:
  static caf::result<R> at_once(caf::event_based_actor& self, bool asked,
                                caf::expected<R> what) {
    if (!asked) {
      if (!what)
        log_failure(&self, "a handler of messages", what.error());
      return caf::delegated<R>{};
    }
    if (!what)
      return std::move(what.error());
    if constexpr (std::is_void_v<R>)
      return caf::unit;
    else
      return std::move(*what);
  }

  /// What has waited has ended.
  static void finish(root_task& of) noexcept {
    guarded_or_logged(
      [&] {
        auto result = static_cast<task_promise<R>&>(of.task).result();
        auto to = std::exchange(of.answer_to.target, nullptr);
        if (to)
          to->enqueue(nullptr, of.answer_to.id, answer(std::move(result)),
                      of.self->context());
        else if (!result)
          log_failure(of.self, "a handler of messages", result.error());
      },
      [] { return std::string{"the answer to a message"}; });
  }

  static caf::message answer(caf::expected<R> what) {
    if (!what)
      return caf::make_message(std::move(what.error()));
    if constexpr (std::is_void_v<R>)
      return caf::make_message();
    else
      return caf::make_message(std::move(*what));
  }
};

/// What a coroutine that handles CAF messages takes.
template <class... Ts>
struct message_args {
  /// As CAF calls a function with a message.
  template <class R, class F>
  static auto make(F what) {
    return [what = std::make_shared<F>(std::move(what))](const Ts&... xs) {
      // Whoever asks has a time of his own, which is not known here.
      return message_task<R>::begin(*running_domain(), (*what)(xs...), what,
                                    root_task::time_point::max(),
                                    [](root_task&) {});
    };
  }
};

/// Whether a function is a coroutine that handles CAF messages.
template <class F>
inline constexpr bool is_task_message = false;

template <has_one_call_operator F>
inline constexpr bool is_task_message<F> = is_task<result_of<F>>;

/// Makes what CAF calls of such a coroutine.
template <class F>
auto message_handler_of(F what) {
  constexpr bool owns = args_of<F, are_values>::value;
  static_assert(owns,
                "a handler of messages that returns a task takes its "
                "parameters by value: what it would refer to is gone when it "
                "goes on after it has waited");
  static_assert(ends_quietly<F>,
                "what this handler of messages has captured may throw when it "
                "is destroyed, which would end the program: make its "
                "destructor noexcept");
  if constexpr (owns)
    return args_of<F, message_args>::template make<
      typename result_value<result_of<F>>::type>(std::move(what));
  else
    return [] {};
}

} // namespace flamigo::detail
